"""The tables of landing and dataset pages: datasets, samples, parameters, and the summary over many datasets."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from panfair.builders.html.grid import EMPTY, Cell, Column, Grid, grid, size_cell
from panfair.builders.html.language import local_day, tr
from panfair.builders.html.words import (
    DATASET_KIND_WORDS,
    and_more,
    day_in_words,
    days_in_words,
    formula_in_words,
    number,
    paragraphs,
    parameter_in_words,
    range_in_words,
    rounded,
    unit_in_words,
    value_in_words,
    web_address,
)
from panfair.builders.techniques.summary import column_cell, step_words, technique_columns
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.nexus import field_of
from panfair.ontologies.record import Dataset, Parameter, Publication, Sample
from panfair.ontologies.techniques import Profile, SummaryEntry

_MOST_SUMMARY_ROWS = 16
_MOST_SAMPLES = 12


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample as a page shows it."""

    name: str
    address: str
    identifier: str
    kind: str
    formula: str
    text: tuple[tuple[str, ...], ...]
    parameters: Grid


def identifier_words(identifier: Identifier | None) -> str:
    """An identifier as people write it: `doi:10.…`, `hdl:20.500…`, an address as it is."""
    if identifier is None:
        return ""
    if identifier.scheme in {"URL", "local", "URN", "ARK"}:
        return identifier.value
    lead = {"DOI": "doi", "Handle": "hdl", "Funder": "doi"}.get(identifier.scheme, identifier.scheme)
    return f"{lead}:{identifier.value}"


def identifier_address(identifier: Identifier | None) -> str:
    """Where an identifier resolves, if anywhere that is safe to link to."""
    return web_address(identifier.url) if identifier else ""


def dataset_grid(
    datasets: Sequence[Dataset], page_of: Callable[[Dataset], str], profiles: Sequence[Profile] = ()
) -> Grid:
    """The datasets of a publication; `page_of` answers a dataset's page on this site, or nothing when it has none.

    Behind the size stand the columns that the technique files name: on a narrow page they are the ones to scroll to.
    """
    added = technique_columns(profiles)
    columns = (
        *(Column(label) for label in (tr("Name"), tr("Kind"), tr("Technique"), tr("Sample"), tr("Date"))),
        Column(tr("Files"), number=True),
        Column(tr("Size"), number=True),
        *(Column(tr(entry.label), number=True) for _, entry in added),
        Column(tr("Identifier")),
    )
    rows = [_dataset_row(dataset, page_of(dataset), profiles, added) for dataset in datasets]
    return grid(tr("Datasets"), columns, _without_the_same(rows))


def _without_the_same(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The rows without the technique and the sample that all datasets share: the page has said them above."""
    shared = {place for place in (2, 3) if len(rows) > 1 and len({row[place] for row in rows}) == 1}
    return [tuple(EMPTY if place in shared else cell for place, cell in enumerate(row)) for row in rows]


def _dataset_row(
    dataset: Dataset, page: str, profiles: Sequence[Profile], added: Sequence[tuple[Profile, SummaryEntry]]
) -> tuple[Cell, ...]:
    identifier, address = dataset.identifier, identifier_address(dataset.identifier)
    # Catalogues that know no name take the identifier, or what stands behind its prefix.
    named_by_id = identifier is not None and f"/{identifier.value}".endswith(f"/{dataset.name}")
    kind = tr(DATASET_KIND_WORDS[dataset.kind]) if dataset.kind != "other" else dataset.kind_said or ""
    if step := step_words(profiles, dataset):
        kind = tr("{kind}: {step}").format(kind=kind, step=step) if kind else step
    day = dataset.start or dataset.end
    return (
        Cell(dataset.name, address=page or (address if named_by_id else "") or web_address(dataset.url)),
        Cell(kind.replace(" ", "\u00a0")),
        Cell(", ".join(technique.shown for technique in dataset.techniques)),
        Cell(", ".join(sample.name for sample in dataset.samples)),
        Cell(day_in_words(local_day(day)).replace(" ", "\u00a0")) if day else EMPTY,
        Cell(number(dataset.file_count), number=True) if dataset.file_count else EMPTY,
        size_cell(dataset.size_bytes),
        *(column_cell(profile, entry, dataset) for profile, entry in added),
        # One that leads nowhere stands on the dataset's own page; here it would push the others out of sight.
        EMPTY if named_by_id or (page and not address) else Cell(identifier_words(identifier), address=address),
    )


def parameter_grid(caption: str, parameters: Sequence[Parameter]) -> Grid:
    """Every parameter with its value and its unit, to four digits that tell something, as it was written on hovering.

    What is said several times in the same words stands once, with how often.
    """
    said = Counter((parameter.name, parameter_in_words(parameter)) for parameter in parameters)
    once = {(parameter.name, parameter_in_words(parameter)): parameter for parameter in parameters}
    columns = (Column(tr("Name")), Column(tr("Value")), Column(tr("Meaning")), Column("NeXus"))
    return grid(
        caption,
        columns,
        (
            (
                Cell(parameter.name if said[name, exact] == 1 else f"{parameter.name} (× {said[name, exact]})"),
                value_cell(parameter),
                Cell(parameter.description or ""),
                _nexus_cell(parameter),
            )
            for (name, exact), parameter in once.items()
        ),
    )


def value_cell(parameter: Parameter) -> Cell:
    """A parameter's value to four significant digits; exactly as it was written on hovering, where that differs."""
    exact = parameter_in_words(parameter)
    ends = {name: rounded(getattr(parameter, name)) for name in ("error", "minimum", "maximum")}
    short = parameter_in_words(parameter.model_copy(update={"value": rounded(parameter.value), **ends}))
    return Cell(short, title=exact if short != exact else "")


def _nexus_cell(parameter: Parameter) -> Cell:
    """The path that the source says, else the field that the name stands for, with its place in the NeXus manual."""
    found = field_of(parameter.name, parameter.nexus)
    return Cell(parameter.nexus or (found.title if found else ""), address=found.manual if found else "")


def summary_grid(publication: Publication, shown: frozenset[str] = frozenset()) -> tuple[Grid, int]:
    """What was set and measured, over the publication and all its datasets, and how many parameters are left out.

    `shown` are the names of those that stand in a technique's summary already. One value where all agree, a range
    where numbers of one unit differ, the first few where words do.
    """
    found: dict[str, list[Parameter]] = {}
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    for part in parts:
        for parameter in part.parameters:
            if parameter.name in shown:
                continue
            found.setdefault(parameter.name, []).append(parameter)
    rows = [(Cell(name), Cell(_value_range(values))) for name, values in list(found.items())[:_MOST_SUMMARY_ROWS]]
    table = grid(tr("Parameters"), (Column(tr("Parameter")), Column(tr("Value"))), rows)
    return table, max(0, len(found) - _MOST_SUMMARY_ROWS)


def _value_range(parameters: list[Parameter]) -> str:
    words = list(dict.fromkeys(parameter_in_words(parameter) for parameter in parameters))
    if len(words) == 1:
        return words[0]
    values = [parameter.value for parameter in parameters]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(values) and len({parameter.unit for parameter in parameters}) == 1:
        unit = unit_in_words(parameters[0].unit) if parameters[0].unit else ""
        return range_in_words(value_in_words(min(numbers)), value_in_words(max(numbers)), unit)
    return and_more("; ".join(words[:3]), len(words) - 3)


def sample_views(samples: Iterable[Sample]) -> tuple[tuple[SampleView, ...], int]:
    """The samples, each once, and how many more there are than a page shows."""
    once: dict[str, Sample] = {}
    for sample in samples:
        once.setdefault(sample.identifier.value if sample.identifier else sample.name, sample)
    views = tuple(map(sample_view, list(once.values())[:_MOST_SAMPLES]))
    return views, max(0, len(once) - _MOST_SAMPLES)


def sample_view(sample: Sample) -> SampleView:
    """One sample as a page shows it."""
    return SampleView(
        name=sample.name,
        address=identifier_address(sample.identifier),
        identifier=identifier_words(sample.identifier),
        kind=sample.kind or "",
        formula=formula_in_words(sample.formula),
        text=paragraphs(sample.description),
        parameters=parameter_grid(tr("Parameters of {sample}").format(sample=sample.name), sample.parameters),
    )


def when(part: Publication | Dataset) -> str:
    """When it was measured, in words; empty when nobody says."""
    start, end = part.measured
    return days_in_words(local_day(start) if start else None, local_day(end) if end else None)
