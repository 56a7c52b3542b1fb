"""The filters of foreign clients that were answered wrongly once, and what lists tell of their length."""

from urllib.parse import quote, urlencode

import orjson
import pytest

from panfair.harvesters import Context
from panfair.harvesters.records import Options, harvest
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Affiliation, Agent, Instrument, Publication, Sample
from panfair.site.serve.app import create_app
from support.records import TODAY, a_dataset, a_publication
from support.serving import ask, serving
from support.site_run import SiteRun

CASE = "cases/20-machine-interfaces"


@pytest.fixture(scope="module")
def site(shared, tmp_path_factory):
    run = SiteRun(tmp_path_factory.mktemp("machines"))
    folder = shared / CASE
    context = Context(root=folder, contact="data@example.org", on=TODAY)
    files = ("techniques.jsonl", "units.jsonl", "many-files.jsonl")
    found = [item for name in files for item in harvest(Options(name="made-up", kind="records", path=name), context)]
    places = (Affiliation(name="Example University"),)
    people = (Agent(name="Testa Madeup", affiliations=places), Agent(name="Invented Person", affiliations=places))
    others = [
        a_publication(
            source_id=f"i{n}",
            doi=Doi.parse(f"10.99999/instruments-{n}"),
            title=f"Two instruments {n}",
            creators=people,
            instruments=(Instrument(name="EX99"), Instrument(name="EX98")),
            datasets=(a_dataset(samples=(Sample(name="Foam 3", identifier=Identifier(scheme="IGSN", value="XX1")),)),),
        )
        for n in (1, 2)
    ]
    run.put(*(item for item in found if isinstance(item, Publication)), *others)
    run.publish()
    with serving(create_app(run.config)) as base:
        yield base


def _asked(site, at, **asked):
    query = urlencode({name: orjson.dumps(value).decode() for name, value in asked.items()})
    return ask(site, f"{at}?{query}" if query else at)


def _included(relation, **scope):
    return {"include": [{"relation": relation, "scope": scope}]}


def test_every_filter_of_the_case_finds_what_it_should(site, shared):
    cases = orjson.loads((shared / CASE / "filters.json").read_bytes())
    for case in cases:
        reply = _asked(site, case["at"], filter=case["filter"])
        assert reply.status == 200, (case, reply.text)
        found = reply.json
        match case["should"]:
            case list(names):
                ours = [one["title"] for one in found if one["title"] in "ABC"]
                assert ours == names, case
            case "found, 0.003 Pa":
                (parameter,) = found[0]["parameters"]
                assert (parameter["value"], parameter["unit"]) == (0.003, "Pa")
            case "found, 4000 ohm":
                (parameter,) = found[0]["parameters"]
                assert (parameter["value"], parameter["unit"]) == (4000, "ohm")
            case "150 files":
                assert len(found) == 150 and reply.headers["x-total-count"] == "150"
            case "the record (DOIs have no case)":
                assert [one["pid"] for one in found] == ["10.5072/protocols-1"]
            case "200":
                assert found
            case other:
                pytest.fail(f"unknown wish {other}")


@pytest.mark.parametrize(
    ("where", "titles"),
    [
        ({"name": {"neq": "x-ray emission spectroscopy"}}, "C"),
        ({"name": {"ne": "x-ray emission spectroscopy"}}, "C"),
        ({"name": {"nin": ["magnetic x-ray tomography", "small angle scattering"]}}, ""),
        ({"name": {"nlike": "tomography"}}, "B"),
        ({"and": [{"name": "x-ray emission spectroscopy"}, {"name": {"nlike": "tomography"}}]}, "B"),
        ({"or": [{"name": "small angle scattering"}, {"name": {"neq": "x-ray probe"}}]}, "B"),
        ({"and": [{"name": "x-ray probe"}, {"name": "tomography"}]}, "AC"),
    ],
)
def test_a_condition_on_techniques_is_judged_for_the_dataset_as_a_whole(site, where, titles):
    for spelling in ("Datasets", "datasets"):
        found = _asked(site, f"/api/{spelling}", filter=_included("techniques", where=where)).json
        assert "".join(one["title"] for one in found if one["title"] in "ABC") == titles


@pytest.mark.parametrize(
    "spelling", ["10.5072/PROTOCOLS-10", "https://doi.org/10.5072/Protocols-10", "doi:10.5072/protocols-10"]
)
@pytest.mark.parametrize("name", ["pid", "doi"])
def test_an_identifier_is_compared_without_case_and_resolver(site, spelling, name):
    for where in ({name: spelling}, {name: {"inq": [spelling, "10.5072/none"]}}):
        assert [one["pid"] for one in _asked(site, "/api/Documents", filter={"where": where}).json] == [
            "10.5072/protocols-10"
        ]
    others = _asked(site, "/api/Documents", filter={"where": {name: {"neq": spelling}}}).json
    assert len(others) == 6 and "10.5072/protocols-10" not in {one["pid"] for one in others}
    dataset = f"{spelling}#a"
    assert [one["title"] for one in _asked(site, "/api/Datasets", filter={"where": {"pid": dataset}}).json] == ["A"]


def test_lists_tell_their_total_and_where_they_go_on(site):
    seen, address = [], "/api/Documents?" + urlencode({"filter": '{"limit": 3}'})
    while address:
        reply = ask(site, address)
        assert reply.headers["x-total-count"] == "7"
        seen += [one["pid"] for one in reply.json]
        link = reply.headers.get("link", "")
        assert not link or link.endswith('>; rel="next"')
        address = link[1:].partition(">")[0]
    assert len(seen) == len(set(seen)) == 7
    assert ask(site, "/api/Documents?filter[limit]=3&filter[skip]=5").headers["x-total-count"] == "7"
    assert _asked(site, "/api/Documents", filter={"limit": 0}).headers["x-total-count"] == "7"
    assert "link" not in _asked(site, "/api/Documents", filter={"limit": 0}).headers


def test_files_are_whole_without_a_limit_and_paged_with_one(site):
    at = f"/api/Datasets/{quote('10.5072/protocols-20#d', safe='')}/files"
    assert len(ask(site, at).json) == 150
    paged = _asked(site, at, filter={"limit": 40, "skip": 120})
    assert len(paged.json) == 30 and paged.headers["x-total-count"] == "150"
    first = _asked(site, at, filter={"limit": 2, "include": ["dataset"]})
    assert [one["dataset"]["title"] for one in first.json] == ["many", "many"] and 'rel="next"' in first.headers["link"]
    assert _asked(site, at, filter=_included("dataset", where={"title": "other"})).json == []


@pytest.mark.parametrize(
    ("at", "path", "names"),
    [
        ("Datasets", ("files", "dataset", "title"), {"scan_0001"}),
        ("Datasets", ("parameters", "dataset", "title"), {"scan_0001"}),
        ("Datasets", ("parameters", "document", "title"), {"Two instruments 1", "Two instruments 2"}),
        ("Datasets", ("samples", "datasets", "title"), {"scan_0001"}),
        ("Datasets", ("techniques", "datasets", "title"), {"scan_0001"}),
        ("Documents", ("members", "document", "title"), {"Two instruments 1", "Two instruments 2"}),
        (
            "Documents",
            ("members", "person", "members", "document", "doi"),
            {"10.99999/instruments-1", "10.99999/instruments-2"},
        ),
        ("Documents", ("members", "affiliation", "members", "person", "fullName"), {"Testa Madeup", "Invented Person"}),
    ],
)
def test_every_thing_leads_back_to_what_has_it(site, at, path, names):
    *relations, last = path
    asked = {"relation": relations[-1]}
    for relation in reversed(relations[:-1]):
        asked = {"relation": relation, "scope": {"include": [asked]}}
    name = "title" if at == "Documents" else "pid"
    where = {name: {"like": "Two instruments" if at == "Documents" else "10.99999/instruments"}}
    things = _asked(site, f"/api/{at}", filter={"where": where, "include": [asked]}).json
    assert len(things) == 2
    for relation in relations:
        things = [
            inner for one in things for inner in (one[relation] if isinstance(one[relation], list) else [one[relation]])
        ]
    assert {one[last] for one in things} == names


def test_what_is_included_narrows_through_the_way_back(site):
    back = _included("dataset", where={"title": "scan_0001"})["include"]
    found = _asked(site, "/api/Datasets", filter={"include": [{"relation": "files", "scope": {"include": back}}]}).json
    assert {one["title"] for one in found} == {"scan_0001"}
    none = [{"relation": "parameters", "scope": {"include": _included("dataset", where={"title": "many"})["include"]}}]
    assert _asked(site, "/api/Documents", filter={"include": none}).json == []


def test_an_instrument_without_data_is_listed(site):
    names = {one["name"] for one in ask(site, "/api/Instruments").json}
    assert {"EX98", "EX99"} <= names
    (bare,) = _asked(site, "/api/Instruments", filter={"where": {"name": "EX98"}, "include": ["datasets"]}).json
    assert bare["datasets"] == []


@pytest.mark.parametrize("at", ["/api/scoring/items?limit=x", "/api/Documents?filter=7", "/api/datasets/none"])
def test_whatever_is_wrong_is_told_in_one_shape(site, at):
    error = ask(site, at).json["error"]
    assert {"statusCode", "name", "message"} <= error.keys()


def test_a_method_that_is_not_answered_is_told_in_that_shape_too(site):
    reply = ask(site, "/api/Documents", method="DELETE")
    assert (reply.status, reply.json["error"]["statusCode"]) == (405, 405)
