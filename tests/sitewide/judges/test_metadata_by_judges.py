"""Foreign readers of metadata find two whole served sites complete: Signposting, crates, DCAT-AP, DataCite, OAI-PMH…"""

import json
import shutil
from pathlib import Path
from urllib.request import urlopen

import pytest
from oaipmh_scythe import Scythe
from protego import Protego
from rdflib import Graph
from rocrate.rocrate import ROCrate
from sickle import Sickle
from signposting import find_signposting_html, find_signposting_http, find_signposting_linkset
from usp.tree import sitemap_tree_for_homepage

from panfair.builders.metadata.crosswalk import MOST_ITEMS
from panfair.ontologies.identifiers import Doi
from support.judges.croissant import check_croissant
from support.judges.datacite import faults_in_json, faults_in_xml
from support.judges.dcat import remarks
from support.judges.rocrate import LACKING, issues, issues_of_archive
from support.judges.search_engines import ALWAYS, read_page

_SOME = 10


def _folders(judged) -> list[Path]:
    """Every DOI's folder, whatever its state."""
    return sorted(path.parent for path in judged.www.glob("doi/**/linkset.json"))


def _open(judged) -> list[Path]:
    """The folders of the open publications."""
    return [folder for folder in _folders(judged) if (folder / "dcat.ttl").is_file()]


def _some(folders: list[Path]) -> list[Path]:
    return folders[:: max(1, len(folders) // _SOME)][:_SOME]


def _address(folder: Path) -> str:
    """The address of a folder's page, as its linkset has it."""
    return str(json.loads((folder / "linkset.json").read_bytes())["linkset"][0]["anchor"])


def _links(found, page: str) -> dict[str, set[tuple[str, str]]]:
    """Relation to (address, media type), of the links whose context is the page; the way to the linkset apart."""
    links: dict[str, set[tuple[str, str]]] = {}
    for one in found.signposts:
        relation = str(one.rel)
        if str(one.context or page) == page and relation not in {"linkset", "describes"}:
            links.setdefault(relation, set()).add((str(one.target), str(one.type or "")))
    return links


def test_the_signposting_client_finds_the_same_links_all_three_ways(judged):
    folders = _folders(judged)
    assert len(folders) > 100
    for folder in folders:
        page = _address(folder)
        if (folder / "withdrawn.json").is_file():  # status 410: the client reads no HTML of what is gone
            continue
        head, html = _links(find_signposting_http(page), page), _links(find_signposting_html(page), page)
        everything = _links(find_signposting_linkset(page + "linkset.json").for_context(page), page)
        items = everything.pop("item", set())
        of_head, of_html = head.pop("item", set()), html.pop("item", set())
        assert of_head <= of_html <= items and len(of_html) == min(len(items), MOST_ITEMS), page
        if of_head != of_html and not of_head:  # a header has room for some 3,500 bytes: files go first, then people
            assert head.pop("author", set()) <= html.get("author", set()), page
            assert html.pop("author", set()) == everything.pop("author", set()), page
        assert head == html == everything and "cite-as" in head, page


def test_a_crate_lacks_only_what_its_source_lacks(judged):
    for folder in _some(_open(judged)):
        found = issues(json.loads((folder / "ro-crate-metadata.json").read_bytes()))
        assert [issue for issue in found if not issue[1].startswith(LACKING)] == [], folder


def test_the_crate_in_the_archive_lacks_only_what_its_source_lacks(judged):
    for folder in _some(_open(judged))[:: _SOME // 2]:  # seconds each
        found = issues_of_archive(folder / "metadata.zip")
        assert [issue for issue in found if not issue[1].startswith(LACKING)] == [], folder


def test_the_shapes_of_dcat_ap_find_nothing_wrong_in_the_catalogue(judged):
    for path in (judged.www / "catalog.ttl", *sorted(judged.www.glob("catalog/*.ttl"))):
        assert remarks(Graph().parse(path)) == ""


def test_the_shapes_of_dcat_ap_find_nothing_wrong_in_records(judged):
    together = Graph()
    for folder in _some(_open(judged)):
        together.parse(folder / "dcat.ttl")
    assert remarks(together) == ""


def test_every_datacite_document_is_valid(judged):
    count = 0
    for folder in _folders(judged):
        for name in ("datacite.xml", "datacite-4.5.xml"):
            if (folder / name).is_file():
                count += 1
                assert faults_in_xml((folder / name).read_bytes()) == [], folder
        if (folder / "datacite.json").is_file():
            values = json.loads((folder / "datacite.json").read_bytes())
            if values["doi"].startswith("10."):  # real catalogues hold test records whose DOI is none
                assert faults_in_json(values) == [], folder
    assert count >= 2 * len(_open(judged)) > 0


def test_the_crate_library_opens_every_crate_as_it_is_served(judged, tmp_path):
    for folder in _open(judged):
        for name in ("ro-crate-metadata.json", "metadata.zip"):
            shutil.copy(folder / name, tmp_path / name)
            assert ROCrate(tmp_path / name).name, folder
            (tmp_path / name).unlink()


def test_search_engines_find_a_dataset_in_every_open_page(judged):
    for folder in _open(judged):
        dataset, graph = read_page((folder / "index.html").read_text(encoding="utf-8"), _address(folder))
        assert [term for term in ALWAYS if dataset.get(term) in (None, "", [], {})] == [], folder
        assert 50 <= len(dataset["description"]) <= 5000, folder
        assert graph["og:title"] == dataset["name"] and graph["og:url"] == dataset["url"] == _address(folder)
        files = dataset.get("distribution", [])
        for file in [files] if isinstance(files, dict) else files:
            assert file["contentUrl"], folder  # a media type is not made up where the name does not tell it


def test_mlcroissant_reads_every_croissant(judged, caplog):
    for path in judged.www.glob("doi/**/croissant.json"):
        check_croissant(path, caplog)


@pytest.mark.parametrize("prefix", ["oai_dc", "datacite", "oai_datacite", "dcat", "schema_org"])
def test_aggregators_harvest_every_open_record_and_hear_of_every_withdrawn_one(judged, prefix):
    alive = {_doi(folder) for folder in _open(judged)}
    gone = {_doi(path.parent) for path in judged.www.glob("doi/**/withdrawn.json")}
    expected = dict.fromkeys(alive, False) | dict.fromkeys(gone, True)
    endpoint = f"{judged.address}/oai"
    sickle = Sickle(endpoint).ListRecords(metadataPrefix=prefix)
    assert {_local(one.header.identifier): one.deleted for one in sickle} == expected
    with Scythe(endpoint) as scythe:
        records = list(scythe.list_records(metadata_prefix=prefix))
    assert {_local(one.header.identifier): one.deleted for one in records} == expected


def _doi(folder: Path) -> str:
    return Doi.parse(json.loads((folder / "datacite.json").read_bytes())["doi"]).key


def _local(identifier: str) -> str:
    return Doi.parse(identifier.split(":", 2)[2]).key


def test_the_sitemap_leads_to_every_open_page_and_robots_may_read_it(judged):
    tree = sitemap_tree_for_homepage(f"{judged.address}/", use_known_paths=False)
    found = [page.url for page in tree.all_pages()]
    records = [address for address in found if "/doi/" in address]
    assert sorted(records) == sorted(_address(folder) for folder in _open(judged))
    others = set(found) - set(records)
    assert {f"{judged.address}/", f"{judged.address}/about/"} <= others and len(found) == len(set(found))
    assert all((judged.www / address.removeprefix(f"{judged.address}/") / "index.html").is_file() for address in others)
    with urlopen(f"{judged.address}/robots.txt") as answer:
        robots = Protego.parse(answer.read().decode())
    assert list(robots.sitemaps) == [f"{judged.address}/sitemap.xml"]
    assert [address for address in found if not robots.can_fetch(address, "any")] == []
    assert robots.can_fetch(f"{judged.address}/search/", "any")
    assert not robots.can_fetch(f"{judged.address}/api/search?q=foam", "any")
