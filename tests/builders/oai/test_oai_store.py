"""Tests of builders/oai/store.py and builders/oai/sets.py: what the store keeps, for how long, and what it refuses."""

import hashlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from panfair.builders.oai.envelope import host_name, identifier_of, key_of, seconds, stamp
from panfair.builders.oai.sets import SET_SPEC
from panfair.builders.oai.store import OaiSet, StoreWriter, declared_formats, payloads_of, sets_of, texts_in
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.errors import PublishError, RecordError
from panfair.ontologies.record import Facility, Instrument, Technique
from support.records import PORTAL, TODAY, a_publication, released
from support.servers.oai_harness import (
    ALL,
    DC,
    EVEN,
    HOST,
    NOW,
    ODD,
    OTHER,
    a_provider,
    a_store,
    all_bytes,
    ask,
    harvest,
    other,
    payload,
    told,
)
from support.strategies import dois, publications

DAY = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_same_calls_make_same_bytes(tmp_path):
    assert _digest(a_store(tmp_path / "a")) == _digest(a_store(tmp_path / "b"))


def test_putting_what_already_stands_changes_no_byte(tmp_path):
    store = a_store(tmp_path / "store", deleted=())
    with sqlite3.connect(store) as db:
        before = list(db.iterdump())
    db.close()
    a_store(store, deleted=())
    with sqlite3.connect(store) as db:
        assert list(db.iterdump()) == before
    db.close()


def test_an_exception_leaves_the_store_as_it_was(tmp_path):
    store = a_store(tmp_path / "store")
    before = told(harvest(a_provider(store)))
    with pytest.raises(RuntimeError, match="stop"), StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.put("10.99999/new", DAY, [ALL], {"oai_dc": payload("new")})
        writer.delete("10.99999/1", DAY)
        raise RuntimeError("stop")
    assert told(harvest(a_provider(store))) == before


def test_deleted_record_keeps_its_sets_and_loses_every_word(tmp_path):
    store = tmp_path / "store"
    with StoreWriter(store, HOST, [DC]) as writer:
        writer.put("10.99999/a", DAY, [ALL, ODD], {"oai_dc": payload("Zebrafish larva " * 700)})
        writer.put("10.99999/b", DAY, [ALL, ODD], {"oai_dc": payload("stays")})
    assert b"Zebrafish" in all_bytes(store)
    with StoreWriter(store, HOST, [DC]) as writer:
        writer.delete("10.99999/a", LATER)
    assert b"Zebrafish" not in all_bytes(store)
    header = ask(a_provider(store), "GetRecord", identifier=identifier_of(HOST, "10.99999/a"), metadataPrefix="oai_dc")
    text = " ".join(header.itertext())
    assert "parity:odd" in text
    assert "2026-04-01T10:00:00Z" in text
    assert header.find(".//{*}header").get("status") == "deleted"
    assert header.find(".//{*}metadata") is None


def test_a_set_that_only_deleted_records_fill_is_named_nowhere(tmp_path):
    store = tmp_path / "store"
    telling = OaiSet("instrument:QZ9", "The instrument QZ9")
    with StoreWriter(store, HOST, [DC]) as writer:
        writer.put("10.99999/a", DAY, [ALL, telling], {"oai_dc": payload("a")})
        writer.put("10.99999/b", DAY, [ALL], {"oai_dc": payload("b")})
    assert b"QZ9" in all_bytes(store)
    with StoreWriter(store, HOST, [DC]) as writer:
        writer.delete("10.99999/a", LATER)
    assert b"QZ9" not in all_bytes(store)
    deleted = ask(a_provider(store), "GetRecord", identifier=identifier_of(HOST, "10.99999/a"), metadataPrefix="oai_dc")
    assert [one.text for one in deleted.iterfind(".//{*}setSpec")] == [ALL.spec]


def test_deleting_what_was_never_listed_lists_nothing(tmp_path):
    with StoreWriter(tmp_path / "store", HOST, [DC]) as writer:
        writer.delete("10.99999/closed", DAY)
    assert b"closed" not in all_bytes(tmp_path / "store")


def test_deleting_twice_keeps_the_first_datestamp(tmp_path):
    store = a_store(tmp_path / "store")
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.delete("10.99999/3", LATER)
    (header,) = [one for one in harvest(a_provider(store)) if one[0].text.endswith("/3")]
    assert header.findtext("{*}datestamp") == "2025-01-01T00:00:00Z"


def test_buried_record_is_deleted_in_a_store_made_anew(tmp_path):
    with StoreWriter(tmp_path / "store", HOST, [DC]) as writer:
        writer.bury("10.99999/gone", DAY)
    (header,) = harvest(a_provider(tmp_path / "store"), set="openaire_data")
    assert header.get("status") == "deleted"


def test_putting_a_deleted_record_brings_it_back(tmp_path):
    store = a_store(tmp_path / "store")
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.put("10.99999/3", LATER, [EVEN], {"oai_dc": payload("back")})
    header = harvest(a_provider(store))[-1]
    assert (header.get("status"), [one.text for one in header.findall("{*}setSpec")]) == (None, ["parity:even"])
    assert "oai:data.example.org:10.99999/3" not in told(harvest(a_provider(store), set="parity:odd"))


def test_format_that_a_record_lost_is_deleted_in_that_format_only(tmp_path):
    store = a_store(tmp_path / "store")
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        writer.put("10.99999/5", LATER, [ALL], {"oai_dc": payload("five")})
    in_other = {one[0].text[-1]: one.get("status") for one in harvest(a_provider(store), metadataPrefix="made_up")}
    in_dc = {one[0].text[-1]: one.get("status") for one in harvest(a_provider(store))}
    assert (in_other["5"], in_dc["5"]) == ("deleted", None)


def test_format_that_nobody_declares_any_more_leaves_the_store(tmp_path):
    store = a_store(tmp_path / "store")
    with StoreWriter(store, HOST, [DC]):
        pass
    assert b"https://example.org/ns/" not in all_bytes(store)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "not well-formed"),
        (b'<a xmlns="urn:a">', "not well-formed"),
        (b'<a xmlns="urn:a">\x00</a>', "not well-formed"),
        (b'<a xmlns="urn:a">\xef\xbf\xbe</a>', "not well-formed"),
        (b'<a xmlns="urn:a">\xff</a>', "not well-formed"),
        (b'<a xmlns="urn:a"/><a xmlns="urn:a"/>', "not well-formed"),
        (b'</metadata><a xmlns="urn:a"/>', "not well-formed"),
        (b"<p:a/>", "not well-formed"),
        (b"<a/>", "without a namespace"),
        (b'<p:a xmlns:p="urn:a"><b/></p:a>', "without a namespace"),
        (b'<a xmlns="http://www.openarchives.org/OAI/2.0/"/>', "without a namespace"),
        (b'<?xml version="1.0"?><a xmlns="urn:a"/>', "XML declaration"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a xmlns="urn:a">&e;</a>', "document type"),
    ],
)
def test_payload_that_would_break_its_page_is_refused(tmp_path, body, fault):
    with StoreWriter(tmp_path / "store", HOST, [DC]) as writer:
        with pytest.raises(RecordError, match=fault):
            writer.put("10.99999/bad", DAY, [ALL], {"oai_dc": body})
        writer.put("10.99999/good", DAY, [ALL], {"oai_dc": payload("good")})
    assert told(harvest(a_provider(tmp_path / "store"))) == [identifier_of(HOST, "10.99999/good")]


@pytest.mark.parametrize("spec", ["", "a b", "a:", ":a", "a::b", "ä", "a/b", "a\n"])
def test_illegal_setspec_is_refused(tmp_path, spec):
    with StoreWriter(tmp_path / "store", HOST, [DC]) as writer, pytest.raises(RecordError, match="setSpec"):
        writer.put("10.99999/x", DAY, [OaiSet(spec, "x")], {"oai_dc": payload("x")})


def test_undeclared_format_is_refused(tmp_path):
    with StoreWriter(tmp_path / "store", HOST, [DC]) as writer, pytest.raises(RecordError, match="made_up"):
        writer.put("10.99999/x", DAY, [], {"oai_dc": payload("x"), "made_up": other()})


def test_another_host_renames_every_record(tmp_path):
    store = a_store(tmp_path / "store")
    with StoreWriter(store, "new.example.org:8443", [DC, OTHER]):
        pass
    names = told(harvest(a_provider(store)))
    assert len(names) == 25
    assert all(name.startswith("oai:new.example.org:10.99999/") for name in names)


def test_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "text").write_text("This is no database, and long enough to be seen as none. " * 40)
    with pytest.raises(PublishError, match="no OAI-PMH store"):
        StoreWriter(tmp_path / "text", HOST, [DC])
    with sqlite3.connect(tmp_path / "old") as db:
        db.executescript("CREATE TABLE t (x); PRAGMA user_version = 99;")
    db.close()
    with pytest.raises(PublishError, match="version 99"):
        StoreWriter(tmp_path / "old", HOST, [DC])


def test_texts_in_the_store_are_all_that_it_gives_out(tmp_path):
    texts = dict(texts_in(a_store(tmp_path / "store")))
    assert len([name for name in texts if name.endswith(" as oai_dc")]) == 23
    assert b"Title 24" in texts["10.99999/24 as oai_dc"]
    assert texts["set parity:even"].startswith(b"Even <numbers>")


def test_store_that_is_not_there_has_no_texts(tmp_path):
    assert list(texts_in(tmp_path / "store")) == []
    assert not (tmp_path / "store").exists()


@given(dois)
def test_identifier_leads_back_to_its_doi_alone(doi):
    identifier = identifier_of(HOST, doi.key)
    assert identifier.isascii()
    assert set(identifier) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'();/?:@&=+$,%")
    assert key_of(HOST, identifier) == doi.key
    assert key_of("other.example.org", identifier) is None


@pytest.mark.parametrize("text", ["", "oai:", "10.1/a", f"oai:{HOST}:10.1/%61", f"oai:{HOST}:%ff", f"oai:{HOST}:é"])
def test_other_spellings_are_no_identifier(text):
    assert key_of(HOST, text) is None


@pytest.mark.parametrize(
    ("host", "name"), [("127.0.0.1:8000", "127.0.0.1"), ("[::1]:80", "--1"), ("A.example", "a.example")]
)
def test_host_in_identifiers_has_no_port(host, name):
    assert host_name(host) == name


def test_datestamps_are_utc_seconds_rounded_down():
    assert stamp(seconds(datetime(2026, 1, 1, 0, 0, 0, 999_999))) == "2026-01-01T00:00:00Z"
    assert stamp(seconds(datetime(999, 1, 1, tzinfo=UTC))) == "0999-01-01T00:00:00Z"
    assert stamp(seconds(datetime.fromisoformat("2026-01-01T01:00:00+02:00"))) == "2025-12-31T23:00:00Z"


def test_broader_techniques_are_sets_with_the_record_in_them():
    specs = {one.spec: one.name for one in sets_of(released())}
    assert specs["technique:PaNET01129"] == "tomography"
    assert specs["technique:PaNET01106"] == "imaging"
    assert {"technique", "facility:eps", "instrument:ex01", "year:2026", "openaire_data"} <= specs.keys()


def test_names_without_latin_letters_get_sets_of_their_own():
    publication = a_publication(
        facility=Facility(name="光源"),
        instruments=(Instrument(name="ビーム"), Instrument(name="ライン")),
        techniques=(Technique(said="断層撮影"), Technique(said="?", iri="https://example.org/x?y=1#ä")),
    )
    sets = sets_of(released(publication))
    assert len([one for one in sets if one.spec.startswith("instrument:x")]) == 2
    assert all(SET_SPEC.fullmatch(one.spec) for one in sets)


@settings(max_examples=60, deadline=None)
@given(publications)
def test_every_released_publication_has_legal_sets_with_their_parents(publication):
    verdict = judge(publication, TODAY, GatePolicy())
    if not isinstance(verdict, Released):
        return
    specs = [one.spec for one in sets_of(verdict)]
    assert specs == sorted(set(specs))
    for spec in specs:
        assert SET_SPEC.fullmatch(spec)
        assert spec.rpartition(":")[0] in {"", *specs}


@settings(max_examples=25, deadline=None)
@given(publications)
def test_every_declared_format_of_any_publication_can_stand_in_a_page(tmp_path_factory, publication):
    verdict = judge(publication, TODAY, GatePolicy())
    if not isinstance(verdict, Released) or not declared_formats():
        return
    store = tmp_path_factory.mktemp("store") / "store"
    payloads = payloads_of(verdict, PORTAL)
    with StoreWriter(store, PORTAL.host) as writer:
        writer.put(verdict.doi.key, NOW, sets_of(verdict), payloads)
    for prefix in payloads:
        (header,) = harvest(a_provider(store), metadataPrefix=prefix)
        assert header.get("status") is None
