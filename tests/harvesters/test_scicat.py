"""The `scicat` harvester against a server that answers as SciCat does, well and badly."""

import json
from pathlib import Path

import pytest

from panfair.harvesters import Checkpoint, Context, Refused, dump, scicat
from panfair.harvesters import http as rest_sender
from panfair.harvesters.reading.related_works import related_works
from panfair.harvesters.scicat.datasets import plain
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication
from panfair.site.run.report import Report
from support.servers.scicat import SciCat, served
from support.site_run import SiteRun


def _published(number: int, **changes) -> dict:
    values = {
        "doi": f"10.5072/made-up-{number}",
        "title": f"Made-up data {number}",
        "creator": ["Ana Exemplar", "Placeholder, Bo"],
        "publisher": "Example Source",
        "publicationYear": 2024,
        "abstract": "Nothing of this exists.",
        "pidArray": [f"20.500.0/ds-{number}"],
        "registeredTime": "2024-05-01T10:00:00.000Z",
        "status": "registered",
        "createdAt": f"2024-05-01T10:00:{number % 60:02}.000Z",
    }
    return {**values, **changes}


def _dataset(number: int, **changes) -> dict:
    values = {
        "pid": f"20.500.0/ds-{number}",
        "datasetName": f"scan {number}",
        "type": "raw",
        "isPublished": True,
        "size": 1000,
        "numberOfFiles": 1,
        "scientificMetadata": {"beam": {"energy": {"value": 12.4, "unit": "keV", "valueSI": 2e-15, "unitSI": "J"}}},
        "techniques": [{"pid": "PaNET01129", "name": "a.b.tomography"}],
    }
    return {**values, **changes}


def _block(number: int) -> dict:
    return {"datasetId": f"20.500.0/ds-{number}", "chkAlg": "sha256", "dataFileList": [{"path": "a.h5", "size": 1000}]}


@pytest.fixture(autouse=True)
def pauses(monkeypatch) -> list[float]:
    """The pauses that were asked for; none is made."""
    made: list[float] = []
    monkeypatch.setattr(rest_sender.time, "sleep", made.append)
    monkeypatch.setattr(rest_sender.open_sender.__wrapped__, "__defaults__", (lambda: None, made.append))
    return made


def _many(number: int) -> SciCat:
    return SciCat(
        [_published(n) for n in range(number)], [_dataset(n) for n in range(number)], [_block(n) for n in range(number)]
    )


def _harvest(server: SciCat, path: str = "/api/v3", resume: str | None = None, **options):
    notes: list[str] = []
    asked = scicat.Options(name="made-up", kind="scicat", url=server.url + path, **{"page_size": 4, **options})
    context = Context(root=Path("/"), contact="data@example.org", resume=resume, note=notes.append)
    found = []
    error = None
    try:
        found.extend(scicat.harvest(asked, context))
    except HarvestError as caught:
        error = caught
    return found, notes, error


def _publications(found) -> list[Publication]:
    return [item for item in found if isinstance(item, Publication)]


@pytest.mark.parametrize("path", ["/api/v3", "/api/v4", "", "/api"])
def test_all_pages_are_read_with_their_datasets_and_files(path):
    with served(_many(10)) as server:
        found, notes, error = _harvest(server, path)
    publications = _publications(found)
    assert error is None and notes == []
    assert [str(one.doi) for one in publications] == [f"10.5072/made-up-{n}" for n in range(10)]
    dataset = publications[3].datasets[0]
    assert dataset.name == "scan 3" and dataset.files[0].name == "a.h5" and dataset.files[0].checksum is None
    assert dataset.parameters[0].name == "beam.energy" and dataset.parameters[0].unit == "keV"
    assert dataset.techniques[0].iri == "http://purl.org/pan-science/PaNET/PaNET01129"
    assert [one.name for one in publications[0].creators] == ["Ana Exemplar", "Bo Placeholder"]


def test_what_scicat_says_of_a_file_comes_before_what_the_source_says():
    server = _many(2)
    for number, (block, digits) in enumerate(zip(server.blocks, ("0" * 64, "0" * 32), strict=True)):
        block["dataFileList"][0]["chk"] = digits
        if number:
            del block["chkAlg"]
    server.datasets[0]["sourceFolder"] = "/data/visitor/1"
    server.datasets[1]["sourceFolder"] = "https://files.example.org/public/1"
    with served(server) as answering:
        found, _notes, _error = _harvest(
            answering, checksum_algorithm="MD5", file_url="https://files.example.org/{location}"
        )
    files = [one.datasets[0].files[0] for one in _publications(found)]
    assert [(file.checksum_algorithm, file.url) for file in files] == [
        ("sha256", "https://files.example.org/data/visitor/1/a.h5"),
        ("MD5", "https://files.example.org/public/1/a.h5"),
    ]


@pytest.mark.parametrize(
    "typed", ["link to follow: http://[DOI pending]", "http://[abc/x", "http://a℀.org", "http://["]
)
def test_an_address_that_is_none_stops_no_source_and_leads_nowhere(typed):
    server = SciCat([_published(0, relatedPublications=[typed], downloadLink=typed), _published(1)])
    with served(server) as answering:
        found, _notes, error = _harvest(answering)
    one, other = _publications(found)
    assert error is None and other.title == "Made-up data 1"
    assert [(work.identifier, work.citation) for work in one.related] == [(None, typed)]


def test_a_long_row_of_signs_before_an_address_takes_no_longer_than_its_length():
    # Twice the length in more than twice the steps would be hours here.
    typed = f"Exemplar, A. Made up {'[' * 2_000_000} doi: : available at doi https://doi.org/10.1234/a"
    (work,) = related_works([typed], Doi.parse("10.5072/own"), note=print)
    assert work.citation == "Exemplar, A. Made up" and work.identifier.value == "10.1234/a"


def test_two_documents_of_no_id_or_of_dois_that_differ_in_case_are_two():
    none = [_published(n, doi=None) for n in (1, 6)]
    server = SciCat([_published(0), none[0], _published(2), _published(3), _published(4), none[1]])
    server.published += [_published(7, doi="10.5072/A"), _published(8), _published(9), _published(5, doi="10.5072/a")]
    with served(server) as answering:
        found, _notes, error = _harvest(answering)
    assert error is None
    assert (len(_publications(found)), sum(isinstance(item, Refused) for item in found)) == (8, 2)


def test_a_document_that_changes_while_the_list_shifts_hides_no_missing_one():
    server = _many(8)
    server.hidden = {"datasets"}
    lists = [server.published[:4], [{**server.published[3], "title": "Changed"}, *server.published[4:7]], []]

    def shifted(path, _number):
        return (200, {}, json.dumps(lists.pop(0)).encode()) if path.endswith("/publisheddata") else None

    server.fault = shifted
    with served(server) as answering:
        found, _notes, error = _harvest(answering)
    assert "counts 8 publications and gave 7" in str(error)
    assert len({one.doi for one in _publications(found)}) == len(_publications(found)) == 7


def test_what_is_nested_without_end_or_no_record_is_refused_and_the_rest_is_read():
    nested: dict = {}
    for _level in range(600):
        nested = {"a": nested}
    server = _many(6)
    server.published[1] = _published(1, metadata=nested)
    server.published[2] = None
    server.datasets[4]["scientificMetadata"] = nested
    with served(server) as answering:
        found, _notes, error = _harvest(answering)
    assert error is None
    refused = {item.key: item.reason for item in found if isinstance(item, Refused)}
    assert refused == {
        "10.5072/made-up-1": "it is nested too deeply",
        "entry 3": "it is no record, but a bare value",
    }
    assert [one.datasets[0].described for one in _publications(found)] == [True, True, False, True]


@pytest.mark.parametrize("digits", ["²", "9" * 5000, "-", ""])
def test_a_number_in_other_digits_is_no_whole_number_and_no_crash(digits):
    assert not isinstance(plain({"$numberLong": digits}), int)


def test_a_pattern_with_another_place_than_the_doi_stops_nothing():
    with served(_many(1)) as server:
        found, _notes, _error = _harvest(server, catalogue="https://c.example.org/{pid}/{doi}/{")
    assert _publications(found)[0].catalogue_url == "https://c.example.org/{pid}/10.5072/made-up-0/{"


def test_the_catalogue_is_told_who_asks():
    with served(_many(1)) as server:
        _harvest(server)
    assert all(agent.startswith("panfair/") and "data@example.org" in agent for agent in server.agents)


def test_data_that_the_reader_may_not_list_are_stubs_and_one_note():
    server = _many(6)
    server.hidden = {"datasets"}
    with served(server):
        found, notes, _error = _harvest(server)
    assert all(not one.datasets[0].described for one in _publications(found))
    assert len(notes) == 1 and "identifier only" in notes[0]


def test_an_unpublished_dataset_is_known_by_its_identifier_only():
    server = SciCat([_published(0)], [_dataset(0, isPublished=False, datasetName="secret scan")])
    with served(server):
        found, _notes, _error = _harvest(server)
    (publication,) = _publications(found)
    assert "secret" not in publication.model_dump_json()


@pytest.mark.parametrize(
    ("status", "public"), [("registered", True), ("amended", True), ("private", False), ("", False)]
)
def test_only_what_scicat_shows_to_all_is_public(status, public):
    server = SciCat([_published(0, status=status)])
    with served(server):
        found, _notes, _error = _harvest(server)
    assert _publications(found)[0].public is public


@pytest.mark.parametrize(
    ("changes", "registered"),
    [
        ({"status": "registered"}, True),
        ({"status": "amended"}, True),
        ({"status": "public"}, True),
        ({"status": "public", "registeredTime": None}, False),
    ],
)
def test_what_scicat_shows_and_datacite_does_not_know_is_a_draft(changes, registered):
    server = SciCat([_published(0, **changes)])
    with served(server):
        found, _notes, _error = _harvest(server)
    assert _publications(found)[0].registered is registered


@pytest.mark.parametrize(
    ("lifecycle", "where"),
    [
        (None, None),
        ({"archivable": True, "retrievable": False, "isOnCentralDisk": True}, "online"),
        ({"archivable": False, "retrievable": True, "isOnCentralDisk": False}, "tape"),
        ({"archivable": False, "retrievable": True, "isOnCentralDisk": True}, "online"),
        ({"archiveStatusMessage": "datasetOnArchiveDisk"}, "tape"),
        ({"archiveStatusMessage": "datasetCreated"}, None),
    ],
)
def test_the_life_cycle_of_a_dataset_tells_whether_it_is_on_tape(lifecycle, where):
    server = SciCat([_published(0)], [_dataset(0, datasetlifecycle=lifecycle)])
    with served(server):
        found, _notes, _error = _harvest(server)
    assert _publications(found)[0].datasets[0].availability == where


@pytest.mark.parametrize(
    ("rights", "restricted", "reason"),
    [
        ([], False, None),
        ([{"rights": "Open Access", "rightsUri": "info:eu-repo/semantics/openAccess"}], False, None),
        ([{"rights": "Restricted Access", "rightsUri": "info:eu-repo/semantics/restrictedAccess"}], True, None),
        ([{"rights": "Ask the board", "rightsUri": "http://purl.org/coar/access_right/c_16ec"}], True, "Ask the board"),
        ([{"rights": "Ask us", "rightsUri": "http://purl.org/coar/access_right/c_14cb"}], True, "Ask us"),
        ([{"rightsUri": "http://purl.org/coar/access_right/c_f1cf"}], True, None),
        ([{"rightsUri": "info:eu-repo/semantics/closedAccess"}], True, None),
        ([{"rightsUri": "info:eu-repo/semantics/embargoedAccess"}], True, None),
        ({"rights": "Restricted-Access"}, True, None),
        (["metadata only access"], True, None),
        ("closed access", True, None),
        ([None, 7, {"rights": 7}], False, None),
    ],
)
def test_restricted_access_in_the_rights_restricts(rights, restricted, reason):
    server = SciCat([_published(0, metadata={"rightsList": rights})])
    with served(server):
        found, _notes, _error = _harvest(server)
    told = _publications(found)[0].restriction
    assert (told is not None) is restricted and (told is None or told.reason == reason)


@pytest.mark.parametrize(("licence", "restricted"), [("restricted access", True), ("CC-BY-4.0", False), (None, False)])
def test_restricted_access_in_place_of_a_licence_restricts(licence, restricted):
    server = SciCat([_published(0, license=licence)])
    with served(server):
        found, _notes, _error = _harvest(server)
    assert (_publications(found)[0].restriction is not None) is restricted


def test_the_shape_of_v4_gives_the_same_record_as_that_of_v3():
    old = _published(0, creator=["Ana Exemplar"], relatedPublications=["https://doi.org/10.99999/p"])
    new = {
        key: old[key] for key in ("doi", "title", "abstract", "registeredTime", "createdAt")
    } | {
        "status": "public",
        "datasetPids": old["pidArray"],
        "metadata": {
            "creators": [{"name": "Exemplar, Ana", "givenName": "Ana", "familyName": "Exemplar"}],
            "publisher": {"name": "Example Source"},
            "publicationYear": 2024,
            "relatedIdentifiers": [
                {"relatedIdentifier": "10.99999/p", "relatedIdentifierType": "DOI", "relationType": "IsSupplementTo"}
            ],
        },
    }  # fmt: skip
    found = []
    for raw, path in ((old, "/api/v3"), (new, "/api/v4")):
        with served(SciCat([raw])) as server:
            found += _publications(_harvest(server, path)[0])
    assert found[0] == found[1]


def test_a_record_that_cannot_be_published_is_one_refusal():
    server = SciCat([_published(0), _published(1, title=" "), _published(2, doi="no doi"), _published(3)])
    with served(server):
        found, _notes, error = _harvest(server)
    assert error is None
    refused = [item for item in found if isinstance(item, Refused)]
    assert refused[0].reason == "it has no title" and len(refused) == 2
    assert len(_publications(found)) == 2


def test_a_busy_catalogue_is_given_the_time_that_it_asks_for(pauses):
    server = _many(3)
    server.fault = lambda path, number: (429, {"Retry-After": "7"}, b"") if number == 2 else None
    with served(server):
        found, _notes, error = _harvest(server)
    assert error is None and len(_publications(found)) == 3
    assert pauses == [7.0]


def test_four_times_502_stops_the_source_and_keeps_what_came_before():
    server = _many(12)
    server.fault = lambda path, number: (502, {}, b"bad gateway") if number > 5 else None
    with served(server):
        found, _notes, error = _harvest(server, files=False)
        assert error is not None and "502" in str(error) and "run `panfair harvest` again" in str(error)
        assert not error.begin_anew
        token = [item for item in found if isinstance(item, Checkpoint)][-1].token
        server.fault = lambda path, number: None
        rest, _notes, error = _harvest(server, resume=token)
    assert error is None
    dois = [one.doi for one in _publications(found) + _publications(rest)]
    assert sorted(dois) == sorted({f"10.5072/made-up-{n}" for n in range(12)})


@pytest.mark.parametrize("body", [b'[{"doi": "10.5072/x", "ti', b"<html>log in</html>", b'{"message": "hello"}', b""])
def test_an_answer_that_is_no_list_is_an_error_and_no_empty_catalogue(body):
    server = _many(3)
    server.fault = lambda path, number: (200, {}, body) if path.endswith("/publisheddata") else None
    with served(server):
        found, _notes, error = _harvest(server)
    assert error is not None and error.args[0].startswith("made-up: ") and not _publications(found)


def test_an_empty_list_where_the_catalogue_counts_some_is_an_error():
    server = _many(3)
    server.fault = lambda path, number: (200, {}, b"[]") if path.endswith("/publisheddata") else None
    with served(server):
        _found, _notes, error = _harvest(server)
    assert error is not None and error.begin_anew and "counts 3 publications and gave 0" in str(error)


def test_a_list_that_shifts_while_it_is_read_gives_no_record_twice():
    server = _many(9)

    def shift(path: str, number: int) -> None:
        if path.endswith("/publisheddata") and len(server.published) == 9:
            server.published.insert(0, _published(99))

    def after_the_first_page(path: str, number: int) -> None:
        if len([one for one in server.asked if one.endswith("/publisheddata")]) == 2:
            shift(path, number)

    server.fault = after_the_first_page
    with served(server):
        found, _notes, _error = _harvest(server)
    dois = [one.doi for one in _publications(found)]
    assert len(dois) == len(set(dois))


def test_a_list_without_an_end_is_left():
    server = _many(4)
    body = json.dumps([_published(n) for n in range(4)]).encode()
    server.fault = lambda path, number: (200, {}, body) if path.endswith("/publisheddata") else None
    with served(server):
        _found, _notes, error = _harvest(server, files=False, datasets=False)
    assert error is not None and "no end" in str(error)
    assert len(server.asked) < 20


def test_a_redirect_is_not_followed_but_told():
    server = _many(1)
    server.fault = lambda path, number: (301, {"Location": "http://127.0.0.1:1/elsewhere"}, b"")
    with served(server):
        _found, _notes, error = _harvest(server)
    assert error is not None and "has moved" in str(error)


def test_a_token_goes_to_the_catalogue_and_into_no_message(monkeypatch):
    monkeypatch.setenv("SCICAT_TOKEN", "s3cret-token")
    server = _many(2)
    server.fault = lambda path, number: (500, {}, b"no")
    with served(server):
        _found, notes, error = _harvest(server, token_env="SCICAT_TOKEN")
    assert error is not None and "s3cret" not in str(error) + str(notes)


def test_a_token_that_is_not_there_is_named():
    with served(_many(1)) as server:
        _found, _notes, error = _harvest(server, token_env="NOT_SET_ANYWHERE")
    assert error is not None and "NOT_SET_ANYWHERE" in str(error)


def test_a_catalogue_that_cannot_be_reached_is_an_error():
    server = SciCat([])
    server.url = "http://127.0.0.1:9"
    _found, _notes, error = _harvest(server)
    assert error is not None and "failed 4 times" in str(error)


def test_the_seed_over_rest_is_the_seed_from_its_dump(shared):
    folder = shared / "data/scicat"
    context = Context(root=Path("/"), contact="data@example.org")
    options = dump.Options(name="made-up", kind="dump", path=str(folder / "PublishedData.json"))
    by_dump = [item for item in dump.harvest(options, context) if isinstance(item, Publication)]
    raws = [json.loads((folder / f"{name}.json").read_text()) for name in ("PublishedData", "Dataset", "OrigDatablock")]
    raws[0] = [{"doi": raw["_id"], **raw} for raw in raws[0]]
    raws[1] = [{"pid": raw["_id"], **raw} for raw in raws[1]]
    for path in ("/api/v3", "/api/v4"):
        with served(SciCat(*raws)) as server:
            found, _notes, error = _harvest(server, path)
        assert error is None
        assert sorted(_publications(found), key=lambda one: one.doi) == sorted(by_dump, key=lambda one: one.doi)


def test_a_nightly_run_over_a_failing_catalogue_loses_no_page(tmp_path):
    server = _many(10)
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
