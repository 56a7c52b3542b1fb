"""Who may see what: every reading function and every listing endpoint against a plain reading of the rules."""

import inspect
import re
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from panfair.site.catalogue.app.app import create_core
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import ANONYMOUS, VIEWS, Identity
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.query import DatasetQuery, InvestigationQuery
from support.catalogue.worlds import DAY, USERS, Reading, fill, rows, worlds

EVERYBODY = (None, *range(USERS))


def identity_of(user):
    return ANONYMOUS if user is None else Identity(user=user + 1, name=f"user{user}")


def ids(answer):
    return sorted(one.id for one in answer[0])


@given(world=worlds(), later=st.integers(-1, 1))
@settings(max_examples=120, deadline=None)
def test_every_reading_function_shows_what_the_rules_say(world, later):
    today = DAY + timedelta(days=later)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "core.sqlite") as store:
        fill(store, world)
        for user in EVERYBODY:
            told = Reading(world, user, today)
            with store.seen_by(identity_of(user), today) as view:
                _compare(view, told, world)


def _compare(view, told, world):
    every_session = range(1, len(world.sessions) + 1)
    every_dataset = range(1, len(world.datasets) + 1)
    seen = rows(told.datasets)
    assert ids(view.investigations(InvestigationQuery())) == rows(told.sessions)
    assert ids(view.datasets(DatasetQuery())) == seen
    assert [row for row in every_session if view.investigation(row)] == rows(told.sessions)
    assert [row for row in every_dataset if view.dataset(row)] == seen
    assert ids(view.samples()) == rows(told.samples)
    assert ids(view.files()) == seen
    assert [row for row in every_dataset if view.file_path(row)] == seen
    assert sorted(one.id for one in view.techniques()) == seen
    assert ids(view.publications()) == rows(told.publications)
    assert ids(view.logbook()) == rows(told.team)
    assert {one.doi for one in view.notices()} == told.notices
    assert {one.name for one in view.parameter_types()} == {
        *(f"of_session{s}" for s in told.sessions),
        *(f"of_dataset{d}" for d in told.datasets),
    }
    for hanging in (view.parameters("dataset", every_dataset), view.files_of(every_dataset)):
        assert sorted(row for row, some in hanging.items() if some) == seen
    assert sorted(row for row, some in view.techniques_of(every_dataset).items() if some) == seen
    links = {(d - 1, one.id - 1) for d, some in view.inputs_of(every_dataset).items() for one in some}
    assert links == told.links
    assert {(one.id - 1, d - 1) for d, some in view.outputs_of(every_dataset).items() for one in some} == told.links
    assert [row for row, some in view.parameters("investigation", every_session).items() if some] == rows(told.sessions)
    for row, people in view.people(every_session).items():
        members = world.sessions[row - 1].members if row - 1 in told.sessions else ()
        assert sorted(one.user - 1 for one in people) == sorted(members)
        assert all((one.email is not None) == (row - 1 in told.team) for one in people)
        assert all((one.name is not None) == (row - 1 in told.team) for one in people)
    for one in view.investigations(InvestigationQuery())[0]:
        session, team = world.sessions[one.id - 1], one.id - 1 in told.team
        assert (one.doi is not None) == (session.minted or (session.reserved and team))
        assert (bool(one.mine), bool(one.public)) == (team, told.session_public(one.id - 1))
    for one in view.datasets(DatasetQuery())[0]:
        mine = world.datasets[one.id - 1].session in told.team
        assert (one.location is not None) == mine == bool(one.mine)
        assert bool(one.public) == told.dataset_public(one.id - 1)
    entities = {
        "investigation": told.sessions,
        "dataset": told.datasets,
        "sample": told.samples,
        "data_publication": told.publications,
        "logbook": told.team,
    }
    if told.who is None or not (told.who.lister or told.who.administrator):
        changed = {(one.entity, one.row - 1) for one in view.changes(0, 1000)}
        assert changed == {(entity, place) for entity, places in entities.items() for place in places}
    else:
        assert len(view.changes(0, 1000)) == view.last_change()
    parts = {(d - 1, one.id - 1) for d, some in view.publications_of(every_dataset).items() for one in some}
    assert parts == {(d, p) for p in told.publications for d in world.publications[p].datasets & told.datasets}
    for row, instruments in view.instruments_of(every_session).items():
        standing = world.sessions[row - 1].instruments if row - 1 in told.sessions else ()
        assert sorted(one.id - 1 for one in instruments) == sorted(standing)
    for p, one in enumerate(world.publications):
        wanted = one.datasets & told.datasets if p in told.publications else ()
        assert ids(view.datasets(DatasetQuery(publication=p + 1))) == rows(wanted)


@given(world=worlds())
@settings(max_examples=12, deadline=None)
def test_every_listing_endpoint_shows_what_the_rules_say(world):
    _everybody_asks(world, _ask)


@given(world=worlds())
@settings(max_examples=5, deadline=None)
def test_every_endpoint_of_one_row_shows_what_the_rules_say(world):
    _everybody_asks(world, _ask_by_row)


def _everybody_asks(world, ask):
    clock = lambda: datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)  # noqa: E731
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(len(world.datasets)):
            (folder / "files" / str(number)).mkdir(parents=True)
            (folder / "files" / str(number) / "a.h5").write_bytes(b"x")
        app = create_core(CoreSettings(database=folder / "core.sqlite", files=folder / "files"), clock)
        with TestClient(app) as client:
            fill(app.state.core.store, world)
            for user in EVERYBODY:
                if user is None or not world.users[user].disabled:
                    ask(client, app.state.core, user, Reading(world, user, DAY), world)


TELLS_NOTHING_OF_ROWS = {
    "/facilities",
    "/catalogue/instruments",
    "/catalogue/{sessionId}/instruments",
    "/catalogue/investigation/name/{investigationName}/normalize",
    "/session/{sessionId}",
}


def test_every_endpoint_that_tells_of_rows_is_compared_with_the_rules(tmp_path):
    app = create_core(CoreSettings(database=tmp_path / "core.sqlite"))
    compared = inspect.getsource(_ask) + inspect.getsource(_ask_by_row)
    asked = {re.sub(r"\{\w+\}", "{}", path) for path in re.findall(r'"(/[^"?\s]+)"', compared)}
    for path, operations in app.openapi()["paths"].items():
        if "get" in operations and path not in TELLS_NOTHING_OF_ROWS:
            plain = re.sub(r"\{\w+\}", "{}", path.replace("{sessionId}", "SID").replace("{prefix}/{suffix}", "{doi}"))
            assert plain in asked, path
    app.state.core.store.close()


def _ask_by_row(client, core, user, told, world):
    """What is asked of one row at a time: all of it for who may see the row, 404 or nothing for everybody else."""
    session = "anonymous" if user is None else core.sign_in.for_user(user + 1).session_id
    headers = {} if user is None else {"Authorization": f"Bearer {session}"}

    def get(path, **asked):
        return client.get(path.replace("SID", session), params=asked, headers=headers)

    def seen(answer, may):
        assert answer.status_code == (200 if may else 404), answer.text
        return answer.json() if may else None

    minted = {p for p, one in enumerate(world.publications) if one.minted}
    for d, dataset in enumerate(world.datasets):
        row, mine = d + 1, [d + 1] if d in told.datasets else []
        files = get(f"/catalogue/SID/dataset/id/{row}/datafile").json()
        assert [one["Datafile"]["id"] for one in files] == mine
        of = [p + 1 for p in sorted(told.publications & minted) if mine and d in world.publications[p].datasets]
        assert sorted(one["id"] for one in get(f"/catalogue/SID/dataset/id/{row}/datacollection").json()) == of
        online = get("/ids/SID/datasets/status", datasetIds=row).json()
        assert [(one["_id"], one["status"]) for one in online] == [(str(row), "ONLINE") for row in mine]
        assert get("/ids/SID/data/download", datasetIds=row).status_code == (200 if mine else 404)
        assert get("/catalogue/SID/files/download", resourceId=row).status_code == (200 if mine else 404)
        values = get("/catalogue/SID/datasetparameter/values", name=f"of_dataset{d}").json()
        assert [one["datasetId"] for one in values] == mine
        assert dataset.session in told.team or not mine or told.dataset_public(d)
    for s, one in enumerate(world.sessions):
        row = s + 1
        people = seen(get(f"/catalogue/SID/investigation/id/{row}/investigationusers"), s in told.sessions)
        assert people is None or len(people) == len(one.members)
        assert people is None or all(("email" in person) == (s in told.team) for person in people)
        seen(get(f"/catalogue/SID/samples/{row}/page"), s in told.samples)
        seen(get("/logbook/SID/event/page", _id=row), s in told.team)
        pictures = [file["_id"] for some in get("/catalogue/SID/files", investigationId=row).json()
                    for file in some["resources"]]  # fmt: skip
        theirs = {d for d in told.datasets if world.datasets[d].session == s and world.datasets[d].has_sample}
        assert sorted(map(int, pictures)) == rows(theirs)
        doi = f"10.5072/S-{s}"
        may = s in told.sessions and (one.minted or (one.reserved and s in told.team))
        datasets = seen(get(f"/doi/{doi}/datasets"), may)
        assert datasets is None or sorted(one["id"] for one in datasets) == rows(
            d for d in told.datasets if world.datasets[d].session == s
        )
        seen(get(f"/doi/{doi}/json-datacite"), may)
        reports = get(f"/doi/{doi}/reports").json()
        assert [one["underEmbargo"] for one in reports] == ([not told.session_public(s)] if may else [])
    for p, one in enumerate(world.publications):
        datasets = seen(get(f"/doi/10.5072/P-{p}/datasets"), p in told.publications)
        assert datasets is None or sorted(each["id"] for each in datasets) == rows(one.datasets & told.datasets)
        assert get(f"/doi/10.5072/P-{p}/json-datacite").status_code == (200 if p in told.publications & minted else 404)
    assert sorted(one["id"] for one in get("/doi/SID/reserved-dois").json()) == rows(told.publications - minted)
    assert {one["name"] for one in get("/catalogue/parameters").json()} == {
        *(f"of_session{s}" for s in told.sessions),
        *(f"of_dataset{d}" for d in told.datasets),
    }
    types = {one["name"] for one in get("/catalogue/investigationtypes").json()}
    assert types == {f"type {s}" for s in told.sessions}
    timeline = get("/catalogue/SID/investigation/timeline").json()
    assert sorted(one["investigationId"] for one in timeline) == rows(told.sessions)
    assert len(get("/logbook/SID/event/dates").json()) == min(len(told.team), 1)
    changed = {(one["entity"], one["id"] - 1) for one in get("/panfair/changes").json()["changes"]}
    of_rows = {"investigation": told.sessions, "dataset": told.datasets, "sample": told.samples,
               "data_publication": told.publications, "logbook": told.team}  # fmt: skip
    if told.who is None or not (told.who.lister or told.who.administrator):
        assert changed == {(entity, place) for entity, places in of_rows.items() for place in places}


def _ask(client, core, user, told, world):
    session = "anonymous" if user is None else core.sign_in.for_user(user + 1).session_id
    headers = {} if user is None else {"Authorization": f"Bearer {session}"}

    def get(path, **asked):
        answer = client.get(path.replace("SID", session), params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def found(path, **asked):
        return sorted(one["id"] for one in get(path, **asked))

    all_sessions = ",".join(str(row + 1) for row in range(len(world.sessions)))
    all_datasets = ",".join(str(row + 1) for row in range(len(world.datasets)))
    seen = rows(told.datasets)
    assert found("/catalogue/SID/investigation", ids=all_sessions) == rows(told.sessions)
    opened = {s for s in told.sessions if told.reached(world.sessions[s].opens)}
    with_doi = {s for s in opened if world.sessions[s].minted or (world.sessions[s].reserved and s in told.team)}
    released = {s for s in with_doi if world.sessions[s].withdrawn is None}
    assert found("/catalogue/SID/investigation", filter="released") == rows(released)
    assert found("/catalogue/SID/investigation", filter="embargoed") == rows(told.sessions - opened)
    assert found("/catalogue/datasets") == seen
    assert found("/catalogue/SID/dataset") == seen
    assert found("/catalogue/datasets/documents") == seen
    assert found(f"/catalogue/SID/dataset/id/{all_datasets}/dataset") == seen
    assert found(f"/catalogue/SID/dataset/id/{all_datasets}/dataset_document") == seen
    assert found("/catalogue/SID/samples") == rows(told.samples)
    assert sorted(one["Datafile"]["id"] for one in get("/catalogue/SID/datafile")) == seen
    assert found("/catalogue/techniques") == seen
    assert sorted(one["datasetId"] for one in get("/catalogue/SID/dataset/timeline")) == seen
    assert sorted(one["datasetId"] for one in get("/catalogue/SID/datasetparameter")) == seen
    assert found("/catalogue/SID/datacollection") == rows(p for p in told.publications if world.publications[p].minted)
    assert sorted(int(one["_id"]) for one in get("/logbook/SID/event")) == rows(told.team)
    assert get("/logbook/SID/event/count") == len(told.team)
    assert {one["doi"] for one in get("/panfair/notices")} == told.notices
    for d in range(len(world.datasets)):
        answer = client.get("/ids/data/download", params={"datafileIds": d + 1}, headers=headers)
        assert (answer.status_code, d in told.datasets) in {(200, True), (404, False)}
    for nested in get("/catalogue/datasets", nested="true"):
        outputs = {one["id"] - 1 for one in nested["outputDatasets"]}
        assert outputs == {d for d, i in told.links if i == nested["id"] - 1}
        if world.datasets[nested["id"] - 1].session not in told.sessions:
            assert set(nested["investigation"]) == {"id"}


@given(world=worlds())
@settings(max_examples=25, deadline=None)
def test_release_only_ever_adds_as_days_pass(world):
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "core.sqlite") as store:
        fill(store, world)
        before = set()
        for offset in range(-3, 4):
            with store.seen_by(ANONYMOUS, DAY + timedelta(days=offset)) as view:
                now = {one.id for one in view.datasets(DatasetQuery())[0]}
            assert before <= now
            before = now


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT title FROM main.investigation",
        "SELECT d.name FROM seen_dataset AS s JOIN dataset AS d ON 1",
        "SELECT (SELECT password FROM user)",
        "SELECT digest FROM session",
        "WITH mine AS (SELECT * FROM main.file) SELECT name FROM mine",
        "SELECT sql FROM sqlite_master",
        "UPDATE temp.me SET user = 1",
        "INSERT INTO temp.me VALUES (1, '2999-01-01')",
        "DELETE FROM main.dataset",
        "CREATE TEMP VIEW seen_all AS SELECT * FROM main.dataset",
        "DROP VIEW seen_dataset",
        "ATTACH DATABASE ':memory:' AS other",
        "PRAGMA writable_schema = ON",
    ],
)
def test_a_reading_connection_reaches_nothing_but_the_views(tmp_path, statement):
    refused = pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized")
    with Store(tmp_path / "core.sqlite") as store, store.seen_by(Identity(user=1), DAY) as view, refused:
        view._db.execute(statement).fetchall()


def test_every_view_can_be_read_and_is_empty_for_nobody(tmp_path):
    with Store(tmp_path / "core.sqlite") as store, store.seen_by(ANONYMOUS, DAY) as view:
        for name in VIEWS:
            found = view._db.execute(f"SELECT * FROM {name}").fetchall()
            assert [tuple(row) for row in found] == ([(0,)] if name == "last_change" else [])
