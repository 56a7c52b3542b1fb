"""SciCat's scientificMetadata, read into parameters, people, samples and related works.

Comes in: a JSON object of any depth, as instruments write it. Goes out: each value at its path (`detector.distance`)
with its unit, in all the shapes that sites use: `{value, unit}`, `{value, units}`, `{magnitude, unit}`, `{v, u}`,
scalars, rows of numbers, groups of these and lists of groups. SciCat's own `valueSI` and `unitSI` are its arithmetic
and no second value. What cannot be shown is named in `left`, so that nothing goes without a word.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson
from pydantic import ValidationError

from panfair.harvesters.reading.values import Note, number_of, text_in
from panfair.harvesters.scicat.entries import part_of, person_in, sample_name, works_in
from panfair.ontologies.record import Agent, Parameter, Related, Sample
from panfair.ontologies.text import clean_line

Raw = dict[str, Any]

_DEEPEST = 12  # levels of groups in groups
_MOST_ITEMS = 50  # groups of one list
_LARGEST_TABLE = 100  # numbers; a larger one is data and no metadata
_VALUES, _UNITS = ("value", "magnitude"), ("unit", "units")
# Beside a value: what SciCat's server and its editors add to it.
_ADDED = frozenset({"valueSI", "unitSI", "type", "human_name", "ontology_reference"})
_ERRORS = ("error", "uncertainty", "std")


@dataclass
class Metadata:
    """What one dataset's scientificMetadata holds."""

    parameters: list[Parameter] = field(default_factory=list)
    people: list[Agent] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    related_texts: list[str] = field(default_factory=list)
    """Works without a relation, as they are written."""
    left: list[str] = field(default_factory=list)
    """The names of what could not be shown."""


def metadata_of(value: Any, note: Note, encoded: bool) -> Metadata:
    """All that scientificMetadata holds; `encoded`: its keys are percent-encoded, as SciCat stores them."""
    found = Metadata()
    if isinstance(value, dict):
        _Reader(found, note, encoded).group(value, "", 0)
    elif value not in (None, "", []):
        found.left.append("scientificMetadata")
    return found


class _Reader:
    """One walk through the groups."""

    def __init__(self, found: Metadata, note: Note, encoded: bool) -> None:
        self.found = found
        self.note = note
        self.encoded = encoded

    def group(self, value: Raw, path: str, depth: int) -> None:
        for key, inner in value.items():
            name = clean_line(_decoded(key) if self.encoded else key)
            self.value(inner, f"{path}.{name}" if path and name else name or path, name, depth)

    def value(self, value: Any, path: str, key: str, depth: int) -> None:
        if depth > _DEEPEST:
            self.found.left.append(path)
        elif isinstance(value, dict):
            self._object(value, path, key, depth)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            self._list(value, path, key, depth)
        else:
            self._parameter(path, value, None)

    def _object(self, value: Raw, path: str, key: str, depth: int) -> None:
        if quantity := _quantity(value):
            self._quantity(value, path, quantity, depth)
        elif not self._known(value, key, listed=False):
            self.group(value, path, depth + 1)

    def _quantity(self, value: Raw, path: str, names: tuple[str, str], depth: int) -> None:
        number, unit = names
        error = next((found for name in _ERRORS if (found := number_of(value.get(name))) is not None), None)
        said = text_in(value.get("human_name"))
        self._parameter(path, value[number], text_in(value.get(unit)), error, clean_line(said) if said else None)
        used = {number, unit, *_ADDED, *(name for name in _ERRORS if number_of(value.get(name)) is not None)}
        self.group({name: inner for name, inner in value.items() if name not in used}, path, depth + 1)

    def _list(self, value: list[Any], path: str, key: str, depth: int) -> None:
        """A list of objects: people, samples and works where they are such, else each under its number."""
        rest = [item for item in value if not (isinstance(item, dict) and self._known(item, key, listed=True))]
        if len(rest) > _MOST_ITEMS:
            self.found.left.append(path)
            return
        for number, item in enumerate(rest, 1):
            self.value(item, f"{path}.{number}" if len(rest) > 1 else path, key, depth + 1)

    def _known(self, item: Raw, key: str, listed: bool) -> bool:
        """Whether an object is a person, a sample of a list or a related work, and is kept as such."""
        word = part_of(key)
        if agent := person_in(item, key, self.note):
            self.found.people.append(agent)
        elif listed and word == "sample" and (name := sample_name(item)):
            self.found.samples.append(self._sample(item, name))
        elif works := works_in(item, word, self.note):
            self.found.related += [work for work in works if isinstance(work, Related)]
            self.found.related_texts += [work for work in works if isinstance(work, str)]
        else:
            return False
        return True

    def _sample(self, item: Raw, name: str) -> Sample:
        taken = {"name", "sample_name", "description", "formula", "chemical_formula"}
        rest = {key: value for key, value in item.items() if key not in taken}
        return Sample(
            name=name,
            formula=text_in(item.get("formula")) or text_in(item.get("chemical_formula")),
            description=text_in(item.get("description")),
            parameters=parameters_of(rest, self.note, self.encoded),
        )

    def _parameter(
        self, path: str, value: Any, unit: str | None, error: float | None = None, said: str | None = None
    ) -> None:
        told_value = _shown(value)
        if told_value is None:
            if value not in (None, "", []) and not (isinstance(value, str) and text_in(value) is None):
                self.found.left.append(path)
            return
        if not path:
            self.found.left.append("(a value without a name)")
        else:
            made = {"name": path, "value": told_value, "unit": unit, "error": error, "description": said}
            try:
                self.found.parameters.append(Parameter.model_validate(made))
            except ValidationError:
                self.found.left.append(path)


def _decoded(key: str) -> str:
    """A key as it was typed: `with%2Edot` is `with.dot`."""
    try:
        return unquote(key, errors="strict")
    except UnicodeDecodeError:
        return key


def _quantity(value: Raw) -> tuple[str, str] | None:
    """The names of value and unit, when an object is a quantity."""
    for name in _VALUES:
        if name in value and not isinstance(value[name], dict) and not _has_objects(value[name]):
            return name, next((unit for unit in _UNITS if unit in value), "unit")
    if "v" in value and value.keys() <= {"v", "u", "valueSI", "unitSI"} and isinstance(value.get("u"), str | None):
        return "v", "u"
    return None


def _has_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _shown(value: Any) -> Any:
    """A value as a parameter can have it; None for one that says nothing, or that no parameter can have."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if number_of(value) is not None else None
    if isinstance(value, str):
        return text_in(value)
    if not isinstance(value, list) or not value:
        return None
    numbers = [number_of(item) if isinstance(item, int | float) else None for item in value]
    if None not in numbers:
        return tuple(numbers)
    if any(isinstance(item, list) for item in value):
        return _table(value)
    texts = [text for item in value if (text := _word(item))]
    return ", ".join(texts) or None


def _word(item: Any) -> str | None:
    return str(item).lower() if isinstance(item, bool) else text_in(item)


def _table(value: list[Any]) -> str | None:
    """A small table as JSON writes it; None for a large one."""
    rows = [row for row in value if isinstance(row, list)]
    if sum(map(len, rows)) > _LARGEST_TABLE or any(isinstance(item, dict) for row in rows for item in row):
        return None
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError, RecursionError):
        return None


def parameters_of(value: Any, note: Note, encoded: bool) -> tuple[Parameter, ...]:
    """The parameters alone, of a sample's characteristics."""
    return tuple(metadata_of(value, note, encoded).parameters)
