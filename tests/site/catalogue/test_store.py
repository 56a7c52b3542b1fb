"""The live core's store: puts that change nothing twice, transactions, migrations, and what changed."""

import sqlite3
import threading
from datetime import UTC, date, datetime

import pytest

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.errors import AlreadyThere, Invalid, NoSuchRow
from panfair.site.catalogue.store.access import ANONYMOUS, Identity
from panfair.site.catalogue.store.database import Store, StoreError
from panfair.site.catalogue.store.entries import (
    DataPublicationEntry,
    DatasetEntry,
    FacilityEntry,
    FileEntry,
    InvestigationEntry,
    UserEntry,
)
from panfair.site.catalogue.store.query import DatasetQuery, InvestigationQuery
from support.catalogue.facility import TODAY, _dataset, a_facility

LATER = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def facility(tmp_path):
    facility = a_facility(tmp_path)
    yield facility
    facility.core.store.close()


@pytest.fixture
def store(facility):
    return facility.core.store


def dump(store):
    return "\n".join(store._db.iterdump())


def admin(facility):
    return Identity(user=facility.rows.users["dee"])


def test_putting_the_same_twice_changes_no_byte(facility, store):
    before = dump(store)
    with store.writing() as w:
        put = w.put_dataset(facility.rows.open, _dataset("scan 1", "ID01", "open"), LATER)
        w.put_facility(FacilityEntry(name="EPS", full_name="Example Photon Source", url="https://www.example.org/"))
        w.put_user(UserEntry(name="ada"))
    assert (put.id, put.changed) == (facility.rows.open_raw, False)
    assert dump(store) == before


def test_an_error_leaves_nothing_of_its_transaction(facility, store):
    before = dump(store)
    with pytest.raises(NoSuchRow), store.writing() as w:
        w.put_dataset(facility.rows.open, DatasetEntry(name="new", description="half"), LATER)
        w.put_dataset(facility.rows.open, DatasetEntry(name="newer", sample="no such sample"), LATER)
    assert dump(store) == before


def test_an_inner_transaction_fails_alone(facility, store):
    with store.writing() as outer:
        outer.put_dataset(facility.rows.open, DatasetEntry(name="kept"), LATER)
        with pytest.raises(NoSuchRow), store.writing() as inner:
            inner.put_dataset(facility.rows.open, DatasetEntry(name="lost"), LATER)
            inner.put_dataset(999, DatasetEntry(name="lost", instrument="ID01"), LATER)
    with store.seen_by(ANONYMOUS, TODAY.date()) as view:
        names = [one.name for one in view.datasets(DatasetQuery())[0]]
    assert "kept" in names and "lost" not in names


def test_an_old_file_undoes_no_decision_of_a_curator(facility, store):
    rows = facility.rows
    entry = InvestigationEntry(
        facility="EPS", name="MA-2", visit_id="1", title="Corrected title", release_date=date(2020, 1, 1)
    )
    with store.writing() as w:
        w.set_release_date(rows.closed, date(2030, 1, 1), LATER)
        w.withdraw("investigation", rows.open, "Wrong sample", LATER)
        assert w.put_investigation(entry, LATER).changed
        w.put_investigation(entry.model_copy(update={"name": "MA-1"}), LATER)
    with store.seen_by(admin(facility), TODAY.date()) as view:
        closed, opened = view.investigation(rows.closed), view.investigation(rows.open)
    assert (closed.title, closed.release_date, closed.doi) == ("Corrected title", "2030-01-01", "10.5072/CLOSED-2")
    assert opened.withdrawn_reason == "Wrong sample" and opened.release_date == "2026-01-01"


def test_a_doi_is_never_given_twice_nor_changed(facility, store):
    with store.writing() as w:
        with pytest.raises(AlreadyThere):
            w.reserve(Doi.parse("10.5072/open-1"), [facility.rows.open_raw], LATER)
        with pytest.raises(Invalid, match="for ever"):
            w.set_investigation_doi(facility.rows.open, Doi.parse("10.5072/OTHER"), True, LATER)
        entry = InvestigationEntry(
            facility="EPS", name="MA-1", visit_id="1", title="x", doi=Doi.parse("10.5072/ANOTHER")
        )
        with pytest.raises(Invalid, match="for ever"):
            w.put_investigation(entry, LATER)
        publication = DataPublicationEntry(title="x", datasets=(facility.rows.open_raw,))
        with pytest.raises(AlreadyThere):
            w.put_data_publication(Doi.parse("10.5072/CLOSED-2"), publication, LATER)


def test_a_reserved_doi_is_minted_by_one_of_two_who_try(facility, store):
    doi = Doi.parse("10.5072/RESERVED-1")
    first, second = (DataPublicationEntry(title=title, datasets=(facility.rows.open_raw,)) for title in ("one", "two"))
    with store.writing() as w:
        row = w.reserve(doi, [facility.rows.open_raw], LATER)
        assert w.put_data_publication(doi, first, LATER, row=row).id == row
        with pytest.raises(AlreadyThere, match="for ever"):
            w.put_data_publication(doi, second, LATER, row=row)
        assert w.put_data_publication(doi, second, LATER).changed, "a correction by ingestion"
    with store.seen_by(admin(facility), TODAY.date()) as view:
        assert view.publication(row).title == "two"


def test_a_session_without_a_date_is_closed_for_ever_or_as_long_as_the_facility_says(store):
    bare = InvestigationEntry(
        facility="EPS", name="MA-9", visit_id="1", title="x", end=datetime(2025, 1, 1, tzinfo=UTC)
    )
    with store.writing() as w:
        never = w.put_investigation(bare, LATER).id
        w.put_facility(FacilityEntry(name="EPS", days_until_release=10))
        ten_days = w.put_investigation(bare.model_copy(update={"name": "MA-10"}), LATER).id
    with store.seen_by(ANONYMOUS, date(2025, 1, 10)) as view:
        assert view.investigation(ten_days) is None
    with store.seen_by(ANONYMOUS, date(2025, 1, 11)) as view:
        assert view.investigation(ten_days) is not None
    with store.seen_by(ANONYMOUS, date(9999, 12, 31)) as view:
        assert view.investigation(never) is None


def test_files_keep_their_rows_when_a_dataset_changes(facility, store):
    def files():
        with store.seen_by(admin(facility), TODAY.date()) as view:
            return {one.name: one.id for one in view.files_of([facility.rows.open_raw])[facility.rows.open_raw]}

    before = files()
    entry = _dataset("scan 1", "ID01", "open")
    more = entry.model_copy(update={"files": (*entry.files, FileEntry(name="b.h5"))})
    with store.writing() as w:
        w.put_dataset(facility.rows.open, more, LATER)
    assert files()["scan.h5"] == before["scan.h5"] and len(files()) == 2
    with store.writing() as w:
        w.put_dataset(facility.rows.open, more.model_copy(update={"files": (FileEntry(name="b.h5"),)}), LATER)
    assert set(files()) == {"b.h5"}


def test_a_follower_reads_what_changed_in_order(facility, store):
    with store.seen_by(admin(facility), TODAY.date()) as view:
        last = view.last_change()
    with store.writing() as w:
        w.put_dataset(facility.rows.open, DatasetEntry(name="new"), LATER)
        w.set_release_date(facility.rows.closed, date(2026, 5, 1), LATER)
        assert not w.set_release_date(facility.rows.closed, date(2026, 5, 1), LATER)
        w.withdraw("dataset", facility.rows.open_raw, "Wrong sample", LATER)
    with store.seen_by(admin(facility), TODAY.date()) as view:
        found = view.changes(last, 10)
    assert [(one.entity, one.kind) for one in found] == [
        ("dataset", "created"),
        ("investigation", "release_date"),
        ("dataset", "withdrawn"),
        ("investigation", "changed"),
    ]
    assert [one.number for one in found] == [last + 1, last + 2, last + 3, last + 4]


def test_a_view_is_one_state_while_somebody_writes(facility, store):
    with store.seen_by(ANONYMOUS, TODAY.date()) as view:
        before = view.datasets(DatasetQuery())[1]
        with store.writing() as w:
            w.put_dataset(facility.rows.open, DatasetEntry(name="new"), LATER)
        assert view.datasets(DatasetQuery())[1] == before
    with store.seen_by(ANONYMOUS, TODAY.date()) as view:
        assert view.datasets(DatasetQuery())[1] == before + 1


def test_readers_of_many_threads_never_see_with_anothers_eyes(facility, store):
    wrong = []

    def look(identity, wanted):
        for _ in range(40):
            with store.seen_by(identity, TODAY.date()) as view:
                found = {one.id for one in view.investigations(InvestigationQuery())[0]}
            if found != wanted:
                wrong.append((identity.user, found))

    both, users = {facility.rows.open, facility.rows.closed}, facility.rows.users
    eyes = [(ANONYMOUS, {facility.rows.open}), (Identity(user=users["ada"]), both), (Identity(user=users["dee"]), both)]
    threads = [threading.Thread(target=look, args=one) for one in eyes * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_database_of_a_newer_panfair_is_left_alone(tmp_path):
    path = tmp_path / "core.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer panfair"):
        Store(path)
    (tmp_path / "text").write_text("not a database, but long enough to look at" * 50)
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "text")


def test_a_store_that_is_opened_again_is_the_same(tmp_path):
    with Store(tmp_path / "core.sqlite") as store, store.writing() as w:
        w.put_facility(FacilityEntry(name="EPS"))
    with Store(tmp_path / "core.sqlite") as store, store.seen_by(ANONYMOUS, TODAY.date()) as view:
        assert [one.name for one in view.facilities()] == ["EPS"]


def test_a_session_is_found_while_somebody_writes_for_long(facility, store):
    session = facility.session("ada")
    found = []
    with store.writing() as w:
        w.put_dataset(facility.rows.open, DatasetEntry(name="new"), LATER)
        thread = threading.Thread(target=lambda: found.append(facility.core.sign_in.find(session).identity.name))
        thread.start()
        thread.join(5)
    assert found == ["ada"]


def test_nobody_but_the_owner_reads_the_database_file(facility, tmp_path):
    for name in ("core.sqlite", "core.sqlite-wal", "core.sqlite-shm"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name


def test_every_account_is_listed_with_its_rights(store):
    with store.accounts_as_they_are() as accounts:
        found = {one.name: one for one in accounts.all()}
    assert list(found) == ["ada", "ben", "cho", "dee", "eve", "lis"]
    assert found["dee"].administrator and not found["dee"].lister and found["lis"].lister
    assert all(one.has_password and not one.disabled for one in found.values())
