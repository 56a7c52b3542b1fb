"""The whole life of an embargoed session, told by the public clients: closed, released, corrected, withdrawn."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from urllib.parse import quote

import httpx2 as httpx
import pytest
from core_and_site import core_and_site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import a_free_port, ask, serving
from sickle import Sickle

from catalogue_facility import PASSWORD, TODAY
from panfair.harvesters import rest_sender
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.entries import (
    DatasetEntry,
    FileEntry,
    InvestigationEntry,
    LogbookEntry,
    MemberEntry,
    ParameterEntry,
    SampleEntry,
    UserEntry,
)
from panfair.site.catalogue.errors import CatalogueError
from panfair.site.server import create_app
from panfair.site.spool import harvest_source
from panfair.site.watch import watch_sources

DOI = "10.5072/STORY-7"
PAGE = "doi/10.5072/story-7/index.html"


def _session(title: str) -> InvestigationEntry:
    return InvestigationEntry(
        facility="EPS",
        name="ST-7",
        visit_id="1",
        title=title,
        summary="Xylophage tunnels in oak, seen as they grow.",
        start=datetime(2026, 2, 1, 8, tzinfo=UTC),
        release_date=date(2026, 6, 1),
        doi=Doi.parse(DOI),
        instruments=("ID02",),
        members=(MemberEntry(user="ada", role="Principal investigator"),),
    )


def _ingest(world, title: str) -> int:
    with world.facility.core.store.writing() as writer:
        row = writer.put_investigation(_session(title), world.clock.now).id
        writer.put_sample(row, SampleEntry(name="oak beam"), world.clock.now)
        writer.put_dataset(row, DatasetEntry(name="tunnels_0001", sample="oak beam"), world.clock.now)
    return row


def _visible(url: str, session_id: str) -> set[str]:
    answer = httpx.get(f"{url}/catalogue/{session_id}/investigation", params={"limit": 100})
    return {row["title"] for row in answer.json()}


def test_the_life_of_an_embargoed_session(tmp_path, monkeypatch):
    monkeypatch.setenv("CORE_READER", PASSWORD)
    with core_and_site(tmp_path, TODAY, reader="lis") as world:
        row = _ingest(world, "Tunnels of the xylophage")
        report = world.publish()
        assert not report.failed
        # Closed: a notice under its DOI, and not a word elsewhere.
        assert b"ylophage" not in world.words() and (world.www / PAGE).is_file()
        assert b"1 June 2026" in (world.www / PAGE).read_bytes()
        assert "Tunnels of the xylophage" not in _visible(world.url, "anonymous")
        signed = httpx.post(f"{world.url}/session", json={"plugin": "db", "username": "ada", "password": PASSWORD})
        assert "Tunnels of the xylophage" in _visible(world.url, signed.json()["sessionId"])

        # The day comes: nobody does anything but the nightly run.
        world.clock.now = datetime(2026, 6, 1, 0, 5, tzinfo=UTC)
        before = world.files()
        report = world.publish()
        assert not report.failed
        assert b"Tunnels of the xylophage" in (world.www / PAGE).read_bytes()
        app = create_app(world.config)
        with serving(app) as public:
            assert ask(public, "/api/search?q=xylophage").json["total"] == 1
            header = Sickle(f"{public}/oai").GetRecord(identifier=f"oai:data.example.org:{DOI.lower()}",
                                                       metadataPrefix="oai_dc").header  # fmt: skip
            released_at = header.datestamp
            assert released_at >= "2026-06-01" and not header.deleted

            # Corrected: its own files change, and the lists that show its title; no other record's.
            world.clock.wait(hours=26)
            with world.facility.core.store.writing() as writer:
                writer.put_investigation(_session("Galleries of the xylophage"), world.clock.now)
            before = world.files()
            world.publish()
            after = world.files()
            changed = {name for name in after if after[name] != before.get(name)}
            assert f"www/{PAGE}" in changed
            assert {name for name in changed if name.startswith("www/doi/")} <= {
                name for name in changed if name.startswith("www/doi/10.5072/story-7/")
            }
            assert b"Galleries of the xylophage" in after[f"www/{PAGE}"]
            sickle = Sickle(f"{public}/oai")
            identifier = f"oai:data.example.org:{DOI.lower()}"
            corrected_at = sickle.GetRecord(identifier=identifier, metadataPrefix="oai_dc").header.datestamp
            assert corrected_at > released_at

            # Withdrawn: a tombstone with the reason, 410, deleted in OAI, gone from everything else.
            world.clock.wait(hours=26)
            with world.facility.core.store.writing() as writer:
                writer.withdraw("investigation", row, "the beam was someone else's", world.clock.now)
            report = world.publish()
            assert report.withdrawn == 1
            page = ask(public, "/doi/10.5072/story-7/")
            assert page.status == 410 and "the beam was someone else" in page.text.replace("&#39;", "'")
            assert sickle.GetRecord(identifier=identifier, metadataPrefix="oai_dc").header.deleted
            assert ask(public, "/api/search?q=xylophage").json["total"] == 0
        for name, body in world.files().items():
            if name.endswith(("sitemap.xml", ".atom")) or name.startswith("www/publications/"):
                assert b"story-7" not in body.lower(), name


def test_a_run_after_a_correction_asks_for_the_corrected_session_only(tmp_path):
    with core_and_site(tmp_path, datetime(2027, 2, 1, 12, tzinfo=UTC)) as world:
        first = harvest_source(world.config, world.config.sources[0], iter)
        assert first.records >= 2 and first.kept == 0
        assert harvest_source(world.config, world.config.sources[0], iter).kept == first.records
        world.publish()
        with world.facility.core.store.writing() as writer:
            writer.put_dataset(world.facility.rows.open, DatasetEntry(name="scan 9"), world.clock.now)
        assert harvest_source(world.config, world.config.sources[0], iter).kept == first.records - 1
        world.publish()
        incremental = world.files()
        assert b"scan 9" in (world.www / "doi/10.5072/open-1/index.html").read_bytes()
        # What a full pass finds is what the incremental one had.
        world.publish(full=True)
        assert world.files() == incremental


_STEPS = st.lists(
    st.sampled_from(["add", "rename", "unfinish", "open", "close", "withdraw dataset", "withdraw", "wait"]), max_size=6
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(_STEPS, _STEPS)
def test_incremental_harvests_have_what_a_full_one_has(tmp_path_factory, first, second):
    folder = tmp_path_factory.mktemp("world")
    with core_and_site(folder, TODAY) as world:
        source = world.config.sources[0]
        harvest_source(world.config, source, iter)
        for steps in (first, second):
            for number, step in enumerate(steps):
                _step(world, step, number)
            harvest_source(world.config, source, iter)
        incremental = sorted((folder / ".panfair/harvest/core.jsonl").read_bytes().splitlines())
        harvest_source(world.config, source, iter, full=True)
        assert sorted((folder / ".panfair/harvest/core.jsonl").read_bytes().splitlines()) == incremental


def _step(world, step: str, number: int) -> None:
    rows, now = world.facility.rows, world.clock.now
    with suppress(CatalogueError), world.facility.core.store.writing() as writer:
        match step:
            case "add":
                writer.put_dataset(rows.open, DatasetEntry(name=f"more {number}"), now)
            case "rename":
                writer.put_sample(rows.open, SampleEntry(name="foam", formula=f"C{number + 2}H4"), now)
            case "unfinish":
                writer.put_dataset(rows.open, DatasetEntry(name="scan 1", complete=False), now)
            case "open":
                writer.set_release_date(rows.closed, now.date(), now)
            case "close":
                writer.set_release_date(rows.open, date(2031, 1, 1), now)
            case "withdraw dataset":
                writer.withdraw("dataset", rows.open_processed, "wrong", now)
            case "withdraw":
                writer.withdraw("investigation", rows.open, "wrong", now)
            case "wait":
                world.clock.wait(days=400)


def test_a_release_a_correction_and_a_withdrawal_are_published_by_the_watch(tmp_path):
    with core_and_site(tmp_path, TODAY) as world:
        stop, said = threading.Event(), []
        watch = threading.Thread(target=watch_sources, args=(world.path, 0.2, 3600.0, said.append, stop), daemon=True)
        page = world.www / "doi/10.5072/open-1/index.html"
        watch.start()
        try:
            _until(lambda: page.is_file())
            with world.facility.core.store.writing() as writer:
                writer.put_dataset(world.facility.rows.open, DatasetEntry(name="scan 77"), world.clock.now)
            _until(lambda: b"scan 77" in page.read_bytes())
            with world.facility.core.store.writing() as writer:
                writer.withdraw("investigation", world.facility.rows.open, "a made-up reason", world.clock.now)
            _until(lambda: b"a made-up reason" in page.read_bytes())
        finally:
            stop.set()
            watch.join(30)
        assert not watch.is_alive() and len(said) >= 3 and not any("FAILED" in line for line in said)


def test_a_source_that_is_down_does_not_end_the_watch(tmp_path, monkeypatch):
    monkeypatch.setattr(rest_sender, "_FIRST_PAUSE", 0.0)
    with core_and_site(tmp_path, TODAY) as world:
        text = world.path.read_text(encoding="utf-8")
        dead = f'[[source]]\nname = "dead"\nkind = "icatplus"\nurl = "http://127.0.0.1:{a_free_port()}"\n'
        world.path.write_text(f"{text}\n{dead}", encoding="utf-8")
        stop, said = threading.Event(), []
        arguments = (world.path, 0.2, 3600.0, said.append, stop)
        watch = threading.Thread(target=watch_sources, args=arguments, daemon=True)
        watch.start()
        try:
            _until(lambda: (world.www / "doi/10.5072/open-1/index.html").is_file())
        finally:
            stop.set()
            watch.join(60)
        assert not watch.is_alive() and any("dead" in line for line in said)


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "a minute is over"
        time.sleep(0.1)


_MADE_UP = "xylo quar zeph vorp blim drax flon grup hulm jast klon murd nexo prib quom"
SECRETS = [f"{word}ium{number}" for number, word in enumerate(_MADE_UP.split())]


def test_no_word_of_an_embargoed_row_gets_out_anywhere(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    word = iter(SECRETS)
    with core_and_site(tmp_path, TODAY) as world:
        store, now = world.facility.core.store, world.clock.now
        with store.writing() as writer:
            writer.put_user(UserEntry(name="nob", full_name=f"Nobody {next(word)}", email=f"{next(word)}@example.org"))
            row = writer.put_investigation(
                _session(f"Title {next(word)}").model_copy(
                    update={
                        "summary": f"Summary {next(word)}",
                        "members": (MemberEntry(user="nob", role="Principal investigator"),),
                        "parameters": (ParameterEntry(name="panel", value=next(word)),),
                    }
                ),
                now,
            ).id
            sample = SampleEntry(name=f"sample {next(word)}", description=f"grown by {next(word)}")
            writer.put_sample(row, sample, now)
            dataset = DatasetEntry(
                name=f"scan_{next(word)}",
                sample=sample.name,
                description=f"words {next(word)}",
                location=f"/data/{next(word)}",
                parameters=(ParameterEntry(name=f"key_{next(word)}", value=next(word)),),
                files=(
                    FileEntry(name=f"{next(word)}.h5", size=1),
                    FileEntry(name="picture.png", description=f"caption {next(word)}", resource=True),
                ),
            )
            writer.put_dataset(row, dataset, now)
            writer.add_logbook(row, LogbookEntry(content=(("plainText", f"beam {SECRETS[-1]}"),)), now)
        assert next(word, None) == SECRETS[-1]
        for _ in range(2):
            world.publish()
        schema = httpx.get(f"{world.url}/openapi.json").json()
        answers = []
        for path, methods in schema["paths"].items():
            if "get" in methods:
                url = path.replace("{sessionId}", "anonymous")
                for name in ("investigationId", "datasetId", "datasetIds", "sampleId", "id", "row"):
                    url = url.replace("{" + name + "}", str(row))
                url = url.replace("{prefix}", "10.5072").replace("{suffix}", "STORY-7")
                for query in ("", f"?investigationId={row}&investigationIds={row}&datasetIds=1,2,3,4,5,6&limit=99"):
                    answers.append(httpx.get(world.url + quote(url, safe="/{}:") + query).text)
        answers += [
            httpx.get(f"{world.url}/catalogue/anonymous/investigation", params={"search": w}).text for w in SECRETS
        ]
        told = "\n".join(answers).lower() + caplog.text.lower() + world.words().decode("utf-8", "replace").lower()
    for secret in SECRETS:
        found = told.find(secret)
        assert found < 0, told[max(0, found - 100) : found + 60]


@pytest.mark.parametrize("table", ["record", "shelf", "place"])
def test_the_ledger_keeps_no_word_of_an_embargoed_session(tmp_path, table):
    with core_and_site(tmp_path, TODAY) as world:
        _ingest(world, "Tunnels of the xylophage")
        world.publish()
        with sqlite3.connect(tmp_path / ".panfair" / "ledger.sqlite") as ledger:
            assert "ylophage" not in str(ledger.execute(f"SELECT * FROM {table}").fetchall())
