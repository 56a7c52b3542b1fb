"""What the pages for closed data show of a session and of a dataset, in the words and tables of the public pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from panfair.builders.html.grid import EMPTY, Cell, Column, Grid, grid, size_cell
from panfair.builders.html.language import tr
from panfair.builders.html.words import RELATION_WORDS, counted, day_in_words, days_in_words, paragraphs, web_address
from panfair.builders.pages.landing import Fact
from panfair.builders.pages.tables import parameter_grid
from panfair.builders.techniques.summary import TechniqueBlock, blocks
from panfair.harvesters.icat.entities import identifier_written
from panfair.ontologies import techniques as technique_files
from panfair.ontologies.mapping import map_term
from panfair.ontologies.record import Dataset as DatasetRecord
from panfair.ontologies.record import Parameter as ParameterRecord
from panfair.ontologies.record import Technique as TechniqueRecord
from panfair.site.catalogue.store.rows import (
    Datafile,
    Dataset,
    Funding,
    Instrument,
    Investigation,
    Parameter,
    Person,
    SessionSample,
    Technique,
    Work,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a session or dataset is to the public: a badge's class and words, and a sentence."""

    state: str
    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list."""

    id: int
    address: str
    title: str
    facts: tuple[str, ...]
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """All that the template of a session places."""

    id: int
    name: str
    title: str
    state: str
    words: str
    meaning: str
    withdrawn: bool
    facts: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    text: tuple[tuple[str, ...], ...]
    datasets: Grid
    dataset_words: str
    previous: str
    next: str
    samples: Grid
    parameters: Grid
    keywords: str
    funding: tuple[str, ...]
    works: tuple[Fact, ...]
    details: tuple[Fact, ...]
    release_date: str
    doi_state: str
    was_open: bool
    """Whether it is public, so that a withdrawal is told to everybody."""


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """All that the template of a dataset places."""

    name: str
    session: str
    session_address: str
    state: str
    words: str
    meaning: str
    facts: tuple[str, ...]
    text: tuple[tuple[str, ...], ...]
    blocks: tuple[TechniqueBlock, ...]
    parameters: Grid
    inputs: Grid
    files: Grid
    details: tuple[Fact, ...]


def state_of(row: Investigation | Dataset, release_date: str | None) -> Standing:
    """What the public sees of it today, and from when on."""
    if row.withdrawn_on:
        words = tr("withdrawn on {day}").format(day=day_in_words(date.fromisoformat(row.withdrawn_on)))
        return Standing("withdrawn", words, tr("It is out of the public for ever; its team still sees it."))
    if row.public:
        return Standing("open", tr("public"), tr("Everybody may see this."))
    if release_date:
        day = day_in_words(date.fromisoformat(release_date))
        return Standing(
            "embargoed",
            tr("not public until {day}").format(day=day),
            tr("Until then only its team, and you, may see it."),
        )
    return Standing("embargoed", tr("not public"), tr("It has no release date: only its team, and you, may see it."))


def session_line(row: Investigation) -> SessionLine:
    state = state_of(row, row.release_date)
    return SessionLine(row.id, f"/my/session/{row.id}", row.title, _session_facts(row), state.state, state.words)


def session_page(
    row: Investigation,
    people: Sequence[Person],
    instruments: Sequence[Instrument],
    datasets: Sequence[Dataset],
    count: int,
    samples: Sequence[SessionSample],
    parameters: Sequence[Parameter],
    funding: Sequence[Funding],
    works: Sequence[Work],
    previous: str,
    following: str,
    at_datacite: Fact | None = None,
) -> SessionPage:
    """A session with a stretch of its datasets."""
    state = state_of(row, row.release_date)
    details = [
        Fact(tr("Proposal"), tr("{proposal}, session {session}").format(proposal=row.name, session=row.visit_id))
    ]
    details += [Fact(tr("Instrument"), one.full_name or one.name) for one in instruments]
    if row.doi:
        details.append(
            Fact("DOI", row.doi if row.doi_state == "minted" else tr("{doi} (reserved)").format(doi=row.doi))
        )
    if at_datacite:
        details.append(at_datacite)
    if row.release_date:
        details.append(Fact(tr("Public from"), day_in_words(date.fromisoformat(row.release_date))))
    if row.withdrawn_reason:
        details.append(Fact(tr("Reason of the withdrawal"), row.withdrawn_reason))
    return SessionPage(
        id=row.id,
        name=f"{row.name} {row.visit_id}",
        title=row.title,
        state=state.state,
        words=state.words,
        meaning=state.meaning,
        withdrawn=bool(row.withdrawn_on),
        facts=_session_facts(row),
        people=tuple((one.full_name or one.name or "", one.role) for one in people),
        text=paragraphs(row.summary),
        datasets=grid(
            tr("List of datasets"),
            (
                Column(tr("Name")),
                Column(tr("Kind")),
                Column(tr("Date")),
                Column(tr("State")),
                Column(tr("Size"), number=True),
            ),
            map(_dataset_row, datasets),
        ),
        dataset_words=counted(count, "dataset", "datasets"),
        previous=previous,
        next=following,
        samples=grid(
            tr("List of samples"),
            (Column(tr("Name")), Column(tr("Type")), Column(tr("Formula")), Column(tr("Description"))),
            (
                (Cell(one.name), Cell(one.type or ""), Cell(one.formula or ""), Cell(one.description or ""))
                for one in samples
            ),
        ),
        parameters=parameter_grid(tr("List of parameters"), list(map(_parameter, parameters))),
        keywords=", ".join(orjson.loads(row.keywords)),
        funding=tuple(", ".join(filter(None, (one.funder, one.award_number, one.award_title))) for one in funding),
        works=tuple(map(_work, works)),
        details=tuple(details),
        release_date=row.release_date or "",
        doi_state=row.doi_state or "",
        was_open=bool(row.public),
    )


def dataset_page(
    row: Dataset,
    session: Investigation | None,
    sample: SessionSample | None,
    techniques: Sequence[Technique],
    parameters: Sequence[Parameter],
    inputs: Sequence[Dataset],
    files: Sequence[Datafile],
) -> DatasetPage:
    """A dataset; its session is None for who sees the dataset and not the session."""
    state = state_of(row, session.release_date if session else None)
    mapped = tuple(_technique(one) for one in techniques)
    record = DatasetRecord(
        id=str(row.id), name=row.name, techniques=mapped, parameters=tuple(map(_parameter, parameters))
    )
    details = [Fact(tr("Technique"), one.name) for one in mapped]
    if sample:
        details.append(Fact(tr("Sample"), sample.name))
    if row.pid:
        details.append(Fact(tr("Identifier"), row.pid, web_address(row.pid)))
    if row.location:
        details.append(Fact(tr("At the facility"), row.location))
    if not row.complete:
        details.append(Fact(tr("Note"), tr("not complete yet: it stays closed")))
    return DatasetPage(
        name=row.name,
        session=session.title if session else tr("Session"),
        session_address=f"/my/session/{row.investigation}",
        state=state.state,
        words=state.words,
        meaning=state.meaning,
        facts=tuple(filter(None, (row.type, _when(row.start, row.end)))),
        text=paragraphs(row.description),
        blocks=blocks(technique_files.load().of_all(mapped), (record,)),
        parameters=parameter_grid(tr("List of parameters"), record.parameters),
        inputs=grid(
            tr("Datasets that it was made from"),
            (Column(tr("Dataset")),),
            ((Cell(one.name, address=f"/my/dataset/{one.id}"),) for one in inputs),
        ),
        files=grid(
            tr("List of files"),
            (Column(tr("Name")), Column(tr("Size"), number=True), Column(tr("Description"))),
            (
                (Cell(one.name, address=f"/my/file/{one.id}"), size_cell(one.size), Cell(one.description or ""))
                for one in files
            ),
        ),
        details=tuple(details),
    )


def _dataset_row(row: Dataset) -> tuple[Cell, ...]:
    return (
        Cell(row.name, address=f"/my/dataset/{row.id}"),
        Cell(row.type),
        Cell(_when(row.start, row.end)),
        Cell(_state_in_a_word(row)),
        size_cell(row.volume) if row.volume else EMPTY,
    )


def _state_in_a_word(row: Dataset) -> str:
    """What a row of a table has room for; the day stands above it."""
    if row.withdrawn_on:
        return tr("withdrawn")
    return tr("public") if row.public else tr("closed") if row.complete else tr("closed, not complete")


def _session_facts(row: Investigation) -> tuple[str, ...]:
    return tuple(filter(None, (f"{row.name} {row.visit_id}", row.type, _when(row.start, row.end))))


def _when(start: str | None, end: str | None) -> str:
    return days_in_words(_day(start), _day(end))


def _day(moment: str | None) -> date | None:
    return datetime.fromisoformat(moment).date() if moment else None


def _work(row: Work) -> Fact:
    """A work by its relation, as people cite it, with its address where it has one."""
    identifier = identifier_written(row.pid)
    words = row.citation or row.title or row.pid or row.url or ""
    address = web_address(identifier.url if identifier else None) or web_address(row.url)
    return Fact(tr(RELATION_WORDS.get(row.relation, row.relation)), words, address)


def _parameter(row: Parameter) -> ParameterRecord:
    value = row.number if row.number is not None and "." in row.value else row.value
    return ParameterRecord(name=row.name, value=value, unit=row.units or None, description=row.description)


def _technique(row: Technique) -> TechniqueRecord:
    term = map_term(row.name, row.pid).term
    return TechniqueRecord(said=row.name, iri=term.iri if term else None, label=term.label if term else None)
