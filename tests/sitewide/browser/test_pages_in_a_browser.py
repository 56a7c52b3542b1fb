"""Tests of every kind of page in a real browser: a silent console, nothing off-screen, nothing that axe finds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from support.judges.axe import violations
from support.search.site import plain_host
from support.small_site import search_pages, small_site, some_releases, some_states

KINDS = {
    "home": "/",
    "landing": "/doi/10.99999/example-dc-2024-0417/",
    "long landing": "/doi/10.99999/big/",
    "bare landing": "/doi/10.99999/bare/",
    "dataset": "/doi/10.99999/example-dc-2024-0417/datasets/volumes/",
    "datasets": "/doi/10.99999/big/datasets/",
    "publications": "/publications/",
    "techniques": "/techniques/",
    "technique": "/techniques/panet01129/",
    "years": "/years/",
    "notice": "/doi/10.99999/closed-0/",
    "notice with citation": "/doi/10.99999/closed-1/",
    "tombstone": "/doi/10.99999/gone/",
    "no page": "/404.html",
    "search form": "/search/",
    "search results": "/found.html",
    "nothing found": "/not-found.html",
    "about": "/about/",
    "help": "/help/",
    "OAI-PMH": "/about/oai/",
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """A plain file host with the small site."""
    www = tmp_path_factory.mktemp("www")
    for path, body in {**small_site(some_releases(), some_states()), **search_pages()}.items():
        (www / path).parent.mkdir(parents=True, exist_ok=True)
        (www / path).write_bytes(body)
    with plain_host(www) as made:
        yield made


@pytest.fixture(scope="module")
def pages(browser) -> Iterator[dict[tuple[int, str], tuple[Page, list[str]]]]:
    """A page for each width and scheme, with what its console has said."""
    made = {}
    for width in (320, 390, 1280):
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.on("requestfailed", lambda request, said=said: said.append(f"failed: {request.url}"))
            made[width, scheme] = (page, said)
    yield made


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_loads_without_a_fault_and_fits_the_screen(pages, address, kind):
    for (width, scheme), (page, said) in pages.items():
        said.clear()
        answer = page.goto(address + KINDS[kind])
        assert answer.status == 200
        if kind == "search form":  # the small site has no files to search in: see test_search_page.py
            said = [line for line in said if "404" not in line]
        assert said == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} px, {scheme}: scrolls sideways"


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_wrong(pages, address, kind):
    for (width, scheme), (page, _) in pages.items():
        if width == 320:
            continue
        page.goto(address + KINDS[kind])
        assert violations(page) == [], (width, scheme)


def test_targets_are_large_enough_to_hit(pages, address):
    """WCAG 2.2, 2.5.8: 24 px each way, links inside sentences apart."""
    small = """() => [...document.querySelectorAll(
        'button, input, label, summary, a.button, a.chip, a.orcid, nav a, .formats a')]
        .filter(e => e.offsetParent && !e.closest('.skip') && !(e.matches('input') && e.closest('label')))
        .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 23.9).map(([html, box]) => [html, box.width, box.height])"""
    page, _ = pages[390, "light"]
    for kind in ("landing", "home", "search results"):
        page.goto(address + KINDS[kind])
        assert page.evaluate(small) == []


def test_the_slash_key_leads_to_the_search_box(pages, address):
    page, _ = pages[1280, "light"]
    page.goto(address + KINDS["landing"])
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("a/b")
    assert page.input_value("input[name=q]") == "a/b"


def test_the_first_stop_of_the_tab_key_skips_to_the_content(pages, address):
    page, _ = pages[1280, "light"]
    page.goto(address + KINDS["landing"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_citation_is_copied_with_the_address_of_the_doi(browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + KINDS["landing"])
    page.click("button[data-copy=citation]")
    page.wait_for_function("document.querySelector('button[data-copy=citation]').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Madeup, T., Person, I., & Gratia, E. (2026). How a silica foam drains")
    assert copied.endswith("https://doi.org/10.99999/EXAMPLE-DC-2024-0417")
    context.close()


def test_without_scripts_no_button_stands_there_that_does_nothing(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + KINDS["landing"])
    assert page.locator("button[data-copy]").first.is_hidden()
    assert page.locator("h1").is_visible() and page.locator("#citation").is_visible()
    context.close()


def test_the_policy_stops_a_script_that_got_in(pages, address):
    page, said = pages[1280, "light"]
    page.goto(address + KINDS["landing"])
    page.evaluate("""() => { const s = document.createElement('script');
        s.textContent = 'window.got = true'; document.body.append(s); }""")
    assert page.evaluate("window.got") is None
    assert any("Content Security Policy" in line for line in said)
    said.clear()
