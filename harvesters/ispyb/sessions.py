"""Sessions of ISPyB as additions: by what the other source may know them, and the datasets that they hold."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from panfair.harvesters.ispyb import cryo_em, results, scans, screenings, sweeps
from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import moment, number
from panfair.harvesters.ispyb.samples import Samples
from panfair.harvesters.ispyb.tables import DatabaseOptions, Row, Tables
from panfair.harvesters.reading.values import Note, text_in
from panfair.ontologies.additions import Addition
from panfair.ontologies.record import Dataset
from panfair.ontologies.text import clean_line

_SESSIONS = 25  # read at once
_OPEN_WORDS = frozenset({"", "0", "ok", "no", "false"})


def additions(database: Tables, options: DatabaseOptions, by_day: bool, note: Note) -> Iterator[Addition]:
    """Every session of the database, in the order of their numbers."""
    crowded = _days_of_several_sessions(database) if by_day else set()
    for page in database.pages("BLSession", "sessionId", _SESSIONS):
        wanted = {row.get("proposalId") for row in page}
        proposals = {row["proposalId"]: row for row in database.rows("Proposal", "proposalId", wanted)}
        batch = Batch(database, page)
        samples = Samples(batch, note)
        held = _Held(batch, note)
        for session in page:
            proposal = proposals.get(session.get("proposalId"), {})
            alone = by_day and session["sessionId"] not in crowded
            datasets = tuple(_datasets(batch, session["sessionId"], samples, note))
            yield _addition(session, proposal, datasets, options, alone)
        yield from held.additions(options, samples)


def _addition(
    session: Row, proposal: Row, datasets: tuple[Dataset, ...], options: DatabaseOptions, by_day: bool
) -> Addition:
    code, digits = text_in(proposal.get("proposalCode")) or "", text_in(proposal.get("proposalNumber")) or ""
    counted = number(session.get("visit_number"))  # an integer, or a column that keeps it as 1.0
    visit = text_in(session.get("visit_number") if counted is None else counted)
    name = f"{code}{digits}"
    protected = clean_line(str(session.get("protectedData") or "")).casefold() not in _OPEN_WORDS
    found = number(session.get("icatId"))
    return Addition(
        source=options.name,
        # Its number makes it unique: the ESRF's sessions have no visit.
        source_id=f"{'-'.join(part for part in (name, visit) if part)} (session {session['sessionId']})",
        catalogue_id=found if isinstance(found, int) and found else None,
        proposal=name or None,
        session=visit,
        instrument=text_in(session.get("beamLineName")),
        start=moment(session.get("startDate")),
        by_day=by_day and not visit,
        closed=protected,
        title=text_in(proposal.get("title")),
        datasets=datasets,
    )


def _datasets(batch: Batch, session: Any, samples: Samples, note: Note) -> Iterator[Dataset]:
    """What a session holds: what was measured first, then what was made of it."""
    yield from sweeps.datasets(batch, session, samples)
    yield from scans.datasets(batch, session, samples)
    yield from results.datasets(batch, batch.programs_of[session], samples)
    yield from screenings.datasets(batch, session, samples, note)
    yield from cryo_em.datasets(batch, session)


class _Held:
    """Results of data of several sessions: nobody has released all of what they were made from."""

    def __init__(self, batch: Batch, note: Note) -> None:
        self._batch = batch
        self._programs = batch.programs_of[None]
        self._note = note

    def additions(self, options: DatabaseOptions, samples: Samples) -> Iterator[Addition]:
        """They alone, as additions to nothing, so that their words are known as closed."""
        for program in self._programs:
            self._note("a result was left out: it was made from data of several sessions, or of none that is known")
            found = tuple(results.datasets(self._batch, [program], samples))
            yield Addition(source=options.name, source_id=f"program {program}", closed=True, datasets=found)


def _days_of_several_sessions(database: Tables) -> set[Any]:
    """The sessions that share proposal, beamline and first day with another: no day tells which of them it is."""
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for page in database.pages("BLSession", "sessionId", 1000):
        for row in page:
            begun = moment(row.get("startDate"))
            found[row.get("proposalId"), row.get("beamLineName"), begun and begun.date()].append(row["sessionId"])
    return {one for some in found.values() if len(some) > 1 for one in some}
