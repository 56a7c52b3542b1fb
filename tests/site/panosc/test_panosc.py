"""The PaNOSC search API as federated clients use it: what its reference suites expect, from a published site."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import orjson
import pytest

from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.panosc.store import PanoscWriter
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Agent, File, Instrument, Parameter, Sample, Technique, Withdrawal
from panfair.site.check.output import check
from panfair.site.panosc import schemas as panosc_shapes
from panfair.site.panosc.filter import filter_of
from panfair.site.panosc.find import count, find
from panfair.site.panosc.models import DATASET, DOCUMENT, INSTRUMENT
from panfair.site.panosc.store import PanoscStore
from panfair.site.serve.app import create_app
from support.format_cases import real_releases
from support.records import TODAY, a_dataset, a_publication, released
from support.serving import ask, serving
from support.site_run import SiteRun

PANET = "http://purl.org/pan-science/PaNET/"
_ABSORPTION = Technique(said="XAS", iri=PANET + "PaNET01196", label="x-ray absorption spectroscopy")
_SAXS = Technique(said="SAXS", iri=PANET + "PaNET01188", label="small angle x-ray scattering")


def _parameter(name, value, unit=None):
    return Parameter(name=name, value=value, unit=unit)


def _publications():
    yield a_publication(
        source_id="1",
        doi=Doi.parse("10.99999/PROPOSAL/1"),
        title="Copper at work",
        creators=(
            Agent(name="Testa Madeup", given_name="Testa", family_name="Madeup", role="Principal Investigator"),
            Agent(name="Invented Person", role="Local contact"),
        ),
        parameters=(_parameter("wavelength", 1.064, "µm"),),
        techniques=(),
        datasets=(
            a_dataset(
                id="copper",
                name="Solid copper",
                identifier=Identifier(scheme="Handle", value="20.500.99999/Dataset-1"),
                techniques=(_ABSORPTION,),
                samples=(Sample(name="solid copper cylinder"),),
                parameters=(
                    _parameter("chemical_formula", "Cu"),
                    _parameter("sample_state", "solid"),
                    _parameter("photon_energy", "0.93", "keV"),
                ),
                files=(
                    File(name="raw/file1.h5", size_bytes=7, server_path="/data/secret/file1.h5"),
                    File(name="other.h5"),
                ),
            ),
            a_dataset(
                id="water",
                name="Liquid water",
                techniques=(_ABSORPTION,),
                samples=(Sample(name="water", description="ask jane@lab.example.org"),),
                parameters=(
                    _parameter("sample_state", "liquid"),
                    _parameter("chemical_formula", "H2O"),
                    _parameter("temperature", 293.15, "K"),
                    _parameter("wavelength", 1050, "nm"),
                ),
                files=(),
            ),
        ),
    )
    yield a_publication(
        source_id="2",
        doi=Doi.parse("10.99999/COLLECTION-2"),
        kind="collection",
        title="Scattering of silica",
        abstract="Where the silica scatters.",
        techniques=(_SAXS,),
        instruments=(
            Instrument(name="ID02", facility="ESRF", identifier=Identifier(scheme="DOI", value="10.99999/ID02")),
        ),
        datasets=(
            a_dataset(id="s", name="silica", techniques=(), parameters=(_parameter("temperature", 100, "degC"),)),
        ),
        start=None,
    )
    yield a_publication(source_id="3", doi=Doi.parse("10.99999/ALONE"), title="Data without datasets", datasets=())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    run = SiteRun(tmp_path_factory.mktemp("panosc"))
    run.put(*_publications())
    run.publish()
    with serving(create_app(run.config)) as base:
        yield base


def get(base, path, **asked):
    """The answer in JSON, which must be a good one."""
    query = urlencode({name: orjson.dumps(value).decode() for name, value in asked.items()})
    reply = ask(base, f"/api/{path}" + (f"?{query}" if query else ""))
    assert reply.status == 200 and reply.headers["content-type"].startswith("application/json"), reply.text
    return reply.json


def having(relation, **scope):
    return {"include": [{"relation": relation, "scope": scope}]}


@pytest.mark.parametrize(
    ("plural", "needed"),
    [
        ("Datasets", {"pid", "title", "isPublic", "creationDate", "score"}),
        ("Documents", {"pid", "title", "isPublic", "type", "score"}),
        ("Instruments", {"pid", "name", "facility"}),
    ],
)
def test_both_spellings_list_things_with_all_that_the_model_requires(site, plural, needed):
    found = get(site, plural)
    assert found and found == get(site, plural.lower())
    assert all(needed <= set(thing) for thing in found)
    assert get(site, f"{plural}/count") == get(site, f"{plural.lower()}/count") == {"count": len(found)}


def test_datasets_of_a_technique_are_found_by_it_and_by_what_is_wider(site):
    for name in ("x-ray absorption spectroscopy", "X-Ray Absorption Spectroscopy", "XAS", "spectroscopy"):
        found = get(site, "Datasets", filter=having("techniques", where={"name": name}))
        assert [one["title"] for one in found] == ["Liquid water", "Solid copper"], name
        assert {one["panetId"] for thing in found for one in thing["techniques"]} == {_ABSORPTION.iri}
    for where in ({"pid": _SAXS.iri}, {"panetId": "PaNET:PaNET01124"}, {"name": {"like": "angle"}}, {"text": "saxs"}):
        (found,) = get(site, "Datasets", filter=having("techniques", where=where))
        assert found["title"] == "silica"  # told by the publication as a whole


def test_what_is_not_of_a_technique_is_not_of_a_narrower_one_either(site):
    found = get(site, "Datasets", filter=having("techniques", where={"name": {"neq": "small angle scattering"}}))
    assert {one["title"] for one in found} == {"Liquid water", "Solid copper", "Data without datasets"}
    assert "silica" in str(get(site, "Datasets", filter=having("techniques", where={"name": {"nin": ["XAS"]}})))


def test_values_are_compared_in_si_and_come_back_in_the_unit_that_was_asked_for(site):
    where = {"and": [{"name": "photon_energy"}, {"value": {"between": [880, 990]}}, {"unit": "eV"}]}
    (found,) = get(site, "Datasets", filter=having("parameters", where=where))
    assert found["parameters"] == [{"name": "photon_energy", "value": 930.0, "unit": "eV"}]
    where = {"and": [{"name": "temperature"}, {"value": {"lt": 80}}, {"unit": "celsius"}]}
    (found,) = get(site, "Datasets", filter=having("parameters", where=where))
    assert found["parameters"] == [{"name": "temperature", "value": 20.0, "unit": "celsius"}]
    where = {"name": "wavelength", "value": {"between": [1000, 1100]}, "unit": "nm"}
    (found,) = get(site, "Documents", filter=having("parameters", where=where))
    assert found["parameters"] == [{"name": "wavelength", "value": 1064.0, "unit": "nm"}]
    (found,) = get(site, "Documents", filter=having("datasets", **having("parameters", where=where)))
    assert [one["title"] for one in found["datasets"]] == ["Liquid water"]


def test_without_a_unit_values_are_compared_and_shown_as_they_were_written(site):
    (found,) = get(site, "Datasets", filter=having("parameters", where={"name": "photon_energy", "value": {"lt": 1}}))
    assert found["parameters"] == [{"name": "photon_energy", "value": 0.93, "unit": "keV"}]


def test_several_parameters_must_each_be_there(site):
    solid, copper, water = (
        {"relation": "parameters", "scope": {"where": {"and": [{"name": name}, {"value": value}]}}}
        for name, value in (("sample_state", "solid"), ("chemical_formula", "Cu"), ("chemical_formula", "H2O"))
    )
    (found,) = get(site, "Datasets", filter={"include": [solid, copper]})
    assert [one["value"] for one in found["parameters"]] == ["Cu", "solid"]
    assert get(site, "Datasets", filter={"include": [solid, water]}) == []
    either = {"or": [solid["scope"]["where"], water["scope"]["where"]]}
    assert len(get(site, "Datasets", filter=having("parameters", where=either))) == 2


def test_a_proposal_is_found_by_its_principal_investigator(site):
    person = having("person", where={"fullName": "Testa Madeup"})
    asked = {"where": {"type": "proposal"}, "include": ["datasets"]}
    members = having("members", where={"role": "principal investigator"}, **person)["include"]
    (found,) = get(site, "Documents", filter={**asked, "include": asked["include"] + members})
    assert len(found["datasets"]) == 2
    (member,) = found["members"]
    assert member["role"] == "principal investigator" and member["person"]["lastName"] == "Madeup"


def test_documents_are_narrowed_by_what_their_datasets_include(site):
    wanted = [
        {"relation": "samples", "scope": {"where": {"name": "solid copper cylinder"}}},
        {"relation": "techniques", "scope": {"where": {"name": "x-ray absorption spectroscopy"}}},
    ]
    (found,) = get(site, "Documents", filter=having("datasets", include=wanted))
    (dataset,) = found["datasets"]
    assert [one["name"] for one in dataset["samples"]] == ["solid copper cylinder"] and dataset["techniques"]
    everything = get(site, "Documents", filter={"include": [{"relation": "datasets"}]})
    assert len(everything) == 3  # without a condition nobody is left out


def test_files_are_found_by_text_and_listed_without_the_servers_path(site):
    (found,) = get(site, "Datasets", filter=having("files", where={"text": "file1"}))
    assert [(one["name"], one["path"], one["size"]) for one in found["files"]] == [("file1.h5", "raw/file1.h5", 7)]
    pid = quote(found["pid"], safe="")
    assert len(get(site, f"Datasets/{pid}/files")) == 2
    assert get(site, f"Datasets/{found['pid']}/files", filter={"where": {"size": {"gt": 1}}})[0]["name"] == "file1.h5"
    assert get(site, f"datasets/{pid}/files", filter={"skip": 1, "limit": 1})[0]["name"] == "other.h5"
    assert get(site, f"Datasets/{pid}/files/count") == {"count": 2}
    assert get(site, f"Datasets/{pid}/files/count", where={"name": {"like": "file1"}}) == {"count": 1}


@pytest.mark.parametrize(
    ("address", "pid"),
    [
        ("Documents/10.99999/PROPOSAL/1", "10.99999/PROPOSAL/1"),
        ("documents/10.99999%2Fproposal%2F1", "10.99999/PROPOSAL/1"),
        ("Documents/https%3A%2F%2Fdoi.org%2F10.99999%2Fproposal%2F1", "10.99999/PROPOSAL/1"),
        ("Datasets/20.500.99999%2Fdataset-1", "20.500.99999/Dataset-1"),
        ("Datasets/10.99999/PROPOSAL/1%23water", "10.99999/PROPOSAL/1#water"),
        ("Datasets/10.99999/alone", "10.99999/ALONE"),
        ("Instruments/10.99999%2Fid02", "10.99999/ID02"),
    ],
)  # fmt: skip
def test_a_thing_is_had_by_its_identifier_in_every_spelling(site, address, pid):
    assert get(site, address)["pid"] == pid


def test_one_thing_is_had_with_what_is_included(site):
    found = get(
        site, "Datasets/20.500.99999%2FDataset-1", filter={"include": ["documents", "instrument", "parameters"]}
    )
    assert [one["pid"] for one in found["documents"]] == ["10.99999/PROPOSAL/1"]
    assert found["instrument"]["name"] == "EX01" and len(found["parameters"]) == 3


def test_an_unknown_identifier_is_404_in_loopbacks_words(site):
    for path in ("Documents/10.99999%2Fnothing", "Datasets/x/files", "Datasets/x/files/count", "Instruments/%00"):
        reply = ask(site, f"/api/{path}")
        assert reply.status == 404 and reply.json["error"]["code"] == "MODEL_NOT_FOUND", path
        assert reply.json["error"]["statusCode"] == 404


def test_counts_take_a_condition(site):
    assert get(site, "Datasets/count", where={"title": {"like": "copper"}}) == {"count": 1}
    assert get(site, "Documents/count", where={"summary": {"ilike": "SILICA"}}) == {"count": 1}
    assert get(site, "Instruments/count", where={"facility": {"nlike": "ESRF"}}) == {"count": 1}
    assert get(site, "Datasets/count", where={"isPublic": False}) == {"count": 0}
    assert get(site, "Datasets/count", where={"isPublic": {"neq": False}}) == get(site, "Datasets/count")
    assert get(site, "Datasets/count", filter=having("parameters", where={"value": "Cu"})) == {"count": 1}


def test_pages_follow_each_other(site):
    whole = [one["pid"] for one in get(site, "Datasets")]
    assert whole == [get(site, "Datasets", filter={"limit": 1, "skip": place})[0]["pid"] for place in range(len(whole))]
    assert get(site, "Datasets", filter={"skip": 10**9}) == []


def test_a_query_scores_and_orders_what_the_filter_finds(site):
    found = get(site, "Documents", filter={"query": "silica scattering"})
    assert found[0]["title"] == "Scattering of silica" and 0.95 < found[0]["score"] <= 1
    assert len(found) == 3 and found[-1]["score"] == 0
    assert [one["score"] for one in get(site, "Documents")] == [0, 0, 0]
    pages = [get(site, "Documents", filter={"query": "silica scattering", "limit": 1, "skip": n})[0] for n in range(3)]
    assert pages == found
    scored = {one["title"]: one["score"] for one in get(site, "Datasets", filter={"query": "solid copper"})}
    assert next(iter(scored)) == "Solid copper" and 0.9 < scored["Solid copper"] <= 1 and scored["silica"] == 0
    assert get(site, "Datasets", filter={"query": "without"})[0]["title"] == "Data without datasets"
    assert get(site, "Instruments", filter={"query": "copper"})


def test_filters_in_brackets_are_read_too(site):
    asked = {"filter[where][title][like]": "copper", "filter[include]": "samples", "filter[limit]": "5"}
    reply = ask(site, "/api/Datasets?" + urlencode(asked))
    assert [one["title"] for one in reply.json] == ["Solid copper"] and reply.json[0]["samples"]
    assert ask(site, "/api/Datasets/count?where[size][gt]=1").json["count"] > 0


@pytest.mark.parametrize(
    "path",
    [
        "Datasets?filter=%7B", "Datasets?filter=[1]", "Documents?filter={%22where%22:{%22nothing%22:1}}",
        "Datasets/count?where={%22where%22:{%22title%22:%22x%22}}", "Datasets?filter[where]=x", "Documents?filter[=x",
        "Instruments/x?filter=x", "Documents/count?where=%7B%22bad%22%7D",
        "Datasets/20.500.99999/Dataset-1/files?filter=7",
        "scoring/items?limit=x", "Documents?filter={%22limit%22:1e400}",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_400_with_a_message(site, path):
    reply = ask(site, f"/api/{path}")
    assert reply.status == 400, reply.text
    error = reply.json["error"]
    if not path.startswith("scoring"):
        assert error["statusCode"] == 400 and error["name"] == "Error" and len(error["message"]) > 5


def test_answers_have_tags_and_may_be_read_by_scripts_of_other_sites(site):
    first = ask(site, "/api/Documents", origin="https://elsewhere.example.org")
    assert first.headers["access-control-allow-origin"] == "*"
    assert ask(site, "/api/Documents", if_none_match=first.headers["etag"]).status == 304
    assert ask(site, "/api/Documents", accept_encoding="gzip").headers["content-encoding"] == "gzip"
    head = ask(site, "/api/Documents", method="HEAD")
    assert head.status == 200 and head.body == b""
    assert ask(site, "/api/Documents", method="OPTIONS").status == 204
    assert ask(site, "/api/Documents", method="DELETE").status == 405


def test_the_interface_is_described(site):
    paths = ask(site, "/openapi.json").json["paths"]
    for path in ("Documents", "Documents/count", "Documents/{pid}", "Datasets/{pid}/files", "scoring/items"):
        assert "get" in paths[f"/api/{path}"], path
    answer = paths["/api/Datasets"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["items"]["$ref"].endswith("/Dataset")


def test_the_addresses_of_the_opensearch_description_answer(site):
    root = ElementTree.fromstring(ask(site, "/opensearch.xml").body)
    for url in root.iter("{http://a9.com/-/spec/opensearch/1.1/}Url"):
        path = url.get("template").replace("https://data.example.org", "")
        for place in ("", "0"):
            filled = path.replace("{searchTerms}", "silica").replace("{count?}", "").replace("{startIndex?}", place)
            reply = ask(site, filled)
            if reply.status == 303:  # an empty parameter: the page has an address of its own without it
                reply = ask(site, reply.headers["location"])
            assert reply.status == 200 and reply.headers["content-type"].split(";")[0] == url.get("type"), filled


def test_the_scorer_gets_every_text_once(site):
    whole = get(site, "scoring/items")
    assert {item["group"] for item in whole} == {"documents", "datasets", "instruments"}
    assert all(set(item) == {"id", "group", "fields"} and item["fields"] for item in whole)
    assert get(site, "scoring/items/count") == {"count": len(whole)}
    pages = [ask(site, f"/api/scoring/items?limit=2&offset={place}").json for place in range(0, len(whole) + 3, 2)]
    assert [item for page in pages for item in page] == whole
    copper = next(item for item in whole if item["id"] == "20.500.99999/Dataset-1")
    assert copper["fields"]["techniques"] == ["x-ray absorption spectroscopy"]
    one = ask(site, "/api/scoring/items?group=instruments&skip=1").json
    assert [item["fields"]["name"] for item in one] == ["ID02"]


# ---- the store: what gets in, and what does not stay


def _words(run: SiteRun) -> bytes:
    return (run.output / "panosc.sqlite").read_bytes()


def _secret(**changes):
    return a_publication(
        source_id="secret",
        doi=Doi.parse("10.99999/SECRET"),
        title="Zebrafishlarva under load",
        keywords=(),
        creators=(Agent(name="Testa Madeup", given_name="Testa", family_name="Madeup"),),
        datasets=(a_dataset(id="z", name="Zebrafishlarva tomogram", samples=(Sample(name="Zebrafishlarva seven"),)),),
        **changes,
    )


def test_nothing_closed_is_in_the_store_before_its_day_or_after_it_went(tmp_path):
    run = SiteRun(tmp_path)
    day = TODAY + timedelta(30)
    closed_dataset = a_dataset(
        id="c", name="Closedcharlie", parameters=(_parameter("closeddelta", "closedecho"),), public=False
    )
    first = next(_publications())
    first = first.model_copy(update={"datasets": (*first.datasets, closed_dataset)})
    run.put(first, _secret(release_date=day))
    run.publish()
    told = _words(run)
    assert b"Zebrafishlarva" not in told and b"Closedcharlie" not in told and b"closeddelta" not in told
    assert b"/data/secret" not in told and b"jane@" not in told
    assert list(check(run.config)) == []
    run.publish(on=day)
    assert b"Zebrafishlarva" in _words(run)
    run.put(first, _secret(release_date=day, withdrawal=Withdrawal(on=day, reason="mislabelled")))
    run.publish(on=day + timedelta(1), accept_shrink=True)
    assert b"Zebrafishlarva" not in _words(run)  # not even in the file's free space
    assert list(check(run.config)) == []


def test_the_check_finds_a_closed_word_that_was_planted_in_the_store(tmp_path):
    run = SiteRun(tmp_path)
    run.put(next(_publications()), _secret(release_date=TODAY + timedelta(30)))
    run.publish()
    with closing(sqlite3.connect(run.output / "panosc.sqlite")) as db, db:
        planted = db.execute("UPDATE sample SET name = 'Zebrafishlarva seven' WHERE id = 1")
        assert planted.rowcount == 1, "the open record must stand in the store, or nothing is planted"
    lines = list(check(run.config))
    assert any("leak: panosc.sqlite" in line for line in lines) and any("manifest" in line for line in lines)
    (run.output / "panosc.sqlite").write_bytes(b"SQLite format 3\0 broken")
    assert any("panosc.sqlite cannot be read" in line for line in check(run.config))


def _store(path, *catalogues):
    """A store that was brought up to date with one catalogue after the other."""
    before = {}
    for catalogue in catalogues:
        now = {one.doi.key: panosc_entry(released(one)) for one in catalogue}
        with PanoscWriter(path) as writer:
            for key in before.keys() - now.keys():
                writer.remove(key)
            for key in sorted(now):
                if before.get(key) != now[key]:
                    writer.put(key, now[key])
        before = now
    return path


def _told(path):
    store = PanoscStore(path)
    everything = ("documents", "samples", "techniques", "parameters", "files", "instrument")
    with store.reading() as db:
        found = [find(db, DATASET, filter_of({"include": list(everything)}, DATASET))]
        found += [find(db, model, filter_of({"include": ["datasets"]}, model)) for model in (DOCUMENT, INSTRUMENT)]
    store.close()
    for file in (file for dataset in found[0] for file in dataset["files"]):
        del file["id"]
    return found


def test_a_store_that_grew_holds_what_one_made_at_once_holds(tmp_path):
    first, second, third = _publications()
    shared = Identifier(scheme="Handle", value="20.500.99999/Dataset-1")
    second = second.model_copy(update={"datasets": (a_dataset(id="again", name="Told again", identifier=shared),)})
    steps = ((first,), (first, second, third), (second, third), (third, first), (first, second))
    grown = _store(tmp_path / "grown.sqlite", *steps)
    whole = _store(tmp_path / "whole.sqlite", (first, second))
    assert _told(grown) == _told(whole)
    again = next(one for one in _told(whole)[0] if one["pid"] == shared.value)
    assert [one["pid"] for one in again["documents"]] == ["10.99999/COLLECTION-2", "10.99999/PROPOSAL/1"]
    assert again["title"] == "Told again"  # its document comes first
    assert b"Data without datasets" not in grown.read_bytes()


def test_the_same_catalogue_makes_the_same_store(tmp_path):
    one, two = (_store(tmp_path / name, tuple(_publications())) for name in ("one.sqlite", "two.sqlite"))
    assert one.read_bytes() == two.read_bytes()
    assert not any(_told(_store(tmp_path / "emptied.sqlite", tuple(_publications()), ())))


def test_a_run_under_way_is_followed_and_a_missing_store_is_told(tmp_path):
    run = SiteRun(tmp_path)
    with serving(create_app(run.config)) as base:
        missing = ask(base, "/api/Documents")
        assert missing.status == 503 and missing.json["error"]["statusCode"] == 503
        run.put(next(_publications()))
        run.publish()
        assert get(base, "Documents/count") == {"count": 1}
        run.put(*_publications())
        run.publish(on=date(2027, 1, 1))
        assert get(base, "Documents/count") == {"count": 3}
        (run.output / "panosc.sqlite").write_bytes(b"no store at all, but long enough to be looked at" * 100)
        broken = ask(base, "/api/Documents")
        assert broken.status == 503 and "panfair publish" in broken.json["error"]["message"]


def test_every_real_record_has_all_that_the_model_requires(shared, tmp_path):
    releases = real_releases(shared)
    path = tmp_path / "panosc.sqlite"
    with PanoscWriter(path) as writer:
        for one in releases:
            writer.put(one.doi.key, panosc_entry(one))
    store = PanoscStore(path, seconds=20)
    with store.reading() as db:
        for model in (DOCUMENT, DATASET, INSTRUMENT):
            related = [relation.name for relation in model.relations if relation.name != "datasets"]
            number = count(db, model, filter_of({}, model))
            found = find(db, model, filter_of({"include": related, "limit": 1000}, model))
            assert 0 < len(found) == min(number, 1000)
            for one in found:
                getattr(panosc_shapes, model.name).model_validate(one)
            if model is not INSTRUMENT:
                assert len({one["pid"] for one in found}) == len(found)
    store.close()
