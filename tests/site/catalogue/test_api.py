"""The live core over HTTP: decisions of curators, downloads, and what bad requests get."""

import io
import sqlite3
import zipfile
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from panfair.site.catalogue.store.entries import DatasetEntry, FileEntry
from support.catalogue.facility import PASSWORD, a_facility

HUGE = str(2**70)


@pytest.fixture
def facility(tmp_path):
    facility = a_facility(tmp_path)
    yield facility
    facility.core.store.close()


@pytest.fixture
def client(facility):
    return TestClient(facility.app, raise_server_exceptions=False)


def as_(facility, name):
    return {"Authorization": f"Bearer {facility.session(name)}"}


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()) == {"code", "message"}


def test_an_embargo_ends_on_its_day_and_not_before(facility, client):
    def seen():
        return facility.rows.closed in [one["id"] for one in client.get("/catalogue/anonymous/investigation").json()]

    facility.clock.now = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert not seen()
    facility.clock.wait(seconds=1)
    assert seen()


def test_an_administrator_moves_a_release_date_and_the_team_reads_why(facility, client):
    closed, dee = facility.rows.closed, as_(facility, "dee")
    address = f"/catalogue/investigations/{closed}/release-date"
    answer = client.post(address, json={"releaseDate": "2026-03-01", "message": "Thesis is out"}, headers=dee)
    assert answer.status_code == 200
    assert len(client.get("/catalogue/datasets").json()) == 4
    notes = client.get(f"/logbook/{facility.session('ada')}/event").json()
    assert notes[-1]["content"] == [{"format": "plainText", "text": "Thesis is out"}]
    changes = client.get("/panfair/changes", headers=dee).json()["changes"]
    assert [one["kind"] for one in changes if one["entity"] == "investigation"][-1] == "release_date"


@pytest.mark.parametrize(
    ("name", "day", "status", "code"),
    [
        ("dee", "2026-02-28", 400, "BAD_PARAMETER"),
        ("dee", "never", 400, "BAD_PARAMETER"),
        ("ada", "2026-03-01", 403, "INSUFFICIENT_PRIVILEGES"),
        ("cho", "2026-03-01", 403, "INSUFFICIENT_PRIVILEGES"),
        ("eve", "2026-03-01", 404, "NO_SUCH_OBJECT_FOUND"),
        ("lis", "2026-03-01", 404, "NO_SUCH_OBJECT_FOUND"),
    ],
)
def test_a_release_date_of_the_past_or_by_the_wrong_hand_changes_nothing(facility, client, name, day, status, code):
    address = f"/catalogue/investigations/{facility.rows.closed}/release-date"
    refused(client.post(address, json={"releaseDate": day}, headers=as_(facility, name)), status, code)
    assert facility.rows.closed not in [one["id"] for one in client.get("/catalogue/anonymous/investigation").json()]


def test_a_withdrawn_session_vanishes_and_leaves_its_reason(facility, client):
    wanted = {
        "entity": "investigation",
        "id": facility.rows.open,
        "reason": "Wrong sample",
        "replacedBy": "10.5072/N-1",
    }
    refused(client.post("/panfair/withdraw", json=wanted, headers=as_(facility, "ben")), 403, "INSUFFICIENT_PRIVILEGES")
    refused(client.post("/panfair/withdraw", json=wanted), 403, "INSUFFICIENT_PRIVILEGES")
    assert client.post("/panfair/withdraw", json=wanted, headers=as_(facility, "dee")).status_code == 200
    assert client.get("/catalogue/datasets").json() == []
    assert client.get("/doi/10.5072/OPEN-1/json-datacite").status_code == 404
    (notice,) = client.get("/panfair/notices").json()
    assert notice == {
        "doi": "10.5072/OPEN-1",
        "kind": "session",
        "opens": "2026-01-01",
        "withdrawnOn": "2026-03-01",
        "replacedBy": "10.5072/N-1",
        "reason": "Wrong sample",
    }
    again = client.post("/panfair/withdraw", json=wanted, headers=as_(facility, "dee"))
    refused(again, 400, "OBJECT_ALREADY_EXISTS")


def test_a_session_gets_its_doi_once(facility, client):
    with facility.core.store.writing() as writer:
        writer._db.execute("UPDATE investigation SET doi = NULL, doi_state = NULL WHERE id = ?", (facility.rows.open,))
    address, dee = f"/panfair/investigations/{facility.rows.open}/doi", as_(facility, "dee")
    reserved = client.post(address, json={"state": "reserved"}, headers=dee).json()["message"]
    assert reserved.startswith("10.5072/PANFAIR-ES-")
    assert client.get("/catalogue/anonymous/investigation", params={"filter": "released"}).json() == []
    assert client.post(address, json={"state": "minted"}, headers=dee).json()["message"] == reserved
    (session,) = client.get("/catalogue/anonymous/investigation", params={"filter": "released"}).json()
    assert session["doi"] == reserved
    refused(client.post(address, json={"state": "minted"}, headers=dee), 400, "VALIDATION")


def test_only_minters_of_the_team_get_a_doi(facility, client):
    rows = facility.rows

    def reserve(name, *datasets):
        return client.post(f"/doi/{facility.session(name)}/reserve", json={"datasetIdList": datasets})

    refused(reserve("eve", rows.open_raw), 403, "INSUFFICIENT_PRIVILEGES")  # a minter, of no team
    refused(reserve("ben", rows.open_raw), 403, "INSUFFICIENT_PRIVILEGES")  # of the team, no minter
    refused(reserve("ada", rows.closed_raw, rows.open_raw), 403, "INSUFFICIENT_PRIVILEGES")
    refused(reserve("eve", rows.closed_raw), 404, "NO_SUCH_OBJECT_FOUND")
    refused(client.post("/doi/anonymous/reserve", json={"datasetIdList": [1]}), 403, "INSUFFICIENT_PRIVILEGES")
    assert reserve("ada", rows.closed_raw).status_code == 200
    minted = client.post(
        f"/doi/{facility.session('dee')}/mint",
        json={"title": "Foam", "abstract": "Both", "datasetIdList": [rows.closed_raw, rows.open_raw]},
    )
    assert minted.status_code == 200
    assert len(client.get(f"/doi/{minted.json()['message']}/datasets").json()) == 2


def test_a_file_is_sent_whole_in_ranges_and_only_to_who_may_have_it(facility, client):
    whole = bytes(range(256)) * 40
    asked = {"datasetIds": facility.rows.open_raw}
    answer = client.get("/ids/data/download", params=asked)
    assert answer.content == whole and answer.headers["content-disposition"] == 'attachment; filename="scan.h5"'
    part = client.get("/ids/data/download", params=asked, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, whole[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(whole)}"
    beyond = client.get("/ids/data/download", params=asked, headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416
    closed = {"datasetIds": facility.rows.closed_raw}
    refused(client.get("/ids/data/download", params=closed), 404, "NO_SUCH_OBJECT_FOUND")
    for name, status in (("ada", 200), ("cho", 200), ("dee", 200), ("ben", 404), ("lis", 404)):
        assert client.get(f"/ids/{facility.session(name)}/data/download", params=closed).status_code == status
    states = client.get(f"/ids/{facility.session('ada')}/datasets/status", params=closed).json()
    assert states == [{"_id": str(facility.rows.closed_raw), "status": "ONLINE"}]


def test_several_files_come_as_one_zip(facility, client):
    both = f"{facility.rows.open_raw},{facility.rows.closed_raw}"
    answer = client.get(f"/ids/{facility.session('dee')}/data/download", params={"datasetIds": both})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            f"{facility.rows.open_raw}/scan.h5",
            f"{facility.rows.closed_raw}/scan.h5",
        ]
        assert archive.read(f"{facility.rows.closed_raw}/scan.h5") == b"closed bytes"


def test_no_link_leads_out_of_the_folder_of_files(facility, client, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "files" / "way-out").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "files-beside").mkdir()
    (tmp_path / "files-beside" / "x").write_text("secret")
    with facility.core.store.writing() as writer:
        entry = DatasetEntry(name="link", files=(FileEntry(name="a", location="way-out"),))
        dataset = writer.put_dataset(facility.rows.open, entry, facility.clock.now).id
        for number, path in enumerate(("../secret.txt", "../files-beside/x", "/etc/passwd", "open", "a\0b", "")):
            writer._insert("file", {"dataset": dataset, "name": f"bad{number}", "location": path})
    refused(client.get("/ids/data/download", params={"datasetIds": dataset}), 404, "NO_SUCH_OBJECT_FOUND")
    with pytest.raises(ValueError, match="below its folder"):
        FileEntry(name="a", location="open/../../secret.txt")


BAD_QUERIES = [
    ("/catalogue/datasets", {"limit": "-1"}),
    ("/catalogue/datasets", {"skip": "-1"}),
    ("/catalogue/datasets", {"limit": HUGE}),
    ("/catalogue/datasets", {"skip": HUGE}),
    ("/catalogue/datasets", {"limit": "ten"}),
    ("/catalogue/datasets", {"limit": "٣"}),
    ("/catalogue/datasets", {"datasetIds": "1 OR 1=1"}),
    ("/catalogue/datasets", {"datasetIds": "1);DROP TABLE dataset;--"}),
    ("/catalogue/datasets", {"datasetIds": HUGE}),
    ("/catalogue/datasets", {"investigationIds": "1,,2"}),
    ("/catalogue/datasets", {"sampleId": "0"}),
    ("/catalogue/datasets", {"sortBy": "id; DROP TABLE user"}),
    ("/catalogue/datasets", {"sortOrder": "2"}),
    ("/catalogue/datasets", {"parameters": "energy~is~3"}),
    ("/catalogue/datasets", {"parameters": "energy~gt"}),
    ("/catalogue/datasets", {"startDate": "yesterday"}),
    ("/catalogue/datasets", {"endDate": "2026-13-45"}),
    ("/catalogue/anonymous/investigation", {"filter": "everything"}),
    ("/catalogue/anonymous/investigation", {"releaseDates": "2026-01-01,x"}),
    ("/catalogue/anonymous/dataset/id/1%20OR%201=1/dataset", {}),
    ("/catalogue/anonymous/investigation/id/'x'/investigationusers", {}),
    ("/catalogue/anonymous/files", {}),
    ("/catalogue/investigation/name/%00/normalize", {}),
    ("/ids/data/download", {}),
    ("/ids/data/download", {"datafileIds": "../../etc/passwd"}),
    ("/panfair/changes", {"after": "-5"}),
]


@pytest.mark.parametrize(("path", "query"), BAD_QUERIES)
def test_a_value_that_cannot_be_used_gets_400_in_icats_form(client, path, query):
    refused(client.get(path, params=query), 400, "BAD_PARAMETER")


@pytest.mark.parametrize("session", ["invented", "' OR 1=1 --", "%00", "anonymous%20", "x" * 190, "SESSION"])
def test_an_invented_session_id_gets_403_everywhere(facility, client, session):
    for path in ("investigation", "dataset", "samples", "datafile", "datacollection", "dataset/timeline"):
        refused(client.get(f"/catalogue/{session}/{path}"), 403, "SESSION")
    refused(client.get(f"/session/{session}"), 403, "SESSION")
    refused(client.get("/catalogue/datasets", headers={"Authorization": f"Bearer {session}"}), 403, "SESSION")
    refused(client.get(f"/logbook/{session}/event"), 403, "SESSION")


def test_a_search_of_sql_is_a_search(facility, client):
    for text in ("' OR '1'='1", '"; DROP TABLE dataset; --', "%", "_", "\\", "scan 1' --"):
        answer = client.get("/catalogue/datasets", params={"search": text})
        assert (answer.status_code, answer.json()) == (200, [])
    assert len(client.get("/catalogue/datasets", params={"search": "SCAN"}).json()) == 1


def test_another_teams_row_is_as_if_it_were_not_there(facility, client):
    rows, ben = facility.rows, facility.session("ben")
    for path in ("dataset/id/{}/dataset", "dataset/id/{}/datafile", "dataset/id/{}/dataset_document"):
        ours, none = (client.get(f"/catalogue/{ben}/{path.format(row)}") for row in (rows.closed_raw, 999))
        assert (ours.status_code, ours.json()) == (none.status_code, none.json()) == (200, [])
    users = [
        client.get(f"/catalogue/{ben}/investigation/id/{number}/investigationusers") for number in (rows.closed, 998)
    ]
    assert {one.status_code for one in users} == {404}
    assert users[0].text.replace(str(rows.closed), "#") == users[1].text.replace("998", "#")
    answer = client.post(f"/logbook/{ben}/event?investigationId={rows.closed}", json={"content": [{"text": "hi"}]})
    refused(answer, 404, "NO_SUCH_OBJECT_FOUND")
    refused(client.get("/doi/10.5072/CLOSED-2/datasets"), 404, "NO_SUCH_OBJECT_FOUND")


def test_a_reader_of_an_open_session_cannot_write_its_logbook(facility, client):
    answer = client.post(
        f"/logbook/{facility.session('ada')}/event?investigationId={facility.rows.open}",
        json={"content": [{"text": "hello"}]},
    )
    refused(answer, 403, "INSUFFICIENT_PRIVILEGES")


def test_a_note_of_another_sessions_dataset_or_version_is_refused(facility, client):
    address = f"/logbook/{facility.session('ada')}/event?investigationId={facility.rows.closed}"
    for wrong in ({"datasetId": facility.rows.open_raw}, {"previousVersionEvent": 1}, {"datasetId": 2**62}):
        refused(client.post(address, json={"content": [{"text": "hi"}], **wrong}), 404, "NO_SUCH_OBJECT_FOUND")


def test_a_body_of_50_megabytes_is_refused_announced_or_not(facility, client):
    piece = b"x" * 1_000_000
    announced = client.post("/session", content=piece * 50)
    refused(announced, 413, "BAD_PARAMETER")
    streamed = client.post("/session", content=(piece for _ in range(50)))
    refused(streamed, 413, "BAD_PARAMETER")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"username": 5}', b'{"username": "\\ud800"}']
)
def test_a_body_that_is_not_what_it_should_be_gets_400(client, body):
    answer = client.post("/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and answer.json()["code"] == "BAD_PARAMETER"


def test_no_such_address_and_no_such_method_are_told_in_icats_form(client):
    refused(client.get("/catalogue"), 404, "NO_SUCH_OBJECT_FOUND")
    refused(client.delete("/facilities"), 405, "NOT_IMPLEMENTED")


def test_an_unforeseen_error_tells_nothing_of_itself(facility, client, monkeypatch, caplog):
    def broken(self):
        raise RuntimeError("Zebrafish larva 7")

    monkeypatch.setattr("panfair.site.catalogue.store.read.View.facilities", broken)
    refused(client.get("/facilities"), 500, "INTERNAL")
    assert "RuntimeError" in caplog.text and "Zebrafish" not in caplog.text


def test_a_database_that_is_held_by_another_gets_503(facility, client):
    facility.core.store._db.execute("PRAGMA busy_timeout = 50")
    dee = as_(facility, "dee")
    other = sqlite3.connect(facility.folder / "core.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.post(
        f"/catalogue/investigations/{facility.rows.closed}/release-date",
        json={"releaseDate": "2026-04-01"},
        headers=dee,
    )
    other.execute("ROLLBACK")
    other.close()
    refused(answer, 503, "INTERNAL")
    assert answer.headers["retry-after"] == "60"


def test_answers_are_not_kept_by_caches_and_addresses_not_passed_on(client):
    for path in ("/facilities", "/nowhere", f"/session/{PASSWORD}"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
