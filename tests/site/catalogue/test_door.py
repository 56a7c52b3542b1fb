"""The core's door: half requests, addresses from proxies, sessions that end, names of files in a ZIP."""

import asyncio
import io
import logging
import sqlite3
import zipfile
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from panfair.ontologies.errors import ConfigError
from panfair.site.catalogue.api.zip_names import member_names
from panfair.site.catalogue.errors import NoSession
from panfair.site.catalogue.settings import CoreSettings, read_settings
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.entries import DatasetEntry, FileEntry
from support.catalogue.facility import PASSWORD, a_facility


@pytest.fixture
def facility(tmp_path):
    facility = a_facility(tmp_path)
    yield facility
    facility.core.store.close()


def test_half_a_request_is_never_acted_on(facility):
    """What came is a whole form, and the client had announced more: the proxy before us was cut off."""
    body = f'{{"username": "ada", "password": "{PASSWORD}", "plugin": "db"}}'.encode()
    sent = []

    def post(*messages):
        scope = {"type": "http", "method": "POST", "path": "/session", "raw_path": b"/session", "query_string": b""}
        scope |= {
            "headers": [(b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
            "http_version": "1.1",
        }
        scope |= {"scheme": "http", "server": ("127.0.0.1", 8090), "root_path": "", "asgi": {"version": "3.0"}}
        left = list(messages)

        async def receive():
            return left.pop(0)

        async def send(message):
            sent.append(message)

        asyncio.run(facility.app(scope, receive, send))

    post({"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"})
    assert sent == []
    post({"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"})
    assert sent[0]["status"] == 200


@pytest.mark.parametrize(
    ("proxies", "client", "shut_out"),
    [((), "127.0.0.1", True), (("127.0.0.0/8",), "127.0.0.1", False), (("127.0.0.1",), "192.0.2.1", True)],
    ids=["none configured", "through the configured one", "past the configured one"],
)
def test_a_forwarded_address_counts_from_configured_proxies_only(tmp_path, proxies, client, shut_out, caplog):
    facility = a_facility(tmp_path, proxies=proxies)
    browser = TestClient(facility.app, base_url="http://127.0.0.1:8090", client=(client, 50_000))

    def sign_in(password, address):
        asked = {"username": "ada", "password": password, "plugin": "db"}
        return browser.post("/session", json=asked, headers={"X-Forwarded-For": address}).status_code

    with caplog.at_level(logging.WARNING, "panfair.catalogue"):
        assert [sign_in("wrong", f"198.51.100.{number}") for number in range(5)] == [403] * 5
        assert sign_in(PASSWORD, "198.51.100.9") == (429 if shut_out else 200)
    assert len([one for one in caplog.records if "`proxies`" in one.getMessage()]) == shut_out
    facility.core.store.close()


def test_what_is_no_network_is_refused_as_a_proxy(tmp_path):
    (tmp_path / "catalogue.toml").write_text('database = "core.sqlite"\nproxies = ["*"]\n')
    with pytest.raises(ConfigError, match="proxies"):
        read_settings(tmp_path / "catalogue.toml")


def test_a_session_ends_for_good_however_often_it_is_prolonged(facility):
    sign_in, hours = facility.core.sign_in, CoreSettings(database="x").longest_session_hours
    signed = sign_in.for_user(facility.rows.users["ada"])
    for _ in range(hours - 1):
        facility.clock.wait(minutes=60)
        assert sign_in.prolong(signed.session_id).identity.name == "ada"
    facility.clock.wait(minutes=59)
    assert (
        sign_in.prolong(signed.session_id).expires
        == facility.clock.now.replace(minute=0)
        + (facility.clock.now.replace(minute=59) - facility.clock.now.replace(minute=58)) * 60
    )
    facility.clock.wait(minutes=1)
    with pytest.raises(NoSession):
        sign_in.prolong(signed.session_id)


def test_a_session_that_outlives_its_end_is_refused_in_the_settings(tmp_path):
    (tmp_path / "catalogue.toml").write_text('database = "core.sqlite"\nsession_minutes = 3000\n')
    with pytest.raises(ConfigError, match="longest_session_hours"):
        read_settings(tmp_path / "catalogue.toml")


def test_a_database_of_the_first_form_is_brought_to_the_newest_with_its_rows(tmp_path):
    schema = files("panfair.site.catalogue.store").joinpath("schema.sql").read_text()
    db = sqlite3.connect(tmp_path / "old.sqlite")
    db.executescript(f"{schema} PRAGMA user_version = 1;")
    db.execute("INSERT INTO user (name, full_name) VALUES ('ada', 'Ada Example')")
    db.execute("INSERT INTO facility (name) VALUES ('EPS')")
    db.execute(
        "INSERT INTO investigation (facility, name, visit_id, title, modified) VALUES (1, 'MA-1', '1', 'Foam', 'x')"
    )
    db.execute("INSERT INTO session VALUES (x'00', 1, 'token', '2999-01-01')")
    db.commit()
    db.close()
    with Store(tmp_path / "old.sqlite") as old, Store(tmp_path / "new.sqlite") as new:
        form = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY name"
        assert [tuple(row) for row in old._db.execute(form)] == [tuple(row) for row in new._db.execute(form)]
        columns = (
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c ORDER BY m.name, c.name"
        )
        assert [tuple(row) for row in old._db.execute(columns)] == [tuple(row) for row in new._db.execute(columns)]
        assert old._db.execute("SELECT title, keywords FROM investigation").fetchone()[:] == ("Foam", "[]")
        assert old._db.execute("SELECT count(*) FROM session").fetchone()[0] == 0


def test_names_in_a_zip_and_of_a_download_are_what_they_seem(facility):
    rows, folder = facility.rows, facility.folder / "files" / "open"
    (folder / "a").write_bytes(b"one")
    (folder / "b").write_bytes(b"two")
    turned = "scan\u202e5h.exe"
    with facility.core.store.writing() as w:
        names = {turned: "open/a", "scan\x1b[2J5h.exe": "open/b", "scan_5h.exe": "open/a"}
        entry = DatasetEntry(name="turned", files=tuple(FileEntry(name=n, location=at) for n, at in names.items()))
        row = w.put_dataset(rows.open, entry, facility.clock.now).id
    client = TestClient(facility.app, base_url="http://127.0.0.1:8090")
    answer = client.get("/ids/data/download", params={"datasetIds": row})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = archive.namelist()
        assert archive.testzip() is None and len(set(found)) == 3
    assert found == member_names(found)
    with facility.core.store.seen_by(facility.core.sign_in.find("anonymous").identity, facility.core.today) as view:
        number = next(one.id for one in view.files_of([row])[row] if one.name == turned)
    alone = client.get("/ids/data/download", params={"datafileIds": number})
    assert "scan_5h.exe" in alone.headers["content-disposition"]


@given(st.lists(st.text(max_size=6), max_size=6))
def test_names_in_a_zip_are_each_once_and_can_be_written(names):
    found = member_names(names)
    assert len(set(found)) == len(names) and member_names(found) == found
    assert [len(one) >= len(name) for one, name in zip(found, names, strict=True)] == [True] * len(names)
    "".join(found).encode()
