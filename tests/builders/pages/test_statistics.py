"""The page of numbers."""

import csv
import io

from panfair.builders.card import ClosedCounts, YearSum
from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.page_kind import Site
from panfair.builders.pages.statistics import PAGES
from support.page_checks import check_page, words
from support.records import PORTAL, a_publication, released
from support.small_site import MemoryListing

_SVG = "{http://www.w3.org/2000/svg}"


class _Listing(MemoryListing):
    def years(self) -> list[YearSum]:
        return [YearSum(2026, 40, 400, 10**6, 3 * 10**15), YearSum(2023, 1, 0, 0, 0)]

    def closed(self) -> ClosedCounts:
        return ClosedCounts(7, 2, 1, (("2027-01", 4), ("2027-03", 3)))


def _files(listing: MemoryListing) -> dict[str, bytes]:
    (kind,) = PAGES
    return {sheet.path: sheet.render() for sheet in kind.sheets(Site(Renderer(PORTAL), listing))}


def test_each_table_is_on_the_page_and_in_a_file_with_the_same_numbers():
    files = _files(_Listing([released(a_publication())]))
    page = check_page(files["statistics/index.html"])
    for name in ("years", "techniques", "instruments", "access", "opening"):
        (section,) = [one for one in page.iter("section") if one.get("id") == name]
        rows = [["".join(cell.itertext()) for cell in row] for row in next(section.iter("tbody"))]
        table = list(csv.reader(io.StringIO(files[f"statistics/{name}.csv"].decode())))
        assert [row[0].lower() for row in rows] == [line[0].lower() for line in table[1:]], name
        assert f"/statistics/{name}.csv" in {link.get("href") for link in section.iter("a")}
    assert table == [["month", "publications"], ["2027-01", "4"], ["2027-03", "3"]]
    assert "3 PB" in words(page)


def test_a_year_that_brought_nothing_is_an_empty_column_and_the_smallest_is_seen():
    page = check_page(_files(_Listing([]))["statistics/index.html"])
    chart = next(page.iter(f"{_SVG}svg"))
    assert [float(bar.get("height")) for bar in chart.iter(f"{_SVG}rect")] == [2.5, 0.0, 0.0, 100.0]
    assert [bar.find(f"{_SVG}title").text for bar in chart.iter(f"{_SVG}rect")] == [
        "2023: 1",
        "2024: 0",
        "2025: 0",
        "2026: 40",
    ]


def test_a_site_without_records_says_so_and_has_no_files():
    files = _files(MemoryListing([]))
    assert set(files) == {"statistics/index.html"}
    assert "Nothing is published yet." in words(check_page(files["statistics/index.html"]))
