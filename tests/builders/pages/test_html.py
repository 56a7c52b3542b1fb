"""Tests of all pages at once: valid, safe, linked, the same every time, and light."""

import gzip
import hashlib
import json
import pickle
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import escape

from panfair.builders.html.renderer import Renderer, fingerprint, in_tab, static_files
from panfair.builders.pages.landing import landing_pages
from support.format_cases import real_releases
from support.page_checks import check_page, file_of, links_of, parsed, words
from support.records import PORTAL, a_publication, released
from support.small_site import small_site, some_releases, some_states
from support.strategies import publications


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return small_site(some_releases(), some_states())


_SERVED = {"/oai"}  # by the server alone; the page that links there says so


def _pages(site: dict[str, bytes]) -> dict[str, bytes]:
    return {path: body for path, body in site.items() if path.endswith(".html")}


def test_every_page_is_valid_and_well_built(site):
    for path, body in _pages(site).items():
        try:
            check_page(body)
        except Exception as error:
            raise AssertionError(f"{path}: {error}") from error


def test_no_page_shows_a_value_that_is_not_there(site):
    for path, body in _pages(site).items():
        assert not re.search(r"\b(None|undefined|nan|0 bytes)\b", words(parsed(body))), path


def test_every_link_within_the_site_leads_to_a_file(site):
    for path, body in _pages(site).items():
        missing = {address for address in links_of(parsed(body)) - _SERVED if file_of(address) not in site}
        assert missing == set(), path


def test_the_same_records_give_the_same_bytes(site):
    assert small_site(some_releases(), some_states()) == site


def test_every_page_is_light(site):
    zipped = {
        item.path.encode(): len(gzip.compress(item.body))
        for item in static_files()
        if "/search-engine-" not in item.path  # the engine goes with the data that it reads
    }
    for path, body in _pages(site).items():
        linked = sum(size for name, size in zipped.items() if name in body)  # a script's imports are preloaded
        searching = path == "search/index.html"
        assert linked + len(gzip.compress(body)) <= (40_000 if searching else 20_000), path
        assert linked < (32_000 if searching else 8_000), path


def test_a_missing_word_is_an_error_and_not_a_gap():
    with pytest.raises(UndefinedError):
        Renderer(PORTAL).render("pages/shelves.html", tiles=[])


def test_a_static_file_is_named_after_its_bytes():
    for item in static_files():
        assert hashlib.sha256(item.body).hexdigest()[:8] in item.path


def test_the_fingerprint_is_the_same_in_every_process():
    assert len(fingerprint()) == 64
    assert Renderer(PORTAL).fingerprint() == fingerprint()


def test_a_renderer_travels_to_another_process():
    made = pickle.loads(pickle.dumps(Renderer(PORTAL)))
    assert made.render("pages/404.html") == Renderer(PORTAL).render("pages/404.html")


def test_pages_carry_no_address_of_another_host_that_a_browser_would_load(site):
    for path, body in _pages(site).items():
        for element in parsed(body).iter():
            loads = element.tag in {"script", "img", "iframe", "source", "object", "embed", "video", "audio"}
            stylesheet = element.tag == "link" and (element.get("rel") or "") in {"stylesheet", "icon", "preload"}
            if loads or stylesheet:
                if element.get("type") == "application/ld+json":
                    continue
                address = element.get("src") or element.get("href") or ""
                assert address.startswith("/_panfair/"), (path, address)


_HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


def test_markup_in_a_title_is_text_everywhere():
    site = small_site([released(a_publication(title=_HOSTILE, abstract=_HOSTILE))])
    for path, body in _pages(site).items():
        tree = check_page(body)
        assert all("alert(1)" not in "".join(script.itertext()) or script.get("type") for script in tree.iter("script"))
        assert all(not image.get("onerror") for image in tree.iter("img")), path
    landing = check_page(site["doi/10.99999/example-1/index.html"])
    assert _HOSTILE in words(landing)
    (data,) = [script for script in landing.iter("script") if script.get("type")]
    assert json.loads("".join(data.itertext()))["name"] == _HOSTILE


_RENDERER = Renderer(PORTAL)
_DAY = date(2020, 1, 1)
_DATES = {"release_date": _DAY, "publication_date": _DAY, "publication_year": 2020, "other_dates": ()}
_OPEN = {"public": True, "withdrawal": None, "restriction": None, **_DATES}  # the gate counts every date


@settings(max_examples=60, deadline=None)
@given(publications)
def test_whatever_a_catalogue_says_the_pages_are_valid(publication):
    for artifact in landing_pages(released(publication.model_copy(update=_OPEN)), _RENDERER):
        if artifact.path.endswith(".html"):
            check_page(artifact.body)


def test_every_real_record_makes_valid_pages_without_a_dead_link(shared):
    site = small_site(real_releases(shared))
    pages = _pages(site)
    assert len(pages) > 160
    for path, body in pages.items():
        try:
            tree = check_page(body)
        except Exception as error:
            raise AssertionError(f"{path}: {error}") from error
        assert {address for address in links_of(tree) - _SERVED if file_of(address) not in site} == set(), path


@given(st.lists(st.text(alphabet='ab&<>"', min_size=1, max_size=90), min_size=1, max_size=30))
def test_a_title_in_its_tab_has_at_most_seventy_characters_as_written(words):
    title = in_tab(f"{escape(' '.join(words))} | Data")
    shown = title.unescape().removesuffix(" | Data").removesuffix(" …")
    assert len(title) <= 70 and shown and " ".join(words).startswith(shown)
