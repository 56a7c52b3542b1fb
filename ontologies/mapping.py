"""From what a catalogue calls a technique to the PaNET term that it means, or to nothing: never to a guess.

An identifier counts before words. Words count when they are a term's label or other label, case, hyphens, accents and
Greek letters apart, or become one by a rule below. Everything else stays as it was said, with a suggestion.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from panfair.ontologies import panet
from panfair.ontologies.panet import Term
from panfair.ontologies.record import Dataset, Publication, Technique

Kind = Literal["exact", "close", "none"]

_PATH = re.compile(r"\s*;\s*\n?|\s*\n\s*")
_BRACKETED = re.compile(r"^(?P<before>[^()]{3,}?)\s*\((?P<inside>[^()]{2,})\)$")
_GENERIC = re.compile(r"(?i)\s+(?:experiments?|measurements?|techniques?|methods?|data|scans?)$")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a term was mapped to, how surely, and what an operator may have meant when it was not."""

    term: Term | None
    kind: Kind
    suggestion: Term | None = None


@lru_cache(maxsize=20_000)
def map_term(said: str, iri: str | None = None) -> Mapping:
    """The PaNET technique that a catalogue's term means: `exact` by identifier or label, `close` by a rule.

    >>> map_term("SAXS").term.label, map_term("Powder diffraction measurements").kind
    ('small angle x-ray scattering', 'close')
    """
    table = panet.load()
    for name in (iri, said):
        if name and (found := _current(table.term(name))):
            return Mapping(found, "exact")
    if found := _called(said):
        return Mapping(found, "exact")
    for variant in _variants(said):
        if found := _called(variant):
            return Mapping(found, "close")
    suggestions = (term for term in table.search_label(said) if term.is_technique)
    return Mapping(None, "none", next(suggestions, None))


def map_publication(publication: Publication, report: Callable[[str], None]) -> Publication:
    """The publication with all its techniques, and its datasets', told by PaNET where that can be told, each once.

    `report` takes one line for each term that PaNET does not have; the term is published as it was said.
    """
    changes: dict[str, object] = {}
    techniques = _mapped(publication.techniques, report)
    if techniques != publication.techniques:
        changes["techniques"] = techniques
    datasets = tuple(_mapped_dataset(dataset, report) for dataset in publication.datasets)
    if any(new is not old for new, old in zip(datasets, publication.datasets, strict=True)):
        changes["datasets"] = datasets
    return publication.model_copy(update=changes) if changes else publication


def _mapped_dataset(dataset: Dataset, report: Callable[[str], None]) -> Dataset:
    techniques = _mapped(dataset.techniques, report)
    return dataset if techniques == dataset.techniques else dataset.model_copy(update={"techniques": techniques})


def _mapped(techniques: tuple[Technique, ...], report: Callable[[str], None]) -> tuple[Technique, ...]:
    found: dict[str, Technique] = {}
    for technique in techniques:
        mapping = map_term(technique.said, technique.iri)
        if mapping.term is None:
            report(_unmapped(technique, mapping))
            found.setdefault(technique.iri or technique.said, technique)
            continue
        term = mapping.term
        if technique.iri != term.iri or technique.label != term.label:
            technique = technique.model_copy(update={"iri": term.iri, "label": term.label})
        found.setdefault(term.iri, technique)
    return tuple(found.values())


def _unmapped(technique: Technique, mapping: Mapping) -> str:
    meant = f"; PaNET has {mapping.suggestion.label!r} ({mapping.suggestion.id})" if mapping.suggestion else ""
    return f"the technique {technique.said!r} is no term of PaNET and is published as it was said{meant}"


def _current(term: Term | None) -> Term | None:
    """The technique itself, or the one that has replaced it."""
    if term is not None and term.deprecated and term.replaced_by:
        term = panet.load().term(term.replaced_by)
    return term if term is not None and term.is_technique else None


def _called(text: str) -> Term | None:
    """The one technique that is called so; None when there is none, or several and none by its own label."""
    found = [term for term in map(_current, panet.load().labelled(text)) if term is not None]
    by_label = [term for term in found if panet.label_key(term.label) == panet.label_key(text)]
    chosen = list(dict.fromkeys(by_label or found))
    return chosen[0] if len(chosen) == 1 else None


def _variants(said: str) -> list[str]:
    """Other ways to write a term: the end of a path, without its acronym, the acronym, singular, less generic."""
    path = [part for part in _PATH.split(said) if part]
    found = [path[-1]] if len(path) > 1 else []
    if match := _BRACKETED.match(said.strip()):
        found += [match["before"], match["inside"]]
    found += [plain for text in [said, *found] if (plain := _GENERIC.sub("", text)) != text]
    found += [text[:-1] for text in [said, *found] if text.endswith("s") and not text.endswith("ss")]
    return found
