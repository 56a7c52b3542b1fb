"""The stretch of a text that shows why it was found, as HTML that is safe to place: escaped, hits in <mark>."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from panfair.builders.search.documents.words import Word as Found
from panfair.builders.search.documents.words import words
from panfair.builders.search.language.tree import And, Most, Node, Or, Phrase, Prefix, Word

_WIDTH = 260  # characters
_LONGEST = 20_000  # characters of a text that are looked at
_KEPT, _LONGEST_KEPT = 512, 4_000  # texts whose words are kept, and their characters: some 10 MB


@dataclass(frozen=True)
class Wanted:
    """The words that a query asks for."""

    whole: frozenset[str] = field(default_factory=frozenset)
    stems: frozenset[str] = field(default_factory=frozenset)
    beginnings: tuple[str, ...] = ()


def wanted(node: Node) -> Wanted:
    """The words of a query, but for those that must not occur."""
    whole: set[str] = set()
    stems: set[str] = set()
    beginnings: list[str] = []
    for leaf in _leaves(node):
        if isinstance(leaf, Prefix):
            beginnings.append(leaf.text)
            continue
        for word in words(leaf.text):
            whole.add(word.text)
            if isinstance(leaf, Word) and word.stem is not None:
                stems.add(word.stem)
    return Wanted(frozenset(whole), frozenset(stems), tuple(beginnings))


def highlighted(text: str, query: Wanted) -> str:
    """The whole text, escaped, its hits marked.

    >>> highlighted("Foams & <b>", Wanted(stems=frozenset({"foam"})))
    '<mark>Foams</mark> &amp; &lt;b&gt;'
    """
    return _marked(text, _hits(text, query), 0, len(text))


def excerpt(text: str, query: Wanted) -> str:
    """The stretch of the text with the most different hits, about 260 characters, or its beginning without any."""
    text = " ".join(text[:_LONGEST].split())
    hits = _hits(text, query)
    start = _best(text, hits)
    end = min(len(text), start + _WIDTH)
    if end < len(text):
        blank = text.rfind(" ", start + _WIDTH // 2, end)
        end = blank if blank > 0 else end
    before = "… " if start > 0 else ""
    after = " …" if end < len(text) else ""
    return before + _marked(text, hits, start, end) + after


def _leaves(node: Node) -> Iterator[Word | Phrase | Prefix]:
    match node:
        case Word() | Phrase() | Prefix():
            yield node
        case And(nodes) | Or(nodes) | Most(nodes):
            for other in nodes:
                yield from _leaves(other)
        case _:
            return


def _hits(text: str, query: Wanted) -> list[tuple[int, int, str]]:
    """Where the hits stand and which word each is, in order, none inside another."""
    found: list[tuple[int, int, str]] = []
    for word in _kept(text) if len(text) <= _LONGEST_KEPT else words(text):
        hit = (
            word.text in query.whole
            or word.text in query.stems
            or (word.stem is not None and word.stem in query.stems)
            or (bool(query.beginnings) and word.text.startswith(query.beginnings))
        )
        if hit:
            while found and found[-1][0] >= word.start:
                found.pop()  # the whole of a compound takes the place of its parts
            found.append((word.start, word.end, word.stem or word.text))
    return found


@lru_cache(_KEPT)
def _kept(text: str) -> tuple[Found, ...]:
    """The words of a text: the same records come up again and again, and finding their words is most of an answer."""
    return tuple(words(text))


def _best(text: str, hits: list[tuple[int, int, str]]) -> int:
    """Where the stretch begins: a blank shortly before the first of the densest run of hits."""
    best, most = 0, 0
    for i, (start, _, _) in enumerate(hits[:200]):
        run = {name for begin, end, name in hits[i : i + 40] if end <= start + _WIDTH - 60}
        if len(run) > most:
            best, most = start, len(run)
    if best < 80:
        return 0
    return text.find(" ", best - 60, best) + 1 or best


def _marked(text: str, hits: list[tuple[int, int, str]], start: int, end: int) -> str:
    pieces, at = [], start
    for begin, finish, _ in hits:
        if begin < at or finish > end:
            continue
        pieces += [escape(text[at:begin]), "<mark>", escape(text[begin:finish]), "</mark>"]
        at = finish
    pieces.append(escape(text[at:end]))
    return "".join(pieces)
