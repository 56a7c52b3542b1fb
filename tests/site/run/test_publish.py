"""The run as a whole: what is written, what is not written again, and what a change of one record changes."""

import gzip
import logging
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from panfair.builders.html.renderer import Renderer
from panfair.harvesters import SourceOptions
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Related, Withdrawal
from panfair.site.run.day import Day
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.site.state import spool
from panfair.site.state.ledger import Ledger
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered, of_four

_FILES = {
    "index.html", "metadata.jsonld", "dcat.ttl", "datacite.xml", "datacite.json", "dublincore.xml",
    "ro-crate-metadata.json", "citation.bib", "citation.ris", "csl.json", "linkset.json",
}  # fmt: skip


@pytest.fixture
def site(tmp_path) -> SiteRun:
    """The site before its first run."""
    return of_four(tmp_path / "site")


def _times(site: SiteRun) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in site.output.rglob("*")}


def test_every_doi_has_its_page_with_all_files_beside_it(site):
    report = site.publish()
    assert (report.read, report.released, report.all_well) == (4, 4, True)
    folder = site.output / "www/doi/10.99999/example-0"
    assert {path.name for path in folder.iterdir() if path.is_file()} >= _FILES


def test_the_site_has_all_that_is_promised_beside_the_pages(published):
    www = published.output / "www"
    for name in (
        "index.html", "404.html", "robots.txt", "sitemap.xml", "feeds/all.atom", "techniques/index.html",
        "instruments/index.html", "years/2026/index.html", "people/0000-0002-1825-0097/index.html",
        "publications/index.html", "about/index.html", "about/policy/index.html", "help/index.html",
        "search/index.html",
    ):  # fmt: skip
        assert (www / name).is_file(), name
    assert (published.output / "oai.sqlite").is_file() and (published.output / "search/publications").is_dir()


def test_a_second_run_with_the_same_input_writes_nothing(published):
    before = _times(published)
    report = published.publish()
    assert (report.written, report.deleted, report.unchanged) == (0, 0, 4)
    assert _times(published) == before


def test_a_run_on_the_next_day_writes_nothing_when_no_day_has_come(published):
    before = _times(published)
    assert published.publish(TODAY + timedelta(days=1)).written == 0
    assert _times(published) == before


def test_two_fresh_runs_give_the_same_bytes(site, tmp_path):
    other = SiteRun(tmp_path / "other")
    other.put(*(numbered(n) for n in range(4)))
    site.publish()
    other.publish()
    assert site.files() == other.files()  # pages, index, store, manifest


def test_two_processes_give_the_same_bytes_as_one(tmp_path):
    one, two = SiteRun(tmp_path / "one"), SiteRun(tmp_path / "two", processes=2)
    for site in (one, two):
        site.put(*(numbered(n) for n in range(70)))
        site.publish()
    assert one.files("www") == two.files("www")


def test_many_small_runs_end_in_the_same_pages_as_one_large_run(site, tmp_path):
    grown = SiteRun(tmp_path / "grown")
    for end in range(1, 5):
        grown.put(*(numbered(n) for n in range(end)))
        grown.publish()
    site.publish()
    pages = {path: body for path, body in site.files("www/doi").items() if path.endswith("index.html")}
    assert pages == {path: body for path, body in grown.files("www/doi").items() if path.endswith("index.html")}


def test_a_correction_rewrites_its_own_files_and_the_lists_it_stands_in_only(published):
    before = published.files("www/doi")
    published.put(numbered(0, title="Another title"), *(numbered(n) for n in range(1, 4)))
    report = published.publish(TODAY + timedelta(days=1))
    assert report.unchanged == 3
    changed = {path for path, body in published.files("www/doi").items() if before[path] != body}
    others = {path for path in changed if "/example-0/" not in path}
    assert changed - others and others == {f"www/doi/10.99999/example-{n}/index.html" for n in range(1, 4)}
    assert all(
        before[path].replace(b"Drainage of foam number0", b"Another title") == body
        for path, body in published.files("www/doi").items()
        if path in others
    )
    assert b"Another title" in (published.output / "www/index.html").read_bytes()


def test_the_order_of_the_catalogue_does_not_matter(published):
    before = _times(published)
    published.put(*(numbered(n) for n in reversed(range(4))))
    assert published.publish().written == 0
    assert _times(published) == before


def test_a_landing_page_lies_at_the_lower_case_of_its_doi(site):
    site.put(numbered(1, doi=Doi.parse("10.99999/ÄBC(Ü)-X")))
    site.publish(accept_shrink=True)
    assert [path for path in site.files("www/doi") if path.endswith("/index.html") and "datasets" not in path]
    assert site.page(numbered(1, doi=Doi.parse("10.99999/ÄBC(Ü)-X")))


def test_a_page_that_points_to_a_newer_version_says_so(site):
    newer = Identifier(scheme="DOI", value="10.99999/example-2")
    old = numbered(1, related=(Related(relation="IsPreviousVersionOf", identifier=newer),))
    site.put(old)
    site.publish()
    assert b"newer version" in site.page(old).lower()


def test_472_datasets_in_one_publication_are_paged(site):
    many = tuple(a_dataset(id=f"d{n}", name=f"scan{n:04}_x", description=None) for n in range(472))
    big = numbered(9, datasets=many)
    site.put(big)
    report = site.publish()
    assert report.released == 1
    assert len(site.page(big)) < 120_000
    pages = [path for path in site.files("www/doi") if "/datasets/page-" in path]
    assert len(pages) >= 3
    everything = b"".join(body for path, body in site.files("www/doi").items() if path.endswith(".html"))
    assert all(f"scan{n:04}_x".encode() in everything for n in range(472))


def test_deleting_a_page_by_hand_and_the_manifest_writes_all_anew(published):
    before = published.files("www")
    (published.output / "www/index.html").write_bytes(b"edited")
    (published.output / "manifest.json").unlink()
    (published.output / "www/stranger.html").write_bytes(b"?")
    published.publish()
    assert published.files("www") == before


def test_losing_the_whole_output_folder_loses_nothing(published):
    before = published.files("www")
    shutil.rmtree(published.output)
    published.publish()
    assert published.files("www") == before


@pytest.mark.parametrize("lost", ["oai.sqlite", "search/publications/FORMAT", "search/datasets/FORMAT"])
def test_a_store_or_index_that_is_gone_or_of_another_form_is_made_anew(published, lost):
    before = {path: body for path, body in published.files().items() if path != "manifest.json"}
    (published.output / lost).unlink()
    published.publish()
    assert {path: body for path, body in published.files().items() if path != "manifest.json"} == before


def test_a_change_of_code_renders_all_anew(published, monkeypatch):
    monkeypatch.setattr(Renderer, "fingerprint", lambda renderer: "other code")
    before, quads = published.files(), published.output / "www/dump/catalogue.nq.gz"
    said = gzip.decompress(quads.read_bytes())
    report = published.publish()
    assert report.unchanged == 4
    # The same bytes came of it, and equal bytes are never written; only the dump's gzip headers tell what made them.
    changed = {path for path, body in published.files().items() if before.get(path) != body}
    assert report.written == 1 and changed == {"www/dump/catalogue.nq.gz", "manifest.json"}
    assert published.files().keys() == before.keys() and gzip.decompress(quads.read_bytes()) == said


def test_a_withdrawal_leaves_a_tombstone_and_nothing_else(published):
    gone = numbered(2, withdrawal=Withdrawal(on=TODAY, reason="Wrong sample"))
    published.put(numbered(0), numbered(1), gone, numbered(3))
    report = published.publish(accept_shrink=True)
    assert report.withdrawn == 1
    left = {path.removeprefix("www/doi/10.99999/example-2/") for path in published.files("www/doi/10.99999/example-2")}
    assert left == {"index.html", "withdrawn.json", "datacite.xml", "datacite.json", "metadata.jsonld", "linkset.json"}
    page = published.page(gone)
    assert b"Wrong sample" in page and b"specimen2" not in page
    for listing in ("www/index.html", "www/publications/index.html", "www/sitemap.xml", "www/feeds/all.atom"):
        assert b"example-2" not in (published.output / listing).read_bytes(), listing
    assert b"/doi/10.99999/example-2/" in (published.output / "tombstones.json").read_bytes()


def test_a_tombstone_stays_and_is_not_withdrawn_again(published):
    published.put(numbered(0), numbered(1), numbered(3))
    assert published.publish(accept_shrink=True).withdrawn == 1
    page = published.page(numbered(2))
    again = published.publish(TODAY + timedelta(days=1))
    assert (again.withdrawn, again.written) == (0, 0)
    assert published.page(numbered(2)) == page


def test_a_record_that_comes_back_is_open_again(published):
    published.put(numbered(0), numbered(1), numbered(3))
    published.publish(accept_shrink=True)
    published.put(*(numbered(n) for n in range(4)))
    published.publish(date(2026, 11, 26))
    assert b"specimen2" in published.page(numbered(2))
    assert published.files()["tombstones.json"] == b"[]\n"


def test_what_changed_is_stamped_after_a_harvester_could_have_asked_in_vain(published):
    published.put(numbered(0, title="Changed"), *(numbered(n) for n in range(1, 4)))
    began = datetime.now(UTC).replace(microsecond=0)
    report = Report()
    harvest(published.config, report, Silence())
    build(published.config, Day(began.date(), began, live=True), report, Silence())
    ended = datetime.now(UTC)
    ledger = Ledger.open(published.config.state / "ledger.sqlite")
    stamps = {row.key: datetime.fromisoformat(row.datestamp) for row in ledger.rows()}
    ledger.close()
    assert stamps["10.99999/example-0"] > ended
    assert all(stamp < began for key, stamp in stamps.items() if key != "10.99999/example-0")
    with closing(sqlite3.connect(published.output / "oai.sqlite")) as store:
        stored = dict(store.execute("SELECT key, datestamp FROM item"))
    assert stored == {key: stamp.timestamp() for key, stamp in stamps.items()}


class Mistaken:
    """A plug-in whose program divides by nothing."""

    Options = SourceOptions

    @staticmethod
    def harvest(options, context):
        yield numbered(7)
        print(len("Closed tomogram") / 0)


def test_a_mistake_in_one_sources_program_stops_no_other_and_takes_nothing_away(tmp_path, monkeypatch, caplog):
    site = SiteRun(tmp_path / "site", sources=("one", "two"))
    site.put(numbered(0), source="one")
    site.put(numbered(1), source="two")
    site.publish()
    site.put(numbered(1), numbered(2), source="two")
    ours = spool.harvester
    kinds = iter((Mistaken, ours("records")))
    monkeypatch.setattr(spool, "harvester", lambda kind: next(kinds))
    caplog.set_level(logging.INFO)
    report = site.publish()
    (failure,) = report.failed
    assert failure.source == "one" and "ZeroDivisionError in test_publish.py" in failure.reason and not report.all_well
    assert site.page(numbered(0)) and site.page(numbered(1)) and site.page(numbered(2))
    assert not (site.output / "www/doi" / numbered(7).doi.path).exists()
    assert 'print(len("Closed tomogram") / 0)' in caplog.text  # the way there, and not the error's own words
    assert "division by zero" not in caplog.text + failure.reason
