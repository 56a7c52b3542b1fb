"""Tests that the search page is one page in two hands, works without scripts, and suits every eye, hand and screen."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.judges.axe import violations

STATES = (
    "",
    "?q=lysozyme+OR+foam&sort=newest",
    "?q=x-ray&technique=scattering+technique&year=2022&year=2023&element=Si&elements=any&limit=5&offset=5",
    "?q=protein&energy=10..20keV&has=orcid&kind=session&size=1..900GB&date=2020-01-01..",
    "?in=datasets&sort=largest&view=compact&instrument=EX09+%E2%80%93+Nanoprobe",
    "?q=lysozime",
    "?q=foam&element=Fe&energy=900..901keV",
    "?resolution=%3C2&year=1066",
    "?q=is+there+tomography+by+Curie+published+after+2020+that+is+not+larger+than+900+GB+without+foam&kind=session",
    "?q=protein+12-13+keV+in+1066",
    "?q=https://doi.org/10.5072/EPS-NOT-OPEN/",
)
PARTS = (
    "#understood", "#chosen", "#filters > summary", '[data-facet="technique"]', "#first-lists", "#year-bars",
    '[data-facet="element"]', "#told", "#untold", "#lists", "#scopes", "#sorts", "#views", "#count", "#notes",
    "#results", ".ends",
)  # fmt: skip
# What a reader gets of an element: its name, its attributes but for what scripts add, its state, its words.
TOLD = """parts => {
  const idle = ["open", "tabindex", "checked", "selected", "value", "data-was", "aria-live", "aria-atomic", "role"];
  const tell = (node) => {
    if (node.nodeType === 3) return node.data.replace(/\\s+/g, " ").trim();
    if (node.nodeType !== 1) return "";
    const attributes = [...node.attributes].filter(({name}) => !idle.includes(name));
    const named = attributes.map(({name, value}) => [name, value]).sort();
    const state = {INPUT: [node.checked, node.value], SELECT: node.value}[node.tagName] ?? null;
    return [node.tagName, named, state, [...node.childNodes].map(tell).filter((one) => one !== "")];
  };
  const told = (part) => [...document.querySelectorAll(part)].map((one) => { one.normalize(); return tell(one); });
  return JSON.stringify(parts.map(told));
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bare(browser) -> Iterator[Page]:
    """A page in which no script runs."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def alive(browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def settled(page: Page) -> None:
    expect(page.locator("form.scripted")).to_have_count(1)
    expect(page.locator("#take-away:not([hidden]), .nothing").first).to_be_visible()


def told(page: Page) -> list[Any]:
    return list(json.loads(page.evaluate(TOLD, list(PARTS))))


def test_server_and_script_make_the_same_page_of_the_same_answer(bare, alive, site):
    for state in STATES:
        bare.goto(f"{site.served}/search/{state}")
        alive.goto(f"{site.plain}/search/{state}")
        settled(alive)
        wanted, until = told(bare), monotonic() + 5
        while told(alive) != wanted and monotonic() < until:  # help for who finds nothing comes after the answer
            alive.wait_for_timeout(50)
        assert alive.title() == bare.title(), state
        for part, one, other in zip(PARTS, wanted, told(alive), strict=True):
            assert one == other, f"{state}: {part}"


def test_without_scripts_the_form_does_all_of_it(bare, site):
    bare.goto(f"{site.served}/search/")
    bare.fill("#q", "lysozyme OR foam")
    box = bare.locator('input[name="instrument"]').first
    value = box.get_attribute("value")
    box.check()
    if not bare.locator('[data-quantity="energy"] input').first.is_visible():
        bare.locator('[data-quantity="energy"] > summary').click()
    bare.fill('[name="energy.min"]', "5")
    bare.fill('[name="date.max"]', "2026-10-01")
    bare.get_by_role("button", name="Show results").click()
    expect(bare.locator("#chosen .chip")).to_have_count(3)
    assert "energy=5..keV" in bare.url and "date=..2026-10-01" in bare.url and "energy.unit" not in bare.url
    assert bare.locator('input[name="instrument"]:checked').get_attribute("value") == value
    bare.locator("#sorts a", has_text="Oldest").click()
    expect(bare.locator("#sorts [aria-current]")).to_have_text("Oldest")
    bare.fill("#q", "foam")
    bare.press("#q", "Enter")
    bare.wait_for_url("**q=foam&**")
    assert "sort=oldest" in bare.url and "q=foam" in bare.url, "order and choices outlive other words"
    bare.locator("#chosen .clear").click()
    expect(bare.locator("#results .card").first).to_be_visible()
    expect(bare.locator("#chosen .chip")).to_have_count(0)


def test_without_scripts_a_plain_host_has_lists_and_says_why(bare, site):
    bare.goto(f"{site.plain}/search/")
    assert bare.locator("#no-script").is_visible() and bare.locator(".tiles a").count() > 5
    assert not bare.locator("#filters").is_visible(), "no filter stands there that does nothing"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_wrong_in_any_state(browser, site, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    for host, state, open_first in (
        (site.served, STATES[2], ".elements > summary"),
        (site.plain, STATES[6], ".hints > summary"),
    ):
        page.goto(host + "/search/" + state)
        settled(page)
        if width == 360:
            page.locator("#filters > summary").click()
        page.locator(open_first).evaluate("summary => summary.click()")
        page.locator("#q").focus()
        page.locator("#q").fill("tomo")
        expect(page.get_by_role("listbox")).to_be_visible()
        assert violations(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_phone_of_320_px_shows_all_without_scrolling_sideways(browser, site):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for state in (STATES[2], STATES[6]):
        page.goto(f"{site.plain}/search/{state}")
        settled(page)
        page.locator("#filters > summary").click()
        for summary in page.locator("form summary").all():
            summary.evaluate("one => { one.parentElement.open = true; }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = """() => [...document.querySelectorAll('form :is(a, button, label, summary, select)')]
            .filter(one => one.checkVisibility() && !one.closest('p, .crumbs, .hidden'))
            .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 23.9 || box.width < 23.9)
            .map(([html, box]) => [html, box.width, box.height])"""
        assert page.evaluate(small) == []
    page.close()


def test_print_leaves_what_paper_can_use(alive, site):
    alive.goto(f"{site.served}/search/?q=foam")
    alive.emulate_media(media="print")
    assert alive.locator(".card").first.is_visible() and alive.locator("#count").is_visible()
    for part in ("#filters", "#sorts", ".go", "#take-away"):
        assert not alive.locator(part).is_visible(), part
    alive.emulate_media(media="screen")
