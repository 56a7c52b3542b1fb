"""Did you mean: the query with its unknown words replaced by the nearest words that the index has.

Asked only when nothing was found, and answered only when the new query finds something.
"""

from collections.abc import Iterator
from itertools import islice

from panfair.builders.search.documents.words import words
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.tree import And, Most, Node, Or, Phrase, Word
from panfair.site.search.evaluate import matching
from panfair.site.search.index import FIELD_NAMES, SearchIndex

_MOST_WORDS = 5
_SHORTEST = 4  # letters: every word of three has a neighbour
_LONG = 6  # letters from which two slips are forgiven


def suggestion(query: str, node: Node, index: SearchIndex) -> str | None:
    """The corrected query; None when no word is unknown, has no near one, or it would not find anything either."""
    nearest: dict[str, str] = {}
    for word, fields in islice(_unknown(node, index), _MOST_WORDS):
        found = index.nearest(word, fields, 2 if len(word) >= _LONG else 1)
        if found is not None:
            nearest[word] = found
    if not nearest:
        return None
    changed, at = [], 0
    for part in words(query):
        if not part.whole and part.text in nearest:
            changed += [query[at : part.start], nearest[part.text]]
            at = part.end
    better = "".join([*changed, query[at:]])
    return better if matching(index, parse(better).node, {}).any() else None


def _unknown(node: Node, index: SearchIndex) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words of a query that no document has in the fields they are looked for in; not those left out on purpose."""
    match node:
        case Word(text, fields) | Phrase(text, fields):
            for part in words(text):
                where = fields or FIELD_NAMES
                if (
                    not part.whole
                    and len(part.text) >= _SHORTEST
                    and not index.having(Word(part.text, where), {}).any()
                ):
                    yield part.text, where
        case And(nodes) | Or(nodes) | Most(nodes):
            for other in nodes:
                yield from _unknown(other, index)
        case _:
            return
