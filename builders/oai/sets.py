"""The OAI-PMH sets that a released publication belongs to (specification, section 2.6).

`openaire_data` holds everything, as OpenAIRE's guidelines for data archives ask. `facility:…`, `instrument:…`,
`technique:…` and `year:…` hang below sets of those four names, which hold all that is below them. A technique's
broader terms in PaNET are sets too, with the same records in them; PaNET gives a term several parents and a setSpec is
a path with one, so they stand side by side, as `technique:PaNET01129` and `technique:PaNET01002`.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from panfair.ontologies import panet
from panfair.ontologies.embargo import Released
from panfair.ontologies.record import Dataset, Publication, Technique
from panfair.ontologies.text import slug

SET_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")
"""A setSpec (OAI-PMH.xsd, setSpecType): names of such characters, parted by colons, from the root to the node."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9\-_.]+")


@dataclass(frozen=True, slots=True, order=True)
class OaiSet:
    """One set: its setSpec, its name for people, and a sentence about it where there is one to say."""

    spec: str
    name: str
    description: str = ""


EVERYTHING = OaiSet("openaire_data", "OpenAIRE", "All released data, as OpenAIRE harvests them.")
_FACILITIES = OaiSet("facility", "Facilities", "Released data by the photon or neutron source that took them.")
_INSTRUMENTS = OaiSet("instrument", "Instruments", "Released data by the beamline or instrument that measured.")
_TECHNIQUES = OaiSet("technique", "Techniques", "Released data by experimental technique.")
_YEARS = OaiSet("year", "Years", "Released data by year of publication.")


def sets_of(released: Released) -> list[OaiSet]:
    """Every set that the publication and its open datasets belong to, each once, in the order of their setSpecs."""
    publication = released.publication
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    found = [EVERYTHING, _YEARS, _year(publication.publication_year)]
    if publication.facility:
        found += [_FACILITIES, _below(_FACILITIES, publication.facility.name, publication.facility.full_name)]
    for instrument in (instrument for part in parts for instrument in part.instruments):
        found += [_INSTRUMENTS, _below(_INSTRUMENTS, instrument.name, instrument.full_name)]
    for technique in (technique for part in parts for technique in part.techniques):
        found += [_TECHNIQUES, *_of_technique(technique)]
    return _once(found)


def _year(year: int) -> OaiSet:
    return OaiSet(f"year:{year}", str(year), f"Released data that were published in {year}.")


def _below(root: OaiSet, name: str, full_name: str | None) -> OaiSet:
    return OaiSet(f"{root.spec}:{_name(name)}", full_name or name, f"Released data of the {root.spec} {name}.")


def _of_technique(technique: Technique) -> list[OaiSet]:
    if technique.iri is None:
        said = technique.said
        return [OaiSet(f"technique:{_name(said)}", said, f"Released data of what their source calls {said}.")]
    vocabulary = panet.load()
    term = vocabulary.term(technique.iri)
    if term is None:
        return [OaiSet(_spec_of_term(technique.iri), technique.name, _by(technique.iri))]
    terms = (term, *vocabulary.ancestors(term.iri))
    return [OaiSet(_spec_of_term(one.iri), one.label, _by(one.iri)) for one in terms]


def _by(iri: str) -> str:
    return f"Released data of experiments by the technique {iri} or a narrower one."


def _spec_of_term(iri: str) -> str:
    """The setSpec of a vocabulary's term: the last part of its IRI, such as `technique:PaNET01129`."""
    last = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    return f"technique:{last}" if last and not _NOT_IN_NAMES.search(last) else f"technique:{_name(iri)}"


def _name(text: str) -> str:
    """A setSpec's part from any text: its slug, or a digest where a slug would keep nothing of it."""
    return slug(text) or "x" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _once(sets: Iterable[OaiSet]) -> list[OaiSet]:
    seen: dict[str, OaiSet] = {}
    for one in sets:
        seen.setdefault(one.spec, one)
    return [seen[spec] for spec in sorted(seen)]
