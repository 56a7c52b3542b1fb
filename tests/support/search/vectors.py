"""What the browser's search must make of words, units, ranges and queries, written by the code of the server.

Run it to bring the file up to date: `python -m support.search.vectors` in tests/; a test holds that it is, and Node
runs the scripts against it (`npm test`). Numbers that JSON does not know are written as texts.
"""

import json
import unicodedata
from dataclasses import asdict
from math import inf
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from panfair.builders.search.documents.words import stem_of, words
from panfair.builders.search.language import tree
from panfair.builders.search.language.known_names import KnownNames, known_names
from panfair.builders.search.language.phrases import UNITS
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.ranges import read_range
from panfair.builders.search.language.request import (
    CHOICES,
    MOST_VALUES,
    SCOPES,
    SORTS,
    bounds,
    range_names,
    read_request,
)
from panfair.builders.search.language.sentence import read_sentence
from panfair.builders.search.static.language import search_language
from panfair.builders.search.static.tables import search_tables
from panfair.ontologies.quantities import quantities
from panfair.testing.records import PORTAL
from support.house import ROOT
from support.search.cases import VOCABULARY
from support.search.queries import DOIS, IDENTIFIERS, RANGED, RANGES, SENTENCES, SITE_LABELS, texts

FILE = ROOT / "tests/templates/static/search/vectors.json"
_BEGINNINGS = ("calibr", "irradi", "character", "crop", "gener", "commun", "organ", "past", "succ", "inn", "d", "y", "")
_ENDINGS = (
    "s", "sses", "ies", "ied", "eed", "eedly", "ed", "ing", "ying", "ingly", "ational", "ation", "izer", "ized",
    "fulness", "ement", "ion", "ll", "y", "e", "ogist", "ogi", "ative", "icate", "lessli", "bli", "",
)  # fmt: skip
_TYPES = {"DoiIs": "doi", "FacetIs": "facet"}


def vectors() -> dict[str, Any]:
    """Input and output of each kind, as JSON has them; the tables are only those that the scripts read here."""
    tables = search_tables(search_language(PORTAL))
    known = known_names(SITE_LABELS)
    said = " ".join(
        [*_queries(), *SENTENCES, *UNITS.values(), *(text for _, text in _ranges()), *(unit for _, unit in _units())]
    )
    units = {
        spelt: {unit: meant for unit, meant in tables["units"][spelt].items() if unit in said or unit in said.lower()}
        for spelt in tables["units"]
    }
    return {
        "unicode": unicodedata.unidata_version,
        "tables": {
            **{name: tables[name] for name in _TABLES},
            "units": units,
        },
        "stems": [[word, stem_of(word)] for word in _stemmed()],
        "words": [[text, [_word(text, word) for word in words(text)]] for text in _TEXTS],
        "units": [[key, unit, 2.5, quantities()[key].to_si(2.5, unit)] for key, unit in _units()],
        "ranges": [[name, text, scripts_tree(read_range(name, ":", text))] for name, text in _ranges()],
        "rules": {"facets": CHOICES, "ranges": range_names(), "request": bounds()},
        "addresses": [[asked, read_request(parse_qsl(asked)).address()] for asked in _ADDRESSES],
        "labels": SITE_LABELS,
        "sentences": [[text, _read(text, known), _read(text, known, guessing=False)] for text in _sentences()],
        "queries": [[text, scripts_tree(read.node), list(read.notes)] for text in _queries() if (read := parse(text))],
    }


_TABLES = (
    "letters", "combining", "folded", "greek", "spelt", "facets", "elements", "isotopes", "quantities", "fields", "has",
    "colon", "identifierLead", "identifierVersion", "stopWords", "carriers", "carriedFrom", "sentence", "named",
    "mostKeywords", "longest",
    "mostTerms", "deepest",
)  # fmt: skip
_TEXTS = (
    "cryoEM, microCT and operandoXAS of mRNA, pH and NaCl",
    "Tomographies of foams", "X-ray of Β-Ga₂O₃, 5 µm", "La0.7Sr0.3MnO3 films", "Müller’s Ångström", "GI-SAXS and SAXS",
    "Hans-Jürgen Müller-Groß",
    "one\u2029two", "3.5 keV at 5.", "STRASSE straße ſ", "日本 _x_ 𝒳", "constructor toString", "",
)  # fmt: skip


_ADDRESSES = (
    "", "q=foam", "offset=20&q=Fe:O", "technique=b&technique=a&technique=b", "date=2021&energy=1..2keV&size=1GB",
    "energy=1keV&energy=2keV", "element=Fe&elements=any", "elements=any", "elements=all&element=Fe", "sort=relevance",
    "sort=title&in=datasets&limit=20", "limit=100&offset=10000", "licence=CC-BY+4.0&q=a%26b+%C3%A9~*",
    "year=2020&kind=&q=",
    *(f"sort={sort}&in={scope}&offset=40" for sort in SORTS for scope in SCOPES),
    "&".join(f"instrument=I{number}" for number in range(MOST_VALUES)),
)  # fmt: skip
"""Requests that can be one, as addresses say them."""


def written() -> str:
    """The file's text: a line for each case."""
    blocks = []
    for name, found in vectors().items():
        if isinstance(found, list):
            lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
            blocks.append(f"{json.dumps(name)}: [\n{lines}\n]")
        else:
            blocks.append(f"{json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _stemmed() -> list[str]:
    made = {beginning + ending for beginning in _BEGINNINGS for ending in _ENDINGS}
    known = {word.lower() for word in VOCABULARY} | {"early", "news", "skies", "gently", "evening", "outing", "proceed"}
    return sorted(word for word in made | known if stem_of(word))


def _word(text: str, word: Any) -> dict[str, Any]:
    """A word with its places in UTF-16, as JavaScript counts."""
    places = [len(text[:end].encode("utf-16-le")) // 2 for end in (word.start, word.end)]
    told = {name: getattr(word, name) for name in ("text", "stem", "position", "whole")}
    return {**told, "start": places[0], "end": places[1]}


def _units() -> list[tuple[str, str]]:
    return [(key, unit) for key, one in quantities().items() for unit in one.units]


def _ranges() -> list[tuple[str, str]]:
    return [(name, text) for name, some in RANGED.items() for text in some]


def _sentences() -> list[str]:
    return list(dict.fromkeys([*SENTENCES, *(text for text in _queries() if len(text) < 60)]))


def _read(text: str, known: KnownNames, guessing: bool = True) -> dict[str, Any]:
    """A reading as the scripts have it, without places, which they count otherwise."""
    reading = read_sentence(text, known, guessing)
    told = ("key", "value", "negated", "exact", "typed", "guessed")
    return {
        "query": reading.query,
        "conditions": [
            {
                **{name: getattr(one, name) for name in told},
                "asRange": one.as_range,
                "without": reading.without(one),
            }
            for one in reading.conditions
        ],
    }


def _queries() -> list[str]:
    some = [text.replace("\0", "") for text in texts(60, seed=7) if len(text) < 200]
    return list(dict.fromkeys([*RANGES, *DOIS, *IDENTIFIERS, *some, *Random(2).sample(VOCABULARY, 3)]))


def scripts_tree(node: object) -> Any:
    """A tree as the scripts have it."""
    if node is None:
        return None
    name = type(node).__name__
    made = {"type": _TYPES.get(name, name.lower())}
    match node:
        case tree.Not(inner):
            return {**made, "node": scripts_tree(inner)}
        case tree.And(nodes) | tree.Or(nodes):
            return {**made, "nodes": [scripts_tree(one) for one in nodes]}
        case tree.Most(nodes, keywords):
            return {**made, "nodes": [scripts_tree(one) for one in nodes], "keywords": keywords}
        case tree.Range(column, low, high):
            return {**made, "column": column, "low": _end(low), "high": _end(high)}
    return {**made, **{key: list(value) if isinstance(value, tuple) else value for key, value in asdict(node).items()}}  # type: ignore[call-overload]


def _end(value: float) -> float | str:
    return value if abs(value) != inf else ("-" if value < 0 else "") + "Infinity"


if __name__ == "__main__":
    Path(FILE).write_text(written(), encoding="utf-8")
