"""What the search in the browser must know of letters, units, quantities and scores: made from the very code in Python.

So the script has no second truth: which characters make words, how each is folded, what a unit is worth in SI, what a
field weighs. The tables are data for words.js, units.js and terms.js in templates/static/search/engine.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from panfair.builders.search.documents.elements import ELEMENTS, ISOTOPES
from panfair.builders.search.documents.facets import FACETS
from panfair.builders.search.documents.fields import TEXT_FIELDS
from panfair.builders.search.documents.labels import COMPLETED
from panfair.builders.search.documents.scoring import (
    ENOUGH,
    LENGTH_COUNTS,
    NAMED_BY_DOI,
    SATURATION,
    USUAL_LENGTHS,
    WEIGHTS,
)
from panfair.builders.search.documents.words import GREEK, SPELT
from panfair.ontologies.quantities import quantities
from panfair.ontologies.text import fold
from panfair.ontologies.units import spellings

_LAST = 0x110000
_SURROGATES = range(0xD800, 0xE000)


def search_tables(language: Mapping[str, Any]) -> dict[str, Any]:
    """All tables as plain JSON; `language` is what the search language says of itself (fields, limits, stop words)."""
    return {
        **letters(),
        "greek": GREEK,
        "spelt": SPELT,
        "stemmed": list(TEXT_FIELDS),
        "facets": list(FACETS),
        "completed": dict(COMPLETED),
        "elements": list(ELEMENTS),
        "isotopes": ISOTOPES,
        "quantities": [
            {"key": one.key, "label": one.label, "kind": one.kind, "unit": one.unit, "units": list(one.units)}
            for one in quantities().values()
        ],
        "units": units(),
        "names": list(WEIGHTS),
        "weights": WEIGHTS,
        "usualLengths": USUAL_LENGTHS,
        "lengthCounts": LENGTH_COUNTS,
        "saturation": SATURATION,
        "enough": ENOUGH,
        "namedByDoi": NAMED_BY_DOI,
        **language,
    }


@cache
def letters() -> dict[str, Any]:
    """`letters` and `combining` as the inside of a character class, and `folded`: what plain rules fold otherwise.

    The plain rule is: decomposed (NFKD), without combining marks, each letter in lower case. A browser that knows a
    newer Unicode does not matter: what was no letter here is never in a word.
    """
    every = "".join(" " if code in _SURROGATES else chr(code) for code in range(_LAST))
    letters = [found.span() for found in re.finditer(r"[^\W_]+", every)]  # what `str.isalnum` holds for
    combining = [found.span() for found in re.finditer(rb"[^\0]+", bytes(map(unicodedata.combining, every)))]
    folded = {}
    for first, last in letters:
        for letter in every[max(first, 128) : last]:
            # Most have no case and no parts, so that there is nothing to fold; this is soon seen.
            plain = letter.upper() == letter.lower() == letter.casefold() and not unicodedata.decomposition(letter)
            if not plain and (found := fold(letter)) != _by_rule(letter):
                folded[letter] = found
    return {"letters": _class(letters), "combining": _class(combining), "folded": folded}


def _by_rule(letter: str) -> str:
    return "".join(one.lower() for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))


def _class(stretches: Iterable[tuple[int, int]]) -> str:
    """Stretches of characters (the first, and the one after the last) as ranges that a regular expression with the
    flag `u` reads."""
    return "".join(
        f"\\u{{{first:x}}}" + (f"-\\u{{{end - 1:x}}}" if end - 1 > first else "") for first, end in stretches
    )


@cache
def units() -> dict[str, dict[str, tuple[str, float, float]]]:
    """`exact` and `folded`: each spelling of a unit of the quantities' kinds to its kind, factor and offset in SI.

    What is put together otherwise (`N/mm²`) is known to the server only.
    """
    kinds = {one.kind for one in quantities().values()}
    exact, by_case = spellings()
    wanted = {spelling: unit for spelling, unit in exact.items() if unit.kind in kinds}
    return {
        "exact": {key: (unit.kind, unit.factor, unit.offset) for key, unit in sorted(wanted.items())},
        "folded": {
            key: (unit.kind, unit.factor, unit.offset) for key, unit in sorted(by_case.items()) if unit.kind in kinds
        },
    }
