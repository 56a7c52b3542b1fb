"""Tests of the search page in a real browser: everything that it can do, served and on a plain file host."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import bibtexparser
import pytest
from playwright.sync_api import Page, expect

from support.search.site import HOSTILE, Hosts
from support.serving import ask

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["served", "plain"])
def mode(request) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def tab(browser) -> Iterator[Page]:
    """One page for all tests of a mode, that nothing may complain in."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


@pytest.fixture
def at(tab, site, mode):
    """Opens the page at a state, and waits until it stands."""

    def go(query: str = "") -> Page:
        tab.goto(f"{getattr(site, mode)}/search/{query}")
        expect(tab.locator("#count")).to_contain_text(re.compile("publication|dataset|Nothing"))
        expect(tab.locator("form.scripted")).to_have_count(1)
        return tab

    return go


def total(page: Page) -> int:
    """The number that stands above the results."""
    expect(page.locator("#results[aria-busy]")).to_have_count(0)
    found = page.locator("#count strong")
    return int(re.sub(r"\D", "", found.inner_text())) if found.count() else 0


def count_of(page: Page, facet: str, value: str) -> int:
    box = page.locator(f'input[name="{facet}"][value="{value}"]')
    return int(re.sub(r"\D", "", box.locator("xpath=..").locator("small").text_content() or "") or 0)


def asked(site: Hosts, query: str) -> dict:
    """What the API says."""
    return ask(site.served, f"/api/search{query}").json


def test_words_find_and_the_address_tells_the_state(at, site):
    page = at()
    everything = total(page)
    page.keyboard.press("/")
    page.keyboard.type("lysozyme")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=lysozyme")
    expect(page.locator("#results mark").first).to_have_text(re.compile("lysozyme", re.I))
    assert total(page) == asked(site, "?q=lysozyme")["total"] < everything
    assert page.title().startswith("lysozyme – Search | ")
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex"
    page.go_back()
    expect(page.locator("#count strong")).to_have_text(str(everything))
    expect(page.locator("#q")).to_have_value("")
    assert page.locator("meta[name=robots]").count() == 0
    page.go_forward()
    expect(page.locator("#count strong")).not_to_have_text(str(everything))
    expect(page.locator("#q")).to_have_value("lysozyme")


def test_what_a_record_says_never_becomes_markup(at):
    page = at("?q=lysozyme&sort=oldest&limit=100")
    assert page.locator("#results img").count() == 0
    assert page.locator("#results h3 a", has_text=HOSTILE).count() == 1
    assert page.locator("#results h3 a", has_text=HOSTILE).locator("mark").all_inner_texts() == ["lysozyme"]


def test_values_of_a_facet_are_chosen_together_and_keep_their_counts(at):
    page = at()
    boxes = page.locator('input[name="instrument"]')
    first, second = boxes.nth(0).get_attribute("value"), boxes.nth(1).get_attribute("value")
    one, two = count_of(page, "instrument", first), count_of(page, "instrument", second)
    page.locator(f'input[name="instrument"][value="{first}"]').check()
    expect(page.locator("#count strong")).to_have_text(str(one))
    assert count_of(page, "instrument", second) == two, "its own choices do not count"
    assert page.evaluate("document.activeElement.value") == first, "the focus stays"
    page.locator(f'input[name="instrument"][value="{second}"]').check()
    expect(page.locator("#count strong")).to_have_text(str(one + two))
    expect(page.locator("#chosen .chip")).to_have_count(2)
    page.locator("#chosen .chip").first.click()
    expect(page.locator("#count strong")).to_have_text(str(two))
    page.locator("#chosen .clear").click()
    expect(page.locator("#chosen .chip")).to_have_count(0)
    page.wait_for_url("**/search/?")


def test_a_technique_counts_and_brings_all_its_kinds(at, site):
    page = at("?q=x-ray")
    wide = page.locator('input[name="technique"][value="scattering technique"]')
    count = count_of(page, "technique", "scattering technique")
    assert count == asked(site, "?q=x-ray&technique=scattering+technique")["total"] > 0
    wide.check()
    expect(page.locator("#count strong")).to_have_text(str(count))
    branch = wide.locator("xpath=ancestor::li[1]/details")
    branch.locator("summary").first.click()
    assert branch.locator("input").first.is_visible()
    pointer = page.locator(".tree .see a").first
    assert page.locator(f"{pointer.get_attribute('href')} input").first.get_attribute("value") == pointer.get_attribute(
        "data-label"
    )


def test_years_are_bars_that_choose(at):
    page = at()
    bar = page.locator("#year-bars a").first
    stretch, _, count = bar.get_attribute("title").rpartition(": ")
    bar.click()
    expect(page.locator("#count strong")).to_have_text(count)
    expect(page.locator("#chosen .chip")).to_contain_text(stretch)
    expect(page.locator("#year-bars a").first).to_have_attribute("aria-current", "true")
    page.locator("#year-bars a").first.click()
    expect(page.locator("#chosen .chip")).to_have_count(0)
    page.fill('[name="date.min"]', "2024-01-01")
    page.locator('[name="date.min"]').blur()
    expect(page.locator("#chosen .chip")).to_contain_text("from 2024-01-01")


def test_a_range_is_asked_for_in_any_unit(at, site):
    page = at()
    form = page.locator('[data-quantity="energy"]')
    form.evaluate("e => { e.open = true; }")
    form.locator("input").nth(0).fill("10")
    form.locator("input").nth(1).fill("20")
    form.locator("input").nth(1).press("Enter")
    page.wait_for_url("**energy=10..20keV")
    assert total(page) == asked(site, "?energy=10..20keV")["total"] > 0
    form.locator("select").select_option("eV")
    page.wait_for_url("**energy=10000..20000eV")
    form.locator("select").select_option("Å")
    page.wait_for_url(re.compile("[?]wavelength=0.61992[0-9]*..1.23984[0-9]*%C3%85$"))
    bars = page.locator('[data-quantity="distance"] .bars a')
    if bars.count():
        page.locator('[data-quantity="distance"]').evaluate("e => { e.open = true; }")
        words = bars.first.get_attribute("title")
        bars.first.click()
        expect(page.locator("#chosen .chip").last).to_contain_text(words.rpartition(": ")[0])


def test_elements_are_chosen_in_the_periodic_table_by_keys(at, site):
    page = at()
    page.locator('[data-facet="element"] > summary').click()
    expect(page.locator('.periodic input[tabindex="0"]')).to_have_count(1)
    page.locator('.periodic input[value="H"]').focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):  # lithium, beryllium, boron
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.value") == "B"
    assert page.locator('.periodic input[tabindex="0"]').count() == 1
    page.locator('.periodic input[value="O"]').check()
    expect(page.locator("#chosen .chip")).to_have_count(1)
    both = asked(site, "?element=O&element=Si")["total"]
    page.locator('.periodic input[value="Si"]').check()
    expect(page.locator("#count strong")).to_have_text(str(both))
    assert both > 0
    page.locator('[name="elements"]').select_option("any")
    page.wait_for_url("**elements=any")
    assert total(page) == asked(site, "?element=O&element=Si&elements=any")["total"] > both
    page.locator(".groups a", has_text="Noble gases").click()
    page.wait_for_url("**element=Xe**")


def test_order_view_scope_and_pages(at):
    page = at()
    everything = total(page)
    page.locator("#sorts a", has_text="Oldest").click()
    page.wait_for_url("**sort=oldest")
    expect(page.locator("#sorts [aria-current]")).to_have_text("Oldest")
    years = [int(words) for words in page.locator(".kicker span:nth-child(2)").all_inner_texts()]
    assert years == sorted(years)
    page.locator(".pager [rel=next]").click()
    page.wait_for_url("**offset=20")
    expect(page.locator("#count .quiet")).to_have_text("21 to 40")
    expect(page.locator("#found")).to_be_focused()
    page.locator("#views a", has_text="Compact").click()
    expect(page.locator("form.compact .snippet").first).to_be_hidden()
    page.locator("#scopes a", has_text="Datasets").click()
    page.wait_for_url("**in=datasets**")
    expect(page.locator("#count")).to_contain_text("datasets")
    assert total(page) > everything


def test_who_finds_nothing_is_helped_on(at, site):
    page = at("?q=lysozyme&element=Fe&energy=900..901keV")
    expect(page.locator("#count")).to_have_text("Nothing found")
    drops = page.locator(".nothing ul a")
    expect(drops.first).to_be_visible()
    for drop in drops.all():
        count = int(re.sub(r"\D", "", drop.locator("xpath=..").locator(".quiet").inner_text()))
        assert count == asked(site, drop.get_attribute("href"))["total"] > 0
    page = at("?q=lysozime")
    page.get_by_role("link", name="lysozyme", exact=True).click()
    expect(page.locator("#results .card").first).to_be_visible()


def test_the_box_completes_what_is_typed(at):
    page = at()
    box = page.get_by_role("combobox", name="Search words")
    box.press_sequentially("tomo")
    expect(page.locator("#options [role=option]").first).to_be_visible()
    assert 1 <= page.locator("#options [role=option]").count() <= 8
    assert page.locator("#options b").first.inner_text().lower() == "tomo"
    box.press("ArrowDown")
    chosen = page.locator("#options [aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "tomo" and box.get_attribute("aria-expanded") == "false"
    box.press("ArrowDown")
    expect(page.locator("#options [role=option]").first).to_be_visible()
    box.press("ArrowDown")
    before = page.url
    box.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)


def test_examples_can_be_clicked(at):
    page = at()
    page.locator(".hints summary").click()
    page.locator(".hints a", has_text="energy:10..14keV").click()
    page.wait_for_url("**q=energy%3A10..14keV")
    expect(page.locator("#q")).to_have_value("energy:10..14keV")
    expect(page.locator(".hints .sheet")).to_be_hidden()


def test_the_whole_result_is_taken_away(at, site, mode):
    page = at("?q=lysozyme")
    found = asked(site, "?q=lysozyme&limit=100")
    page.locator("#take-away summary", has_text="Export").click()
    if mode == "served":
        links = page.locator("#exports a")
        assert links.first.get_attribute("href") == "/api/search/export?q=lysozyme&format=csv"
        with page.expect_download() as download:
            links.nth(1).click()
        told = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert len(told["results"]) == found["total"]
        return
    made = {}
    for name in ("CSV", "JSON", "BibTeX", "List of DOIs"):
        with page.expect_download() as download:
            page.locator("#exports button", has_text=name).click()
        made[name] = Path(download.value.path()).read_bytes().decode()
    dois = [one["doi"] for one in found["results"]]
    assert made["List of DOIs"].split() == dois
    for form in ("CSV", "JSON"):
        assert made[form] == ask(site.served, f"/api/search/export?q=lysozyme&format={form.lower()}").body.decode()
    entries = bibtexparser.parse_string(made["BibTeX"])
    assert not entries.failed_blocks and [entry["doi"] for entry in entries.entries] == dois


def test_the_search_in_code_is_the_search(at, site, mode):
    page = at("?q=silica+foam")
    page.locator('input[name="has"][value="files"]').evaluate("e => { e.closest('details').open = true; e.click(); }")
    page.wait_for_url("**has=files")
    expect(page.locator("#chosen .chip")).to_have_count(1)
    page.locator("#code > summary").click()
    code = page.locator("#code pre").nth(1).inner_text()
    if mode == "served":
        assert 'urlopen("https://data.example.org/api/search?q=silica+foam&has=files")' in code
        assert "--data-urlencode 'q=silica foam'" in page.locator("#code pre").nth(0).inner_text()
    assert compile(code, "code", "exec")


def test_the_conditions_of_a_sentence_are_chips_that_go_one_by_one(at, site):
    sentence = "protein from 2022 to 2024, no larger than 900 GB"
    page = at(f"?q={sentence.replace(' ', '+')}")
    chips = page.locator("#understood .chip")
    expect(chips).to_have_text(["Year2022 to 2024, remove", "Size≤ 900 GB, remove"])
    expect(page.locator("#understood code")).to_have_text("protein year:2022..2024 size<=900GB")
    assert total(page) == asked(site, "?q=protein+year:2022..2024+size<=900GB")["total"] > 0
    chips.first.focus()
    page.keyboard.press("Enter")
    expect(chips).to_have_count(1)
    expect(page.locator("#q")).to_have_value("protein, no larger than 900 GB")
    assert total(page) == asked(site, "?q=protein+size<=900GB")["total"]
    page.locator("#understood .exact a").click()
    expect(page.locator("#understood")).to_be_empty()
    expect(page.locator("#q")).to_have_value("protein, size<=900GB")
