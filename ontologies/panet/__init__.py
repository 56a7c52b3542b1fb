"""PaNET, the photon and neutron experimental techniques: its terms, labels and hierarchy, fast at run time.

Reads our own table of facts (`vocabularies/panet.ttl`, SKOS), which `panet_source` makes from a release. Only terms
below the technique root are techniques; the specifiers (probe, process, functional dependence, purpose) are kept as
the axes along which techniques differ.

May import: nothing of ours but single modules.
"""

import hashlib
import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from panfair.ontologies.errors import OntologyError
from panfair.ontologies.panet.names import NAMESPACE, ROOT, SPECIFIERS
from panfair.ontologies.panet.table import Facts, read_facts, read_turtle, write_beside
from panfair.ontologies.text import fold

TABLE = Path(__file__).parents[1] / "vocabularies" / "panet.ttl"
_chosen = TABLE

_COMPACT = re.compile(
    r"(?i)\s*<?(?:https?://(?:www\.)?(?:purl\.org/pan-science|w3id\.org(?:/\w+)?)(?:/PaNET)?(?:/PaNET\.owl)?[/#]|panet:)?"
    r"PaNET[_:]?(\d{5,7})/?>?\s*"
)
_DASHES = re.compile("[-\u00ad\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d_]+")
_GREEK = {"μ": "micro", "µ": "micro", "χ": "chi", "α": "alpha", "β": "beta", "γ": "gamma", "θ": "theta", "λ": "lambda"}
_OUTSIDE = re.compile(r"[^\w]+")
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_LABEL, _OTHER_LABEL, _BROADER = f"{_SKOS}prefLabel", f"{_SKOS}altLabel", f"{_SKOS}broader"
_SAME, _RELATED = f"{_SKOS}exactMatch", f"{_SKOS}related"
_DEPRECATED, _VERSION = "http://www.w3.org/2002/07/owl#deprecated", "http://www.w3.org/2002/07/owl#versionInfo"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"


@dataclass(frozen=True, slots=True)
class Term:
    """One term of PaNET."""

    iri: str
    id: str
    """Its last part, such as `PaNET01188`."""
    label: str
    alt_labels: tuple[str, ...]
    broader: tuple[str, ...]
    """IRIs of the terms directly above it."""
    narrower: tuple[str, ...]
    """IRIs of the terms directly below it, in the order of their labels."""
    equals: tuple[str, ...]
    """IRIs of terms, of PaNET or not, that mean the same."""
    is_technique: bool
    axis: str | None
    """Of a specifier, or of a technique that is defined by one specifier alone: `probe`, `process`, `purpose`,
    `functional dependence`; else None."""
    specifier: str | None
    """The IRI of the one specifier that defines it (`x-ray` for `x-ray probe`), when there is one."""
    deprecated: bool = False
    replaced_by: str | None = None


class Panet:
    """The whole table: terms by IRI or id, and what is above and below them."""

    def __init__(self, terms: dict[str, Term], version: str) -> None:
        self.terms = terms
        self.version = version
        self._walks: dict[tuple[str, str], tuple[Term, ...]] = {}
        self.digest = hashlib.sha256(repr(terms).encode()).hexdigest()
        self._by_key: dict[str, list[Term]] = {}
        ordered = sorted(terms.values(), key=lambda term: (term.deprecated, not term.is_technique, term.iri))
        for term in ordered:
            self._by_key.setdefault(label_key(term.label), []).append(term)
        for term in ordered:
            for label in term.alt_labels:
                # A term's own label always goes before another term's synonym.
                found = self._by_key.setdefault(label_key(label), [])
                if term not in found:
                    found.append(term)

    def term(self, name: str) -> Term | None:
        """The term with this IRI (any spelling of its address), compact form or id; None when there is none.

        >>> load().term("PaNET:PaNET01188").label
        'small angle x-ray scattering'
        """
        found = self.terms.get(name)
        if found is None and (match := _COMPACT.fullmatch(name)):
            found = self.terms.get(f"{NAMESPACE}PaNET{match[1]}")
        return found

    @property
    def techniques(self) -> tuple[Term, ...]:
        """All techniques, in the order of their ids."""
        return tuple(term for term in self.terms.values() if term.is_technique)

    def ancestors(self, name: str, *, groupings: bool = False) -> tuple[Term, ...]:
        """The terms above a term, nearest first, ties by label, each once.

        The root and its own children (`defined by purpose`…) are no techniques to a reader: they come only with
        `groupings`. An unknown name has no ancestors.
        """
        found = self._walk(name, "broader")
        return found if groupings else tuple(term for term in found if not self._is_grouping(term))

    def descendants(self, name: str) -> tuple[Term, ...]:
        """The terms below a term, nearest first, ties by label, each once."""
        return self._walk(name, "narrower")

    def specifiers(self, name: str) -> tuple[Term, ...]:
        """What a technique is made of: the specifiers that define it or a term above it, the most special first."""
        start = self.term(name)
        found: dict[str, Term] = {}
        for term in (start, *self.ancestors(name)) if start else ():
            about = self.terms.get(term.specifier) if term.specifier else None
            for same in (about.iri, *about.equals) if about else ():
                if same in self.terms:
                    found.setdefault(same, self.terms[same])
        return tuple(found.values())

    def labelled(self, text: str) -> tuple[Term, ...]:
        """The terms whose label or other label is this text, case, hyphens and accents apart; labels go first."""
        return tuple(self._by_key.get(label_key(text), ()))

    def search_label(self, text: str) -> tuple[Term, ...]:
        """The terms that a text may mean: first those called so, then those whose labels hold all its words.

        >>> [term.id for term in load().search_label("SAXS")][:1]
        ['PaNET01188']
        """
        found = dict.fromkeys(self.labelled(text))
        words = label_key(text).split()
        if words:
            holding = (
                term
                for term in self.techniques
                if any(_holds(label_key(label).split(), words) for label in (term.label, *term.alt_labels))
            )
            found.update(dict.fromkeys(sorted(holding, key=lambda term: (len(term.label), term.label))))
        return tuple(found)

    def _is_grouping(self, term: Term) -> bool:
        about = self.terms.get(term.specifier) if term.specifier else None
        return term.iri == ROOT or (about is not None and SPECIFIERS in about.broader)

    def _walk(self, name: str, way: str) -> tuple[Term, ...]:
        found = self._walks.get((name, way))
        if found is None:
            found = self._walked(name, way)
            if name in self.terms:  # what others call a term comes in endless spellings
                self._walks[name, way] = found
        return found

    def _walked(self, name: str, way: str) -> tuple[Term, ...]:
        start = self.term(name)
        seen: dict[str, Term] = {}
        queue = deque([start] if start else [])
        while queue:
            term = queue.popleft()
            nearer = (self.terms[iri] for iri in getattr(term, way) if iri in self.terms and iri not in seen)
            for other in sorted(nearer, key=lambda other: (other.label, other.iri)):
                seen[other.iri] = other
                queue.append(other)
        return tuple(seen.values())


def use(table: Path) -> None:
    """Makes a facility's own table, from `panfair ontology update`, the one that everything reads from now on."""
    global _chosen
    load_table(table)
    _chosen = table


def load(table: Path | None = None) -> Panet:
    """The table in use, or another, read once. Raises OntologyError when it is missing or broken."""
    return load_table(table or _chosen)


@lru_cache(maxsize=4)
def load_table(table: Path) -> Panet:
    """A table in a file, read once. Raises OntologyError when it is missing or broken."""
    return _from_facts(read_facts(table), table)


def update(source: Path, table: Path = TABLE) -> Panet:
    """Replace the table by one that is made from a release (OWL RDF/XML or the project's CSV); the new table.

    Raises OntologyError, and leaves the old table as it is, for a file that does not parse, has a circle, or lacks
    the technique root.
    """
    from panfair.ontologies.panet.owl import build_table  # with rdflib, which only this and new tables need

    data = build_table(source)
    fresh = table.with_name(table.name + ".new")
    try:
        fresh.write_bytes(data)
        facts = read_turtle(fresh)
        answer = _from_facts(facts, source)
        fresh.replace(table)
        write_beside(table, facts)
    except OSError as error:
        raise OntologyError(f"{table}: cannot be written: {error.strerror}; the old table stays") from None
    finally:
        fresh.unlink(missing_ok=True)
    load_table.cache_clear()
    return answer


def label_key(text: str) -> str:
    """A label as it is compared: lower case, no accents, no hyphens, Greek letters by name.

    >>> label_key("TR‑SSX"), label_key("Small-Angle  X-ray scattering")
    ('tr ssx', 'small angle x ray scattering')
    """
    spelled = "".join(f" {_GREEK[c]} " if c in "μµ" else _GREEK.get(c, c) for c in text)
    return " ".join(_OUTSIDE.sub(" ", _DASHES.sub(" ", fold(spelled))).split())


def _holds(label: list[str], words: list[str]) -> bool:
    return set(words) <= set(label)


def _from_facts(facts: Facts, table: Path) -> Panet:
    names = {name for name, of in facts.items() if _LABEL in of}
    if ROOT not in names:
        raise OntologyError(f"{table}: lacks the technique root {ROOT}")
    labels = {name: facts[name][_LABEL][0] for name in names}
    broader = {name: sorted(facts[name].get(_BROADER, [])) for name in names}
    narrower: dict[str, list[str]] = {name: [] for name in names}
    for name, wider in broader.items():
        for other in wider:
            narrower.setdefault(other, []).append(name)
    techniques = _below(ROOT, narrower)
    axes = {name: labels[top] for top in narrower.get(SPECIFIERS, ()) for name in (top, *_below(top, narrower))}
    terms: dict[str, Term] = {}
    for name in sorted(names, key=lambda iri: (len(iri), iri)):
        of = facts[name]
        same = of.get(_SAME, [])
        about = next((iri for each in (of, *(facts.get(n, {}) for n in same)) for iri in each.get(_RELATED, [])), None)
        terms[name] = Term(
            iri=name,
            id=name.removeprefix(NAMESPACE),
            label=labels[name],
            alt_labels=tuple(sorted(of.get(_OTHER_LABEL, []))),
            broader=tuple(broader[name]),
            narrower=tuple(sorted(narrower[name], key=lambda iri: (labels.get(iri, ""), iri))),
            equals=tuple(sorted(of.get(_SAME, []))),
            is_technique=name in techniques,
            axis=axes.get(name) or (axes.get(about) if about else None),
            specifier=about,
            deprecated=_DEPRECATED in of,
            replaced_by=next(iter(of.get(_REPLACED, [])), None),
        )
    version = next((text for of in facts.values() for text in of.get(_VERSION, [])), "unknown")
    return Panet(terms, version)


def _below(top: str, narrower: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    queue = list(narrower.get(top, ()))
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(narrower.get(name, ()))
    return found
