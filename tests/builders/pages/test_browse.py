"""Tests of home and browse pages: every publication in its lists, pages of fifty, and keys that know what changed."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from panfair.builders import Sheet
from panfair.builders.html.list_kind import all_lists
from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.lists.technique import other_names
from panfair.builders.pages.page_kind import Site, page_sheets
from panfair.ontologies import panet
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.panet import label_key
from panfair.ontologies.record import Parameter, Publication, Sample, Technique
from support.page_checks import check_page, words
from support.records import PORTAL, a_dataset, a_publication, released
from support.small_site import MemoryListing, a_big_publication, a_rich_publication, some_releases


def _sheets(releases: list[Released], renderer: Renderer | None = None) -> dict[str, Sheet]:
    site = Site(renderer or Renderer(PORTAL), MemoryListing(releases))
    return {sheet.path: sheet for sheet in page_sheets(site)}


def _many(count: int) -> list[Publication]:
    return [
        a_publication(
            doi=Doi.parse(f"10.99999/N-{number:03}"),
            title=f"Publication number {number}.",
            publication_date=None,
            release_date=date(2026, 1 + number % 10, 1 + number % 28),
        )
        for number in range(count)
    ]


def test_every_publication_is_on_exactly_one_page_of_all_newest_first():
    sheets = _sheets([released(publication) for publication in _many(120)])
    pages = [path for path in sheets if path.startswith("publications/")]
    assert pages[0] == "publications/index.html" and 2 <= len(pages) <= 4
    found = []
    for path, following in zip(pages, [*pages[1:], None], strict=True):
        tree = check_page(sheets[path].render())
        onward = [f"{link.get('href')[1:]}index.html" for link in tree.iter("link") if link.get("rel") == "next"]
        assert onward == ([following] if following else [])
        assert sheets[path].page == ("/publications/" if path == pages[0] else "")  # a crawler needs no other
        found += [link.get("href") for heading in tree.iter("h2") for link in heading.iter("a")]
    found = [address for address in found if address and address.startswith("/doi/")]
    assert len(found) == 120 == len(set(found))
    days = {publication.doi.page: publication.release_date for publication in _many(120)}
    assert [days[address] for address in found] == sorted(days.values(), reverse=True)


def test_a_record_that_closes_leaves_every_page_of_its_lists_alone_but_its_own_and_the_first():
    before = _sheets([released(publication) for publication in _many(400)])
    closed = next(number for number in range(400) if number % 10 == 4)  # of neither end of the list
    after = _sheets([released(one) for number, one in enumerate(_many(400)) if number != closed])
    lists = [path for path in before if path.startswith(("publications/", "facilities/example", "years/20"))]
    other = [path for path in lists if path not in after or after[path].key != before[path].key]
    assert len(lists) > 15 and len(other) <= 3 * 4
    for path in set(lists) - set(other):
        assert before[path].render() == after[path].render()


def test_the_first_page_leads_to_the_page_on_which_each_year_begins():
    ones = [
        a_publication(
            doi=Doi.parse(f"10.99999/N-{number}"),
            publication_date=None,
            publication_year=2020,
            release_date=date(2020 + number % 4, 1, 1 + number % 28),
        )
        for number in range(200)
    ]
    sheets = _sheets([released(one) for one in ones])
    tree = check_page(sheets["publications/index.html"].render())
    years = {
        link.text: link.get("href")
        for nav in tree.iter("nav")
        for link in nav.iter("a")
        if "pager" in (nav.get("class") or "")
    }
    assert {"2020", "2021", "2022", "2023"} <= set(years)
    for year in ("2020", "2021", "2022", "2023"):
        assert year in words(check_page(sheets[f"{years[year][1:]}index.html"].render()))


def test_there_is_a_page_for_each_shelf():
    sheets = _sheets(some_releases())
    for path in (
        "index.html",
        "search/index.html",
        "techniques/index.html",
        "techniques/panet01129/index.html",
        "instruments/index.html",
        "instruments/ex01/index.html",
        "years/2026/index.html",
        "people/0000-0002-1825-0097/index.html",
        "facilities/example-photon-source/index.html",
    ):
        assert path in sheets
        check_page(sheets[path].render())


def test_home_shows_numbers_and_the_newest():
    text = words(
        check_page(_sheets([released(a_rich_publication()), released(a_big_publication())])["index.html"].render())
    )
    for part in ("64", "datasets", "How a silica foam drains", "newer version exists"):
        assert part in text


def test_an_empty_site_says_that_nothing_is_there_yet():
    sheets = _sheets([])
    lists = {f"{kind.folder}/index.html" for kind in all_lists()}
    others = {"index.html", "search/index.html", "publications/index.html", "404.html", "about/oai/index.html"}
    assert set(sheets) == lists | others | {"statistics/index.html", "viewer/index.html"}
    assert not lists & {f"{sheet.page[1:]}index.html" for sheet in sheets.values()}  # no sitemap leads to nothing
    for sheet in sheets.values():
        text = words(check_page(sheet.render()))
        assert "0 bytes" not in text
    assert "Nothing has been published here yet" in words(check_page(sheets["index.html"].render()))


def test_years_are_listed_from_the_newest():
    tree = check_page(_sheets(some_releases())["years/index.html"].render())
    years = [link.get("href") for link in next(tree.iter("main")).iter("a") if "/years/" in (link.get("href") or "")]
    assert years == sorted(years, reverse=True) and len(years) > 5


def test_a_technique_of_panet_is_explained():
    page = _sheets([released(a_publication())])["techniques/panet01129/index.html"].render()
    tree = check_page(page)
    assert "PaNET: PaNET01129" in words(tree)
    assert any(link.get("href") == "/feeds/technique/panet01129.atom" for link in tree.iter("link"))


def test_a_person_of_one_publication_is_not_mixed_with_another():
    other = a_publication(doi=Doi.parse("10.99999/OTHER"), title="Somebody else", creators=())
    page = _sheets([released(a_publication()), released(other)])["people/0000-0002-1825-0097/index.html"].render()
    text = words(check_page(page))
    assert "Drainage of a silica foam" in text and "Somebody else" not in text
    assert "https://orcid.org/0000-0002-1825-0097" in page.decode()


@pytest.mark.parametrize(
    ("change", "same", "other"),
    [
        ({"title": "New title"}, {"years/2025/index.html"}, {"index.html", "publications/index.html"}),
        (
            {"techniques": (Technique(said="odd method"),), "datasets": ()},
            {"people/0000-0001-8676-0091/index.html"},
            {"techniques/index.html", "techniques/panet01129/index.html"},
        ),
    ],
)
def test_keys_change_with_what_a_page_shows_and_only_then(change, same, other):
    neighbour = a_publication(doi=Doi.parse("10.99999/OTHER"), publication_year=2025, creators=())
    before = _sheets([released(a_publication()), released(neighbour)])
    after = _sheets([released(a_publication(**change)), released(neighbour)])
    for path in same & set(before):
        assert before[path].key == after[path].key
        assert before[path].render() == after[path].render()
    for path in other:
        assert before[path].key != after[path].key


def test_equal_keys_mean_equal_bytes():
    before = _sheets(some_releases())
    after = _sheets([*some_releases()[1:], released(a_publication(title="Another title"))])
    for path in set(before) & set(after):
        if before[path].key == after[path].key:
            assert before[path].render() == after[path].render(), path


def test_another_name_of_the_portal_renders_all_anew():
    releases = [released(a_publication())]
    renamed = _sheets(releases, Renderer(replace(PORTAL, title="Another")))
    same = {sheet.key for sheet in _sheets(releases).values()} & {sheet.key for sheet in renamed.values()}
    assert all(renamed[path].path.endswith(".csv") for path in renamed if renamed[path].key in same)


def test_a_parameters_page_says_what_it_is_and_its_unit():
    one = released(a_publication(datasets=(a_dataset(
        parameters=(Parameter(name="InstrumentMonochromator_energy", value=12.4, unit="keV"),)
    ),)))  # fmt: skip
    page = _sheets([one])["parameters/instrumentmonochromator-energy/index.html"].render().decode()
    assert "NeXus calls it NXmonochromator/energy." in page
    assert "It is written in keV, a unit of energy (UCUM: keV)." in page
    assert "https://manual.nexusformat.org/classes/base_classes/NXmonochromator.html" in page
    assert one.publication.title in page


def test_a_technique_page_shows_its_place_in_panet_and_a_broader_one_without_data_has_a_page():
    technique = Technique(said="SAXS", iri="http://purl.org/pan-science/PaNET/PaNET01188", label="saxs")
    sheets = _sheets([released(a_publication(techniques=(technique,)))])
    page = sheets["techniques/panet01188/index.html"].render().decode()
    assert '<a href="/techniques/panet01184/" dir="auto">x-ray scattering</a>' in page
    broader = sheets["techniques/panet01184/index.html"].render().decode()
    assert '<a href="/techniques/panet01188/" dir="auto">small angle x-ray scattering</a>' in broader
    assert "No publication names just this technique" in broader
    assert "0 publications" in broader and "1 with the narrower techniques" in broader


def test_what_lies_above_and_below_a_technique_is_a_tree_with_each_term_once():
    table = panet.load()
    kinds = table.descendants("PaNET01188")[:6]
    ones = [
        released(
            a_publication(
                doi=Doi.parse(f"10.99999/{number}"),
                techniques=(Technique(said=term.label, iri=term.iri, label=term.label),),
                datasets=(a_dataset(techniques=()),),
            )
        )
        for number, term in enumerate(kinds)
    ]
    page = check_page(_sheets(ones)["techniques/panet01184/index.html"].render())
    parts = list(next(part for part in page.iter("section") if part.get("class") == "tree"))
    above, below = (_outline([after]) for part, after in pairwise(parts) if part.get("id") in {"above", "below"})
    assert [label for label, _ in above] == ["scattering technique", "x-ray probe"]
    assert dict(above)["x-ray probe"] == [("photon probe", [])]
    labels = list(_labels(below))
    assert "small angle x-ray scattering" in dict(below) and len(labels) == len(set(labels))
    assert {term.label for term in kinds} <= set(labels)
    assert f"{len(kinds)} with the narrower techniques" in words(page)


def test_a_techniques_other_names_come_from_all_tables_each_once():
    table = panet.load()
    for term in table.techniques:
        keys = [label_key(name) for name in other_names(term)]
        assert len(keys) == len(set(keys)) and label_key(term.label) not in keys
    assert other_names(table.term("PaNET01257")) == ("UPS", "ultraviolet photoelectron spectroscopy")
    assert "SAXS" in other_names(table.term("PaNET01188"))


def _labels(outline):
    for label, inner in outline:
        yield label
        yield from _labels(inner)


def _outline(lists):
    """Nested lists as nested pairs of a label and what hangs on it."""
    return [(item.find("a").text, _outline(item.findall("ul"))) for part in lists for item in part.findall("li")]


def test_a_technique_page_tells_publications_and_datasets_of_each_year():
    ones = [
        released(a_publication(doi=Doi.parse(f"10.99999/{number}"), publication_year=2024 + number % 2,
                               datasets=tuple(a_dataset(id=f"d{n}", name=f"d{n}") for n in range(3))))
        for number in range(3)
    ]  # fmt: skip
    text = words(check_page(_sheets(ones)["techniques/panet01129/index.html"].render()))
    assert "2025 1 publication, 3 datasets" in text and "2024 2 publications, 6 datasets" in text
    assert text.index("2025 1 publication") < text.index("2024 2 publications")


def test_a_type_of_sample_has_a_page():
    sheets = _sheets(
        [released(a_publication(samples=(Sample(name="A made-up wing", kind="insect", formula="C8H13NO5"),)))]
    )
    page = sheets["samples/insect/index.html"].render().decode()
    assert "Types of sample" in page
    assert "Its chemical formula is C₈H₁₃NO₅. NeXus keeps that in NXsample/chemical_formula." in page
