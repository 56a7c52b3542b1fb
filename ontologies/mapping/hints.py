"""What a curator should look at in a record's techniques: names that contradict their identifiers, and keywords and
words of the title that are techniques which the record does not name.

Nothing is decided here: each hint is a line for the report, until the operator wants the suggestions published.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from panfair.ontologies import panet
from panfair.ontologies.mapping import Probe, map_publication, map_term
from panfair.ontologies.mapping.facility import chosen
from panfair.ontologies.panet import Term, label_key
from panfair.ontologies.record import Publication, Technique

_ACRONYM = re.compile(r"[A-Z\d-]*[A-Z]{2}[A-Za-z\d-]*")
_LEAST_ACRONYM = 3
_MOST_WORDS = 5
_WORD = re.compile(r"[^\W_](?:[^\s,;:()\[\]\"'/.]*[^\W_])?")


def hints(publication: Publication) -> Iterator[str]:
    """The lines for one publication; they name terms of PaNET and words of an open record."""
    for technique in _said(publication):
        if line := contradiction(technique):
            yield line
    for kind, text, term in _contradictions(publication):
        yield (
            f"the {kind} {text!r} is PaNET's {term.label!r} ({term.id}), and a record with it names no such technique; "
            "`suggest = true` in its [[source]] publishes these"
        )


def suggested(publication: Publication, probe: Probe | None = None) -> Publication:
    """The publication with the techniques that its keywords and its title are, marked as derived from them."""
    mapped = map_publication(publication, lambda text: None, probe)
    found = tuple(
        Technique(said=text, iri=term.iri, label=term.label, derived=True)
        for _kind, text, term in _contradictions(mapped)
    )
    return publication.model_copy(update={"techniques": (*publication.techniques, *found)}) if found else publication


def _said(publication: Publication) -> list[Technique]:
    return [*publication.techniques, *(one for dataset in publication.datasets for one in dataset.techniques)]


def _contradictions(publication: Publication) -> Iterator[tuple[str, str, Term]]:
    """The keywords and words of the title that are techniques which the record does not name, each term once."""
    said = _said(publication)
    known = {technique.iri for technique in said if technique.iri}
    keywords = [word.term for word in publication.keywords]
    keywords += [word.term for dataset in publication.datasets for word in dataset.keywords]
    candidates = [("keyword", word, _meant(word)) for word in keywords]
    candidates += [("title's", words, _technique_called(words)) for words in _phrases(publication.title)]
    for kind, text, term in candidates:
        if term is not None and not known & {term.iri, *_narrower(term.iri)}:
            known.add(term.iri)
            yield kind, text, term


def contradiction(technique: Technique) -> str | None:
    """A line on a technique whose name means one term and whose identifier another; None where they agree.

    A wider and a narrower term agree, and a facility's own table has the last word.
    """
    if not technique.iri or technique.broader or any(chosen().row(name) for name in (technique.iri, technique.said)):
        return None
    by_identifier, by_name = panet.load().term(technique.iri), _technique_called(technique.said)
    if by_identifier is None or by_name is None or by_identifier.iri == by_name.iri:
        return None
    if by_name.iri in _narrower(by_identifier.iri) or by_identifier.iri in _narrower(by_name.iri):
        return None
    return (
        f"the technique {technique.said!r} has the name of {by_name.label!r} ({by_name.id}) and the identifier of "
        f"{by_identifier.label!r} ({by_identifier.id}): the identifier counts, set one of them right in the catalogue"
    )


def _phrases(title: str) -> Iterator[str]:
    """The acronyms and the runs of words in a title, longest first."""
    words = _WORD.findall(title)
    for length in range(min(_MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            if length > 1 or (len(phrase) >= _LEAST_ACRONYM and _ACRONYM.fullmatch(phrase)):
                yield phrase


@lru_cache(maxsize=20_000)
def _meant(keyword: str) -> Term | None:
    mapped = map_term(keyword) if keyword.strip() else None
    return mapped.term if mapped and mapped.kind in {"exact", "close"} else None


@lru_cache(maxsize=20_000)
def _technique_called(text: str) -> Term | None:
    """The one technique whose label or other label this is, word for word."""
    found = {term for term in panet.load().labelled(text) if term.is_technique and not term.deprecated}
    own = {term for term in found if label_key(term.label) == label_key(text)}
    chosen_terms = own or found
    return next(iter(chosen_terms)) if len(chosen_terms) == 1 else None


@lru_cache(maxsize=2_000)
def _narrower(iri: str) -> frozenset[str]:
    return frozenset(term.iri for term in panet.load().descendants(iri))
