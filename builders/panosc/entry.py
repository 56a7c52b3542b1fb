"""A released publication in the words of the PaNOSC search API: a Document, its Datasets, all that hangs on them.

Follows the data model of the PaNOSC search API (panosc-eu/search-api, `doc/data-model.md`). A session is a `proposal`,
all else a `publication`. A publication without datasets is its own dataset; what the publication says of techniques,
instruments and samples as a whole holds for those of its datasets that say nothing themselves. Only what the gate let
pass is in a `Released`, so there is no closed dataset, no server path and no e-mail address here.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import chain
from math import isfinite

import orjson

from panfair.builders.addresses import dataset_folders
from panfair.ontologies import nexus, panet
from panfair.ontologies.embargo import Released, opening_day
from panfair.ontologies.quantities import quantity_named
from panfair.ontologies.record import Agent, Dataset, File, Instrument, Parameter, Publication, Sample, Technique
from panfair.ontologies.text import slug
from panfair.ontologies.units import Unit, convert, interpret

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]

DIGITS = 12
"""Significant digits of values in SI: what is left of their factors' being binary is cut off, at both ends alike."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})?(?:[eE][+-]?[0-9]{1,3})?")
_LARGEST = 2**63 - 1
_MEANT_TOO = ("Å", "°C")
_LEADER = "principal investigator"


def panosc_entry(released: Released) -> bytes:
    """The Document of a publication as JSON, its parts as short lists in the order of the store's columns."""
    publication = released.publication
    entry: dict[str, JSON] = {
        "pid": str(publication.doi),
        "type": "proposal" if publication.kind == "session" else "publication",
        "title": publication.title,
        "summary": "\n\n".join(filter(None, (publication.abstract, publication.methods))) or None,
        "start": moment(publication.measured[0]),
        "end": moment(publication.measured[1]),
        "release": moment(opening_day(publication)),
        "licence": next((rights.spdx or rights.said for rights in publication.rights), None),
        "keywords": list(dict.fromkeys(keyword.term for keyword in publication.keywords)),
        "members": [_member(agent) for agent in _people(publication)],
        "parameters": _parameters(publication.parameters),
        "instruments": _named_instruments(publication),
        "datasets": [
            {**_dataset(dataset, publication), "found_as": f"{publication.doi.key}#{folder}"}
            for dataset, folder in zip(publication.datasets, dataset_folders(publication), strict=True)
        ]
        or [{**_only(publication), "found_as": publication.doi.key}],
    }
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


def read_moment(text: str) -> str | None:
    """What a client writes for a moment, as `moment` writes it; None when it is none. Without a zone it is UTC.

    >>> read_moment("2024-05-02"), read_moment("2024-05-02T10:00:00+02:00"), read_moment("soon")
    ('2024-05-02T00:00:00.000Z', '2024-05-02T08:00:00.000Z', None)
    """
    try:
        when = datetime.fromisoformat(text.strip())
        return moment(when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def moment(when: datetime | date | None) -> str | None:
    """A moment as JavaScript writes it, in UTC; such texts stand in the order of time.

    >>> moment(date(2024, 5, 2))
    '2024-05-02T00:00:00.000Z'
    """
    if when is None:
        return None
    if not isinstance(when, datetime):
        return f"{when.isoformat()}T00:00:00.000Z"
    return f"{when.strftime('%Y').zfill(4)}{when.strftime('-%m-%dT%H:%M:%S')}.{when.microsecond // 1000:03d}Z"


def meant_unit(name: str, unit: str | None) -> Unit | None:
    """The unit that a parameter of this name is in; None for no unit, or one that nobody understands.

    Where the name is that of a quantity, the quantity says whether `A` is ångström and `C` degree Celsius.

    >>> meant_unit("wavelength", "A").symbol, meant_unit("ring_current", "A").symbol, meant_unit("", "furlongs!")
    ('Å', 'A', None)
    """
    meant, quantity = interpret(unit), quantity_named(name) if name else None
    if quantity is not None and (meant is None or meant.kind != quantity.kind):
        for other in _MEANT_TOO:
            there = interpret(other)
            if there is not None and there.kind == quantity.kind and convert(1.0, unit, other) is not None:
                return there
    return meant


def in_si(value: float, unit: Unit) -> float | None:
    """A value in SI; None when it is too large for a number.

    >>> keV, eV = meant_unit("", "keV"), meant_unit("", "eV")
    >>> in_si(12.4, keV) == in_si(12400, eV)
    True
    """
    found = value * unit.factor + unit.offset
    return rounded(found) if isfinite(found) else None


def from_si(value: float, unit: Unit) -> float | None:
    """A value in SI, in a unit; None when it is too large for a number."""
    found = (value - unit.offset) / unit.factor
    return rounded(found) if isfinite(found) else None


def rounded(value: float) -> float:
    """A value with as many digits as can be relied on."""
    return float(f"{value:.{DIGITS}g}")


def number_of(value: object) -> int | float | None:
    """A parameter's value as a number: numbers, and texts that are nothing but one; None for all else."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        value = float(value) if set(value) & set(".eE") else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value) if isinstance(value, int) and abs(value) > _LARGEST else value


# ---- the parts


def _people(publication: Publication) -> list[Agent]:
    found: dict[tuple[str, str | None], Agent] = {}
    for agent in (*publication.creators, *publication.contributors):
        found.setdefault((agent.name, agent.role or agent.contributor_type), agent)
    return list(found.values())


def _member(agent: Agent) -> JSON:
    role = agent.role or agent.contributor_type or "creator"
    if role.casefold() == _LEADER:
        role = _LEADER  # as the reference data spell it, and so as federated clients ask for it
    places: list[JSON] = [[place.name, place.ror.url if place.ror else None] for place in agent.affiliations]
    orcid = str(agent.orcid) if agent.orcid else None
    return [role, orcid or _local("person", agent.name), agent.name, orcid, agent.given_name, agent.family_name, places]


def _parameters(parameters: Iterable[Parameter]) -> JSON:
    return [_parameter(parameter) for parameter in parameters]


def _parameter(parameter: Parameter) -> JSON:
    """Name, unit, kind, quantity, value, value in SI."""
    known = nexus.icat_parameter(parameter.name)
    unit = parameter.unit or (known.unit if known else None) or None
    number = number_of(parameter.value)
    meant = meant_unit(parameter.name, unit)
    si = in_si(number, meant) if number is not None and meant else None
    quantity = quantity_named(parameter.name, parameter.nexus)
    value = number if number is not None else _said(parameter.value)
    return [
        parameter.name,
        unit,
        meant.kind if meant else None,
        quantity.key if quantity else None,
        value,
        si,
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(f"{item:g}" for item in value) if isinstance(value, tuple) else str(value)


def _dataset(dataset: Dataset, publication: Publication) -> dict[str, JSON]:
    fallback = f"{publication.doi}#{dataset.id}"
    known = dataset.identifier
    return {
        "pid": known.value if known and known.scheme != "local" else fallback,
        "title": dataset.name,
        "created": moment(dataset.start or dataset.end) or _created(publication),
        "size": dataset.known_bytes,
        "instrument": _instrument(dataset.instruments or publication.instruments, publication),
        "techniques": _techniques(dataset.techniques or publication.techniques),
        "samples": [_sample(sample) for sample in dict.fromkeys(dataset.samples or publication.samples)],
        "parameters": _parameters(dataset.parameters),
        "files": [_file(file) for file in dataset.files],
    }


def _only(publication: Publication) -> dict[str, JSON]:
    """The one dataset of a publication that names none: the data that its DOI stands for."""
    return {
        "pid": str(publication.doi),
        "title": publication.title,
        "created": _created(publication),
        "size": publication.size_bytes or None,
        "instrument": _instrument(publication.instruments, publication),
        "techniques": _techniques(publication.techniques),
        "samples": [_sample(sample) for sample in dict.fromkeys(publication.samples)],
        "parameters": _parameters(publication.parameters),
        "files": [_file(file) for file in publication.files],
    }


def _created(publication: Publication) -> str:
    """When the data came to be: every Dataset must say so, and few publications are without any day at all."""
    first = publication.start or publication.end or publication.created or opening_day(publication)
    return moment(first or date(publication.publication_year, 1, 1)) or ""


def _instrument(instruments: tuple[Instrument, ...], publication: Publication) -> JSON:
    return _instrument_entry(instruments[0], publication) if instruments else None


def _named_instruments(publication: Publication) -> JSON:
    every = chain(publication.instruments, *(dataset.instruments for dataset in publication.datasets))
    return [_instrument_entry(one, publication) for one in dict.fromkeys(every)]


def _instrument_entry(first: Instrument, publication: Publication) -> JSON:
    facility = first.facility or (publication.facility.name if publication.facility else publication.publisher.name)
    known = first.identifier
    pid = known.value if known and known.scheme != "local" else _local("instrument", f"{facility} {first.name}")
    return [pid, first.name, facility]


def _techniques(techniques: tuple[Technique, ...]) -> JSON:
    """Pid, name, PaNET's IRI; each once. A term that is wider than what was said does not lend it its name."""
    found: dict[str, JSON] = {}
    for technique in techniques:
        name = technique.said if technique.broader else technique.name
        term = panet.load().term(technique.iri) if technique.iri else None
        pid = technique.iri if technique.iri and not technique.broader else _local("technique", name)
        found.setdefault(pid, [pid, name, term.iri if term else None])
    return list(found.values())


def _sample(sample: Sample) -> JSON:
    known = sample.identifier
    description = sample.description or ", ".join(filter(None, (sample.kind, sample.formula))) or None
    pid = known.value if known and known.scheme != "local" else _local("sample", f"{sample.name} {description or ''}")
    return [pid, sample.name, description]


def _file(file: File) -> JSON:
    """Name, path below the dataset's folder, bytes."""
    return [file.name.rstrip("/").rsplit("/", 1)[-1] or file.name, file.name, file.size_bytes]


def _local(kind: str, text: str) -> str:
    """An identifier for what has none: the same text has the same one, on every site."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return "-".join(filter(None, (f"{kind}:{slug(text)[:48]}".rstrip("-:"), digest)))
