"""From what a catalogue calls a technique to the PaNET term that it means, or to nothing: never to a guess.

A facility's own table of its words counts first, then an identifier, then words. Words count when they are a term's
label or other label, case, hyphens, accents and Greek letters apart, or become one by a rule below: nothing is decided
by how alike two texts look. A source that has one probe may say so; "powder diffraction" at a synchrotron is then x-ray
powder diffraction. What cannot be mapped is published as it was said, and reported with a suggestion.

May import: ontologies.{panet, techniques}.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from panfair.ontologies import panet
from panfair.ontologies.mapping import facility as facility_mappings
from panfair.ontologies.mapping import sssom
from panfair.ontologies.panet import Term, label_key
from panfair.ontologies.record import Dataset, Publication, Technique

MatchKind = Literal["exact", "close", "broad", "none"]
Probe = Literal["x-ray", "neutron", "electron"]

SYNONYMS = Path(__file__).parents[1] / "vocabularies" / "synonyms.toml"
_PATH = re.compile(r"\s*;\s*\n?|\s*\n\s*")
_BRACKETED = re.compile(r"^(?P<before>[^()]{3,}?)\s*\((?P<inside>[^()]{2,})\)$")
_ACRONYM = re.compile(r"[A-Za-z\d]*[A-Z][A-Za-z\d\-\u2010-\u2015]{1,9}")
_GENERIC = re.compile(r"(?i)\s+(?:experiments?|measurements?|techniques?|methods?|data|scans?|studies)$")
_PROBES = frozenset({
    "x", "xray", "ray", "rays", "neutron", "neutrons", "electron", "electrons", "uv", "vuv", "euv", "ir", "infrared",
    "visible", "photon", "photons", "light", "thz", "terahertz", "muon", "muons", "ion", "ions",
})  # fmt: skip
_OTHER_LIGHT = ("UV", "EUV", "VUV", "infrared", "visible", "THz")
_LONG_WORD = 8


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a term was mapped to, how surely, and what an operator may have meant when it was not."""

    term: Term | None
    kind: MatchKind
    suggestion: Term | None = None


def use(paths: Iterable[Path]) -> None:
    """Makes a facility's own tables the ones that are asked first. Raises OntologyError with file and line."""
    facility_mappings.use(paths)
    map_term.cache_clear()  # what was mapped by another table, or by another PaNET, may be mapped otherwise now


@lru_cache(maxsize=20_000)
def map_term(said: str, iri: str | None = None, probe: Probe | None = None) -> Mapping:
    """The PaNET technique that a catalogue's term means: `exact` by identifier or label, `close` or `broad` by rule.

    >>> map_term("SAXS").term.label, map_term("Powder diffraction measurements", probe="x-ray").term.label
    ('small angle x-ray scattering', 'x-ray powder diffraction')
    """
    for name in (iri, said):
        if name and (found := _by_facility(name) or _identified(name)):
            return found
    mapped = _worded(said)
    if probe and (narrowed := _with_probe(said, mapped.term if mapped else None, probe)):
        return narrowed
    if mapped:
        return mapped
    suggestions = (term for term in panet.load().search_label(said) if term.is_technique)
    return Mapping(None, "none", next(suggestions, None))


def map_publication(publication: Publication, report: Callable[[str], None], probe: Probe | None = None) -> Publication:
    """The publication with all its techniques, and its datasets', told by PaNET where that can be told, each once.

    `report` takes one line for each term that PaNET does not have; the term is published as it was said.
    """
    changes: dict[str, object] = {}
    techniques = _mapped(publication.techniques, report, probe)
    if techniques != publication.techniques:
        changes["techniques"] = techniques
    datasets = tuple(_mapped_dataset(dataset, report, probe) for dataset in publication.datasets)
    if any(new is not old for new, old in zip(datasets, publication.datasets, strict=True)):
        changes["datasets"] = datasets
    return publication.model_copy(update=changes) if changes else publication


def _mapped_dataset(dataset: Dataset, report: Callable[[str], None], probe: Probe | None) -> Dataset:
    techniques = _mapped(dataset.techniques, report, probe)
    return dataset if techniques == dataset.techniques else dataset.model_copy(update={"techniques": techniques})


def _mapped(
    techniques: tuple[Technique, ...], report: Callable[[str], None], probe: Probe | None
) -> tuple[Technique, ...]:
    found: dict[str, Technique] = {}
    for technique in techniques:
        # The address of a wider term was put there by an earlier mapping of the words.
        mapping = map_term(technique.said, None if technique.broader else technique.iri, probe)
        if mapping.term is None:
            report(_unmapped(technique, mapping))
            found.setdefault(technique.iri or technique.said, technique)
            continue
        term = mapping.term
        broad = mapping.kind == "broad"
        if technique.iri != term.iri or technique.label != term.label or technique.broader != broad:
            technique = technique.model_copy(update={"iri": term.iri, "label": term.label, "broader": broad})
        # Two words for one term are one technique; two techniques below one wider term stay two.
        found.setdefault(f"{term.iri} {technique.said}" if broad else term.iri, technique)
    return tuple(found.values())


def _unmapped(technique: Technique, mapping: Mapping) -> str:
    meant = f"; PaNET has {mapping.suggestion.label!r} ({mapping.suggestion.id})" if mapping.suggestion else ""
    return f"the technique {technique.said!r} is no term of PaNET and is published as it was said{meant}"


# ---- by the facility's own table


def _by_facility(name: str) -> Mapping | None:
    row = facility_mappings.chosen().row(name)
    term = _current(panet.load().term(row.panet)) if row else None
    return Mapping(term, row.match) if row and term else None


# ---- by identifier


def _identified(name: str) -> Mapping | None:
    if found := _current(panet.load().term(name)):
        return Mapping(found, "exact")
    if (local := sssom.esrfet_id(name)) and (row := sssom.esrfet().get(local)):
        term = _current(panet.load().term(row.panet))
        return Mapping(term, row.match) if term else None
    return None


def _current(term: Term | None) -> Term | None:
    """The technique itself, or the one that has replaced it."""
    if term is not None and term.deprecated and term.replaced_by:
        term = panet.load().term(term.replaced_by)
    return term if term is not None and term.is_technique else None


# ---- by words


def _worded(said: str) -> Mapping | None:
    if found := _called(said):
        return Mapping(found, "exact")
    if synonym := _synonym(said):
        return synonym
    for variant in _variants(said):
        if found := _called(variant):
            return Mapping(found, "close")
        if synonym := _synonym(variant):
            return Mapping(synonym.term, "close" if synonym.kind == "exact" else synonym.kind)
    return None


def _called(text: str) -> Term | None:
    """The one technique that is called so; None when there is none, or several and none by its own label."""
    found = [term for term in map(_current, panet.load().labelled(text)) if term is not None]
    by_label = [term for term in found if label_key(term.label) == label_key(text)]
    chosen = list(dict.fromkeys(by_label or found))
    return chosen[0] if len(chosen) == 1 else None


def _variants(said: str) -> Iterator[str]:
    """Other ways to write a term: the end of a path, its acronym apart, singular, less generic, spelt out."""
    path = [part for part in _PATH.split(said) if part]
    found = [path[-1]] if len(path) > 1 else []
    if (match := _BRACKETED.match(said.strip())) and _ACRONYM.fullmatch(match["inside"]):
        # Only an acronym repeats what stands before it; any other word in brackets makes it narrower.
        found += [match["before"], match["inside"]]
    found += [plain for text in [said, *found] if (plain := _GENERIC.sub("", text)) != text]
    found += [text[:-1] for text in [said, *found] if text.endswith("s") and not text.endswith("ss")]
    yield from found
    for text in [said, *found]:
        if (spelt := _spelt_out(text)) != label_key(text):
            yield spelt


def _spelt_out(text: str) -> str:
    """A text with its abbreviations as words, and with a slip of the pen in a long word put right.

    A slip: the word is in no label of PaNET, and one letter more, less or changed makes exactly one that is.
    """
    _, words = _synonyms()
    known = _vocabulary()
    found = []
    for word in label_key(text).split():
        if word in words:
            found.append(words[word])
        elif word not in known and len(word) >= _LONG_WORD:
            near = [other for other in known if abs(len(other) - len(word)) <= 1 and _one_slip(word, other)]
            found.append(near[0] if len(near) == 1 else word)
        else:
            found.append(word)
    return " ".join(found)


def _one_slip(word: str, other: str) -> bool:
    """Whether one letter more, less or changed makes one word of the other."""
    if len(word) > len(other):
        word, other = other, word
    at = next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(word))
    return word != other and word[at + (len(word) == len(other)) :] == other[at + 1 :]


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    labels = (label for term in panet.load().techniques for label in (term.label, *term.alt_labels))
    return frozenset(word for label in labels for word in label_key(label).split() if len(word) >= _LONG_WORD - 1)


@lru_cache(maxsize=1)
def _synonyms() -> tuple[dict[str, tuple[str, MatchKind]], dict[str, str]]:
    raw = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    terms: dict[str, tuple[str, MatchKind]] = {
        label_key(row["said"]): (row["term"], row["match"]) for row in raw["synonym"]
    }
    return terms, {label_key(short): label_key(long) for short, long in raw["words"].items()}


@lru_cache(maxsize=2_000)
def synonyms_of(term: Term) -> tuple[str, ...]:
    """What else a technique is called by our table of synonyms, where that means the very same thing.

    >>> synonyms_of(panet.load().term("PaNET01257"))
    ('UPS', 'ultraviolet photoelectron spectroscopy')
    """
    rows = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))["synonym"]
    return tuple(row["said"] for row in rows if row["term"] == term.id and row["match"] == "exact")


def _synonym(text: str) -> Mapping | None:
    known = _synonyms()[0].get(label_key(text))
    term = _current(panet.load().term(known[0])) if known else None
    return Mapping(term, known[1]) if known and term else None


# ---- by the probe of the source


def _with_probe(said: str, general: Term | None, probe: Probe) -> Mapping | None:
    """The technique with the source's probe that a word for any probe means there: `close`, or None.

    The probe's name is put before each word in turn; what comes out must be the label of one technique, below what the
    word means by itself or beside it, and no other light may be meant (lithography is done with x-rays and with EUV).
    """
    table = panet.load()
    near = set(general.broader) | {term.iri for term in table.descendants(general.iri)} if general else set()
    found: set[Term] = set()
    for text in (said, *_variants(said)):
        words = label_key(text).split()
        if not words or _PROBES & set(words):
            continue
        if any(_labelled(f"{other} {' '.join(words)}") for other in _OTHER_LIGHT if probe == "x-ray"):
            return None
        # Of a word that means no technique by itself, only the probe in front makes one: "x-ray scattering".
        places = range(len(words)) if general else range(1)
        terms = (_labelled(" ".join([*words[:place], probe, *words[place:]])) for place in places)
        found |= {term for term in terms if term and (general is None or near & {term.iri, *term.broader})}
    return Mapping(found.pop(), "close") if len(found) == 1 else None


def _labelled(text: str) -> Term | None:
    """The technique whose own label this is."""
    term = _called(text)
    return term if term is not None and label_key(term.label) == label_key(text) else None
