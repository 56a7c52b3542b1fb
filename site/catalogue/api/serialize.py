"""From rows to the ICAT+ dialect: sessions, datasets, samples and files, each list with all that hangs on it at once.

Everything comes out of one `View`, so nothing here can say more than the caller may see.
"""

from collections.abc import Iterable, Sequence

import orjson

from panfair.site.catalogue.api.schemas import (
    DatafileOut,
    DatafileWrapper,
    DatasetDocument,
    DatasetOut,
    DatasetParameterOut,
    InstrumentLink,
    InvestigationLight,
    InvestigationNamed,
    InvestigationOut,
    InvestigationUserInner,
    InvestigationUserOut,
    MemberOut,
    Meta,
    NameValue,
    SampleDataset,
    SampleInvestigation,
    SampleOut,
    TimelineOut,
)
from panfair.site.catalogue.api.serialize_parts import (
    called,
    elapsed,
    funding_out,
    instrument_out,
    midnight,
    parameter_out,
    technique_out,
    type_out,
    user_out,
    work_out,
)
from panfair.site.catalogue.store.query import DatasetQuery, InvestigationQuery
from panfair.site.catalogue.store.read import View
from panfair.site.catalogue.store.rows import Datafile, Dataset, Investigation, Person, SessionSample

_MOST_OUTPUTS = 1000


def investigations_out(view: View, rows: Sequence[Investigation], meta: Meta | None) -> list[InvestigationOut]:
    """Sessions with people, instruments and parameters."""
    ids = [row.id for row in rows]
    people, instruments, parameters = view.people(ids), view.instruments_of(ids), view.parameters("investigation", ids)
    funding, works = view.funding_of("investigation", ids), view.works_of("investigation", ids)
    return [
        InvestigationOut(
            id=row.id,
            name=row.name,
            title=row.title,
            visit_id=row.visit_id,
            summary=row.summary,
            start_date=row.start,
            end_date=row.end,
            release_date=midnight(row.release_date),
            doi=row.doi,
            type=type_out(row.type),
            parameters={one.name: one.value for one in parameters[row.id]},
            instrument=instrument_out(instruments[row.id][0]) if instruments[row.id] else None,
            investigation_instruments=[InstrumentLink(instrument=instrument_out(one)) for one in instruments[row.id]],
            investigation_users=[InvestigationUserInner(role=one.role, user=user_out(one)) for one in people[row.id]],
            keywords=orjson.loads(row.keywords),
            funding_references=list(map(funding_out, funding[row.id])),
            related_items=list(map(work_out, works[row.id])),
            can_access_datasets=bool(row.mine or row.public),
            mod_time=row.modified,
            meta=meta,
        )
        for row in rows
    ]


def people_out(row: Investigation, people: Iterable[Person]) -> list[InvestigationUserOut]:
    return [
        InvestigationUserOut(
            id=one.user,
            name=one.name or called(one),
            full_name=called(one),
            role=one.role,
            investigation_name=row.name,
            investigation_id=row.id,
            family_name=one.family_name,
            given_name=one.given_name,
            email=one.email,
            orcid_id=one.orcid,
            affiliation=one.affiliation,
        )
        for one in people
    ]


def datasets_out(view: View, rows: Sequence[Dataset], meta: Meta | None, nested: bool = False) -> list[DatasetOut]:
    """Datasets with parameters, techniques and their session; nested: with the datasets that were made from them."""
    ids = [row.id for row in rows]
    parameters, techniques = view.parameters("dataset", ids), view.techniques_of(ids)
    inputs, outputs, dois = view.inputs_of(ids), view.outputs_of(ids), view.publications_of(ids)
    samples = _samples(view, rows)
    instruments = {one.id: one.name for one in view.instruments()}
    sessions = _sessions(view, rows)
    children: dict[int, DatasetOut] = {}
    if nested:
        below = {one.id: one for some in outputs.values() for one in some[:_MOST_OUTPUTS]}
        children = {one.id: one for one in datasets_out(view, list(below.values()), None)}
    answer = []
    for row in rows:
        sample = samples.get(row.sample or 0)
        own = [parameter_out(one, sample) for one in parameters[row.id]]
        own += _internal(row, inputs[row.id], outputs[row.id], sample)
        minted = [one.doi for one in dois[row.id] if one.state == "minted"]
        answer.append(
            DatasetOut(
                id=row.id,
                name=row.name,
                start_date=row.start,
                end_date=row.end,
                location=row.location,
                type=row.type,
                sample_name=sample.name if sample else None,
                sample_id=sample.id if sample else None,
                instrument_name=instruments.get(row.instrument or 0),
                investigation=sessions[row.investigation],
                parameters=own,
                techniques=[technique_out(one, row.id) for one in techniques[row.id]],
                output_datasets=[children[one.id] for one in outputs[row.id] if one.id in children] if nested else None,
                description=row.description,
                doi=minted[-1] if minted else row.pid,
                complete=bool(row.complete),
                is_released=bool(row.public),
                mod_time=row.modified,
                meta=meta,
            )
        )
    return answer


def documents_out(view: View, rows: Sequence[Dataset]) -> list[DatasetDocument]:
    """Datasets as flat documents; a text that a document must have is empty where nothing is known or to be seen."""
    ids = [row.id for row in rows]
    parameters, samples, sessions = view.parameters("dataset", ids), _samples(view, rows), _sessions(view, rows)
    return [
        DatasetDocument(
            id=row.id,
            name=row.name,
            start_date=row.start or "",
            end_date=row.end or "",
            location=row.location or "",
            sample_name=samples[row.sample].name if row.sample in samples else "",
            parameters=[NameValue(name=one.name, value=one.value) for one in parameters[row.id]],
            investigation=InvestigationNamed(id=row.investigation, name=sessions[row.investigation].name or ""),
        )
        for row in rows
    ]


def samples_out(
    view: View, rows: Sequence[SessionSample], meta: Meta | None, with_datasets: bool = False
) -> list[SampleOut]:
    ids = [row.id for row in rows]
    parameters = view.parameters("sample", ids)
    sessions = {
        one.id: one for one in view.investigations(InvestigationQuery(ids=[row.investigation for row in rows]))[0]
    }
    datasets: dict[int, list[SampleDataset]] = {}
    if with_datasets:
        for one in view.datasets(DatasetQuery(samples=ids))[0]:
            datasets.setdefault(one.sample or 0, []).append(
                SampleDataset(
                    id=one.id,
                    name=one.name,
                    start_date=one.start,
                    end_date=one.end,
                    location=one.location,
                    type=one.type,
                )
            )
    return [
        SampleOut(
            id=row.id,
            name=row.name,
            mod_time=row.modified,
            pid=row.pid,
            type=row.type,
            formula=row.formula,
            description=row.description,
            investigation=_of_sample(sessions.get(row.investigation)),
            datasets=datasets.get(row.id, []) if with_datasets else None,
            parameters=[parameter_out(one, row) for one in parameters[row.id]],
            meta=meta,
        )
        for row in rows
    ]


def files_out(rows: Iterable[Datafile]) -> list[DatafileWrapper]:
    """Files; where they lie is told to the team, to others their path inside the dataset."""
    return [
        DatafileWrapper(
            Datafile=DatafileOut(
                id=row.id,
                name=row.name,
                location=row.location or row.name,
                file_size=row.size,
                checksum=row.checksum,
                description=row.description,
                mod_time=row.modified,
                is_released=bool(row.public),
            )
        )
        for row in rows
    ]


def timeline_out(view: View, rows: Sequence[Dataset]) -> list[TimelineOut]:
    samples, sessions = _samples(view, rows), _sessions(view, rows)
    answer = []
    for row in rows:
        sample, session = samples.get(row.sample or 0), sessions[row.investigation]
        answer.append(
            TimelineOut(
                start_date=row.start,
                end_date=row.end,
                investigation_id=row.investigation,
                investigation_name=session.name,
                dataset_id=row.id,
                dataset_name=row.name,
                sample_id=sample.id if sample else None,
                sample_name=sample.name if sample else None,
                dataset_type=row.type,
                file_count=None if row.file_count is None else str(row.file_count),
                volume=None if row.volume is None else str(row.volume),
                elapsed_time=elapsed(row.start, row.end),
            )
        )
    return answer


def _internal(
    row: Dataset, inputs: Sequence[Dataset], outputs: Sequence[Dataset], sample: SessionSample | None
) -> list[DatasetParameterOut]:
    """What ICAT+ says by parameters of its own: sizes, and lineage as ids with spaces between them."""
    said = {
        "__fileCount": None if row.file_count is None else str(row.file_count),
        "__volume": None if row.volume is None else str(row.volume),
        "__elapsedTime": elapsed(row.start, row.end),
        "input_datasetIds": " ".join(str(one.id) for one in inputs) or None,
        "output_datasetIds": " ".join(str(one.id) for one in outputs) or None,
    }
    return [
        DatasetParameterOut(
            id=0,
            name=name,
            value=value,
            dataset_id=row.id,
            sample_id=sample.id if sample else None,
            sample_name=sample.name if sample else None,
        )
        for name, value in said.items()
        if value is not None
    ]


def _samples(view: View, rows: Iterable[Dataset]) -> dict[int, SessionSample]:
    wanted = sorted({row.sample for row in rows if row.sample is not None})
    return {one.id: one for one in view.samples(ids=wanted)[0]} if wanted else {}


def _sessions(view: View, rows: Iterable[Dataset]) -> dict[int, InvestigationLight]:
    wanted = sorted({row.investigation for row in rows})
    if not wanted:
        return {}
    seen, people = view.investigations(InvestigationQuery(ids=wanted))[0], view.people(wanted)
    instruments, parameters = view.instruments_of(wanted), view.parameters("investigation", wanted)
    # A dataset can be public inside a session that is not: of that session nothing is said but its number.
    answer = {row: InvestigationLight(id=row) for row in wanted}
    for one in seen:
        answer[one.id] = InvestigationLight(
            id=one.id,
            name=one.name,
            title=one.title,
            visit_id=one.visit_id,
            summary=one.summary,
            start_date=one.start,
            end_date=one.end,
            release_date=midnight(one.release_date),
            doi=one.doi,
            type=type_out(one.type),
            parameters=[NameValue(name=each.name, value=each.value) for each in parameters[one.id]],
            members=[
                MemberOut(
                    orcid=each.orcid,
                    name=each.given_name or called(each),
                    surname=each.family_name,
                    affilation=each.affiliation,
                    role=each.role,
                )
                for each in people[one.id]
            ],
            investigation_instruments=[InstrumentLink(instrument=instrument_out(each)) for each in instruments[one.id]],
        )
    return answer


def _of_sample(row: Investigation | None) -> SampleInvestigation | None:
    if row is None:
        return None
    return SampleInvestigation(
        id=row.id,
        name=row.name,
        start_date=row.start or "",
        end_date=row.end,
        title=row.title,
        visit_id=row.visit_id,
        doi=row.doi,
        release_date=midnight(row.release_date),
    )
