"""Tests of the served OAI-PMH endpoint by three foreign clients: sickle, oaipmh-scythe and the `oaipmh` client."""

from datetime import datetime
from urllib.request import urlopen

import pytest
from oaipmh.client import Client
from oaipmh.metadata import MetadataRegistry, oai_dc_reader
from oaipmh_scythe import HTTPConfig, Scythe
from sickle import Sickle
from sickle.oaiexceptions import IdDoesNotExist, NoRecordsMatch

from panfair.builders.oai.envelope import identifier_of
from panfair.builders.oai.store import declared_formats
from support.records import PORTAL
from support.servers.oai import fill, provider_of, served

COUNT = 37
GONE = (2, 11, 12, 36)
PREFIXES = ("oai_dc", "datacite", "dcat", "oai_datacite", "schema_org")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    store = tmp_path_factory.mktemp("oai") / "oai.sqlite"
    return store, fill(store, COUNT, GONE)


@pytest.fixture(scope="module")
def endpoint(ledger):
    with served(provider_of(ledger[0])) as address:
        yield address


@pytest.fixture(scope="module")
def expected(ledger) -> dict[str, bool]:
    """Every identifier, with whether its record is deleted."""
    return {identifier_of(PORTAL.host, key): deleted for key, deleted in ledger[1].items()}


def test_the_formats_are_those_that_aggregators_ask_for():
    assert {one.prefix for one in declared_formats()} >= set(PREFIXES)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_sickle_harvests_all_of_it(endpoint, expected, prefix):
    records = list(Sickle(endpoint).ListRecords(metadataPrefix=prefix))
    assert {record.header.identifier: record.deleted for record in records} == expected
    assert len(records) == COUNT


def test_sickle_finds_title_and_address_in_dublin_core(endpoint):
    record = Sickle(endpoint).GetRecord(
        identifier=identifier_of(PORTAL.host, "10.99999/example-7"), metadataPrefix="oai_dc"
    )
    assert record.metadata["title"] == ["Drainage of foam number7"]
    assert "https://doi.org/10.99999/EXAMPLE-7" in record.metadata["identifier"]


def test_sickle_understands_identify_sets_formats_and_errors(endpoint):
    sickle = Sickle(endpoint)
    assert sickle.Identify().deletedRecord == "persistent"
    specs = {one.setSpec for one in sickle.ListSets()}
    assert specs >= {"openaire_data", "facility:eps", "instrument:ex01", "technique:PaNET01129", "year:2022"}
    assert {one.metadataPrefix for one in sickle.ListMetadataFormats()} >= set(PREFIXES)
    with pytest.raises(IdDoesNotExist):
        sickle.GetRecord(identifier="oai:data.example.org:10.99999/none", metadataPrefix="oai_dc")
    with pytest.raises(NoRecordsMatch):
        sickle.ListRecords(metadataPrefix="oai_dc", **{"from": "2030-01-01"})


def test_sickle_harvests_one_set_and_one_span_of_time(endpoint, expected):
    year = {one.header.identifier for one in Sickle(endpoint).ListRecords(metadataPrefix="oai_dc", set="year:2022")}
    assert year == {identifier_of(PORTAL.host, f"10.99999/example-{n}") for n in range(2, COUNT, 5)}
    late = list(Sickle(endpoint).ListIdentifiers(metadataPrefix="oai_dc", **{"from": "2026-07-31"}))
    assert {header.identifier for header in late} == {name for name, deleted in expected.items() if deleted}
    assert all(header.deleted for header in late)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_scythe_harvests_all_of_it(endpoint, expected, method):
    with Scythe(endpoint, http_config=HTTPConfig(http_method=method)) as scythe:
        records = {one.header.identifier: one.deleted for one in scythe.list_records(metadata_prefix="oai_datacite")}
        headers = {one.identifier: one.deleted for one in scythe.list_identifiers(metadata_prefix="oai_dc")}
        alive = list(scythe.list_records(metadata_prefix="oai_dc", ignore_deleted=True))
        assert len({one.setSpec for one in scythe.list_sets()}) == 16  # more than a page
    assert records == headers == expected
    assert len(alive) == COUNT - len(GONE)


@pytest.mark.parametrize("by_get", [True, False])
def test_the_oaipmh_client_harvests_all_of_it(endpoint, expected, by_get):
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", oai_dc_reader)
    client = Client(endpoint, registry, force_http_get=by_get)
    client.updateGranularity()
    records = list(client.listRecords(metadataPrefix="oai_dc"))
    assert {header.identifier(): header.isDeleted() for header, _, _ in records} == expected
    titles = [metadata.getField("title") for header, metadata, _ in records if not header.isDeleted()]
    assert all(title[0].startswith("Drainage of foam number") for title in titles)
    part = client.listIdentifiers(
        metadataPrefix="oai_dc", from_=datetime(2026, 7, 1, 3), until=datetime(2026, 7, 1, 3, 0, 0)
    )
    assert {header.identifier() for header in part} == {
        identifier_of(PORTAL.host, f"10.99999/example-{n}") for n in (6, 7)
    }


def test_zipped_answer_arrives_over_real_http(endpoint):
    from urllib.request import Request

    request = Request(f"{endpoint}?verb=ListRecords&metadataPrefix=datacite", headers={"Accept-Encoding": "gzip"})
    with urlopen(request) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.read(2) == b"\x1f\x8b"
