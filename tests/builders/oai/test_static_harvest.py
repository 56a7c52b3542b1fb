"""Tests of builders/oai/static_harvest.py and sitewide/resourcesync.py: harvests of a site that is only files."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from lxml import etree

from panfair.builders import Sheet
from panfair.builders.oai import static_harvest as harvest_module
from panfair.builders.oai.static_harvest import harvest_sheets
from panfair.builders.oai.store import StoreWriter
from panfair.builders.portal import Portal
from panfair.builders.sitewide import resourcesync as resourcesync_module
from panfair.builders.sitewide.resourcesync import resourcesync_sheets
from panfair.ontologies.errors import PublishError
from support.records import PORTAL
from support.servers.oai_harness import ALL, DC, HOST, OTHER, a_provider, a_store, harvest, payload, schemas

RS = "{http://www.openarchives.org/rs/terms/}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def small(monkeypatch) -> None:
    """Files of ten records, lists of ten entries."""
    monkeypatch.setattr(harvest_module, "RECORDS_PER_FILE", 10)
    monkeypatch.setattr(resourcesync_module, "MOST", 10)


def _rendered(sheets: list[Sheet]) -> dict[str, bytes]:
    return {sheet.path: sheet.render() for sheet in sheets}


def _site(store: Path) -> dict[str, bytes]:
    return _rendered(list(harvest_sheets(store, PORTAL, ["oai_dc", "made_up"])))


def _change(store: Path, number: int, moment: datetime) -> None:
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.put(f"10.99999/{number}", moment, [ALL], {"oai_dc": payload("changed")})


# ---- the files


@pytest.mark.usefixtures("small")
def test_files_hold_what_the_endpoint_lists(tmp_path, shared):
    oai_pmh, oai_dc = schemas(shared)
    store = a_store(tmp_path / "oai.sqlite", count=35, deleted=(3, 34))
    files = _site(store)
    index = orjson.loads(files.pop("harvest/index.json"))
    provider = a_provider(store)
    for form in index["formats"]:
        found = []
        for entry in form["files"]:
            assert entry["url"].startswith("https://data.example.org/harvest/")
            root = etree.fromstring(gzip.decompress(files.pop(entry["url"].removeprefix("https://data.example.org/"))))
            assert oai_pmh.validate(root), oai_pmh.error_log
            for dc in root.iter(f"{{{DC.namespace}}}dc"):
                assert oai_dc.validate(dc), oai_dc.error_log
            headers = list(root.iter("{*}header"))
            assert entry["records"] == len(headers)
            assert entry["deleted"] == len([header for header in headers if header.get("status")])
            assert entry["latest"] == max(header.findtext("{*}datestamp") for header in headers)
            found += headers
        listed = harvest(provider, metadataPrefix=form["metadataPrefix"])
        assert sorted(map(_plain, found)) == sorted(map(_plain, listed))
    assert files == {}


def _plain(header: etree._Element) -> str:
    return etree.tostring(header, method="c14n", with_tail=False).decode()


@pytest.mark.usefixtures("small")
def test_change_of_one_record_changes_one_file_of_a_format(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=35, deleted=())
    before = list(harvest_sheets(store, PORTAL, ["oai_dc"]))
    _change(store, 12, datetime(2026, 1, 1, tzinfo=UTC))
    after = list(harvest_sheets(store, PORTAL, ["oai_dc"]))
    keys = {sheet.path: sheet.key for sheet in before}
    assert {sheet.path for sheet in after if sheet.key != keys[sheet.path]} == {
        "harvest/oai_dc/00002.xml.gz",
        "harvest/index.json",
    }


def test_same_store_gives_the_same_bytes_and_keys(tmp_path):
    store = a_store(tmp_path / "oai.sqlite")
    assert _site(store) == _site(store)
    again = [sheet.key for sheet in harvest_sheets(store, PORTAL, ["oai_dc"])]
    assert [sheet.key for sheet in harvest_sheets(store, PORTAL, ["oai_dc"])] == again


def test_no_format_and_no_store_give_no_file(tmp_path):
    assert list(harvest_sheets(a_store(tmp_path / "oai.sqlite"), PORTAL, [])) == []
    assert list(harvest_sheets(tmp_path / "none", PORTAL, ["oai_dc"])) == []
    assert list(resourcesync_sheets(tmp_path / "none", PORTAL)) == []


def test_unknown_format_is_told_with_those_that_there_are(tmp_path):
    store = a_store(tmp_path / "oai.sqlite")
    with pytest.raises(PublishError, match=r"marc; there are oai_dc, made_up"):
        list(harvest_sheets(store, PORTAL, ["oai_dc", "marc"]))


# ---- ResourceSync


def _sync(store: Path) -> dict[str, etree._Element]:
    return {path: etree.fromstring(body) for path, body in _rendered(list(resourcesync_sheets(store, PORTAL))).items()}


def _at(href: str) -> str:
    assert href.startswith("https://data.example.org/")
    return href.removeprefix("https://data.example.org/")


def test_every_document_is_reached_from_the_well_known_address(tmp_path):
    documents = _sync(a_store(tmp_path / "oai.sqlite"))
    (capabilities,) = [_at(loc.text) for loc in documents[".well-known/resourcesync"].iter(f"{MAP}loc")]
    told = {
        url.find(f"{RS}md").get("capability"): _at(url.findtext(f"{MAP}loc")) for url in documents[capabilities][2:]
    }
    assert told == {
        "resourcelist": "resourcesync/resourcelist.xml",
        "changelist": "resourcesync/changelist.xml",
    }
    assert documents.keys() == {".well-known/resourcesync", capabilities, *told.values()}
    for capability, path in told.items():
        root = documents[path]
        assert root.find(f"{RS}md").get("capability") == capability
        assert _at(root.find(f"{RS}ln").get("href")) == capabilities


def test_resource_list_holds_open_records_and_change_list_withdrawn_ones_too(tmp_path):
    documents = _sync(a_store(tmp_path / "oai.sqlite", count=25, deleted=(3, 4)))
    resources = [loc.text for loc in documents["resourcesync/resourcelist.xml"].iter(f"{MAP}loc")]
    assert sorted(resources) == sorted(
        f"https://data.example.org/doi/10.99999/{number}/datacite.xml" for number in range(25) if number not in (3, 4)
    )
    changes = documents["resourcesync/changelist.xml"]
    told = [(url.findtext(f"{MAP}loc"), url.find(f"{RS}md").get("change")) for url in changes.iter(f"{MAP}url")]
    assert [loc.split("/")[-2] for loc, change in told if change == "deleted"] == ["3", "4"]
    assert len(told) == 25
    moments = [md.get("datetime") for md in changes.iter(f"{RS}md") if md.get("datetime")]
    assert moments == sorted(moments)
    assert changes.find(f"{RS}md").get("from") == moments[0]


def test_resource_list_is_dated_so_that_no_change_falls_between_the_lists(tmp_path):
    documents = _sync(a_store(tmp_path / "oai.sqlite"))
    at = documents["resourcesync/resourcelist.xml"].find(f"{RS}md").get("at")
    last = [md.get("datetime") for md in documents["resourcesync/changelist.xml"].iter(f"{RS}md")][-1]
    assert at == last


@pytest.mark.usefixtures("small")
def test_long_resource_list_is_parted_and_change_list_keeps_the_last(tmp_path):
    documents = _sync(a_store(tmp_path / "oai.sqlite", count=35, deleted=()))
    index = documents["resourcesync/resourcelist.xml"]
    assert index.tag == f"{MAP}sitemapindex"
    parts = [documents[_at(loc.text)] for loc in index.iter(f"{MAP}loc")]
    assert [len(part.findall(f"{MAP}url")) for part in parts] == [10, 10, 10, 5]
    assert all(_at(part.findall(f"{RS}ln")[1].get("href")) == "resourcesync/resourcelist.xml" for part in parts)
    assert len({loc.text for part in parts for loc in part.iter(f"{MAP}loc")}) == 35
    changed = {loc.text.split("/")[-2] for loc in documents["resourcesync/changelist.xml"].iter(f"{MAP}loc")}
    assert {"32", "33", "34"} <= changed
    assert len(changed) == 10


def test_documents_are_valid_sitemaps_but_for_their_extensions(tmp_path, shared):
    schema = etree.XMLSchema(etree.parse(shared / "data" / "schemas" / "sitemap.xsd"))
    for path, root in _sync(a_store(tmp_path / "oai.sqlite")).items():
        for extension in [*root.iter(f"{RS}*")]:
            extension.getparent().remove(extension)
        assert schema.validate(root), (path, schema.error_log)


def test_lists_stay_as_they_are_until_a_record_changes(tmp_path):
    store = a_store(tmp_path / "oai.sqlite")
    before = {sheet.path: sheet.key for sheet in resourcesync_sheets(store, PORTAL)}
    assert {sheet.path: sheet.key for sheet in resourcesync_sheets(store, PORTAL)} == before
    _change(store, 1, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=1))
    after = {sheet.path: sheet.key for sheet in resourcesync_sheets(store, PORTAL)}
    assert {path for path in after if after[path] != before[path]} == {
        "resourcesync/resourcelist.xml",
        "resourcesync/changelist.xml",
    }


def test_other_code_and_another_address_make_all_anew(tmp_path):
    store = a_store(tmp_path / "oai.sqlite")
    elsewhere = replace(PORTAL, base_url="https://elsewhere.example.org")

    def keys(portal: Portal, fingerprint: str) -> set[str]:
        sheets = [
            *resourcesync_sheets(store, portal, fingerprint),
            *harvest_sheets(store, portal, ["oai_dc"], fingerprint),
        ]
        return {sheet.key for sheet in sheets if sheet.path != "harvest/index.json"}

    assert not keys(PORTAL, "old") & keys(PORTAL, "new")
    assert not keys(PORTAL, "old") & keys(elsewhere, "old")
