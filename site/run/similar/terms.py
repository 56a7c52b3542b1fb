"""What two records can share: techniques, samples, people, instruments and words, each as one number.

In comes what the ledger holds of an open record; out go its terms. A term is a digest, so that the ledger's tables of
them hold no word. The last three bits tell its kind, and with it what sharing it is worth.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice
from typing import Any

import orjson

from panfair.builders.search.documents.words import words
from panfair.builders.search.language.question import CARRIERS, STOP_WORDS
from panfair.ontologies.text import fold

WORTH = (1, 2, 3, 3, 4)
"""Of sharing a term of each kind: a word of the abstract or an instrument, a word of the title, a person, a technique,
a sample. A word that one says in its title and the other in its abstract is worth the lower."""
_TEXT, _TITLE, _PERSON, _TECHNIQUE, _SAMPLE = range(5)
_MOST = {_TEXT: 24, _TITLE: 24, _PERSON: 12, _TECHNIQUE: 8, _SAMPLE: 12}
_IDLE = CARRIERS | STOP_WORDS
"""Words that stand in a question, or in an abstract, whatever it is about."""
_SHORTEST = 4  # letters; shorter words are `of` and `the`, or stand in a sample's name as well


def terms_of(content: bytes) -> list[int]:
    """The terms of a publication in canonical JSON, each once, in ascending order; few of each kind."""
    record = orjson.loads(content)
    parts = [record, *record.get("datasets", ())]
    samples = [sample for part in parts for sample in part.get("samples", ())]
    title = set(_words([record["title"]]))
    keywords = [one["term"] for one in record.get("keywords", ())]
    more = [record.get("abstract") or "", *keywords, *(_text(sample, "description") for sample in samples)]
    found = {
        _TEXT: (*_instruments(parts), *title, *_words(more)),
        _TITLE: title,
        _PERSON: (_person(one) for one in record.get("creators", ())),
        _TECHNIQUE: (fold(_text(one, "label") or one["said"]) for part in parts for one in part.get("techniques", ())),
        _SAMPLE: (fold(name) for sample in samples for name in (sample["name"], _text(sample, "formula")) if name),
    }
    several = (islice(dict.fromkeys(named), _MOST[kind]) for kind, named in found.items())
    return sorted({_number(name, kind) for kind, names in enumerate(several) for name in names})


def worth_of(term: int) -> int:
    """What sharing a term is worth, how rare it is aside."""
    return WORTH[term & 7]


def number_of(name: str) -> int:
    """A number of 60 bits that is a name's own, and tells nothing of it."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 4


def _number(name: str, kind: int) -> int:
    return number_of(name) & ~7 | kind


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for word in words(text):
            if not word.whole and len(word.text) >= _SHORTEST and word.text not in _IDLE and not word.text.isdigit():
                yield word.stem or word.text


def _instruments(parts: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (f"at {fold(one['name'])}" for part in parts for one in part.get("instruments", ()))


def _person(agent: dict[str, Any]) -> str:
    return str(agent.get("orcid") or "") or fold(agent["name"])


def _text(part: dict[str, Any], field: str) -> str:
    return part.get(field) or ""
