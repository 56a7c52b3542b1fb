"""What a record lacks for a perfect result: a rule for each criterion of completeness.toml, over the open record.

The criteria are what the judges of open data ask for (DataCite 4.6, Google's dataset fields, DCAT-AP 3, RO-Crate 1.2,
the FAIR assessors). Only open records are looked at: the answer names them and may be shown to a curator.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple, TypeVar

from panfair.ontologies.record import Agent, Dataset, File, Instrument, Parameter, Publication, Sample, Technique
from panfair.site.check import contradictions

_T = TypeVar("_T")

SHORTEST, LONGEST = 50, 5000
"""Characters of an abstract that dataset search engines take."""


class Share(NamedTuple):
    """How many of how many are wanting; of nothing, nothing is wanting."""

    missing: int
    of: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a perfect record has."""

    key: str
    label: str
    why: str
    weight: int
    """3: a judge says no without it; 2: it counts; 1: it helps a reader."""
    fields: tuple[tuple[str, str], ...]
    """The kind of a source, and the field of its catalogue."""

    def field(self, kind: str) -> str:
        """The field that supplies it in a source of this kind; of a dump in either form, of OAI-PMH as DataCite's,
        of a foreign kind in ours.

        >>> criteria()[0].field("scicat")
        'abstract'
        """
        known = dict(self.fields)
        if kind == "dump":
            return f"ICAT: {known['icat']}; SciCat: {known['scicat']}"
        return known.get("datacite" if kind == "oai" else kind, known["records"])


@dataclass(frozen=True, slots=True)
class Lack:
    """A criterion that a record does not fulfil, or not wholly."""

    criterion: Criterion
    share: Share

    @property
    def words(self) -> str:
        """`3 of 5` where it is one of several things, else `missing`."""
        return f"{self.share.missing} of {self.share.of}" if self.share.of > 1 else "missing"


@cache
def criteria() -> tuple[Criterion, ...]:
    """All criteria, in the order of the table."""
    text = resources.files("panfair.site.check").joinpath("completeness.toml").read_text(encoding="utf-8")
    kinds = ("icat", "icatplus", "scicat", "datacite", "records")
    return tuple(
        Criterion(raw["key"], raw["label"], raw["why"], raw["weight"], tuple((kind, raw[kind]) for kind in kinds))
        for raw in tomllib.loads(text)["criterion"]
    )


def lacks(publication: Publication, publisher: str = "") -> tuple[Lack, ...]:
    """What it lacks, the weightiest first, then in the order of the table.

    `publisher` is the name of the one whose ROR id the site itself tells, so that no record of it need tell it.
    """
    found = []
    for criterion in criteria():
        share = RULES[criterion.key](publication)
        is_site = criterion.key == "publisher_ror" and publication.publisher.name == publisher
        if share.missing and not is_site:
            found.append(Lack(criterion, share))
    return tuple(sorted(found, key=lambda lack: -lack.criterion.weight))


def completeness(missing: Sequence[Lack]) -> int:
    """The share of the criteria that is fulfilled, by weight, in percent; 100 only when nothing is wanting."""
    whole = sum(criterion.weight for criterion in criteria())
    lost = sum(lack.criterion.weight * lack.share.missing / lack.share.of for lack in missing)
    return 100 if not missing else min(99, round(100 * (whole - lost) / whole))


# ---- the rules


def _parts(publication: Publication) -> tuple[Publication | Dataset, ...]:
    return (publication, *publication.datasets)


def _people(publication: Publication) -> list[Agent]:
    return [agent for agent in publication.creators if agent.kind == "person"]


def _techniques(publication: Publication) -> list[Technique]:
    return list({one.said: one for part in _parts(publication) for one in part.techniques}.values())


def _instruments(publication: Publication) -> list[Instrument]:
    return list({one.name: one for part in _parts(publication) for one in part.instruments}.values())


def _samples(publication: Publication) -> list[Sample]:
    return list({one.name: one for part in _parts(publication) for one in part.samples}.values())


def _files(publication: Publication) -> Iterator[File]:
    for part in _parts(publication):
        yield from part.files


def _numbers(publication: Publication) -> list[Parameter]:
    found = (one for part in _parts(publication) for one in part.parameters)
    # Counts and numberings have no unit and need none.
    return [one for one in found if isinstance(one.value, (float, tuple))]


def _is_there(found: object) -> Share:
    return Share(0 if found else 1, 1)


def _each(things: Sequence[_T], has: Callable[[_T], object]) -> Share:
    return Share(sum(1 for thing in things if not has(thing)), len(things))


def _abstract(publication: Publication) -> Share:
    return _is_there(SHORTEST <= len(publication.abstract or "") <= LONGEST)


def _file_address(publication: Publication) -> Share:
    files = list(_files(publication))
    if not files:
        return _is_there(publication.url)
    return _each(files, lambda file: file.url or publication.url)


def _datasets(publication: Publication) -> Share:
    if not publication.datasets:
        return Share(1, 1)
    return _each(publication.datasets, lambda dataset: dataset.described)


RULES: dict[str, Callable[[Publication], Share]] = {
    "abstract": _abstract,
    "licence": lambda p: _is_there(any(right.spdx or right.url for right in p.rights)),
    "people": lambda p: _each(p.creators, lambda agent: agent.kind != "account"),
    "creators": lambda p: _is_there(p.creators),
    "orcid": lambda p: _each(_people(p), lambda agent: agent.orcid),
    "affiliation": lambda p: _each(_people(p), lambda agent: agent.affiliations),
    "affiliation_ror": lambda p: _each(
        [place for agent in _people(p) for place in agent.affiliations], lambda place: place.ror
    ),
    "publisher_ror": lambda p: _is_there(p.publisher.ror),
    "technique": lambda p: _is_there(_techniques(p)),
    "technique_panet": lambda p: _each(_techniques(p), lambda one: one.iri and "/PaNET" in one.iri and not one.broader),
    "instrument": lambda p: _is_there(_instruments(p)),
    "instrument_pid": lambda p: _each(_instruments(p), lambda one: one.identifier),
    "sample": lambda p: _is_there(_samples(p)),
    "sample_pid": lambda p: _each(_samples(p), lambda one: one.identifier),
    "measured": lambda p: _is_there(p.start or any(dataset.start for dataset in p.datasets)),
    "datasets": _datasets,
    "file_address": _file_address,
    "file_size": lambda p: _each(list(_files(p)), lambda file: file.size_bytes is not None),
    "checksum": lambda p: _each(
        list(_files(p)), lambda file: file.checksum and "256" in (file.checksum_algorithm or "")
    ),
    "unit": lambda p: _each(_numbers(p), lambda one: one.unit),
    "funding": lambda p: _is_there(any(grant.award_number for grant in p.funding)),
    "keywords": lambda p: _is_there(p.keywords or any(dataset.keywords for dataset in p.datasets)),
    "paper": lambda p: _is_there(p.other_works),
    "language": lambda p: _is_there(p.language),
    "forwards": lambda p: Share(*contradictions.ends_before_it_begins(p)),
    "dated_once": lambda p: Share(*contradictions.dated_twice(p)),
    "contributors": lambda p: Share(*contradictions.contributors_are_creators(p)),
    "handles": lambda p: Share(*contradictions.no_handles(p)),
    "sizes": lambda p: Share(*contradictions.sized_zero(p)),
}
"""Each criterion's rule, by its key."""
