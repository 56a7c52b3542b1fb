"""A repository's DOIs by REST, from files, and as XML: the same records, whole or not at all."""

import gzip
import json
import random
from pathlib import Path

import pytest

from panfair.harvesters import Checkpoint, Context, Refused, datacite
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication
from support.servers.datacite import DataCite, as_xml, document, served
from support.site_run import SiteRun

RICH = {
    "subjects": [{"subject": "foam"}, {"subject": "EX01", "subjectScheme": "Instrument"}],
    "descriptions": [{"description": "How foam drains.", "descriptionType": "Abstract"}],
    "rightsList": [{"rights": "CC BY 4.0", "rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode"}],
    "contributors": [{"name": "Person, Invented", "nameType": "Personal", "contributorType": "ProjectLeader"}],
    "relatedIdentifiers": [
        {"relatedIdentifier": "10.99999/p", "relatedIdentifierType": "DOI", "relationType": "IsSupplementTo"}
    ],
    "dates": [{"date": "2024-05-01", "dateType": "Issued"}, {"date": "2024-05-03", "dateType": "Available"}],
    "fundingReferences": [
        {"funderName": "Example Research Fund", "awardNumber": "EX-1", "awardUri": "https://fund.example.org/1"}
    ],
    "publisher": {
        "name": "Example Photon Source", "publisherIdentifier": "https://ror.org/02550n020",
        "publisherIdentifierScheme": "ROR",
    },
    "sizes": ["7 files"], "language": "en", "version": "2",
}  # fmt: skip


def _harvest(url: str = "", resume: str | None = None, root: Path = Path("/"), **options) -> tuple[list, list[str]]:
    notes: list[str] = []
    asked = {"url": url} if url else {}
    read = datacite.Options.model_validate({"name": "made-up", "kind": "datacite", **asked, **options})
    context = Context(root=root, contact="data@example.org", resume=resume, note=notes.append)
    return list(datacite.harvest(read, context)), notes


def _records(items: list) -> dict[str, Publication]:
    return {item.doi: item for item in items if isinstance(item, Publication)}


def test_all_findable_dois_of_a_repository_are_read_behind_a_cursor_and_nobody_elses():
    world = DataCite(
        [document(n) for n in range(23)] + [document(90, client="example.other"), document(91, state="registered")]
    )
    with served(world) as url:
        items, notes = _harvest(url, client_id="example.eps", page_size=5)
    assert set(_records(items)) == {f"10.5072/eps-{n}" for n in range(23)} and notes == []
    assert sum(isinstance(item, Checkpoint) for item in items) == 4
    assert all(one["client-id"] == "example.eps" and one["publisher"] == "true" for one in world.asked)


def test_a_harvest_that_was_stopped_goes_on_at_its_checkpoint():
    world = DataCite([document(n) for n in range(12)])
    with served(world) as url:
        items, _notes = _harvest(url, client_id="example.eps", page_size=5)
        place = next(number for number, item in enumerate(items) if isinstance(item, Checkpoint))
        rest, _notes = _harvest(url, items[place].token, client_id="example.eps", page_size=5)
    assert _records(items[:place]) | _records(rest) == _records(items)
    assert not _records(items[:place]).keys() & _records(rest).keys()


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (DataCite([]), "no findable DOI"),
        (DataCite([document(1)], counted=3), "counts 3 DOIs and gave 1"),
        (DataCite([document(1)], faults={1: (200, b"<html>")}), "no list of DOIs"),
        (
            DataCite([document(1)], faults={1: (400, b'{"errors":[{"status":"400","title":"bad cursor"}]}')}),
            "bad cursor",
        ),
    ],
)
def test_an_answer_that_cannot_be_believed_fails_the_source(world, why):
    with served(world) as url, pytest.raises(HarvestError, match=why):
        _harvest(url, prefix="10.5072")


def test_files_of_every_form_give_what_rest_gives(tmp_path):
    documents = [document(n, **RICH) for n in range(4)]
    with served(DataCite(documents)) as url:
        asked = _records(_harvest(url, client_id="example.eps")[0])
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in [*documents, document(9, client="example.other")])
    month = tmp_path / "lines/dois/updated_2024-05"
    month.mkdir(parents=True)
    with gzip.open(month / "part_0000.jsonl.gz", "wb") as file:
        file.write(lines)
    (tmp_path / "answer.json").write_text(json.dumps({"data": documents}, indent=1))
    (tmp_path / "one").mkdir()
    for number, one in enumerate(documents):
        (tmp_path / f"one/{number}.json").write_text(json.dumps({"data": one}))
    for path in ("lines", "answer.json", "one"):
        assert _records(_harvest(root=tmp_path, path=path, client_id="example.eps")[0]) == asked, path


def test_xml_of_each_kernel_says_what_json_says(tmp_path):
    bare = ("state", "isActive", "url", "created", "registered", "updated")
    attributes = {key: value for key, value in document(1, **RICH)["attributes"].items() if key not in bare}
    (tmp_path / "1.json").write_text(json.dumps(attributes))
    (from_json,) = _records(_harvest(root=tmp_path, path="1.json")[0]).values()
    for kernel in ("kernel-4", "kernel-3"):
        (tmp_path / "1.xml").write_bytes(as_xml(attributes, f"http://datacite.org/schema/{kernel}"))
        (from_xml,) = _records(_harvest(root=tmp_path, path="1.xml")[0]).values()
        assert from_xml == from_json.model_copy(update={"resource_type": from_xml.resource_type})


def test_the_real_record_says_the_same_in_json_and_in_xml(shared):
    name = "datacite-esrf-dc-2493599001"
    found = [_records(_harvest(root=shared / "data/datacite", path=f"{name}.{end}")[0]) for end in ("json", "xml")]
    (json_one,), (xml_one,) = (one.values() for one in found)
    assert json_one.doi.key == xml_one.doi.key and json_one.title == xml_one.title
    for part in ("creators", "abstract", "rights", "instruments", "keywords", "proposal", "publication_year"):
        assert getattr(json_one, part) == getattr(xml_one, part), part
    assert [one.name for one in json_one.instruments] == ["BM05"] and len(json_one.creators) == 10


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.jsonl", b'{"doi": "10.5072/a"}\n{"doi": \n', "line 2"),
        ("a.json", b'{"data": [', "not whole JSON"),
        ("a.xml", b"<resource", "not whole XML"),
        ("a.xml", b"<html/>", "no DataCite record"),
        ("a.jsonl.gz", gzip.compress(b"x" * 5000, mtime=0)[:-9], "gzip|JSON"),
    ],
)
def test_a_broken_file_fails_the_source_by_name_and_place(tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(HarvestError, match=why):
        _harvest(root=tmp_path, path=name)


def test_other_kinds_are_left_out_on_request_and_counted(tmp_path):
    paper = document(2, types={"resourceTypeGeneral": "JournalArticle"})
    (tmp_path / "a.json").write_text(json.dumps([document(1), paper]))
    items, notes = _harvest(root=tmp_path, path="a.json", resource_types=["Dataset"])
    assert len(items) == 1 and notes == ["1 records of the kind JournalArticle were left out, as `resource_types` says"]


_ODD = [
    None, True, 0, -1, 2**70, float("inf"), "", " ", "\ud800", "\x00", "x" * 100_000, "2024-13-45", [], [None], {},
    [[[]]], [{}] * 3, [{"name": None}], {"name": []}, "https://[", "@", ["@"], [7], 10**400, "<script>", {"": ""},
]  # fmt: skip


def test_three_hundred_odd_documents_cost_themselves_at_most(tmp_path):
    chance = random.Random(14)
    whole = [document(n, **RICH) for n in range(3)]
    for _number in range(300):
        documents = json.loads(json.dumps(whole))
        for _change in range(chance.randint(1, 3)):
            place = documents[1]
            while isinstance(place, dict | list) and place:
                key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
                if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.4:
                    place[key] = chance.choice(_ODD)
                    break
                place = place[key]
        (tmp_path / "a.json").write_text(json.dumps(documents))
        items, _notes = _harvest(root=tmp_path, path="a.json")
        assert {"10.5072/eps-0", "10.5072/eps-2"} <= set(_records(items)), documents[1]
        assert all(isinstance(item, Publication | Refused) for item in items) and len(items) == 3


def test_a_facility_has_a_portal_from_its_dois_alone_and_a_hidden_doi_leaves_it(tmp_path):
    world = DataCite([document(n, **RICH) for n in range(12)])
    with served(world) as url:
        table = (
            f'[[source]]\nname = "dois"\nkind = "datacite"\nclient_id = "example.eps"\nurl = "{url}"\npage_size = 5\n'
        )
        site = SiteRun(tmp_path, tables=table)
        assert site.publish().released == 12
        page = (site.output / "www/doi/10.5072/eps-3/index.html").read_text()
        assert "Foam number3" in page and "EX01" in page
        world.documents[3]["attributes"]["state"] = "registered"
        assert site.publish().withdrawn == 1
    assert "Foam number4" in (site.output / "www/doi/10.5072/eps-4/index.html").read_text()
