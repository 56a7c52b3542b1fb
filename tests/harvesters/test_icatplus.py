"""ICAT+: ESRF's own mock and our live core are harvested over HTTP; bad answers stop the source and tell no secret."""

import json
import logging
from datetime import date
from pathlib import Path

import httpx2
import pytest

from panfair.harvesters import Checkpoint, Context, Refused, icatplus
from panfair.harvesters import http as rest_sender
from panfair.ontologies.embargo import GatePolicy, Notice, Released, judge
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication
from panfair.site.config.settings import read_config
from panfair.site.state.harvest_file import has_harvest, read_harvest
from panfair.site.state.spool import harvest_source
from support.catalogue.facility import PASSWORD, a_facility, served
from support.servers.icatplus import answering, mock_serving


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(rest_sender, "_FIRST_PAUSE", 0.0)


def _harvest(url: str, resume: str | None = None, **more) -> list:
    options = icatplus.Options(**{"name": "plus", "kind": "icatplus", "url": url, "publisher": "Example Source"} | more)
    context = Context(root=Path("/"), contact="data@example.org", resume=resume)
    return list(icatplus.harvest(options, context))


def _records(items: list) -> list:
    return [item for item in items if isinstance(item, Publication | Refused)]


# ESRF's mock


@pytest.fixture
def mock(tmp_path):
    investigations = [
        {
            "id": number,
            "name": f"HG-{number}",
            "title": f"A made-up session {number}",
            "visitId": "1",
            "startDate": "2020-02-01T08:00:00.000Z",
            "endDate": "2020-02-03T08:00:00.000Z",
            "releaseDate": "2023-02-01T00:00:00.000Z",
            "doi": f"10.15151/ESRF-ES-{number}",
            "instrument": {"id": 13, "name": "ID13"},
        }
        for number in (1, 2, 3)
    ]
    del investigations[2]["doi"]
    datasets = [
        {
            "id": number,
            "name": f"scan{number}",
            "startDate": "2020-02-01T09:00:00.000Z",
            "endDate": "2020-02-01T09:10:00.000Z",
            "location": f"/data/visitor/hg1/scan{number}",
            "sample": {"name": "foam"},
            "parameters": [
                {"name": "InstrumentMonochromator_energy", "value": "12.4"},
                {"name": "scanType", "value": "mesh"},
            ],
            "investigation": {"id": 1, "name": "HG-1"},
        }
        for number in range(7)
    ]
    (tmp_path / "investigations.json").write_text(json.dumps(investigations))
    (tmp_path / "datasets1.json").write_text(json.dumps(datasets))
    with mock_serving(tmp_path) as url:
        yield url


def test_esrfs_mock_gives_its_sessions_with_their_datasets(mock, monkeypatch):
    monkeypatch.setenv("READER", "correct")
    found = _records(
        _harvest(
            mock, plugin="db", username="reader", password_env="READER", facility="ESRF", collections=False, page_size=4
        )
    )
    assert [type(item).__name__ for item in found] == ["Publication", "Publication", "Refused"]
    first = found[0]
    assert (first.doi, first.proposal, first.session) == ("10.15151/ESRF-ES-1", "HG-1", "1")
    assert first.release_date == date(2023, 2, 1)
    assert [instrument.name for instrument in first.instruments] == ["ID13"]
    assert [dataset.id for dataset in first.datasets] == [str(number) for number in range(7)]
    assert first.datasets[0].samples[0].name == "foam"
    assert {one.name: one.value for one in first.datasets[0].parameters} == {
        "InstrumentMonochromator_energy": 12.4,
        "scanType": "mesh",
    }
    assert found[1].datasets == ()
    assert found[2].reason == "it has no DOI"


def test_a_wrong_password_is_an_error_that_tells_neither_password_nor_session(mock, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("READER", "wrong-zebra-42")
    with pytest.raises(HarvestError, match="password_env") as caught:
        _harvest(mock, plugin="db", username="reader", password_env="READER", collections=False)
    assert "wrong-zebra-42" not in str(caught.value) + repr(caught.value.__cause__) + caplog.text


# The live core


@pytest.fixture
def facility(tmp_path):
    facility = a_facility(tmp_path)
    with served(facility.app) as url:
        facility.url = url  # type: ignore[attr-defined]
        yield facility


def test_anonymous_reads_what_is_released_with_all_that_hangs_on_it(facility):
    found = {item.doi: item for item in _records(_harvest(facility.url))}
    session = found["10.5072/OPEN-1"]
    assert (session.kind, session.proposal, session.facility.name) == ("session", "MA-1", "EPS")
    assert [agent.name for agent in session.creators] == ["Ben Example"]
    raw, processed = session.datasets
    assert (raw.name, raw.kind, processed.kind) == ("scan 1", "raw", "processed")
    assert raw.samples[0].formula == "C2H4"
    assert raw.techniques[0].iri == "http://purl.org/pan-science/PaNET/PaNET01188"
    assert {(one.name, one.value, one.unit) for one in raw.parameters} == {
        ("InstrumentMonochromator_energy", 12.4, "keV"),
        ("scanType", "fasttomo", None),
    }
    assert [(file.name, file.size_bytes) for file in raw.files] == [("scan.h5", 10240)]
    assert [link.id for link in processed.inputs] == [raw.id]


def test_nothing_of_the_closed_session_comes_to_anonymous(facility):
    told = "".join(item.model_dump_json() for item in _records(_harvest(facility.url)) if not isinstance(item, Refused))
    assert "OPEN-1" in told
    for word in ("CLOSED-2", "MA-2", "scan 3", "Ada", "scan 2", "@example.org"):
        assert word not in told


def test_what_a_privileged_reader_sees_of_a_closed_session_comes_out_as_a_notice(facility, monkeypatch):
    monkeypatch.setenv("READER", PASSWORD)
    found = _records(_harvest(facility.url, plugin="db", username="dee", password_env="READER"))
    closed = next(item for item in found if getattr(item, "doi", "") == "10.5072/CLOSED-2")
    assert (closed.datasets, closed.abstract, closed.public) == ((), None, False)
    for day, shown in ((date(2026, 3, 1), Notice), (date(2027, 6, 1), Notice)):
        assert isinstance(judge(closed, day, GatePolicy()), shown)
    opened = next(item for item in found if getattr(item, "doi", "") == "10.5072/OPEN-1")
    assert isinstance(judge(opened, date(2026, 3, 1), GatePolicy()), Released)


# A server that says what it likes


def _session(number: int, **more) -> dict:
    return {
        "id": number,
        "name": f"HG-{number}",
        "title": f"Session {number}",
        "visitId": "1",
        "startDate": "2020-02-01T08:00:00.000Z",
        "releaseDate": "2023-02-01T00:00:00.000Z",
        "doi": f"10.15151/ESRF-ES-{number}",
        "investigationUsers": [
            {"role": "Participant", "user": {"name": "x", "fullName": "Xu Example", "email": "x@y.zz"}}
        ],
    } | more


class Plus:
    """An ICAT+ of as many sessions as a test wants, with faults."""

    def __init__(self, sessions: list[dict], collections: list[dict] | None = None) -> None:
        self.sessions = sessions
        self.collections = collections or []
        self.said: dict[str, object] = {}
        self.asked: list[str] = []
        self.counts = True

    def __call__(self, path: str, query: dict[str, str]) -> object:
        for part, said in self.said.items():
            if part in path + json.dumps(query):
                return said.pop(0) if isinstance(said, list) and said and isinstance(said[0], tuple) else said
        if path == "POST /session":
            return {"sessionId": "secret-session-id"}
        if path.endswith("/investigation"):
            return self._page(self.sessions, query) if query.get("filter") == "released" else []
        if path.endswith("/datacollection"):
            return self._page(self.collections, query)
        if path.endswith("/json-datacite"):
            return {
                "doi": "x", "publicationYear": "2024", "publisher": "ESRF", "titles": {"title": "A collection"},
                "creators": [{"name": "Example, Xu"}, {"name": "Zoe Sample"}],
                "subjects": [{"subjectScheme": "Proposal", "subject": "HG-1"}],
                "dates": [{"date": "2024-05-06", "dateType": "Issued"}],
            }  # fmt: skip
        if path == "GET /facilities":
            return [{"name": "ESRF", "fullName": "European Synchrotron"}]
        return []

    def _page(self, rows: list[dict], query: dict[str, str]) -> list[dict]:
        skip, limit = int(query["skip"]), int(query["limit"])
        meta = {"meta": {"page": {"total": len(rows)}}} if self.counts else {}
        return [row | meta if isinstance(row, dict) else row for row in rows[skip : skip + limit]]

    def harvest(self, **more) -> list:
        with answering(self, self.asked) as url:
            return _harvest(url, **{"page_size": 2} | more)


@pytest.mark.parametrize("counts", [True, False])
def test_every_page_is_read_and_each_harvest_can_go_on_behind_its_checkpoints(counts):
    plus = Plus([_session(number) for number in range(1, 6)])
    plus.counts = counts
    items = plus.harvest()
    assert [item.proposal for item in _records(items)] == [f"HG-{number}" for number in range(1, 6)]
    marks = [place for place, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert len(marks) == 3
    for place in marks:
        assert _records(plus.harvest(resume=items[place].token)) == _records(items[place:])


def test_a_collection_is_read_by_its_doi():
    plus = Plus([], [{"id": 4, "doi": "10.15151/ESRF-DC-4"}, {"id": 5}])
    plus.said["ESRF-DC-4/datasets"] = [{"id": 9, "name": "volume", "type": "processed"}]
    collection, refused = _records(plus.harvest())
    assert (collection.kind, collection.title, collection.publication_year) == ("collection", "A collection", 2024)
    assert [agent.family_name for agent in collection.creators] == ["Example", "Sample"]
    assert collection.publication_date == date(2024, 5, 6)
    assert [dataset.id for dataset in collection.datasets] == ["9"]
    assert refused.reason == "it has no DOI"


def test_no_address_of_a_person_enters_a_record():
    found = _records(Plus([_session(1)]).harvest())
    assert found[0].creators[0].name == "Xu Example"
    assert "@" not in found[0].model_dump_json()


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>Sign in</html>"),
        (200, b'[{"id": 1, "na'),
        (500, b'{"message": "Zebrafish"}'),
        (400, b""),
        (403, b""),
        (302, b""),
        {"results": []},
        [{"id": 1}, {"id": 1}],
    ],
)
def test_a_bad_list_stops_the_source_and_nothing_is_quoted(answer, caplog):
    caplog.set_level(logging.DEBUG)
    plus = Plus([_session(1)])
    plus.said["/investigation"] = answer
    with pytest.raises(HarvestError, match=r"^plus: ") as caught:
        plus.harvest()
    for secret in ("secret-session-id", "Zebrafish"):
        assert secret not in str(caught.value) + caplog.text


def test_a_server_that_repeats_one_page_for_ever_stops_the_source():
    plus = Plus([])
    plus.said["released"] = [_session(1), _session(2)]
    with pytest.raises(HarvestError, match="again and again"):
        plus.harvest()


def test_a_list_that_grows_while_it_is_read_stops_the_source():
    class Growing(Plus):
        def _page(self, rows, query):
            page = super()._page(rows, query)
            rows.insert(0, _session(100 + len(rows)))
            return page

    with pytest.raises(HarvestError, match="changed while it was read"):
        Growing([_session(number) for number in range(1, 6)]).harvest()


def test_a_list_that_ends_before_its_count_stops_the_source():
    plus = Plus([])
    plus.said["released"] = [_session(1, meta={"page": {"total": 40}})]
    with pytest.raises(HarvestError, match="counts 40"):
        plus.harvest()


def test_a_session_that_ends_in_the_middle_is_begun_anew():
    plus = Plus([_session(1)])
    plus.said["/samples"] = [(403, b""), (200, b"[]")]
    assert len(_records(plus.harvest())) == 1
    assert sum(asked == "POST /session" for asked in plus.asked) == 2


def test_a_gateway_that_fails_for_a_moment_changes_nothing():
    plus = Plus([_session(1)])
    plus.said["/samples"] = [(502, b"<html>"), (503, b""), (200, b"[]")]
    assert len(_records(plus.harvest())) == 1


def test_a_bad_record_is_a_refusal_and_stops_nothing():
    plus = Plus([_session(1, title=""), _session(2, releaseDate="soon"), _session(3, doi="none such"), _session(4)])
    found = _records(plus.harvest())
    assert [type(item).__name__ for item in found] == ["Refused"] * 3 + ["Publication"]
    assert "Session 2" not in "".join(item.reason for item in found if isinstance(item, Refused))


@pytest.mark.parametrize("said", [False, "false", "no", 0, "0", {}])
def test_only_a_plain_yes_opens_what_icat_plus_closes(said):
    plus = Plus([_session(1, canAccessDatasets=said), _session(2, canAccessDatasets=True)])
    plus.said["/catalogue/datasets"] = [{"id": 9, "name": "scan", "type": "acquisition", "complete": said}]
    closed, opened = _records(plus.harvest(page_size=50))
    assert not closed.public and opened.public and not opened.datasets[0].complete


@pytest.mark.parametrize("where", ["rights of the collection", "rights at DataCite"])
def test_a_collection_of_restricted_access_is_restricted(where):
    said = {"rights": "restricted access"} if where.endswith("collection") else {}
    plus = Plus([], [{"id": 4, "doi": "10.15151/ESRF-DC-4", **said}])
    if not said:
        plus.said["json-datacite"] = {
            "doi": "x", "publicationYear": "2024", "publisher": "ESRF", "titles": {"title": "A collection"},
            "creators": [{"name": "Example, Xu"}], "dates": [{"date": "2024-05-06", "dateType": "Issued"}],
            "rightsList": [{"rights": "info:eu-repo/semantics/closedAccess"}],
        }  # fmt: skip
    (collection,) = _records(plus.harvest())
    assert collection.restriction is not None


def test_files_that_are_not_released_stay_out():
    plus = Plus([_session(1)])
    plus.said["/catalogue/datasets"] = [{"id": 9, "name": "scan", "type": "acquisition"}]
    plus.said["/datafile"] = [
        {"Datafile": {"id": 1, "name": "/a/open.h5", "fileSize": 10, "isReleased": True}},
        {"Datafile": {"id": 2, "name": "/a/closed.h5", "fileSize": 10, "isReleased": False}},
        {"Datafile": {"id": 3, "name": "/a/closed-too.h5", "fileSize": 10, "isReleased": "false"}},
        {"Datafile": {"id": 4, "name": "/a/closed-as-well.h5", "fileSize": 10, "isReleased": 0}},
    ]
    found = _records(plus.harvest(page_size=50, download="https://data.example.org/"))
    assert [file.name for file in found[0].datasets[0].files] == ["/a/open.h5"]  # the gate makes it a way inside
    assert found[0].datasets[0].files[0].url == "https://data.example.org/ids/data/download?datafileIds=1"


def test_the_source_says_what_checksums_are_of_and_where_files_are():
    plus = Plus([_session(1)])
    plus.said["/catalogue/datasets"] = [{"id": 9, "name": "scan", "type": "acquisition"}]
    plus.said["/datafile"] = [
        {"Datafile": {"id": 1, "name": "a b.h5", "checksum": "Ab" * 32}},
        {"Datafile": {"id": 2, "name": "b.h5", "checksum": "0f1e2d3c"}},
        {"Datafile": {"id": 3, "name": "../c.h5"}},
    ]
    more = {"checksum_algorithm": "sha-256", "file_url": "https://files.example.org/{id}/{name}?x=1"}
    (one,) = _records(plus.harvest(page_size=50, download="https://data.example.org/", **more))
    assert [(file.checksum_algorithm, file.url) for file in one.datasets[0].files] == [
        ("SHA-256", "https://files.example.org/1/a%20b.h5?x=1"),
        (None, "https://files.example.org/2/b.h5?x=1"),
        (None, None),
    ]


def test_a_dataset_of_another_session_does_not_come_in_with_this_one():
    plus = Plus([_session(1)])
    plus.said["/catalogue/datasets"] = [{"id": 9, "name": "scan", "type": "raw", "investigation": {"id": 2}}]
    assert _records(plus.harvest(page_size=50))[0].datasets == ()


def test_an_interrupted_harvest_is_finished_by_the_next_without_a_record_lost_or_twice(tmp_path):
    plus = Plus([_session(number) for number in range(1, 6)])
    with answering(plus, plus.asked) as url:
        path = tmp_path / "panfair.toml"
        path.write_text(
            '[site]\ntitle = "T"\nbase_url = "https://data.example.org"\ncontact = "data@example.org"\n'
            f'[[source]]\nname = "plus"\nkind = "icatplus"\nurl = "{url}"\npublisher = "Example"\npage_size = 2\n'
        )
        config = read_config(path)
        plus.said['"skip": "4"'] = (500, b"")
        with pytest.raises(HarvestError, match="500"):
            harvest_source(config, config.sources[0], lambda items: items)
        assert not has_harvest(config, "plus")
        del plus.said['"skip": "4"']
        before = len(plus.asked)
        done = harvest_source(config, config.sources[0], lambda items: items)
    assert (done.records, done.resumed) == (5, True)
    assert not any("filter=released" in asked and "skip=0" in asked for asked in plus.asked[before:])
    assert [item.key for item in read_harvest(config, "plus")] == [
        f"10.15151/esrf-es-{number}" for number in range(1, 6)
    ]


def test_a_sample_of_a_withdrawn_or_unfinished_dataset_comes_in_with_no_other():
    plus = Plus([_session(1)])
    plus.said["/catalogue/datasets"] = [{"id": 9, "name": "scan", "type": "raw", "sampleId": 1}]
    plus.said["/samples"] = [{"id": 1, "name": "open foam"}, {"id": 2, "name": "secret foam"}]
    (session,) = _records(plus.harvest(files=False, page_size=50))
    assert session.datasets[0].samples[0].name == "open foam"
    assert "secret" not in session.model_dump_json()


@pytest.mark.parametrize(
    ("account", "released", "seen"),
    [
        ({}, None, True),
        ({}, False, False),
        ({"isAdministrator": True}, None, False),
        ({"isInstrumentScientist": True}, None, False),
        ({"isAdministrator": True}, True, True),
        ({"isAdministrator": True}, False, False),
        ({"isAdministrator": False}, None, True),
    ],
)
def test_what_an_account_sees_beyond_the_public_stays_closed(account, released, seen):
    plus = Plus([_session(1)])
    plus.said["POST /session"] = {"sessionId": "secret-session-id"} | account
    dataset = {"id": 9, "name": "scan", "type": "raw"} | ({} if released is None else {"isReleased": released})
    plus.said["/catalogue/datasets"] = [dataset]
    (session,) = _records(plus.harvest(files=False, samples=False))
    assert session.datasets[0].public == seen


def test_a_withdrawn_dataset_of_an_open_session_stays_closed_to_an_administrators_account(facility, monkeypatch):
    monkeypatch.setenv("READER", PASSWORD)
    wanted = {"entity": "dataset", "id": facility.rows.open_raw, "reason": "a mistake"}
    session = httpx2.post(f"{facility.url}/session", json={"plugin": "db", "username": "dee", "password": PASSWORD})
    said = httpx2.post(
        f"{facility.url}/panfair/withdraw",
        json=wanted,
        headers={"Authorization": f"Bearer {session.json()['sessionId']}"},
    )
    assert said.status_code == 200, said.text
    found = _records(_harvest(facility.url, plugin="db", username="dee", password_env="READER"))
    opened = next(item for item in found if getattr(item, "doi", "") == "10.5072/OPEN-1")
    verdict = judge(opened, date(2026, 3, 1), GatePolicy())
    assert isinstance(verdict, Released)
    assert "scan 1" not in verdict.publication.model_dump_json() and verdict.publication.datasets


@pytest.mark.parametrize("odd", [None, 7, {"name": "no number"}, {"id": -1}, {"id": True}, {"id": 10**40}])
@pytest.mark.parametrize("place", ["sessions", "datasets", "samples", "files"])
def test_an_odd_element_of_a_list_costs_itself_and_is_reported(odd, place):
    plus = Plus([_session(1), _session(2)])
    if place == "sessions":
        plus.sessions.insert(1, odd)
        plus.counts = False
    path = {"sessions": "", "datasets": "/catalogue/datasets", "samples": "/samples", "files": "/datafile"}[place]
    plus.said |= {"/catalogue/datasets": [{"id": 9, "name": "scan", "type": "raw"}]}
    if path:
        plus.said[path] = [odd, *([{"id": 9, "name": "scan", "type": "raw"}] if place == "datasets" else [])]
    items = _records(plus.harvest(page_size=50))
    assert [item.proposal for item in items if isinstance(item, Publication)] == ["HG-1", "HG-2"]
    assert any("no record, or has no number" in item.reason for item in items if isinstance(item, Refused))


@pytest.mark.parametrize("value", ["1e999", "Infinity", "NaN", "9" * 5000, '"\\ud800"'])
def test_a_value_that_json_cannot_carry_costs_no_other_record(value):
    plus = Plus([])
    sessions = json.dumps([_session(1), _session(2, title="ODD"), _session(3)]).replace('"ODD"', value)
    plus.said['"filter": "released"'] = (200, sessions.encode())
    items = _records(plus.harvest(page_size=50))
    assert {"HG-1", "HG-3"} <= {item.proposal for item in items if isinstance(item, Publication)}
