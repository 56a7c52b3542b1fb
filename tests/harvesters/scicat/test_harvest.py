"""The `scicat` harvester against a server that answers as SciCat does, well and badly."""

import json

import pytest

from panfair.harvesters import Checkpoint, Refused
from panfair.site.run.report import Report
from support.scicat import dataset, harvested, many, publications, published, refused
from support.servers.scicat import SciCat, served
from support.servers.scicat_documents import stored_publication
from support.site_run import SiteRun


@pytest.mark.parametrize("path", ["/api/v3", "/api/v4", "", "/api"])
def test_all_pages_are_read_with_their_datasets_and_files(path):
    with served(many(10)) as server:
        found, notes, error = harvested(server, path)
    read = publications(found)
    assert error is None and notes == []
    assert [str(one.doi) for one in read] == [f"10.5072/made-up-{n}" for n in range(10)]
    dataset = read[3].datasets[0]
    assert dataset.name == "scan 3" and dataset.files[0].name == "a.h5" and dataset.files[0].checksum is None
    assert dataset.parameters[0].name == "beam.energy" and dataset.parameters[0].unit == "keV"
    assert dataset.techniques[0].iri == "http://purl.org/pan-science/PaNET/PaNET01129"
    assert [one.name for one in read[0].creators] == ["Ana Exemplar", "Bo Placeholder"]


def test_what_scicat_says_of_a_file_comes_before_what_the_source_says():
    server = many(2)
    for number, (block, digits) in enumerate(zip(server.blocks, ("0" * 64, "0" * 32), strict=True)):
        block["dataFileList"][0]["chk"] = digits
        if number:
            del block["chkAlg"]
    server.datasets[0]["sourceFolder"] = "/data/visitor/1"
    server.datasets[1]["sourceFolder"] = "https://files.example.org/public/1"
    with served(server) as answering:
        found, _notes, _error = harvested(
            answering, checksum_algorithm="MD5", file_url="https://files.example.org/{location}"
        )
    files = [one.datasets[0].files[0] for one in publications(found)]
    assert [(file.checksum_algorithm, file.url) for file in files] == [
        ("sha256", "https://files.example.org/data/visitor/1/a.h5"),
        ("MD5", "https://files.example.org/public/1/a.h5"),
    ]


def test_two_documents_of_no_id_or_of_dois_that_differ_in_case_are_two():
    none = [published(n, doi=None) for n in (1, 6)]
    documents = [published(0), none[0], published(2), published(3), published(4), none[1]]
    documents += [published(7, doi="10.5072/A"), published(8), published(9), published(10, doi="10.5072/a")]
    server = SciCat(documents)
    with served(server) as answering:
        found, _notes, error = harvested(answering)
    assert error is None
    assert (len(publications(found)), sum(isinstance(item, Refused) for item in found)) == (8, 2)


def test_a_document_that_changes_while_the_list_shifts_hides_no_missing_one():
    server = many(8)
    server.hidden = {"datasets"}
    lists = [server.published[:4], [{**server.published[3], "title": "Changed"}, *server.published[4:7]], []]

    def shifted(path, _number):
        return (200, {}, json.dumps(lists.pop(0)).encode()) if path.endswith("/publisheddata") else None

    server.fault = shifted
    with served(server) as answering:
        found, _notes, error = harvested(answering)
    assert "counts 8 publications and gave 7" in str(error)
    assert len({one.doi for one in publications(found)}) == len(publications(found)) == 7


def test_what_is_nested_without_end_or_no_record_is_refused_and_the_rest_is_read():
    nested: dict = {}
    for _level in range(300):
        nested = {"a": nested}
    server = many(6)
    server.published[1]["metadata"]["odd"] = nested
    server.published[2] = None
    server.datasets[4]["scientificMetadata"] = nested
    with served(server) as answering:
        found, _notes, error = harvested(answering)
    assert error is None
    assert refused(found) == {
        "10.5072/made-up-1": "it is nested too deeply",
        "entry 3": "it is no record, but a bare value",
    }
    assert [one.datasets[0].described for one in publications(found)] == [True, True, False, True]


def test_a_pattern_with_another_place_than_the_doi_stops_nothing():
    with served(many(1)) as server:
        found, _notes, _error = harvested(server, catalogue="https://c.example.org/{pid}/{doi}/{")
    assert publications(found)[0].catalogue_url == "https://c.example.org/{pid}/10.5072/made-up-0/{"


def test_the_catalogue_is_told_who_asks():
    with served(many(1)) as server:
        harvested(server)
    assert all(agent.startswith("panfair/") and "data@example.org" in agent for agent in server.agents)


def test_data_that_the_reader_may_not_list_are_stubs_and_one_note():
    server = many(6)
    server.hidden = {"datasets"}
    with served(server):
        found, notes, _error = harvested(server)
    assert all(not one.datasets[0].described for one in publications(found))
    assert len(notes) == 1 and "identifier only" in notes[0]


def test_an_unpublished_dataset_is_known_by_its_identifier_only():
    server = SciCat([published(0)], [dataset(0, isPublished=False, datasetName="secret scan")])
    with served(server):
        found, _notes, _error = harvested(server)
    (publication,) = publications(found)
    assert "secret" not in publication.model_dump_json()


def test_a_record_that_cannot_be_published_is_one_refusal():
    server = SciCat([published(0), published(1, title=" "), published(2, doi="no doi"), published(3)])
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None
    reasons = list(refused(found).values())
    assert reasons[0] == "it has no title" and len(reasons) == 2
    assert len(publications(found)) == 2


def test_a_busy_catalogue_is_given_the_time_that_it_asks_for(pauses):
    server = many(3)
    server.fault = lambda path, number: (429, {"Retry-After": "7"}, b"") if number == 2 else None
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None and len(publications(found)) == 3
    assert pauses == [7.0]


def test_four_times_502_stops_the_source_and_keeps_what_came_before():
    server = many(12)
    server.fault = lambda path, number: (502, {}, b"bad gateway") if number > 5 else None
    with served(server):
        found, _notes, error = harvested(server, files=False)
        assert error is not None and "502" in str(error) and "run `panfair harvest` again" in str(error)
        assert not error.begin_anew
        token = [item for item in found if isinstance(item, Checkpoint)][-1].token
        server.fault = lambda path, number: None
        rest, _notes, error = harvested(server, context={"resume": token})
    assert error is None
    dois = [one.doi for one in publications(found) + publications(rest)]
    assert sorted(dois) == sorted({f"10.5072/made-up-{n}" for n in range(12)})


@pytest.mark.parametrize("body", [b'[{"doi": "10.5072/x", "ti', b"<html>log in</html>", b'{"message": "hello"}', b""])
def test_an_answer_that_is_no_list_is_an_error_and_no_empty_catalogue(body):
    server = many(3)
    server.fault = lambda path, number: (200, {}, body) if path.endswith("/publisheddata") else None
    with served(server):
        found, _notes, error = harvested(server)
    assert error is not None and error.args[0].startswith("made-up: ") and not publications(found)


def test_an_empty_list_where_the_catalogue_counts_some_is_an_error():
    server = many(3)
    server.fault = lambda path, number: (200, {}, b"[]") if path.endswith("/publisheddata") else None
    with served(server):
        _found, _notes, error = harvested(server)
    assert error is not None and error.begin_anew and "counts 3 publications and gave 0" in str(error)


def test_a_list_that_shifts_while_it_is_read_gives_no_record_twice():
    server = many(9)

    def shift(path: str, number: int) -> None:
        if path.endswith("/publisheddata") and len(server.published) == 9:
            server.published.insert(0, stored_publication(published(99, createdAt="2020-01-01T00:00:00.000Z")))

    def after_the_first_page(path: str, number: int) -> None:
        if len([one for one in server.asked if one.endswith("/publisheddata")]) == 2:
            shift(path, number)

    server.fault = after_the_first_page
    with served(server):
        found, _notes, _error = harvested(server)
    dois = [one.doi for one in publications(found)]
    assert len(dois) == len(set(dois))


def test_a_list_without_an_end_is_left():
    server = many(4)
    body = json.dumps([published(n) for n in range(4)]).encode()
    server.fault = lambda path, number: (200, {}, body) if path.endswith("/publisheddata") else None
    with served(server):
        _found, _notes, error = harvested(server, files=False, datasets=False)
    assert error is not None and "no end" in str(error)
    assert len(server.asked) < 20


def test_a_redirect_is_not_followed_but_told():
    server = many(1)
    server.fault = lambda path, number: (301, {"Location": "http://127.0.0.1:1/elsewhere"}, b"")
    with served(server):
        _found, _notes, error = harvested(server)
    assert error is not None and "has moved" in str(error)


def test_a_token_goes_to_the_catalogue_and_into_no_message(monkeypatch):
    monkeypatch.setenv("SCICAT_TOKEN", "s3cret-token")
    server = many(2)
    server.fault = lambda path, number: (500, {}, b"no")
    with served(server):
        _found, notes, error = harvested(server, token_env="SCICAT_TOKEN")
    assert error is not None and "s3cret" not in str(error) + str(notes)


def test_a_token_that_is_not_there_is_named():
    with served(many(1)) as server:
        _found, _notes, error = harvested(server, token_env="NOT_SET_ANYWHERE")
    assert error is not None and "NOT_SET_ANYWHERE" in str(error)


def test_a_catalogue_that_cannot_be_reached_is_an_error():
    server = SciCat([])
    server.url = "http://127.0.0.1:9"
    _found, _notes, error = harvested(server)
    assert error is not None and "failed 4 times" in str(error)


def test_a_nightly_run_over_a_failing_catalogue_loses_no_page(tmp_path):
    server = many(10)
    site = SiteRun(tmp_path / "site")
    with served(server):
        source = f'[[source]]\nname = "made-up"\nkind = "scicat"\nurl = "{server.url}/api/v3"\npage_size = 4\n'
        site.path.write_text(site.path.read_text().split("[[source]]")[0] + source)
        assert site.publish().released == 10
        server.fault = lambda path, number: (200, {}, b"[]") if path.endswith("/publisheddata") else None
        report: Report = site.publish()
        assert "counts 10 publications and gave 0" in str(report.failed[0])
        assert len(list((site.output / "www/doi").rglob("metadata.jsonld"))) == 10
        server.fault = lambda path, number: None
        assert site.publish().written == 0


def _named() -> SciCat:
    instruments = [{"_id": "i-1", "pid": "i-1", "name": "BL01 powder diffractometer", "customMetadata": {}}]
    samples = [
        {"_id": name, "sampleId": name, "isPublished": name == "s-open", "description": f"zq{name}"}
        for name in ("s-open", "s-closed")
    ]
    raw = dataset(0, instrumentIds=["i-1"], sampleIds=["s-open", "s-closed"])
    return SciCat([published(0)], [raw], [], instruments, samples)


def _old(server: SciCat):
    """An older SciCat: v4 refuses to include, v3 takes no notice of what is to be included."""

    def fault(path: str, number: int):
        asked = json.loads(server.questions[-1][1].get("filter", "{}"))
        if "include" not in asked:
            return None
        if "/v4/" in path:
            return 400, {}, b'{"message": "Property include should not exist in the filter object"}'
        del asked["include"]
        status, body = server.answer(path, {"filter": json.dumps(asked)})
        return status, {}, json.dumps(body).encode()

    return fault


@pytest.mark.parametrize("hidden", [set(), {"v4"}])
@pytest.mark.parametrize("old", [False, True])
def test_instruments_and_open_samples_have_their_names_in_every_version(hidden, old):
    server = _named()
    server.hidden = hidden
    server.fault = _old(server) if old else server.fault
    server.blocks = [{"datasetId": "20.500.0/ds-0", "dataFileList": [{"path": "a.h5"}]}]
    with served(server):
        found, _notes, error = harvested(server)
    (one,) = publications(found)[0].datasets
    assert error is None and [each.name for each in one.instruments] == ["BL01 powder diffractometer"]
    assert [(each.name, each.description) for each in one.samples] == [("s-open", "zqs-open"), ("s-closed", None)]
    assert [file.name for file in one.files] == ["a.h5"]
