"""Which NeXus class and field a parameter is, by its name in the catalogue or by the path where it is stored.

IRIs have the regular form of the NeXusOntology (`http://purl.org/nexusformat/definitions/NXbeam-energy`), links
lead into the NeXus manual. Both tables are facts that `nexus_tables.py` makes. What is in neither is not guessed at.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

VOCABULARIES = Path(__file__).parent / "vocabularies"
IRI = "http://purl.org/nexusformat/definitions/"
ROOT_CLASS = "NXroot"
"""What every NeXus file is, whatever definition it follows."""
MANUAL = "https://manual.nexusformat.org/classes/base_classes/"

_STEPS = re.compile(r"[/.]")
_SIGNS = re.compile(r"[\W_]+")
_WORDS = re.compile(
    r"[^\W_][\s_-]+[^\W_]|[a-z][A-Z]"
)  # two words: a last step such as `name` or `type` says too little
_NUMBERED = re.compile(r"_?\d+$")
_DEFINITION = re.compile(r"NX[a-z][A-Za-z0-9_]{1,40}")

UNIT_KINDS: dict[str, frozenset[str]] = {
    "NX_ANGLE": frozenset({"angle"}),
    "NX_AREA": frozenset({"area"}),
    "NX_CHARGE": frozenset({"electric charge"}),
    "NX_CURRENT": frozenset({"electric current"}),
    "NX_EMITTANCE": frozenset({"emittance"}),
    "NX_ENERGY": frozenset({"energy"}),
    "NX_FLUX": frozenset({"flux", "flux density"}),
    "NX_FREQUENCY": frozenset({"frequency"}),
    "NX_LENGTH": frozenset({"length", "pixel"}),
    "NX_MASS": frozenset({"mass"}),
    "NX_MASS_DENSITY": frozenset({"mass concentration"}),
    "NX_PERIOD": frozenset({"time"}),
    "NX_POWER": frozenset({"power"}),
    "NX_PRESSURE": frozenset({"pressure"}),
    "NX_TEMPERATURE": frozenset({"temperature"}),
    "NX_TIME": frozenset({"time"}),
    "NX_TIME_OF_FLIGHT": frozenset({"time"}),
    "NX_VOLTAGE": frozenset({"voltage"}),
    "NX_VOLUME": frozenset({"volume"}),
    "NX_WAVELENGTH": frozenset({"length"}),
    "NX_WAVENUMBER": frozenset({"reciprocal length"}),
}
"""What NeXus calls a kind of unit, and the kinds of ours that it is. What is not here (NX_ANY…) allows every unit."""


@dataclass(frozen=True, slots=True)
class NexusField:
    """One field of one base class."""

    nx_class: str
    name: str
    unit_kind: str
    """As NeXus says: `NX_ENERGY`; empty when it says nothing."""

    @property
    def title(self) -> str:
        """As people write it: `NXbeam/incident_energy`."""
        return f"{self.nx_class}/{self.name}"

    @property
    def iri(self) -> str:
        return f"{IRI}{self.nx_class}-{self.name}"

    @property
    def manual(self) -> str:
        """Its place in the NeXus manual."""
        anchor = f"{self.nx_class}-{self.name}-field".lower().replace("_", "-")
        return f"{MANUAL}{self.nx_class}.html#{anchor}"

    def allows(self, kind: str) -> bool:
        """Whether a unit of this kind of ours can stand there."""
        return kind in UNIT_KINDS.get(self.unit_kind, frozenset({kind}))


@dataclass(frozen=True, slots=True)
class IcatParameter:
    """A parameter of ICAT at the ESRF."""

    name: str
    path: str
    """Where it is stored, below the entry."""
    field: NexusField | None
    unit: str
    renamed: str
    """Its newer name; empty when it has none."""


def field(title: str) -> NexusField | None:
    """The field that is called so.

    >>> field("NXbeam/incident_energy").iri
    'http://purl.org/nexusformat/definitions/NXbeam-incident_energy'
    """
    return _fields().get(title)


def field_at(iri: str) -> NexusField | None:
    """The field of an IRI in the NeXusOntology's form."""
    return _fields().get(iri.removeprefix(IRI).replace("-", "/", 1)) if iri.startswith(IRI) else None


def icat_parameter(name: str) -> IcatParameter | None:
    """What a parameter's name means at the ESRF; an old name leads to what the new one means."""
    found = _icat().get(name)
    return _icat().get(found.renamed, found) if found and found.renamed else found


@lru_cache(maxsize=20_000)
def field_of(name: str, path: str | None = None) -> NexusField | None:
    """The field that a parameter is: by its name at the ESRF, by the path it is stored at, by a name that is a path, or
    by a name that is usual for it (`nexus_names.toml`, and what `quantities.toml` calls it).

    >>> field_of("InstrumentMonochromator_energy").title, field_of("entry.sample.temperature").title
    ('NXmonochromator/energy', 'NXsample/temperature')
    >>> field_of("sample_temperature").title, field_of("beamtime.startTime").title
    ('NXsample/temperature', 'NXentry/start_time')
    """
    known = icat_parameter(name)
    if known:
        return known.field or _at_path(known.path)
    return (_at_path(path) if path else None) or _at_path(name) or _usually(name)


def definition_said(values: Iterable[tuple[str, object]]) -> str | None:
    """The application definition that a file follows, by the parameter `definition`; None where none is said.

    >>> definition_said([("energy", 12.4), ("entry.definition", "NXtomo")])
    'NXtomo'
    """
    for name, value in values:
        if _STEPS.split(name)[-1] == "definition" and isinstance(value, str) and _DEFINITION.fullmatch(value):
            # A base class says what a group is, not what a file follows.
            return None if value in {found.nx_class for found in _fields().values()} else value
    return None


def _usually(name: str) -> NexusField | None:
    """The field that a name means at most facilities: the whole name, or the last step of `beamtime.start_time`."""
    last = name.rsplit(".", 1)[-1]
    for text in (name, last if _WORDS.search(last) else ""):
        if found := _usual_names().get(_bare(text)):
            return _fields().get(found)
    return None


def _at_path(path: str) -> NexusField | None:
    """The field at a path whose groups are called after their classes: `/entry/instrument/detector_1/distance`."""
    steps = [step for step in _STEPS.split(path) if step]
    if len(steps) < 2:
        return None
    *_, group, name = steps
    for called in (group, _NUMBERED.sub("", group)):
        if found := _fields().get(f"{called if called.startswith('NX') else 'NX' + called}/{name}"):
            return found
    return None


@lru_cache(maxsize=1)
def _fields() -> dict[str, NexusField]:
    rows = _rows("nexus_fields.tsv", 3)
    return {f"{nx_class}/{name}": NexusField(nx_class, name, kind) for nx_class, name, kind in rows}


@lru_cache(maxsize=1)
def _usual_names() -> dict[str, str]:
    """The title of a field by each usual name of it, in letters and digits alone."""
    found: dict[str, str] = {}
    for row in tomllib.loads((VOCABULARIES / "quantities.toml").read_text(encoding="utf-8"))["quantity"]:
        for name in row["names"] if row.get("nexus") else ():
            found[_bare(name)] = row["nexus"][0]
    for title, names in tomllib.loads((VOCABULARIES / "nexus_names.toml").read_text(encoding="utf-8")).items():
        for name in (title.partition("/")[2] if "_" in title else "", *names):
            found.setdefault(_bare(name), title)
    found.pop("", None)
    return found


def _bare(name: str) -> str:
    return _SIGNS.sub("", name).casefold()


@lru_cache(maxsize=1)
def _icat() -> dict[str, IcatParameter]:
    return {
        name: IcatParameter(name, path, _fields().get(title), unit, renamed)
        for name, path, title, unit, renamed in _rows("nexus_icat.tsv", 5)
    }


def _rows(name: str, width: int) -> Iterator[list[str]]:
    for line in (VOCABULARIES / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            cells = line.split("\t")
            yield cells + [""] * (width - len(cells))
