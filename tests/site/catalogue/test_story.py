"""The whole life of an embargoed session, told by the public clients: closed, released, corrected, withdrawn."""

import logging
import sqlite3
from datetime import UTC, date, datetime
from urllib.parse import quote

import httpx2 as httpx
import pytest
from sickle import Sickle

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.store.entries import (
    DatasetEntry,
    FileEntry,
    FundingEntry,
    InvestigationEntry,
    LogbookEntry,
    MemberEntry,
    ParameterEntry,
    SampleEntry,
    UserEntry,
    WorkEntry,
)
from panfair.site.serve.app import create_app
from support.catalogue.facility import PASSWORD, TODAY
from support.core_and_site import core_and_site
from support.serving import ask, serving

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
        keywords=("dendrochronology",),
        funding=(FundingEntry(funder="Beetle Fund (made up)", award_number="BF-7"),),
        works=(WorkEntry(relation="IsSupplementTo", pid="10.99999/beetle-paper"),),
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
        beside = (b"dendrochronology", b"Beetle Fund", b"BF-7", b"10.99999/beetle-paper")
        assert not [word for word in (b"ylophage", *beside) if word in world.words()]
        assert (world.www / PAGE).is_file()
        assert b"1 June 2026" in (world.www / PAGE).read_bytes()
        assert "Tunnels of the xylophage" not in _visible(world.url, "anonymous")
        signed = httpx.post(f"{world.url}/session", json={"plugin": "db", "username": "ada", "password": PASSWORD})
        assert "Tunnels of the xylophage" in _visible(world.url, signed.json()["sessionId"])

        # The day comes: nobody does anything but the nightly run.
        world.clock.now = datetime(2026, 6, 1, 0, 5, tzinfo=UTC)
        before = world.files()
        report = world.publish()
        assert not report.failed
        page = (world.www / PAGE).read_bytes()
        assert [word for word in (b"Tunnels of the xylophage", *beside) if word not in page] == []
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
