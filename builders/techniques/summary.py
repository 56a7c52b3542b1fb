"""What a reader of one technique looks for first: its file's summary lines, filled from a publication or a dataset.

A value stands in the file's preferred unit; what the catalogue wrote, and under which name, is said on hovering and in
the full list of parameters. What cannot be converted is shown as it was written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panfair.builders.html.grid import EMPTY, Cell
from panfair.builders.html.language import decimal, tr
from panfair.builders.html.words import and_more, parameter_in_words, power_of_ten, range_in_words, value_in_words
from panfair.ontologies import optics
from panfair.ontologies.errors import UnitError
from panfair.ontologies.record import Dataset, Parameter, Publication, Technique
from panfair.ontologies.techniques import Profile, SummaryEntry, found_parameter, keyed
from panfair.ontologies.units import convert, interpret

_OTHER_SIDE = {"energy": ("keV", 3), "wavelength": ("Å", 4)}
_SIGNIFICANT = 3
_LARGE = 1e7
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a summary shows it: a number in a unit, or words."""

    words: str
    number: float | None
    unit: str
    written: str
    """What the catalogue wrote: name, value, unit."""


@dataclass(frozen=True, slots=True)
class TechniqueBlock:
    """One technique's summary on a page."""

    label: str
    lines: tuple[tuple[str, Cell], ...]
    """What it is called and its value; the cell's `title` is what the catalogue wrote."""
    used: frozenset[str]
    """The names of the parameters that it shows."""


def blocks(profiles: Sequence[Profile], parts: Sequence[Publication | Dataset]) -> tuple[TechniqueBlock, ...]:
    """The summaries of these techniques over a publication and its datasets, or over one dataset; no empty one."""
    return tuple(block for profile in profiles for block in (_block(profile, parts),) if block.lines)


def _block(profile: Profile, parts: Sequence[Publication | Dataset]) -> TechniqueBlock:
    tables = [keyed(part.parameters) for part in parts]
    lines: list[tuple[str, Cell]] = []
    used: set[str] = set()
    for entry in profile.summary:
        found = [parameter for table in tables for parameter in (found_parameter(entry, table),) if parameter]
        if not found:
            continue
        shown = [shown_value(entry, parameter, profile) for parameter in found]
        written = list(dict.fromkeys(one.written for one in shown))[:_MOST_WORDS]
        lines.append((tr(entry.label), Cell(_value_range(entry, shown), title="; ".join(written))))
        used.update(parameter.name for parameter in found)
    return TechniqueBlock(tr(profile.label), tuple(lines), frozenset(used))


def shown_value(entry: SummaryEntry, parameter: Parameter, profile: Profile) -> Shown:
    """One parameter as a summary line shows it."""
    said = parameter_in_words(parameter)
    written = f"{parameter.name} = {said}"
    number = number_in(parameter.value)
    written_in = parameter.unit or entry.written_in
    if number is None:
        return Shown(said, None, "", written)
    if entry.unit is None or written_in is None:
        unit = parameter.unit or ""
        return Shown(f"{rounded(number, entry.digits)}{_after(unit)}", number, unit, written)
    value = _in_unit(number, written_in, entry.unit, profile)
    if value is None:
        return Shown(said, None, "", written)
    words = f"{rounded(value, entry.digits)}{_after(entry.unit)}"
    return Shown(words + _other_side(entry, value, profile), value, entry.unit, written)


def number_in(value: bool | int | float | str | tuple[float, ...]) -> float | None:
    """The number that a parameter holds; catalogues keep many numbers as texts."""
    if isinstance(value, bool | tuple):
        return None
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return number if abs(number) < float("inf") else None
    return float(value)


def _in_unit(number: float, written_in: str, wanted: str, profile: Profile) -> float | None:
    """The number in another unit; energy and wavelength are one thing seen from two sides."""
    if (direct := convert(number, written_in, wanted)) is not None:
        return direct
    have, want = interpret(written_in), interpret(wanted)
    if have is None or want is None or profile.probe == "electron":
        return None
    photon = profile.probe == "photon"
    try:
        if (have.kind, want.kind) == ("energy", "length"):
            if (energy := convert(number, written_in, "keV" if photon else "meV")) is None:
                return None
            length = optics.photon_wavelength(energy) if photon else optics.neutron_wavelength(energy)
            return convert(length, "Å", wanted)
        if (have.kind, want.kind) == ("length", "energy"):
            if (length_a := convert(number, written_in, "Å")) is None:
                return None
            energy = optics.photon_energy(length_a) if photon else optics.neutron_energy(length_a)
            return convert(energy, "keV" if photon else "meV", wanted)
    except UnitError:
        return None
    return None


def _other_side(entry: SummaryEntry, value: float, profile: Profile) -> str:
    if entry.also is None or entry.unit is None:
        return ""
    unit, digits = ("meV", 2) if (entry.also, profile.probe) == ("energy", "neutron") else _OTHER_SIDE[entry.also]
    other = _in_unit(value, entry.unit, unit, profile)
    return f" ({rounded(other, digits)} {unit})" if other is not None else ""


def rounded(number: float, digits: int | None) -> str:
    """A number with so many digits behind the point, but never fewer than three that tell anything.

    >>> rounded(12.39842, 3), rounded(0.00012345, 2), rounded(3.0, 0), rounded(2.5e12, 1)
    ('12.398', '0.000123', '3', '2.5 × 10¹²')
    """
    if abs(number) >= _LARGE:
        mantissa, _, exponent = f"{number:.3e}".partition("e")
        return f"{decimal(mantissa.rstrip('0').rstrip('.'))} × {power_of_ten(int(exponent))}"
    if digits is None:
        return value_in_words(float(f"{number:.6g}"))
    if number and abs(number) < 10**-digits:
        return value_in_words(float(f"{number:.{_SIGNIFICANT}g}"))
    return decimal(f"{number:.{digits}f}")


def _after(unit: str) -> str:
    return f" {unit}" if unit else ""


def _value_range(entry: SummaryEntry, shown: list[Shown]) -> str:
    """One value where all agree, a range where numbers of one unit differ, the first few where words do."""
    words = list(dict.fromkeys(one.words for one in shown))
    if len(words) == 1:
        return words[0]
    numbers = [one.number for one in shown if one.number is not None]
    if len(numbers) == len(shown) and len({one.unit for one in shown}) == 1:
        low, high = rounded(min(numbers), entry.digits), rounded(max(numbers), entry.digits)
        return range_in_words(low, high, shown[0].unit)
    return and_more("; ".join(words[:_MOST_WORDS]), len(words) - _MOST_WORDS)


def technique_columns(profiles: Sequence[Profile]) -> list[tuple[Profile, SummaryEntry]]:
    """The columns that these techniques add to a table of datasets, each label once."""
    found: dict[str, tuple[Profile, SummaryEntry]] = {}
    for profile in profiles:
        for label in profile.datasets.columns:
            found.setdefault(label, (profile, profile.entry(label)))
    return list(found.values())


def column_cell(profile: Profile, entry: SummaryEntry, dataset: Dataset) -> Cell:
    """What a dataset says in such a column."""
    parameter = found_parameter(entry, keyed(dataset.parameters))
    if parameter is None:
        return EMPTY
    shown = shown_value(entry.model_copy(update={"also": None}), parameter, profile)
    return Cell(shown.words, title=shown.written, number=shown.number is not None)


def step_words(profiles: Iterable[Profile], dataset: Dataset) -> str:
    """What a dataset is on the way from raw data to a result; empty when its technique's file does not say."""
    return next((tr(step.label) for profile in profiles if (step := profile.step_of(dataset))), "")


def techniques_of(publication: Publication, dataset: Dataset | None = None) -> tuple[Technique, ...]:
    """The techniques of a dataset, else its publication's; of a publication with those of all its datasets."""
    if dataset is not None:
        return dataset.techniques or publication.techniques
    both = [*publication.techniques, *(one for dataset in publication.datasets for one in dataset.techniques)]
    return tuple(dict.fromkeys(both))
