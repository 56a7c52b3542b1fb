"""Citations in the styles that people are asked for, as plain text: CSL run by citeproc-py, without a network.

Follows the Citation Style Language 1.0.2. The engine takes some 50 ms for one record in all styles, many times
what a page may cost. So it writes a *pattern* once for each shape of a record (how many people, is there a version,
what does the title end in), with marks where the texts belong; putting the texts in takes microseconds, and tests
compare the result with what the engine itself writes. Titles keep their letters in every style: they hold formulas and
names of samples. Where the engine strays from the specification, `_mended` and the engine's `_style` put it right.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

STYLES = (
    ("APA", "apa"),
    ("Vancouver", "nlm-citation-sequence"),
    ("IEEE", "ieee"),
    ("Harvard", "harvard-cite-them-right"),
    ("Chicago", "chicago-author-date"),
    ("MLA", "modern-language-association"),
    ("Nature", "nature"),
    ("ACS", "american-chemical-society"),
)
"""As people call them, and their names in the CSL repository; the first is the one that a page shows at once."""
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR")
"""The languages of a citation's own words; the first is the usual one, and leaves each style its own."""
MOST_NAMES = 60
"""People of one citation; the rest of a longer list is `et al.`"""

_YEAR = 9876  # stands for the year: the engine wants a number, and no style says this one
_TITLE, _PUBLISHER, _DOI, _VERSION, _ET_AL = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_FAMILY, _FORENAME = 0xE100, 0xE200
# Initials are taken of what is upper case, so the marks of forenames are letters: mathematical capitals.
_CAPITALS = [c for c in map(chr, range(0x1D400, 0x1D800)) if c.isupper()][: MOST_NAMES + 1]
_SMALL = "\U0001d41a"  # follows a capital where the whole forename is asked for
_MARK = re.compile(rf"{_YEAR}|[\ue001-\ue004\ue100-\ue1ff\ue200-\ue2ff]|[{''.join(_CAPITALS)}]{_SMALL}?")
_ENDS = frozenset(".,;:!?")
_PLAIN_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z. -]{0,15}")
_LABEL = re.compile(r"^[\[(]?1[\])]?\.?\s*")
_UNCASED = re.compile(r"\. ([\ue200-\ue2ff]) \.")  # an "initial" of a name without capital letters
_NAMES_GO_ON = re.compile(r"[,;]| (?:&|and|et al|\(|[\ue005\ue100-\ue1ff])")
_TITLE_AGAIN = re.compile(rf"\s*[“‘]?{_TITLE}([?!]?\.?)[”’]?\.?")
_AND_OTHERS = re.compile(rf"(,?)\s*(?:&|and|und|\.\.\.|…)?\s*{_ET_AL}\.?")


class Name(NamedTuple):
    """A person's name; the forename is empty where the whole is one name."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation says of a work."""

    title: str
    year: int
    publisher: str
    doi: str
    names: tuple[Name, ...] = ()
    """Of people, organisations and accounts; without any, the title stands first."""
    more_names: bool = False
    """Whether the list of names goes on."""
    version: str = ""


def citations(work: Cited) -> list[tuple[str, str]]:
    """The name of each style and the work as it cites it, one line of text each, in the order of STYLES."""
    write = _writer(work)
    return [(label, write(style, LOCALES[0])) for label, style in STYLES]


def cited_as(work: Cited, style: str, locale: str) -> str:
    """The work in one style of STYLES, with the style's own words in the language of one of LOCALES."""
    return _writer(work)(style, locale)


def _writer(work: Cited) -> Callable[[str, str], str]:
    names = work.names[:MOST_NAMES]
    more = work.more_names or len(work.names) > MOST_NAMES
    # A citation puts its own full stop behind the title.
    title = work.title[:-1] if work.title.endswith(".") and not work.title.endswith("..") else work.title
    plain = _PLAIN_VERSION.fullmatch(work.version) and str(_YEAR) not in work.version
    shape = _Shape(
        names=tuple(_shape_of(n, name) for n, name in enumerate(names)) + (((_ET_AL, ""),) if more and names else ()),
        title=_marked(_TITLE, title),
        publisher=_marked(_PUBLISHER, work.publisher),
        doi=_marked(_DOI, work.doi),
        version=work.version if plain else _marked(_VERSION, work.version),
    )
    texts = {
        str(_YEAR): str(work.year),
        _TITLE: _bare(title),
        _PUBLISHER: _bare(work.publisher),
        _DOI: _bare(work.doi),
        _VERSION: _bare(work.version),
    } | {chr(_FAMILY + n): _bare(name.family) for n, name in enumerate(names)}
    return lambda style, locale: _filled(style, locale, shape, texts, names)


class _Shape(NamedTuple):
    """The work with marks in place of texts: all that a pattern hangs on."""

    names: tuple[tuple[str, str], ...]
    title: str
    publisher: str
    doi: str
    version: str


class Initials(NamedTuple):
    """How a style abbreviates forenames: `T. M.-K.` has `. ` between, `.-` for a hyphen and `.` at the end."""

    between: str
    hyphen: str
    end: str

    def of(self, given: str) -> str:
        """The initials of forenames; what does not begin with a capital letter stays (CSL 1.0.2, initialize-with).

        >>> Initials(". ", ".-", ".").of("Jean-Paul maria K.")
        'J.-P. maria K.'
        """
        parts = []
        for part in given.split("-"):
            words = [w[0] + self.end if w[0].isupper() else f" {w} " for w in part.replace(".", " ").split()]
            text = self.between.removeprefix(self.end).join(words)
            parts.append(" ".join(text.split()))
        return "-".join(parts) if "-" in self.hyphen else "".join(parts)


def _shape_of(n: int, name: Name) -> tuple[str, str]:
    family = _marked(chr(_FAMILY + n), name.family)
    if not name.given:
        return family, ""
    words = name.given.replace(".", " ").replace("-", " ").split()
    if words and words[-1][0].isupper():
        return family, _CAPITALS[n] + _SMALL + ("." if name.given.endswith(".") else "")
    return family, _marked(chr(_FORENAME + n), name.given)


def _marked(mark: str, text: str) -> str:
    """The mark for a text, with the punctuation at the text's ends, which the engine does not double."""
    if not text:
        return ""
    start = text[0] if text[0] in _ENDS else ""
    return start + mark + (text[-1] if text[-1] in _ENDS and len(text) > len(start) else "")


def _bare(text: str) -> str:
    """The text without the punctuation that its mark has beside it."""
    if text and text[0] in _ENDS:
        text = text[1:]
    return text[:-1] if text and text[-1] in _ENDS else text


def _filled(style: str, locale: str, shape: _Shape, texts: dict[str, str], names: Sequence[Name]) -> str:
    initials = initials_of(style)

    def text_for(found: re.Match[str]) -> str:
        mark = found[0]
        if mark in texts:
            return texts[mark]
        if mark[0] in _CAPITALS:
            given = names[_CAPITALS.index(mark[0])].given
            if len(mark) == 2:
                return given.removesuffix(".")
            # The mark's own full stop follows it in the pattern, or was dropped before another one.
            return initials.of(given).removesuffix(initials.end) if initials else given
        given = names[ord(mark) - _FORENAME].given
        return initials.of(given) if initials else _bare(given)

    return _MARK.sub(text_for, _pattern(style, locale, shape))


@lru_cache(maxsize=4096)
def _pattern(style: str, locale: str, shape: _Shape) -> str:
    authors = [{"family": f, "given": g} if g else {"literal": f} for f, g in shape.names]
    item: dict[str, Any] = {
        "title": shape.title,
        "author": authors,
        "publisher": shape.publisher,
        "DOI": shape.doi,
        "version": shape.version,
        "issued": {"date-parts": [[_YEAR]]},
    }
    return engine_text(style, {name: value for name, value in item.items() if value}, locale)


def engine_text(style: str, item: dict[str, Any], locale: str = LOCALES[0]) -> str:
    """One dataset as the engine writes it: a CSL item without id and type, to one line of text."""
    from panfair.builders.citations.engine import is_american, is_numbered, written  # citeproc-py: few need it

    text = written(style, {"id": "cited", "type": "dataset", **item}, locale)
    text = _LABEL.sub("", text) if is_numbered(style) else text
    return _mended(text, is_american(style)).strip()


def _mended(text: str, american: bool) -> str:
    """What the engine gets wrong, put right, as long as marks stand for the texts."""
    text = _UNCASED.sub(lambda m: m[1] if _NAMES_GO_ON.match(text, m.end()) else f"{m[1]}.", text)
    if text.count(_TITLE) > 1:  # CSL 1.0.2, substitute: what stands in for the names is not said again
        first = text.index(_TITLE) + 1
        text = text[:first] + _TITLE_AGAIN.sub(lambda m: m[1], text[first:], count=1)
    if american:  # punctuation-in-quote
        text = re.sub(r"”([.,])", r"\1”", text)
    text = re.sub(r"([?!])[.,]", r"\1", text)
    text = _AND_OTHERS.sub(r"\1 et al.", text)
    # A style without an address for data is still asked for, and a citation has to lead somewhere.
    return text if _DOI in text else f"{text} https://doi.org/{_DOI}"


@cache
def initials_of(style: str) -> Initials | None:
    """How the style abbreviates forenames; None where it writes them out."""
    one, two, three = _CAPITALS[:3]
    author = {"family": "\ue100", "given": f"{one}{_SMALL} {two}{_SMALL}-{three}{_SMALL}"}
    text = engine_text(style, {"title": _TITLE, "DOI": _DOI, "author": [author]})
    found = re.search(f"{one}([^{_SMALL}]*){two}([^{_SMALL}]*){three}", text)
    return Initials(found[1], found[2], found[1].strip()) if found and _SMALL not in text else None
