"""`panfair check` sees what is missing, strange, changed, dead or leaking, and says what to do."""

import sqlite3
from datetime import UTC, datetime

import pytest

from panfair.builders import Artifact
from panfair.builders.oai.sets import EVERYTHING
from panfair.builders.oai.store import StoreWriter
from panfair.site.check.output import check
from support.planted import LATER, planted
from support.records import PORTAL
from support.servers.oai_harness import payload
from support.site_run import SiteRun, numbered, of_four


@pytest.fixture
def site(tmp_path) -> SiteRun:
    """The site before its first run."""
    return of_four(tmp_path / "site")


def _lines(site: SiteRun) -> list[str]:
    return list(check(site.config))


def test_a_site_that_was_never_published_is_said_to_be_so(site):
    assert "run `panfair publish`" in _lines(site)[0]


def test_a_published_site_is_well_and_has_no_dead_link(published):
    assert _lines(published) == []


def test_a_page_that_was_edited_is_named(published):
    (published.output / "www/index.html").write_bytes(b"<html></html>")
    assert any("www/index.html is not as it was published" in line for line in _lines(published))


def test_a_missing_file_and_a_strange_file_are_named(published):
    (published.output / "www/robots.txt").unlink()
    (published.output / "www/notes.txt").write_text("mine")
    lines = _lines(published)
    assert any("www/robots.txt is missing" in line for line in lines)
    assert any("www/notes.txt is not of ours" in line for line in lines)


def test_a_dead_link_is_named_with_its_page(published):
    page = published.output / "www/index.html"
    page.write_bytes(page.read_bytes().replace(b"</main>", b'<a href="/doi/10.1/none/">x</a></main>'))
    assert any("index.html links to /doi/10.1/none/" in line for line in _lines(published))


def test_a_broken_store_is_named(published):
    store = published.output / "oai.sqlite"
    data = bytearray(store.read_bytes())
    data[100:8000] = b"\xff" * 7900
    store.write_bytes(data)
    assert any(line.startswith("output:") and "oai.sqlite" in line for line in _lines(published))


def test_closed_words_in_the_packed_records_of_oai_pmh_are_found(site):
    site.put(*(numbered(n) for n in range(3)), planted(9, "vorpalclosed", public=False))
    site.publish()
    with StoreWriter(site.output / "oai.sqlite", PORTAL.host) as writer:
        writer.put(
            "10.99999/leak",
            datetime(2026, 12, 24, tzinfo=UTC),
            [EVERYTHING],
            {"oai_dc": payload("The vorpalclosedtitle of it")},
        )
    packed = b"".join(path.read_bytes() for path in (site.output / "oai-records").iterdir())
    assert b"vorpalclosedtitle" not in packed
    assert any(line.startswith("leak: oai.sqlite: 10.99999/leak as oai_dc.xml shows") for line in _lines(site))


def test_an_interrupted_run_is_mentioned(published):
    connection = sqlite3.connect(published.folder / ".panfair/ledger.sqlite")
    with connection:
        connection.execute("INSERT INTO redo (staged, target) VALUES (NULL, 'www/none')")
    connection.close()
    assert any("interrupted" in line for line in _lines(published))


def test_a_long_list_of_faults_is_cut_short(published):
    for number in range(40):
        (published.output / f"www/x{number}").write_text("x")
    lines = [line for line in _lines(published) if line.startswith("manifest")]
    assert len(lines) == 21 and lines[-1].endswith("and more")


def test_a_form_that_is_broken_is_named_with_the_reason(published):
    folder = published.output / "www/doi/10.99999/example-1"
    (folder / "datacite.xml").write_text("<resource>")
    (folder / "datacite.json").write_text("{")
    page = folder / "index.html"
    page.write_bytes(page.read_bytes().replace(b'{"@context"', b'{"@context'))
    lines = [line for line in _lines(published) if line.startswith("forms")]
    assert any("datacite.xml is no XML" in line for line in lines)
    assert any("datacite.json is no JSON" in line for line in lines)
    assert any("index.html holds a description that is no JSON" in line for line in lines)


def test_datacite_xml_is_held_against_its_schema(published):
    place = published.output / "www/doi/10.99999/example-1/datacite.xml"
    place.write_bytes(place.read_bytes().replace(b"<publicationYear>", b"<publicationDay>"))
    place.write_bytes(place.read_bytes().replace(b"</publicationYear>", b"</publicationDay>"))
    assert any("datacite.xml is not valid" in line for line in _lines(published))


def test_programs_of_others_may_say_what_closed_records_say_as_long_as_they_are_as_they_came(site, monkeypatch):
    program = Artifact("_panfair/viewer-0/viewer.js", b"function vorpaltitle() {}")
    monkeypatch.setattr("panfair.site.run.products.sheets.viewer_files", lambda: (program,))
    site.put(numbered(1), numbered(2, title="Vorpaltitle", release_date=LATER))
    assert site.publish().all_well
    path = site.output / "www" / program.path
    assert path.read_bytes() == program.body and not [line for line in _lines(site) if program.path in line]
    path.write_bytes(program.body + b" // vorpaltitle")
    lines = _lines(site)
    assert any(f"{program.path} is not as it was published" in line for line in lines)
    assert any(f"{program.path} shows" in line for line in lines)
