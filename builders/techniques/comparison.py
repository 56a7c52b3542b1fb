"""Results of several programs side by side, the best of each source marked by the rule that its technique file writes.

What is compared, by which columns and by which rule stands in the technique files (`[[comparison]]`); nothing here
knows of any technique. A value that a program gives by shell of resolution stands overall first, then inner and outer.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from panfair.builders.html.grid import EMPTY, Cell, Column, Grid, grid
from panfair.builders.html.language import tr
from panfair.builders.html.words import number
from panfair.builders.techniques.summary import number_in, rounded
from panfair.ontologies.record import Dataset, Parameter, Sample
from panfair.ontologies.techniques import Comparison, ComparisonColumn, Profile, keyed, parameter_key

_MOST = 60  # rows on a page
_BEST = "\u00a0★"
_ACRONYM = "SampleProtein_acronym"

PageOf = Callable[[Dataset], str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison on a page."""

    label: str
    rule: str
    """How the best is told, in words; empty where none is marked."""
    grid: Grid
    left_out: int
    """How many more rows there are than a page shows."""


class Comparisons:
    """The comparisons among a publication's datasets, for its own page and for theirs; made once a publication."""

    def __init__(self, profiles: Iterable[Profile], datasets: Sequence[Dataset], page_of: PageOf) -> None:
        self._datasets = datasets
        self._page_of = page_of
        self._origins = _Origins(datasets)
        self._groups: dict[Comparison, dict[frozenset[str], list[Dataset]]] = {}
        """By comparison and by what they were made from, the datasets that are compared."""
        for comparison in dict.fromkeys(one for profile in profiles for one in profile.comparison):
            groups: dict[frozenset[str], list[Dataset]] = defaultdict(list)
            for dataset in datasets:
                if _is_compared(dataset, comparison):
                    groups[self._origins.of(dataset)].append(dataset)
            if groups:
                self._groups[comparison] = groups

    def all(self) -> tuple[Compared, ...]:
        """Those of the publication: its samples, if there are several, and every comparison."""
        tables = [self._compared(comparison, list(groups.values())) for comparison, groups in self._groups.items()]
        samples = self._by_sample()
        return (samples, *tables) if samples else tuple(tables)

    def of(self, dataset: Dataset) -> tuple[Compared, ...]:
        """Those of what was made from the same data as a dataset, or from it."""
        if not self._groups:
            return ()
        mine = self._origins.of(dataset)
        found = []
        for comparison, groups in self._groups.items():
            near = [group for origin, group in groups.items() if origin & mine]
            if near:
                found.append(self._compared(comparison, near, dataset.id))
        return tuple(found)

    def _compared(self, comparison: Comparison, groups: Sequence[Sequence[Dataset]], here: str = "") -> Compared:
        best = {one.id for group in groups if (one := best_of(comparison, group))}
        ordered = [dataset for group in groups for dataset in group]
        columns = (
            *map(Column, (tr("Result"), tr("Data"), tr("Sample"))),
            *(Column(tr(column.label), number=True) for column in comparison.column),
        )
        cells = []
        for dataset in ordered[:_MOST]:
            sources, samples = self._origins.said(dataset) if len(groups) > 1 else ("", "")
            address = "" if dataset.id == here else self._page_of(dataset)
            is_best = dataset.id in best
            name = Cell(dataset.name + _BEST if is_best else dataset.name, address, tr("best") if is_best else "")
            cells.append((name, Cell(sources), Cell(samples), *(_cell(one, dataset) for one in comparison.column)))
        table = grid(tr(comparison.label), columns, cells)
        return Compared(tr(comparison.label), tr(comparison.rule) if best else "", table, max(0, len(ordered) - _MOST))

    def _by_sample(self) -> Compared | None:
        """All samples of a session: how often each was measured, and the best result; None where there are not two."""
        samples: dict[str, Sample] = {sample.name: sample for one in self._datasets for sample in one.samples}
        comparison = next((one for one in self._groups if one.order), None)
        if comparison is None or len(samples) < 2:
            return None
        measured: dict[str, list[Dataset]] = defaultdict(list)
        for dataset in self._datasets:
            for name in {sample.name for sample in dataset.samples} if dataset.kind == "raw" else ():
                measured[name].append(dataset)
        columns = (
            *map(Column, (tr("Sample"), tr("Protein"))),
            *(Column(label, number=True) for label in (tr("Measurements"), tr("Results"))),
            Column(tr("Best")),
            *(Column(tr(column.label), number=True) for column in comparison.column),
        )
        rows = []
        for name, sample in sorted(samples.items())[:_MOST]:
            raw = measured[name]
            ids = {one.id for one in raw}
            groups = self._groups[comparison].items()
            results = [one for origin, group in groups if origin <= ids for one in group]
            best = best_of(comparison, results)
            rows.append(
                (
                    Cell(name, address=self._page_of(raw[0]) if len(raw) == 1 else ""),
                    Cell(next((str(one.value) for one in sample.parameters if one.name == _ACRONYM), "")),
                    Cell(number(len(raw)), number=True),
                    Cell(number(len(results)) if results else "", number=True),
                    Cell(best.name, address=self._page_of(best)) if best else EMPTY,
                    *(_cell(column, best) if best else EMPTY for column in comparison.column),
                )
            )
        label = tr("Samples of the session")
        rule = tr(comparison.rule) if any(row[4].words for row in rows) else ""
        return Compared(label, rule, grid(label, columns, rows), max(0, len(samples) - _MOST))


def best_of(comparison: Comparison, datasets: Sequence[Dataset]) -> Dataset | None:
    """The best of datasets by the rule of the comparison; None where no rule is written or none meets it."""
    able = [dataset for dataset in datasets if comparison.order and _meets(comparison, keyed(dataset.parameters))]
    return min(able, key=lambda dataset: _rank(comparison, keyed(dataset.parameters)), default=None)


class _Origins:
    """The datasets that each dataset was made from in the end."""

    def __init__(self, datasets: Sequence[Dataset]) -> None:
        self._by_id = {dataset.id: dataset for dataset in datasets}
        self._known: dict[str, frozenset[str]] = {}

    def of(self, dataset: Dataset) -> frozenset[str]:
        """Their ids; of a dataset that was made from nothing known its own."""
        if dataset.id not in self._known:
            self._known[dataset.id] = frozenset({dataset.id})  # a circle ends here
            inputs = [self._by_id[link.id] for link in dataset.inputs if link.id in self._by_id]
            if inputs:
                self._known[dataset.id] = frozenset().union(*map(self.of, inputs))
        return self._known[dataset.id]

    def said(self, dataset: Dataset) -> tuple[str, str]:
        """The names of what it was made from, and of the samples."""
        sources = [self._by_id[one] for one in sorted(self.of(dataset))]
        samples = dict.fromkeys(sample.name for one in (dataset, *sources) for sample in one.samples)
        return ", ".join(one.name for one in sources), ", ".join(samples)


def _is_compared(dataset: Dataset, comparison: Comparison) -> bool:
    names = [parameter.name for parameter in dataset.parameters] if dataset.kind == "processed" else []
    return any(fnmatchcase(name, mark) for mark in comparison.marks for name in names)


def _cell(column: ComparisonColumn, dataset: Dataset) -> Cell:
    """A value, or its values by shell: `1.45`, `0.109 (0.063, 0.789)`; those of all names where they stand together."""
    parameters = keyed(dataset.parameters)
    if column.together:
        parts = [words for name in column.names if (words := _words([name], "", column.digits, parameters))]
        return Cell(" ".join(parts), number=True)
    first, *others = [_words(column.names, shell, column.digits, parameters) for shell in column.shells or ("",)]
    if not first:
        return EMPTY
    return Cell(f"{first} ({', '.join(one or '–' for one in others)})" if any(others) else first, number=True)


def _words(names: Sequence[str], shell: str, digits: int | None, parameters: dict[str, Parameter]) -> str:
    for name in names:
        if (found := parameters.get(parameter_key(name.replace("{shell}", shell)))) is not None:
            value = number_in(found.value)
            return str(found.value) if value is None else rounded(value, digits)
    return ""


def _meets(comparison: Comparison, parameters: dict[str, Parameter]) -> bool:
    reached = all((_number(one.names, parameters) or 0) >= one.at_least for one in comparison.condition)
    return reached and _number(comparison.order[0].names, parameters) is not None


def _rank(comparison: Comparison, parameters: dict[str, Parameter]) -> tuple[float, ...]:
    """Smaller is better; what a program does not say comes last."""
    values = [(_number(one.names, parameters), one.best) for one in comparison.order]
    return tuple(float("inf") if value is None else value if best == "lowest" else -value for value, best in values)


def _number(names: Sequence[str], parameters: dict[str, Parameter]) -> float | None:
    found = (parameters.get(parameter_key(name)) for name in names)
    return next((value for one in found if one is not None and (value := number_in(one.value)) is not None), None)
