"""Real catalogues, end to end: PSI's 149 publications, the SciCatLive seed, python-icat's dumps."""

import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from panfair.site.check.output import check
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from support.site_run import SiteRun

_ON = date(2026, 11, 24)
_PSI, _SEED = "data/scicat/psi_publisheddata.json", "data/scicat/PublishedData.json"


@pytest.fixture(scope="session")
def real(tmp_path_factory, shared: Path) -> tuple[SiteRun, Report]:
    """One site of PSI's records and of the seed's."""
    site = SiteRun(tmp_path_factory.mktemp("real"), site='extra_doi_prefixes = ["00.0815"]', processes=2)
    text = site.path.read_text().split("[[source]]")[0]
    for name, path in (("psi", _PSI), ("seed", _SEED)):
        text += f'[[source]]\nname = "{name}"\nkind = "dump"\npath = "{shared / path}"\n'
    site.path.write_text(text)
    return site, site.publish(_ON)


def _pages(site: SiteRun) -> dict[str, html.HtmlElement]:
    folder = site.output / "www/doi"
    return {
        str(path.parent.relative_to(folder)): html.document_fromstring(path.read_bytes())
        for path in folder.rglob("metadata.jsonld")
        for path in [path.parent / "index.html"]
    }


def test_all_149_and_11_records_come_out_as_pages(real):
    site, report = real
    assert not report.failed and not report.refused, report.refused
    assert report.read == 160
    assert len(_pages(site)) == report.released
    assert report.released + report.notices.total() + report.withheld.total() == 160
    assert report.released >= 149


def test_the_site_of_real_records_is_whole_and_has_no_dead_link(real):
    assert list(check(real[0].config)) == []


def test_a_second_run_over_real_records_writes_nothing(real):
    assert real[0].publish(_ON).written == 0


def test_no_page_shows_what_a_programmer_left_behind(real):
    for name, page in _pages(real[0]).items():
        for part in page.xpath("//script|//style"):
            part.drop_tree()
        text = " ".join(page.text_content().split())
        found = re.search(r"\bNone\b|\bnull\b|\bNaN\b|\{\{|Agent\(|\[object|&amp;|\ufffd|undefined", text)
        assert not found, (name, text[max(0, found.start() - 60) : found.end() + 60])


def test_every_page_has_one_heading_a_title_a_citation_and_its_doi_as_a_link(real):
    for name, page in _pages(real[0]).items():
        assert len(page.xpath("//h1")) == 1, name
        assert page.xpath("string(//h1)").strip(), name
        assert page.xpath("//a[starts-with(@href, 'https://doi.org/')]"), name
        assert page.xpath("//meta[@name='citation_title']/@content"), name


def test_account_names_are_shown_as_accounts_and_never_as_people(real):
    for name, page in _pages(real[0]).items():
        for author in page.xpath("//meta[@name='citation_author']/@content"):
            assert "_" not in author and "@" not in author, (name, author)


def test_related_papers_are_links(real):
    pages = _pages(real[0])
    linked = [name for name, page in pages.items() if page.xpath("//main//a[starts-with(@href, 'https://doi.org/')]")]
    assert len(linked) == len(pages)


_DUMPS = ("icatdump-5.0.yaml", "icatdump-6.2.yaml", "icatdump-6.2.xml", "icatdump-simple.yaml")


@pytest.mark.parametrize("name", _DUMPS)
def test_of_python_icats_dumps_only_the_data_publication_is_open(tmp_path, shared, name):
    site = SiteRun(tmp_path / "site", site='extra_doi_prefixes = ["00.0815"]')
    path = shared / "data/icat" / name
    source = f'[[source]]\nname = "icat"\nkind = "dump"\npath = "{path}"\npublisher = "Test facility"\n'
    site.path.write_text(site.path.read_text().split("[[source]]")[0] + source)
    report = site.publish(_ON)
    assert not report.failed and not report.refused
    pages = {path.parent.name for path in (site.output / "www/doi").rglob("ro-crate-metadata.json")}  # of no notice
    assert pages == (set() if "simple" in name else {"pub-00027"})
    # No investigation has a release date: all are closed, and their DOIs have notices.
    assert report.notices.total() == report.read - len(pages)
    assert b"Durol" not in b"".join(site.files("www").values())
    assert list(check(site.config)) == []


def test_a_file_that_is_no_dump_is_said_to_be_none(tmp_path, shared):
    site = SiteRun(tmp_path / "site")
    source = f'[[source]]\nname = "icat"\nkind = "dump"\npath = "{shared / "data/icat/example_data.yaml"}"\n'
    site.path.write_text(site.path.read_text().split("[[source]]")[0] + source)
    report = Report()
    harvest(site.config, report, Silence())
    assert "example_data.yaml: not a dump that python-icat wrote" in str(report.failed[0])
