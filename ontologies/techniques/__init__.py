"""Technique files: one TOML a technique, saying which parameters of a dataset a reader wants to see first, and how.

Ours stand beside this module; a facility adds files of its own in a folder that it names, and a file of the same
technique there replaces ours. A file holds for its PaNET term and for all narrower terms that have no file of their
own. Where PaNET has no term, `names` are the words that catalogues use. What is wrong with a file is told with its
name and line.

May import: ontologies.panet.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from panfair.ontologies import nexus, panet
from panfair.ontologies.errors import OntologyError
from panfair.ontologies.mistakes import reason
from panfair.ontologies.panet import label_key
from panfair.ontologies.record import Dataset, Parameter, Technique
from panfair.ontologies.units import interpret, same_kind

FOLDER = Path(__file__).parent


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SummaryEntry(_Table):
    """[[summary]]: one line of the summary; the first of its names that a dataset has gives the value."""

    label: str = Field(min_length=1, description="what a reader calls it")
    names: tuple[str, ...] = Field((), alias="from", description="the catalogue's names of it, the best first")
    unit: str | None = Field(None, description="the unit it is shown in; None: as it was written")
    written_in: str | None = Field(None, description="the unit its numbers are in where the catalogue writes none")
    digits: int | None = Field(None, ge=0, le=12, description="digits behind the point; None: as it was written")
    nexus: str | None = Field(None, description="the NeXus class and field it is stored in, `NXbeam/incident_energy`")
    also: Literal["wavelength", "energy"] | None = Field(None, description="its other side, shown in brackets")


class Step(_Table):
    """[[step]]: one step of the way from raw data to a result, told by its parameters or by its dataset's kind."""

    label: str = Field(min_length=1)
    kind: Literal["raw", "processed"] = "processed"
    marks: tuple[str, ...] = Field((), description="names of parameters that only this step has; `*` stands for any")
    after: tuple[str, ...] = Field((), description="the labels of the steps that it takes its data from")


class DatasetsTable(_Table):
    """[datasets]: the table of a publication's datasets."""

    columns: tuple[str, ...] = Field((), description="labels of summary lines that stand as columns")


class SearchTable(_Table):
    """[search]: what the search offers for data of this technique."""

    facets: tuple[str, ...] = Field((), description="labels of summary lines whose words can be chosen")
    ranges: tuple[str, ...] = Field(
        (), description="quantities whose numbers can be bounded, as `quantities.toml` calls them"
    )


class ComparisonColumn(_Table):
    """[[comparison.column]]: what is put side by side; `{shell}` in a name stands for each of `shells`."""

    label: str = Field(min_length=1)
    names: tuple[str, ...] = Field(alias="from", description="the catalogue's names of it, the best first")
    shells: tuple[str, ...] = Field((), description="shells of resolution: the first one stands before the others")
    digits: int | None = Field(None, ge=0, le=12)
    together: bool = Field(False, description="whether the values of all names stand in one cell")


class Condition(_Table):
    """[[comparison.condition]]: what a result must reach to be called the best."""

    names: tuple[str, ...] = Field(alias="from")
    at_least: float


class Order(_Table):
    """[[comparison.order]]: by what the best is told; a later one decides between equals."""

    names: tuple[str, ...] = Field(alias="from")
    best: Literal["lowest", "highest"]


class Comparison(_Table):
    """[[comparison]]: results of several programs side by side."""

    label: str = Field(min_length=1, description="the heading")
    marks: tuple[str, ...] = Field(description="names of parameters that what is compared has; `*` stands for any")
    column: tuple[ComparisonColumn, ...]
    rule: str = Field("", description="how the best is told, in words: it stands under the table")
    condition: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()

    @model_validator(mode="after")
    def _tells_its_rule(self) -> "Comparison":
        if bool(self.order) != bool(self.rule):
            raise ValueError(f"'{self.label}': `rule` says in words what `order` says, and neither is there alone")
        return self


class Profile(_Table):
    """One technique file."""

    technique: str | None = Field(None, description="its PaNET term, `PaNET01164`; None where PaNET has none")
    label: str = Field(min_length=1, description="the heading of its summary")
    names: tuple[str, ...] = Field((), description="what catalogues call it where PaNET does not know the name")
    probe: Literal["photon", "neutron", "electron"] = Field(description="tells energy from wavelength")
    summary: tuple[SummaryEntry, ...] = Field(min_length=1)
    datasets: DatasetsTable = DatasetsTable()
    search: SearchTable = SearchTable()
    step: tuple[Step, ...] = ()
    comparison: tuple[Comparison, ...] = ()
    file: str = Field("", description="the file's name, for messages")

    @model_validator(mode="after")
    def _hangs_together(self) -> "Profile":
        labels = [entry.label for entry in self.summary]
        if not self.technique and not self.names:
            raise ValueError("a technique file needs `technique`, a PaNET term, or `names`")
        for label in labels:
            if labels.count(label) > 1:
                raise ValueError(f"two summary lines are called '{label}'")
        for table, wanted in (
            ("columns", self.datasets.columns),
            ("facets", self.search.facets),
        ):
            for label in wanted:
                if label not in labels:
                    raise ValueError(f"`{table}` names '{label}', which no [[summary]] is called")
        known: set[str] = set()
        for step in self.step:
            if missing := [label for label in step.after if label not in known]:
                raise ValueError(f"step '{step.label}' comes after '{missing[0]}', which is no step before it")
            known.add(step.label)
        return self

    def entry(self, label: str) -> SummaryEntry:
        """The summary line that is called so."""
        return next(entry for entry in self.summary if entry.label == label)

    def step_of(self, dataset: Dataset) -> Step | None:
        """The last step whose marks the dataset bears; else the first step of its kind that has no marks."""
        names = [parameter.name for parameter in dataset.parameters]
        marked = [step for step in self.step if any(fnmatchcase(n, mark) for mark in step.marks for n in names)]
        plain = [step for step in self.step if not step.marks and step.kind == dataset.kind]
        return marked[-1] if marked else next(iter(plain), None)


class Profiles:
    """All technique files, found by technique."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.all = tuple(sorted(profiles, key=lambda profile: profile.label))
        self._digest = hashlib.sha256(repr(self.all).encode()).hexdigest()
        table = panet.load()
        self._by_iri: dict[str, Profile] = {}
        self._by_name: dict[str, Profile] = {}
        for profile in self.all:
            term = table.term(profile.technique) if profile.technique else None
            if term is not None:
                self._by_iri[term.iri] = profile
            for name in profile.names:
                self._by_name[label_key(name)] = profile

    def __repr__(self) -> str:
        """A digest of its whole content: the keys of pages count a portal's technique files by it."""
        return f"Profiles({self._digest})"

    def of(self, technique: Technique) -> Profile | None:
        """The file of a technique: by what the catalogue called it, then its own term's, then the nearest broader's."""
        if named := self._by_name.get(label_key(technique.said)):
            return named
        if technique.iri is None:
            return None
        if own := self._by_iri.get(technique.iri):
            return own
        return next((self._by_iri[t.iri] for t in panet.load().ancestors(technique.iri) if t.iri in self._by_iri), None)

    def of_all(self, techniques: Iterable[Technique]) -> tuple[Profile, ...]:
        """The files of several techniques, each once, in their order."""
        found = (self.of(technique) for technique in techniques)
        return tuple(dict.fromkeys(profile for profile in found if profile is not None))


def found_parameter(entry: SummaryEntry, parameters: dict[str, Parameter]) -> Parameter | None:
    """The parameter that a summary line shows; `parameters` are keyed by `parameter_key`."""
    return next((parameters[key] for name in entry.names if (key := parameter_key(name)) in parameters), None)


def keyed(parameters: Iterable[Parameter]) -> dict[str, Parameter]:
    """Parameters by their keys; of two with one key the first."""
    found: dict[str, Parameter] = {}
    for parameter in parameters:
        found.setdefault(parameter_key(parameter.name), parameter)
    return found


@lru_cache(maxsize=20_000)
def parameter_key(name: str) -> str:
    """A parameter's name without case, spaces and punctuation: catalogues do not agree with themselves on these.

    >>> parameter_key("MX_exposureTime") == parameter_key("mx exposure-time")
    True
    """
    return "".join(filter(str.isalnum, name.casefold()))


_chosen: Path | None = None


def use(folder: Path | None) -> None:
    """Makes a facility's folder of technique files the one that everything reads from now on, over ours."""
    global _chosen
    _load(folder)
    _chosen = folder


def load(folder: Path | None = None) -> Profiles:
    """Our technique files, and over them those of a folder or of the one in use. OntologyError with file and line."""
    return _load(folder or _chosen)


@lru_cache(maxsize=8)
def _load(folder: Path | None) -> Profiles:
    theirs = _read_all(folder) if folder else []
    replaced = {profile.technique for profile in theirs if profile.technique}
    return Profiles([*(profile for profile in _read_all(FOLDER) if profile.technique not in replaced), *theirs])


def _read_all(folder: Path) -> list[Profile]:
    if not folder.is_dir():
        raise OntologyError(f"{folder}: no such folder of technique files")
    found: dict[str, Profile] = {}
    for path in sorted(folder.glob("*.toml")):
        profile = read_profile(path)
        key = profile.technique or profile.label
        if key in found:
            raise OntologyError(f"{path}: {found[key].file} beside it is about {key} too; keep one of them")
        found[key] = profile
    return list(found.values())


def read_profile(path: Path) -> Profile:
    """One technique file, checked against PaNET, NeXus and the units. Raises OntologyError with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OntologyError(f"{path}: not readable as TOML: {error}") from None
    except OSError as error:
        raise OntologyError(f"{path}: {error.strerror}") from None
    try:
        profile = Profile.model_validate({**raw, "file": path.name})
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        message = reason(problem)
        where = _place(path, text, problem["loc"], message if problem["type"] == "value_error" else "")
        raise OntologyError(f"{where}: {f'`{place}`: ' if place else ''}{message}") from None
    for culprit, message in _contradictions(profile):
        raise OntologyError(f"{_line(path, text, culprit)}: {message}")
    return profile


def _place(path: Path, text: str, loc: tuple[str | int, ...], message: str) -> str:
    """File and line of what a model refused: the last word in quotes, or the key, in the table of its number."""
    if message:
        return _line(path, text, message.split("'")[-2] if "'" in message else "")
    table, number = (loc[0], loc[1]) if len(loc) > 2 and isinstance(loc[1], int) else ("", 0)
    heads = [at for at, words in enumerate(text.splitlines()) if words.strip() == f"[[{table}]]"]
    return _line(path, text, str(loc[-1]) if loc else "", heads[number] if number < len(heads) else 0)


def _line(path: Path, text: str, culprit: str, begin: int = 0) -> str:
    """The file and the line where a word stands first, from a line on; the file alone when it stands nowhere."""
    lines = enumerate(text.splitlines()[begin:], start=begin + 1)
    line = next((number for number, words in lines if culprit and culprit in words), None)
    return f"{path}:{line}" if line else str(path)


def _contradictions(profile: Profile) -> Iterator[tuple[str, str]]:
    """What PaNET, NeXus and the units say against a file: the word at fault and the reason."""
    if profile.technique:
        term = panet.load().term(profile.technique)
        if term is None:
            yield profile.technique, f"PaNET has no term {profile.technique}"
        elif term.deprecated:
            instead = f"; use {term.replaced_by.rsplit('/', 1)[-1]}" if term.replaced_by else ""
            yield profile.technique, f"{profile.technique} ({term.label}) is deprecated in PaNET{instead}"
        elif not term.is_technique:
            yield (
                profile.technique,
                f"{profile.technique} ({term.label}) is no technique but one of PaNET's other terms",
            )
    for entry in profile.summary:
        found = nexus.field(entry.nexus) if entry.nexus else None
        if entry.nexus and found is None:
            yield (
                entry.nexus,
                f"NeXus has no field {entry.nexus}; write class and field, such as NXbeam/incident_energy",
            )
        for unit in (entry.unit, entry.written_in):
            if unit and (meant := interpret(unit)) is None:
                yield unit, f"the unit {unit} of '{entry.label}' is none that we know"
            elif unit and found and meant and not found.allows(meant.kind):
                yield unit, f"{entry.nexus} is no {meant.kind}: the unit {unit} of '{entry.label}' cannot be its unit"
        if entry.unit and entry.written_in and not same_kind(entry.unit, entry.written_in):
            yield entry.written_in, f"'{entry.label}' is written in {entry.written_in}, which is no {entry.unit}"
