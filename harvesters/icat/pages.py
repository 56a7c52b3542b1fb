"""A page of ICAT's investigations or data publications with all that belongs to them, as entities under their numbers.

What is asked: one query a kind of child for the whole page (lists of `IN`), each read by keyset (`a.id > last ORDER BY
a.id`), with references of the many-to-one kind only, so that no answer outgrows the server's `maxEntities`. Where that
finds nothing at all, the lists of the visible parents are asked for along INCLUDE: ICAT's own way to a public account
(PublicStep) opens children to no other question. What comes
out is what `icat_entities` reads: entity type to number to attributes (ICAT schema 4.4 to 6.2; ICAT 6 REST,
`entityManager`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from panfair.harvesters.icat.datasets import SESSION_OPENS
from panfair.harvesters.icat.rest import TooManyEntitiesError
from panfair.harvesters.icat.store import Raw
from panfair.harvesters.reading.values import chunks, text_in

Entities = dict[str, dict[str, Raw]]

_MOST_IDS = 100  # of one IN list: the query travels in the address
_MOST_ROWS = 500  # of one answer


class Asks(Protocol):
    """What answers queries: `icat.rest.Icat`."""

    max_entities: int

    def note(self, text: str) -> None:
        """Takes a remark for the report."""

    def ask(self, query: str) -> list[Raw]:
        """The entities that a query finds, each with its number under `id`."""

    def ask_children(self, query: str, place: str) -> list[Raw]:
        """As `ask`; none, with a note, where the server refuses this kind of entity."""

    def knows(self, entity: str) -> bool:
        """Whether the server's schema has such entities."""


@dataclass(frozen=True)
class _Child:
    """Entities that hang on another by a list: `field` of the parent, `parent` of the child."""

    entity: str
    parent: str
    field: str
    include: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    """Lists of the child that come along with it where it is asked for along its parent; the child is `b` there."""


_OF_INVESTIGATION = (
    _Child("InvestigationUser", "investigation", "investigationUsers", ("a.user",)),
    _Child("InvestigationInstrument", "investigation", "investigationInstruments", ("a.instrument b", "b.facility")),
    _Child("InvestigationParameter", "investigation", "parameters", ("a.type",)),
    _Child("InvestigationFunding", "investigation", "fundingReferences", ("a.funding",)),
    _Child("Keyword", "investigation", "keywords"),
    _Child("Publication", "investigation", "publications"),
)
_OF_PUBLICATION = (
    _Child("DataPublicationUser", "publication", "users", ("a.user",), ("b.affiliations",)),
    _Child("DataPublicationDate", "publication", "dates"),
    _Child("DataPublicationFunding", "dataPublication", "fundingReferences", ("a.funding",)),
    _Child("RelatedItem", "publication", "relatedItems"),
    _Child("Subject", "dataPublication", "subjects"),
)
_OF_USER = (_Child("Affiliation", "user", "affiliations"),)
_OF_DATASET = (
    _Child("DatasetParameter", "dataset", "parameters", ("a.type",)),
    _Child("DatasetInstrument", "dataset", "datasetInstruments", ("a.instrument b", "b.facility")),
    _Child("DatasetTechnique", "dataset", "datasetTechniques", ("a.technique",)),
)
_OF_SAMPLE = (_Child("SampleParameter", "sample", "parameters", ("a.type",)),)
_SAMPLES = _Child("Sample", "investigation", "samples", ("a.type",), ("b.parameters c", "c.type"))
_STUDIES = _Child("StudyInvestigation", "investigation", "studyInvestigations", ("a.study",))
_OF_COLLECTION = (
    _Child("DataCollectionDataset", "dataCollection", "dataCollectionDatasets", ("a.dataset",)),
    _Child("DataCollectionDatafile", "dataCollection", "dataCollectionDatafiles", ("a.datafile b", "b.dataset")),
    _Child("DataCollectionInvestigation", "dataCollection", "dataCollectionInvestigations", ("a.investigation",)),
)
_DATASET = ("a.investigation", "a.type", "a.sample")
_DATAFILE = ("a.dataset", "a.datafileFormat")
_SAMPLE = ("a.investigation", "a.type")


def page_of(icat: Asks, entity: str, after: int, size: int) -> list[Raw]:
    """The next entities behind a number, at most `size`: `Investigation` or `DataPublication`, without children."""
    include = ("a.facility",) if entity == "Investigation" else ("a.facility", "a.type", "a.content")
    size = max(1, min(size, icat.max_entities // (1 + len(include))))
    return icat.ask(_query(entity, f"a.id > {after}", size, include))


def investigations(icat: Asks, rows: list[Raw]) -> Entities:
    """Investigations with all that belongs to them. Of one without a DOI nothing is fetched: it is refused anyway."""
    page = _Page(icat)
    table = page.table("investigation")
    table.update({str(row["id"]): row for row in rows})
    ids = [row["id"] for row in rows if text_in(row.get("doi"))]
    page.hang("Investigation", _OF_INVESTIGATION, table, ids)
    for link in page.listed("Investigation", _STUDIES, ids):
        study, session = link.get("study"), link.get("investigation")
        if (number := _id_of(study)) and isinstance(study, dict):
            kept = page.table("study").setdefault(str(number), {**study, "studyInvestigations": []})
            kept["studyInvestigations"].append({"investigation": str(_id_of(session))})
    page.put("sample", page.listed("Investigation", _SAMPLES, ids))
    page.datasets(page.children("Dataset", "investigation", ids, _DATASET))
    page.lineage()
    page.complete()
    return page.entities


def publications(icat: Asks, rows: list[Raw]) -> Entities:
    """Data publications with all that belongs to them: what their data collections hold included."""
    page = _Page(icat)
    table = page.table("dataPublication")
    table.update({str(row["id"]): row for row in rows})
    ids = [row["id"] for row in rows if text_in(row.get("pid"))]
    page.hang("DataPublication", _OF_PUBLICATION, table, ids)
    users = {str(user["id"]): user for row in rows if row["id"] in ids for user in row["users"]}
    page.hang("DataPublicationUser", _OF_USER, users, [user["id"] for user in users.values()])
    page.contents(rows, ids)
    members = page.collections(
        [row["content"] for row in rows if _id_of(row.get("content")) and text_in(row.get("pid"))]
    )
    for row in rows:
        row["content"] = str(_id_of(row.get("content")))
    page.datasets(page.children("Dataset", "investigation", members.investigations, _DATASET))
    page.datasets(page.children("Dataset", "", members.datasets, _DATASET))
    page.put("datafile", page.children("Datafile", "", members.datafiles, _DATAFILE))
    page.lineage()
    page.complete()
    return page.entities


@dataclass
class _Members:
    """The numbers of what data collections hold."""

    datasets: list[int]
    datafiles: list[int]
    investigations: list[int]


class _Page:
    """The entities of one page while they are gathered."""

    def __init__(self, icat: Asks) -> None:
        self.icat = icat
        self.entities: Entities = {}

    def table(self, name: str) -> dict[str, Raw]:
        return self.entities.setdefault(name, {})

    def children(self, entity: str, parent: str, ids: Iterable[int], include: tuple[str, ...] = ()) -> Iterator[Raw]:
        """All entities whose parent is one of these, in the order of their numbers; without a parent: these themselves.

        `parent` is a path of attributes (`datafile.dataset`); its first step comes along, so that it can be told.
        """
        wanted = sorted({one for one in ids if one})
        if not wanted or not self.icat.knows(entity):
            return
        first = parent.split(".")[0]
        known = {part.split(" ")[0] for part in include}
        include = include if not first or f"a.{first}" in known else (f"a.{first}", *include)
        size = max(1, min(_MOST_ROWS, self.icat.max_entities // (1 + len(include))))
        path = f"a.{parent}.id" if parent else "a.id"
        for some in chunks(wanted, _MOST_IDS):
            where = f"{path} IN ({','.join(map(str, some))})"
            after = 0
            while True:
                query = _query(entity, f"{where} AND a.id > {after}", size, include)
                rows = self.icat.ask_children(query, f"{entity}.{parent}" if parent else entity)
                yield from rows
                if len(rows) < size:
                    break
                after = rows[-1]["id"]

    def hang(self, entity: str, kinds: tuple[_Child, ...], parents: dict[str, Raw], ids: list[int]) -> None:
        """Puts children into the lists of their parents, which are of one entity type.

        A list that came along with its parent stays where nothing else is told of it.
        """
        wanted = set(ids)
        for kind in kinds:
            found: dict[int, list[Raw]] = {}
            for row in self.listed(entity, kind, ids):
                found.setdefault(_id_of(row.pop(kind.parent, None)), []).append(row)
            for number in wanted:
                parent = parents[str(number)]
                came = parent.get(kind.field)
                came = [one for one in came if _id_of(one)] if isinstance(came, list) else []
                parent[kind.field] = found.get(number) or came

    def listed(self, entity: str, kind: _Child, ids: list[int]) -> list[Raw]:
        """The children of one kind of these parents: by a query of their own, else along INCLUDE from the parents."""
        found = list(self.children(kind.entity, kind.parent, ids, kind.include))
        return found or list(self._along(entity, kind, ids))

    def _along(self, entity: str, kind: _Child, ids: list[int]) -> Iterator[Raw]:
        """The children that ICAT shows with their parents only; each names its parent, as others do."""
        wanted = sorted({one for one in ids if one})
        if not wanted or not self.icat.knows(kind.entity):
            return
        include = (f"a.{kind.field} b", *map(_below, kind.include), *kind.below)
        todo = [list(some) for some in chunks(wanted, _MOST_IDS)][::-1]
        while todo:
            some = todo.pop()
            query = _query(entity, f"a.id IN ({','.join(map(str, some))}) AND a.id > 0", len(some), include)
            try:
                rows = self.icat.ask_children(query, f"{entity}.{kind.field}")
            except TooManyEntitiesError:
                if len(some) == 1:
                    self.icat.note(f"{entity} {some[0]}: its {kind.field} are more than ICAT answers at once; left out")
                else:
                    todo += [some[len(some) // 2 :], some[: len(some) // 2]]
                continue
            for row in rows:
                children = row.get(kind.field)
                for child in children if isinstance(children, list) else [children]:
                    if isinstance(child, dict) and _id_of(child):
                        yield {**child, kind.parent: {"id": row["id"]}}

    def put(self, name: str, rows: Iterable[Raw]) -> list[int]:
        """Puts entities of their own into a table, references to other tables as numbers; the numbers that are new."""
        table, new = self.table(name), []
        for row in rows:
            if str(row["id"]) not in table:
                for reference in ("investigation", "dataset", "sample"):
                    if reference in row:
                        row[reference] = str(_id_of(row[reference]))
                table[str(row["id"])] = row
                new.append(row["id"])
        return new

    def datasets(self, rows: Iterable[Raw]) -> None:
        """Datasets with parameters, instruments, techniques and files."""
        new = self.put("dataset", rows)
        self.hang("Dataset", _OF_DATASET, self.table("dataset"), new)
        self.put("datafile", self.children("Datafile", "dataset", new, _DATAFILE))

    def contents(self, rows: list[Raw], ids: list[int]) -> None:
        """Puts into each data collection the links that come along with its data publication."""
        contents = {row["id"]: row["content"] for row in rows if _id_of(row.get("content"))}
        for kind in _OF_COLLECTION:
            nested = _Child("DataCollection", "publication", "content", (), (f"b.{kind.field} c", *_twice(kind)))
            for content in self._along("DataPublication", nested, ids):
                links = content.get(kind.field)
                if isinstance(links, list) and (held := contents.get(content["publication"]["id"])):
                    held[kind.field] = [link for link in links if _id_of(link)]

    def collections(self, contents: list[Raw]) -> _Members:
        """Data collections with their members as numbers."""
        table = self.table("dataCollection")
        new = {str(one["id"]): one for one in contents if str(one["id"]) not in table}
        table.update(new)
        self.hang("DataCollection", _OF_COLLECTION, table, [one["id"] for one in new.values()])
        members = _Members([], [], [])
        for one in new.values():
            for link in one["dataCollectionDatasets"]:
                members.datasets.append(_to_number(link, "dataset"))
            for link in one["dataCollectionDatafiles"]:
                members.datafiles.append(_to_number(link, "datafile"))
            for link in one["dataCollectionInvestigations"]:
                members.investigations.append(_to_number(link, "investigation"))
        return members

    def lineage(self) -> None:
        """The jobs and copies that made the page's datasets, and the datasets and files that they were made from."""
        made = [row["id"] for row in self.table("dataset").values()]
        outputs = [
            _id_of(row.get("dataCollection"))
            for entity, path in (("DataCollectionDataset", "dataset"), ("DataCollectionDatafile", "datafile.dataset"))
            for row in self.children(entity, path, made, ("a.dataCollection",))
        ]
        include = ("a.inputDataCollection", "a.outputDataCollection", "a.application")
        for job in self.children("Job", "outputDataCollection", outputs, include):
            ends = [name for name in ("inputDataCollection", "outputDataCollection") if _id_of(job.get(name))]
            self._sources(self.collections([job[name] for name in ends]))
            for name in ends:
                job[name] = str(_id_of(job[name]))
            self.table("job")[str(job["id"])] = job
        copies = self.children("RelatedDatafile", "destDatafile.dataset", made, ("a.sourceDatafile", "a.destDatafile"))
        for link in copies:
            if _id_of(link.get("sourceDatafile")) and _id_of(link.get("destDatafile")):
                self._sources(_Members([], [_to_number(link, "sourceDatafile")], []))
                _to_number(link, "destDatafile")
                self.table("relatedDatafile")[str(link["id"])] = link

    def complete(self) -> None:
        """The samples that datasets name and no investigation of the page has, and the parameters of all samples."""
        table = self.table("sample")
        named = {row["sample"] for row in self.table("dataset").values() if row.get("sample", "0") != "0"}
        missing = list(self.children("Sample", "", [int(one) for one in named if one not in table], _SAMPLE))
        for row in missing:
            session = row.get("investigation")
            row[SESSION_OPENS] = session.get("releaseDate") if isinstance(session, dict) else None
        self.put("sample", missing)
        self.hang("Sample", _OF_SAMPLE, table, [row["id"] for row in table.values()])

    def _sources(self, members: _Members) -> None:
        """What data were made from: names only, of datasets that the page does not hold already."""
        files = [one for one in members.datafiles if str(one) not in self.table("datafile")]
        self.put("datafile", self.children("Datafile", "", files, ("a.dataset",)))
        parents = [self.table("datafile").get(str(one), {}).get("dataset") for one in members.datafiles]
        wanted = {*members.datasets, *(int(one) for one in parents if one)}
        missing = [one for one in wanted if str(one) not in self.table("dataset")]
        self.put("dataset", self.children("Dataset", "", missing, ("a.investigation",)))


def _to_number(link: Raw, name: str) -> int:
    """Turns an included entity into a reference by its number; 0 for one that the reader may not see."""
    number = _id_of(link.get(name))
    link[name] = str(number)
    return number


def _id_of(included: object) -> int:
    """The number of an included entity; 0 when there is none, or when it is not one."""
    number = included.get("id") if isinstance(included, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else 0


def _below(step: str) -> str:
    """A step of an INCLUDE, as it is written one level further down: `a.instrument b` becomes `b.instrument c`."""
    path, _, alias = step.partition(" ")
    of, _, name = path.partition(".")
    shifted = f"{chr(ord(of) + 1)}.{name}"
    return f"{shifted} {chr(ord(alias) + 1)}" if alias else shifted


def _twice(kind: _Child) -> tuple[str, ...]:
    return tuple(_below(_below(part)) for part in kind.include)


def _query(entity: str, where: str, size: int, include: tuple[str, ...]) -> str:
    query = f"SELECT a FROM {entity} a WHERE {where} ORDER BY a.id LIMIT 0,{size}"  # noqa: S608 - numbers and our own names only
    return f"{query} INCLUDE {', '.join(include)}" if include else query
