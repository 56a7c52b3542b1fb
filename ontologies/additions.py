"""What a second database knows of a session that another source publishes, and the record that the two make together.

An `Addition` has no release date and no DOI: it is joined to the record of the other source before the gate judges
that, so that whatever closes the record closes what was added. Nothing that it says of the session as a whole is
taken over, only datasets: parameters of those that the record has already, and others beside them. A dataset that was
made from one that is closed is as closed as that one.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pydantic import Field

from panfair.ontologies.fields import Instant, Line
from panfair.ontologies.record import Dataset, DatasetLink, Parameter, Publication, Record

COLLECTION = "MX_dataCollectionId"
"""The parameter by which a dataset tells which collection of ISPyB it is."""
TEMPLATE = "MX_template"
"""The parameter with the pattern of its files' names."""
_CLOCKS = timedelta(minutes=1)  # two programs note the same moment, each by its own clock


class Addition(Record):
    """What one session of a second database holds, and by what others know that session."""

    source: Line = Field(description="the name of the [[source]] that it came from")
    source_id: Line = Field(max_length=2000, description="its key in that database")
    catalogue_id: int | None = Field(None, description="the session's number in the catalogue of the other source")
    proposal: Line | None = Field(None, description="the proposal's number")
    session: Line | None = Field(None, description="the visit's number within the proposal")
    instrument: Line | None = Field(None, description="where it took place")
    start: Instant | None = Field(None, description="when it began")
    by_day: bool = Field(False, description="whether proposal, instrument and first day may tell which session it is")
    closed: bool = Field(False, description="whether the database itself says that its data are protected")
    title: Line | None = Field(None, description="the proposal's title: never shown, and closed where nothing matches")
    datasets: tuple[Dataset, ...] = Field((), description="in the order of their beginning")


def fits(addition: Addition, publication: Publication) -> bool:
    """Whether a record is of the very session that an addition is about; in doubt it is not.

    The catalogue's number decides where both know one; else proposal and visit do, or, where the operator says so,
    proposal, instrument and first day (both in UTC).
    """
    if addition.closed or publication.kind != "session":
        return False
    if addition.catalogue_id is not None and publication.catalogue_id is not None:
        return addition.catalogue_id == publication.catalogue_id
    if not addition.proposal or _key(addition.proposal) != _key(publication.proposal):
        return False
    if addition.session:
        # A visit is told as `1` or as `cm14451-1`.
        return _key(publication.session) in {_key(addition.session), _key(f"{addition.proposal}-{addition.session}")}
    if not addition.by_day or addition.start is None or publication.start is None:
        return False
    same_place = [_key(one.name) for one in publication.instruments] == [_key(addition.instrument)]
    return same_place and addition.start.date() == publication.start.date()


def joined(publication: Publication, additions: Iterable[Addition]) -> Publication:
    """The record with all that additions say of its session. One that does not fit (any more) adds closed datasets."""
    for addition in additions:
        publication = _with(publication, addition, fits(addition, publication))
    return publication


def _with(publication: Publication, addition: Addition, fitting: bool) -> Publication:
    datasets = {dataset.id: dataset for dataset in publication.datasets}
    known = _Known(publication.datasets)
    renamed: dict[str, str] = {}
    for added in addition.datasets:
        if not fitting:
            name = _free(added.id, datasets)
            datasets[name] = added.model_copy(update={"id": name, "public": False})
            continue
        same = known.same(added)
        if same is not None:
            renamed[added.id] = same
            datasets[same] = _with_parameters(datasets[same], added)
            continue
        renamed[added.id] = name = _free(added.id, datasets)
        datasets[name] = _as_closed_as_inputs(added, name, renamed, datasets)
    return publication.model_copy(update={"datasets": tuple(datasets.values())})


class _Known:
    """The datasets that a record has by itself, as an addition can know them."""

    def __init__(self, datasets: tuple[Dataset, ...]) -> None:
        self._by_collection: dict[str, str] = {}
        self._by_template: dict[str, list[Dataset]] = {}
        for dataset in datasets:
            if dataset.kind == "processed":
                continue  # ICAT's processed datasets repeat the number of the collection that they were made from
            for number in _values(dataset, COLLECTION):
                self._by_collection.setdefault(number, dataset.id)
            for template in _values(dataset, TEMPLATE):
                self._by_template.setdefault(template, []).append(dataset)

    def same(self, added: Dataset) -> str | None:
        """The id of the dataset that is this one: by the collection's number, else by file template and time."""
        if added.kind != "raw":
            return None
        for number in _values(added, COLLECTION):
            if number in self._by_collection:
                return self._by_collection[number]
        for template in _values(added, TEMPLATE):
            for dataset in self._by_template.get(template, ()):
                if dataset.start and added.start and abs(dataset.start - added.start) <= _CLOCKS:
                    return dataset.id
        return None


def _values(dataset: Dataset, name: str) -> Iterator[str]:
    for parameter in dataset.parameters:
        if parameter.name == name:
            yield str(parameter.value)


def _with_parameters(dataset: Dataset, added: Dataset) -> Dataset:
    """A dataset with those parameters, and that sample and those techniques, of which it says nothing itself."""
    names = {parameter.name for parameter in dataset.parameters}
    more: tuple[Parameter, ...] = tuple(one for one in added.parameters if one.name not in names)
    changes: dict[str, object] = {"parameters": (*dataset.parameters, *more)}
    changes |= {
        name: getattr(added, name)
        for name in ("samples", "techniques", "end")
        if getattr(added, name) and not getattr(dataset, name)
    }
    return dataset.model_copy(update=changes)


def _as_closed_as_inputs(added: Dataset, name: str, renamed: dict[str, str], datasets: dict[str, Dataset]) -> Dataset:
    """The dataset under its name here, closed for as long as one that it was made from."""
    links, sources = [], []
    for link in added.inputs:
        there = datasets.get(renamed.get(link.id, ""))
        sources += [there] if there else []
        links.append(DatasetLink(id=there.id, name=there.name, identifier=there.identifier) if there else link)
    days = [one.release_date for one in (added, *sources) if one.release_date]
    return added.model_copy(
        update={
            "id": name,
            "inputs": tuple(links),
            # What it was made from and cannot be found is nothing that anybody has released.
            "public": added.public and len(sources) == len(added.inputs) and all(one.public for one in sources),
            "complete": added.complete and all(one.complete for one in sources),
            "release_date": max(days, default=None),
            "rights": (*added.rights, *(one for source in sources for one in source.rights)),
        }
    )


def _free(name: str, taken: dict[str, Dataset]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _key(text: str | None) -> str:
    return "".join((text or "").split()).casefold()
