"""The contract of a harvester: ONE FILE = ONE CATALOGUE.

A harvester is a module of this folder, of the folder that `[site] harvesters` names, or one that a package offers
under the entry point group `panfair.harvesters`. It has two names: `Options`, the model of its keys in a [[source]]
table, and `harvest(options, context)`, which yields what the catalogue holds, in the catalogue's order:

- `Publication`: one record, as the reader's identity sees it; the gate judges it later;
- `Addition`: what a second database knows of a session that another source publishes (its `Options` are then
  `AddingOptions`); joined to that source's record before the gate judges it;
- `Refused`: one record that cannot be published, with the reason (in the catalogue's key, never in its words);
  `made` makes one of whatever the record's types refuse;
- `Checkpoint`: "if I am stopped after this, give me this token back and I go on from here".

It takes over into a record only what is open itself: nothing from a dataset, a sample or another record that the public
does not see on the day of the harvest (`Context.on`), not even the full name of an author.

It raises `HarvestError` when the source as a whole cannot be read on. It never retries for ever, never writes, and
never counts: who calls it counts.
"""

import hashlib
import importlib
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from panfair.harvesters.reading.files import file_pattern, path_pattern
from panfair.ontologies.additions import Addition
from panfair.ontologies.checksums import DIGITS, algorithm_named
from panfair.ontologies.errors import ConfigError, IdentifierError, RecordError
from panfair.ontologies.record import Publication, Withdrawal


def zone_named(name: str) -> ZoneInfo:
    """The time zone of a name of the tz database, such as `Europe/Berlin`. Raises ValueError for any other."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/Berlin") from None


class SourceOptions(BaseModel):
    """The keys that every [[source]] table has; a harvester's `Options` adds its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        description="your name for it, in reports and in the ledger",
        examples=["scicat"],
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
    )
    kind: str = Field(description="the kind of catalogue: the name of a harvester", examples=["scicat"])
    publisher: str | None = Field(
        None, description="who publishes, where the catalogue does not say", examples=["Example Photon Source"]
    )
    facility: str | None = Field(
        None, description="the facility's short name, where the catalogue does not say", examples=["EPS"]
    )
    licence: str | None = Field(
        None, description="the licence of all its data, where a record does not say", examples=["CC-BY-4.0"]
    )
    language: str | None = Field(
        None,
        description="the language of its titles and abstracts, where a record does not say",
        examples=["en"],
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
    )
    vanished: Literal["withdrawn", "not public"] = Field(
        "withdrawn",
        description="what an open record is that it no longer tells: `not public` where its reader sees only what is "
        "open, and an embargo that is set again looks like a deletion",
    )
    probe: Literal["x-ray", "neutron", "electron"] | None = Field(
        None,
        description="what all its instruments measure with: tells x-ray from neutron diffraction",
        examples=["x-ray"],
    )
    checksum_algorithm: str | None = Field(
        None,
        description="the algorithm of its files' checksums, where a record does not say",
        examples=["SHA-256"],
    )
    file_url: str | None = Field(
        None,
        description="where a file can be downloaded without signing in, with {id}, {name} or {location}; "
        "a location then shows in the address",
        examples=["https://files.example.org/{location}"],
    )
    file_path: str | None = Field(
        None,
        description="where this machine finds a file, with {location}, {folder} (its dataset's) or {name}: pages of "
        "released datasets then have pictures of their data; needs the extra `previews`",
        examples=["/mount/{location}"],
    )
    suggest: bool = Field(
        False,
        description="whether keywords and titles that are techniques (SAXS, tomography) are published as techniques, "
        "marked so",
    )
    timezone: str | None = Field(
        None,
        description="the time zone of its clocks: moments without a zone are read by it; [site] timezone if not given",
        examples=["Europe/Berlin"],
    )
    keep_paths: tuple[str, ...] = Field(
        (), description="names of parameters whose server paths are published; all others are taken out"
    )
    people: dict[str, str] = Field(
        default_factory=dict,
        description="names for account names that the catalogue shows instead of people",
        examples=[{"account_1": "Testa Madeup"}],
    )

    @field_validator("checksum_algorithm")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and algorithm_named(value) is None:
            raise ValueError(f"must be one of {', '.join(DIGITS)}")
        return algorithm_named(value)

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, value: str | None) -> str | None:
        return None if value is None else zone_named(value).key

    @field_validator("file_url")
    @classmethod
    def _a_pattern(cls, value: str | None) -> str | None:
        return value if value is None else file_pattern(value)

    @field_validator("file_path")
    @classmethod
    def _a_path(cls, value: str | None) -> str | None:
        return value if value is None else path_pattern(value)


class AddingOptions(SourceOptions):
    """The keys of a source that adds to what another one publishes, and publishes nothing itself."""

    adds_to: str = Field(
        description="the name of the source, above this one, whose released sessions it adds to", examples=["ours"]
    )


@dataclass(frozen=True)
class Refused:
    """A record that cannot be published: one line in the report."""

    key: str
    reason: str


@dataclass(frozen=True)
class Checkpoint:
    """All before this is safe to keep; `token` is for the harvester's own eyes."""

    token: str


@dataclass(frozen=True)
class Kept:
    """The record of this DOI key stands as the last finished harvest had it: nothing of it was asked for again."""

    key: str


@dataclass(frozen=True, slots=True)
class KeptMark:
    """The record that the last finished harvest made of what has this mark stands: see `Context.mark`."""

    mark: bytes


@dataclass(frozen=True)
class KeptAll:
    """Nothing has changed: all that the last finished harvest had stands. Comes before Finished, and nothing else."""


@dataclass(frozen=True)
class Withdrawn:
    """A DOI that was public and has no record any more, with what its catalogue says of that."""

    key: str
    withdrawal: Withdrawal


@dataclass(frozen=True)
class Finished:
    """The last item of a harvest: where the next one may begin; `token` is for the harvester's own eyes."""

    token: str


Harvested = Publication | Addition | Refused | Kept | KeptMark | KeptAll | Withdrawn | Checkpoint | Finished


def _nothing(key: str) -> dict[str, Any] | None:
    return None


@dataclass(frozen=True)
class Context:
    """What the run tells a harvester."""

    root: Path
    """The folder of panfair.toml: relative paths start here."""
    contact: str
    """The operator's address, for the User-Agent."""
    site: str = ""
    """The address of the site that is made, without a slash at its end: a link to there is none to the catalogue."""
    extra_doi_prefixes: tuple[str, ...] = ()
    resume: str | None = None
    """The token of the last Checkpoint of an unfinished harvest, or None to begin at the beginning."""
    last: str | None = None
    """The token of the last finished harvest's Finished: ask only for what has changed since, and say Kept of the rest.
    None: read everything."""
    previous: Callable[[str], dict[str, Any] | None] = _nothing
    """What the last finished harvest had of a DOI key, as canonical JSON; None when it had nothing."""
    known: Callable[[], Iterable[str]] = tuple
    """The DOI keys that the last finished harvest had, also where everything is read anew."""
    mark: Callable[[bytes], None] = lambda mark: None
    """Takes a digest of all that the next record is made of, by which the next harvest can know it again."""
    marked: Callable[[bytes], bool] = lambda mark: False
    """Whether the last finished harvest had a record of this mark, and may be built on."""
    on: date = field(default_factory=lambda: datetime.now(UTC).date())
    """The day of the harvest: a record that is closed on it lends nothing to its neighbours, no name and no number."""
    note: Callable[[str], None] = field(default=lambda text: None)
    """Takes a remark for the report (a name that could not be told, a value that was dropped), once each."""
    raw: Callable[[Any], None] = field(default=lambda document: None)
    """Takes what the catalogue said of the record that comes next: `panfair harvest --show` shows it alone."""


def made(key: str, make: Callable[[], Publication], words: Mapping[str, str] | None = None) -> Publication | Refused:
    """The publication that `make` gives, or the refusal that names the record and the fields that cannot be read.

    `words`: the catalogue's own name for a field of the record (`{"publication_year": "publicationYear"}`); fields of
    its parts are named by their kind (`"File.name"`). No value of the record is told.
    """
    try:
        return make()
    except ValidationError as error:
        return Refused(key, f"a value cannot be read: {fields_in(error, words)}")
    except (RecordError, IdentifierError) as error:
        return Refused(key, str(error))


def fields_in(error: ValidationError, words: Mapping[str, str] | None = None) -> str:
    """The fields that an error is about, at most five, in the catalogue's words where these are known."""
    kind = "" if error.title == "Publication" else f"{error.title}."
    places = {kind + ".".join(map(str, problem["loc"])) for problem in error.errors()}
    return ", ".join(sorted((words or {}).get(place, place) for place in places)[:5])


class Harvester(Protocol):
    """What a module of this folder looks like from outside.

    It may also have `pulse(options, context) -> str | None`: a short text that differs as soon as something changed,
    for the price of one request; None when the catalogue cannot tell.
    """

    Options: type[SourceOptions]

    def harvest(self, options: Any, context: Context) -> Iterator[Harvested]: ...


def kinds() -> list[str]:
    """The names that `kind` can have."""
    ours = [module.name for module in pkgutil.iter_modules(__path__) if _ours(module.name)]
    theirs = [module.name for module in pkgutil.iter_modules([str(_folder)] if _folder else []) if _theirs(module.name)]
    return sorted({*ours, *theirs, *(point.name for point in _offered(tuple(sys.path)))})


def harvester(kind: str) -> Harvester:
    """The harvester of a kind. Raises ConfigError when there is none, or when its own file cannot be loaded."""
    if theirs := _theirs(kind):
        return theirs
    for point in _offered(tuple(sys.path)):
        if point.name == kind:
            return cast(Harvester, point.load())
    if found := _ours(kind):
        return found
    raise ConfigError(f"there is no harvester of kind {kind!r}; there are: {', '.join(kinds())}")


@cache
def _offered(paths: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """The harvesters of the packages below these paths: looking through all that is installed takes milliseconds."""
    return tuple(entry_points(group="panfair.harvesters"))


_folder: Path | None = None


def use(folder: Path | None) -> None:
    """Makes the modules of a folder kinds of sources, beside ours. Raises ConfigError when there is no such folder."""
    global _folder
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder of harvesters")
    _folder = folder


def _ours(kind: str) -> Harvester | None:
    """The module of this folder that reads a catalogue, which is what has `Options` and `harvest`; else None."""
    name = f"{__name__}.{kind}"
    if not kind.isidentifier() or find_spec(name) is None:
        return None
    return _reads(importlib.import_module(name))


def _theirs(kind: str) -> Harvester | None:
    """The module of the operator's folder that reads a catalogue; a module beside it is imported as `from . import x`.

    Raises ConfigError with file and line for a module that cannot be loaded.
    """
    if _folder is None or not kind.isidentifier() or not (_folder / f"{kind}.py").is_file():
        return None
    if _ours(kind):
        raise ConfigError(f"{_folder / kind}.py: {kind!r} is a kind that panfair has; give the file another name")
    package = ModuleType(f"panfair_own_{hashlib.sha256(str(_folder.resolve()).encode()).hexdigest()[:12]}")
    package.__path__ = [str(_folder)]
    sys.modules.setdefault(package.__name__, package)
    try:
        return _reads(importlib.import_module(f"{package.__name__}.{kind}"))
    except Exception as error:
        # Whatever it is, it is a mistake in that file, and the operator has to know where.
        way = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.startswith(str(_folder))]
        line = error.lineno if isinstance(error, SyntaxError) else way[-1].lineno if way else None
        place = f"{_folder / kind}.py" + (f":{line}" if line else "")
        raise ConfigError(f"{place}: cannot be loaded ({type(error).__name__}: {error})") from None


def _reads(module: ModuleType) -> Harvester | None:
    return cast(Harvester, module) if hasattr(module, "Options") and hasattr(module, "harvest") else None
