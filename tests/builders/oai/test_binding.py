"""Tests of builders/oai/binding.py and volumes.py: which files a change writes, and that they hold all and no more."""

import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.oai import binding
from panfair.builders.oai.store import StoreWriter, texts_in
from panfair.builders.oai.volumes import DamagedVolume, folder_of
from support.servers.oai_harness import ALL, DC, EVEN, HOST, ODD, OTHER, a_provider, a_store, harvest, other, payload

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_volumes(monkeypatch):
    monkeypatch.setattr(binding, "MOST", 10)
    monkeypatch.setattr(binding, "_LEAST", 3)


def _volumes(store) -> set[str]:
    return {path.name for path in folder_of(store).iterdir()}


def _held(store) -> bytes:
    """All that the volumes say, whether a row leads there or not."""
    return b"".join(
        zlib.decompressobj(-15).decompress(path.read_bytes()) for path in sorted(folder_of(store).iterdir())
    )


def test_a_changed_record_costs_its_old_volume_and_the_last_one(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=100, deleted=())
    before = _volumes(store)
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.put("10.99999/25", DAY, [ALL, ODD], {"oai_dc": payload("Changed")})
    assert len(before) == 10
    assert len(before - _volumes(store)) == 2


def test_a_volume_that_became_thin_is_bound_with_its_neighbour(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=100, deleted=())
    for number in range(30, 39):
        with StoreWriter(store, HOST, [DC, OTHER]) as writer:
            writer.put(f"10.99999/{number}", DAY + timedelta(number), [ALL], {"oai_dc": payload("Changed")})
    assert len(_volumes(store)) <= 10
    assert len(harvest(a_provider(store))) == 100


def test_a_damaged_volume_is_not_copied_into_a_new_one(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", deleted=())
    for path in folder_of(store).iterdir():
        body = bytearray(path.read_bytes())
        body[-3] ^= 1
        path.write_bytes(body)
    with pytest.raises(DamagedVolume), StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.delete("10.99999/2", DAY)


changes = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["put", "both", "delete"]), st.integers(0, 50)), max_size=25
)


@settings(max_examples=20, deadline=None)
@given(st.lists(changes, min_size=1, max_size=4), st.sampled_from([HOST, "other.example.org"]))
def test_after_any_changes_the_volumes_hold_what_stands_and_nothing_else(tmp_path_factory, runs, host):
    store = tmp_path_factory.mktemp("oai") / "oai.sqlite"
    stands: dict[str, tuple[int, str, bool]] = {}
    for turn, run in enumerate(runs):
        with StoreWriter(store, host if turn else HOST, [DC, OTHER]) as writer:
            for number, what, minute in run:
                key, moment = f"10.99999/{number}", DAY + timedelta(minutes=minute)
                if what == "delete":
                    writer.delete(key, moment)
                    if key in stands and not stands[key][2]:
                        stands[key] = (minute, "", True)
                    continue
                title = f"title {number} of {turn} at {minute}"
                payloads = {"oai_dc": payload(title)} | ({"made_up": other()} if what == "both" else {})
                writer.put(key, moment, [ALL, ODD if number % 2 else EVEN], payloads)
                stands[key] = (minute, title, False)
    titles = {f"{key} as oai_dc": payload(title) for key, (_, title, deleted) in stands.items() if not deleted}
    told = {name: body for name, body in texts_in(store) if name.endswith(" as oai_dc")}
    assert told == titles
    if stands:
        headers = harvest(a_provider(store, page_size=7))
        by_place = sorted((minute, key) for key, (minute, _, _) in stands.items())
        assert [one[0].text.split(":", 2)[2] for one in headers] == [key for _, key in by_place]
        with closing(sqlite3.connect(store)) as db:
            (records,) = db.execute("SELECT sum(size) FROM record").fetchone()
        assert len(_held(store)) == records
    else:
        assert not folder_of(store).exists()
