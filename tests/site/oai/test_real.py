"""Tests of OAI-PMH over every real record that is at hand: listed in every format, valid, in sets that make sense."""

import pytest
from lxml import etree

from panfair.builders.oai.envelope import identifier_of
from panfair.builders.oai.store import StoreWriter, declared_formats, payloads_of, sets_of
from panfair.ontologies.embargo import Released
from support.format_cases import PORTAL, real_releases
from support.servers.oai import provider_of
from support.servers.oai_harness import DC, NOW, OAI, ask, errors_of, schemas, token_of


@pytest.fixture(scope="module")
def real(shared) -> list[Released]:
    return real_releases(shared)


@pytest.fixture(scope="module")
def provider(real, tmp_path_factory):
    store = tmp_path_factory.mktemp("oai") / "oai.sqlite"
    with StoreWriter(store, PORTAL.host) as writer:
        for one in real:
            writer.put(one.doi.key, NOW, sets_of(one), payloads_of(one, PORTAL))
    return provider_of(store, page_size=50)


@pytest.mark.parametrize("prefix", [one.prefix for one in declared_formats()])
def test_every_real_record_goes_out_in_every_format_on_valid_pages(real, provider, shared, prefix):
    oai_pmh, oai_dc = schemas(shared)
    found = []
    root = ask(provider, "ListRecords", metadataPrefix=prefix)
    while True:
        assert oai_pmh.validate(root), oai_pmh.error_log
        for dc in root.iter(f"{{{DC.namespace}}}dc"):
            assert oai_dc.validate(dc), oai_dc.error_log
        for record in root.iter(f"{OAI}record"):
            assert len(record.find(f"{OAI}metadata")) == 1
            found.append(record.findtext(f"{OAI}header/{OAI}identifier"))
        token = token_of(root)
        if token is None or not token.text:
            break
        root = ask(provider, "ListRecords", resumptionToken=token.text)
    assert sorted(found) == sorted(identifier_of(PORTAL.host, one.doi.key) for one in real)


def test_every_set_of_real_records_has_a_name_a_parent_and_members(provider, shared):
    oai_pmh, _ = schemas(shared)
    names: dict[str, str] = {}
    root = ask(provider, "ListSets")
    while True:
        assert oai_pmh.validate(root), oai_pmh.error_log
        names |= {one.findtext(f"{OAI}setSpec"): one.findtext(f"{OAI}setName") for one in root.iter(f"{OAI}set")}
        token = token_of(root)
        if token is None or not token.text:
            break
        root = ask(provider, "ListSets", resumptionToken=token.text)
    assert "openaire_data" in names
    for spec, name in names.items():
        assert name.strip(), spec
        assert spec.rpartition(":")[0] in {"", *names}
        root = ask(provider, "ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        assert not errors_of(root), spec
        assert all(spec in [one.text for one in header.iter(f"{OAI}setSpec")] for header in root.iter(f"{OAI}header"))


def test_every_real_record_is_found_by_its_identifier(real, provider):
    for one in real:
        root = ask(provider, "GetRecord", identifier=identifier_of(PORTAL.host, one.doi.key), metadataPrefix="datacite")
        assert root.findtext(".//{http://datacite.org/schema/kernel-4}identifier") == str(one.doi), etree.tostring(root)
