"""Every state of a DOI on a published site: where it stands, where it does not, and that it gives nothing away."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html

from panfair.builders.oai.store import texts_in
from panfair.site.check.output import check
from panfair.site.run.leaks.values import readings_of, values_in
from support.every_state import (
    CLOSED,
    DRAFT,
    DROPPED,
    EMBARGOED,
    NEW,
    OLD,
    OPEN,
    RESTRICTED,
    TAPE,
    WITHDRAWN,
    every_state,
)
from support.golden import check_golden
from support.page_checks import check_page
from support.planted import all_words
from support.site_run import SiteRun

_CITED = ("title", "creator")
_NEVER = (
    "abstract", "methods", "affiliation", "contributor", "keyword", "funder", "award", "citation", "proposal",
    "beamline", "method", "specimen", "dsid", "dsname", "dshandle", "dsdescription", "dssample", "dsformula",
    "dsparameter", "dsvalue", "dsfile", "dsurl", "dspath", "dsinstrument", "dstechnique",
)  # fmt: skip


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> SiteRun:
    return every_state(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def cited(tmp_path_factory) -> SiteRun:
    return every_state(tmp_path_factory.mktemp("cited"), "citation")


def test_no_state_shows_a_word_of_the_data(bare, cited):
    for run, marks in (
        (bare, ("vorpalgone",)),
        (cited, ("vorpalgone", "vorpalembargo", "vorpalasked", "vorpalbyname")),
    ):
        everything = all_words(run)
        for mark in ("vorpalembargo", "vorpalasked", "vorpalbyname", "vorpaldraft", "vorpalgone", "vorpaldropped"):
            for part in _NEVER:
                assert f"{mark}{part}" not in everything, (mark, part)
            for part in _CITED:
                assert (f"{mark}{part}" in everything) is (mark in marks), (mark, part)
        assert list(check(run.config)) == []


def test_only_open_records_stand_in_sitemap_feeds_lists_search_and_oai(cited):
    www = cited.files("www")
    lists = {
        path: "\n".join(reading for value in values_in(body, path) for reading in readings_of(value))
        for path, body in www.items()
        if not path.startswith("www/doi/")
    }
    for doi in CLOSED:
        named = [path for path, text in lists.items() if doi.page in text or str(doi) in text]
        # Who copied it while it was open has to hear that it is gone.
        assert named == (["www/resourcesync/changelist.xml"] if doi == WITHDRAWN else []), doi
    for doi in (OPEN, TAPE, OLD, NEW):
        for path in ("www/sitemap.xml", "www/feeds/all.atom", "www/publications/index.html"):
            assert doi.page in lists[path], (doi, path)
    with closing(sqlite3.connect(cited.output / "oai.sqlite")) as store:
        text = "\n".join(store.iterdump())
    text += b"".join(body for _name, body in texts_in(cited.output / "oai.sqlite")).decode()
    for doi in (EMBARGOED, RESTRICTED, DRAFT, DROPPED):
        assert doi.key not in text
    assert WITHDRAWN.key in text  # OAI-PMH tells of it for ever, as deleted


def test_every_state_has_the_files_it_should_have(bare, cited):
    metadata = {"datacite.xml", "datacite.json", "metadata.jsonld", "linkset.json"}
    for run, doi, expected in (
        (cited, EMBARGOED, {"index.html", "opens.ics", *metadata}),
        (bare, EMBARGOED, {"index.html", "opens.ics", *metadata}),
        (cited, RESTRICTED, {"index.html", *metadata}),
        (bare, RESTRICTED, {"index.html", "metadata.jsonld", "linkset.json"}),
        (cited, DRAFT, {"index.html", "linkset.json"}),
        (bare, WITHDRAWN, {"index.html", "withdrawn.json", *metadata}),
        (cited, DROPPED, {"index.html", "withdrawn.json", "metadata.jsonld", "linkset.json"}),
    ):
        assert {path.rpartition("/")[2] for path in run.files(f"www/doi/{doi.path}")} == expected, doi


def test_every_closed_page_asks_not_to_be_indexed_and_has_no_data(cited):
    for doi in CLOSED:
        page = (cited.output / "www/doi" / doi.path / "index.html").read_bytes()
        check_page(page)
        assert b'<meta name="robots" content="noindex">' in page
        assert b"distribution" not in page and b"/datasets/" not in page


def test_files_on_tape_have_no_dead_button_and_say_how_to_ask(cited):
    folder = cited.output / "www/doi" / TAPE.path
    for name, path in (("landing", folder), ("dataset", folder / "datasets/tape-scan")):
        body = (path / "index.html").read_bytes()
        (box,) = html.fromstring(body).xpath('//section[@aria-labelledby="download"]')
        assert [link.get("href")[:7] for link in box.iter("a")] == ["mailto:"]
        check_golden(f"states/on-tape/{name}.html", html.tostring(box, encoding="utf-8"))
    for path in filter(Path.is_file, folder.rglob("*")):
        assert b"/files/scan_0001.h5" not in path.read_bytes() and b"tape.zip" not in path.read_bytes()
