"""Tests of the site's own texts: Markdown in, safe pages out, and only what is true in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.card import Totals
from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.page_kind import Site
from panfair.builders.pages.texts import PAGES
from panfair.builders.search.language.query import FIELDS, parse
from support.page_checks import check_page, words
from support.records import PORTAL
from support.small_site import MemoryListing, texts
from support.strategies import NASTY

TOTALS = Totals(publications=1234, datasets=1, files=10, size_bytes=23_312_456_789, first_year=2018, last_year=2026)
_RENDERER = Renderer(PORTAL)


class _Counted(MemoryListing):
    def totals(self) -> Totals:
        return TOTALS


def _sheets(texts):
    (kind,) = PAGES
    return list(kind.sheets(Site(_RENDERER, _Counted([]), texts)))


def _page(text: str, name: str = "about") -> bytes:
    (sheet,) = _sheets({name: text})
    return sheet.render()


def test_each_text_has_its_address():
    made = [sheet.path for sheet in _sheets(dict.fromkeys(["about", "policy", "help", "My Page"], "x"))]
    assert sorted(made) == [
        "about/index.html",
        "about/my-page/index.html",
        "about/policy/index.html",
        "help/index.html",
    ]


def test_the_first_heading_is_the_title_and_the_only_one_of_its_rank():
    tree = check_page(_page("# Our data\n\n# Again\n\n## Again\n\ntext"))
    assert [heading.text for heading in tree.iter("h1")] == ["Our data"]
    assert [(heading.tag, heading.get("id")) for heading in tree.find(".//article").iter("h2")] == [
        ("h2", "again"),
        ("h2", "again-2"),
    ]


def test_a_text_is_rendered_again_when_its_words_change_and_only_then():
    (one,), (same,), (other,) = (_sheets({"about": text}) for text in ("# A\n\nb", "# A\n\nb", "# A\n\nc"))
    assert one.key == same.key != other.key


def test_a_text_without_a_heading_is_called_by_its_name():
    assert [heading.text for heading in check_page(_page("words", "how-to_cite")).iter("h1")] == ["How to cite"]


def test_words_in_braces_stand_for_what_the_portal_knows():
    body = words(check_page(_page("{title}: {publications}, {size}, {years}; {unknown} {} {Title}")))
    assert "Example Photon Source: 1 234 publications, 23.3 GB, 2018 to 2026; {unknown} {} {Title}" in body


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div>\n<b onclick='alert(1)'>x</b>\n</div>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '[x](https://example.org "a" onclick="alert(1)")',
        "[x]: javascript:alert(1)\n\n[x]",
        "```{.python onclick=alert(1)}\nx\n```",
        "<!-- comment --> <?php x ?> <![CDATA[x]]>",
    ],
)
def test_no_text_smuggles_in_a_script(text):
    tree = check_page(_page(text))
    main = next(tree.iter("main"))
    assert list(main.iter("script")) == []
    for element in main.iter():
        assert element.get("onclick") is None and element.get("onerror") is None
        for name in ("href", "src"):
            assert not (element.get(name) or "").lower().lstrip().startswith(("javascript", "data", "java"))


def test_honest_links_are_kept():
    text = "[a](https://example.org/x) [b](/help/) [c](#part) [d](mailto:data@example.org) [e](other.md) [f](other/)"
    article = check_page(_page(text)).find(".//article")
    assert [link.get("href") for link in article.iter("a")] == [
        "https://example.org/x",
        "/help/",
        "#part",
        "mailto:data@example.org",
        "other.md",
        "other/",
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*NASTY, "# a", "\n", "- b", "|x|\n|-|\n|y|", "```", "[l](u:v)", "<b>", "    c", "> q"]))
)
def test_any_text_makes_a_page(parts):
    check_page(_page("\n".join(parts)))


def test_our_own_pages_promise_fields_that_the_search_knows():
    help_page = texts()["help"]
    sentence = help_page.split("The fields are")[1].split(".")[0]
    fields = set(sentence.split("`")[1::2])
    assert fields <= set(FIELDS)
    assert {key for key in FIELDS if key not in {"person", "beamline"}} == fields


def test_every_query_in_the_help_is_read_without_a_note():
    rows = [line.split("|")[1].strip().strip("`") for line in texts()["help"].splitlines() if line.startswith("| `")]
    assert len(rows) == 27
    for row in rows:
        assert not parse(row).notes, row
