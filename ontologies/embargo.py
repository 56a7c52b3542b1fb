"""The gate: what of a catalogue may be seen today. Nothing reaches the output but through here.

Public means: the reader's identity sees it, its release date (or publication date) is today or earlier, it is complete,
its DOI is registered, and it is not given on request only. Where there is a doubt, it is closed. `Released`, `Notice`
and `Tombstone` can be made in this module only, so a builder that takes one of them holds the proof. What passes has
lost its closed datasets, server paths and e-mail addresses.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

import orjson

from panfair.ontologies.errors import GateError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.opening import NEVER, dataset_opening_day, withdrawal_of
from panfair.ontologies.opening import opening_day as opening_day
from panfair.ontologies.record import Agent, Dataset, Publication, Restriction, Sample, Withdrawal
from panfair.ontologies.scrubbing import NOTHING, TakenOut, scrubbed, scrubbed_part, scrubbed_text

_SEAL = object()


class _Sealed:
    """A thing that only this module can make."""

    __slots__ = ()

    def _check(self, seal: object) -> None:
        if seal is not _SEAL:
            raise GateError(f"{type(self).__name__} is made by panfair.ontologies.embargo only")


@dataclass(frozen=True)
class GatePolicy:
    """What the operator decided, by name, about the edges of the gate."""

    page: Literal["notice", "citation"] = "notice"
    tombstone: Literal["citation", "bare"] = "citation"
    server_paths: bool = False
    restricted: tuple[tuple[str, str], ...] = ()
    """DOIs (their keys) whose data are given on request only, each with the reason that is shown."""
    request_url: str | None = None
    """Where to ask for restricted data, when there is a form for it."""
    keep_paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By source, the names of parameters whose server paths are published."""

    def kept_paths(self, source: str) -> tuple[str, ...] | None:
        """The names of parameters of a source whose server paths are published; None: all paths are."""
        return None if self.server_paths else dict(self.keep_paths).get(source, ())

    def restriction_of(self, publication: Publication) -> Restriction | None:
        """Why a publication is restricted: in the source's words, else in the operator's; None when it is not."""
        found, named = publication.restriction, dict(self.restricted).get(publication.doi.key)
        if found is None and named is None:
            return None
        found = found or Restriction()
        reason, request_url = found.reason or named or None, found.request_url or self.request_url
        return found.model_copy(update={"reason": reason, "request_url": request_url})


@dataclass(frozen=True)
class Cited:
    """Somebody whom a citation names."""

    name: str
    inverted: str
    """As catalogues sort it: `Family, Given`."""
    kind: Literal["person", "organisation", "account", "unknown"] = "person"


@dataclass(frozen=True)
class Citation:
    """What is registered with a DOI and may stand on a page without data: who, when, what, where."""

    title: str
    creators: tuple[Cited, ...]
    year: int
    publisher: str


@dataclass(frozen=True, slots=True)
class Released(_Sealed):
    """A publication that passed the gate on a day, with nothing closed left in it."""

    publication: Publication
    on: date
    seal: object
    taken_out: TakenOut = NOTHING
    """How many server paths and e-mail addresses the gate took out of it."""

    def __post_init__(self) -> None:
        self._check(self.seal)

    @property
    def doi(self) -> Doi:
        return self.publication.doi

    def refined(self, refine: Callable[[Publication], Publication]) -> "Released":
        """The same release with its publication described better (techniques mapped, units told)."""
        return Released(refine(self.publication), self.on, _SEAL, self.taken_out)


@dataclass(frozen=True, slots=True)
class Notice(_Sealed):
    """All that may be said of a registered DOI whose data are not open: by default not even its title."""

    doi: Doi
    source: str
    source_id: str
    publisher: str
    opens: date | None
    catalogue_url: str | None
    citation: Citation | None
    restriction: Restriction | None
    """Why they are given on request only; None: they are under embargo."""
    registered: bool
    """Whether the DOI is registered; False: a draft, of which nothing may be said."""
    seal: object

    def __post_init__(self) -> None:
        self._check(self.seal)


@dataclass(frozen=True, slots=True)
class Tombstone(_Sealed):
    """What stays of a publication that was open once: its DOI must resolve for ever."""

    doi: Doi
    source: str
    source_id: str
    publisher: str
    withdrawal: Withdrawal
    citation: Citation | None
    seal: object

    def __post_init__(self) -> None:
        self._check(self.seal)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A record of which nothing is shown; the reason is for the operator and quotes nothing of it."""

    source: str
    source_id: str
    reason: str


Verdict = Released | Notice | Tombstone | Withheld


def is_open(publication: Publication, on: date) -> bool:
    """Whether everyone may see the publication on a day; once open, it stays open as days pass."""
    day = opening_day(publication)
    barred = withdrawal_of(publication) is not None or publication.restriction is not None or not publication.registered
    return publication.public and not barred and day is not None and day <= on


UNSEEN = "the reader does not see it"
"""Why a record is closed that its catalogue names and does not show."""


def why_closed(publication: Publication, policy: GatePolicy) -> str:
    """Why a publication that is not open is not, for the operator; it quotes nothing of the record."""
    if policy.restriction_of(publication) is not None:
        return "it is given on request only"
    if not publication.registered:
        return "its DOI is not registered yet"
    day = opening_day(publication)
    if not publication.public:
        return UNSEEN + ("" if day else " and it has no date")
    if day is None:
        dated = publication.release_date or publication.publication_date
        return "its rights speak of an embargo without a day that can be read" if dated else "it has no date"
    return "its day has not come"


def dataset_is_open(dataset: Dataset, on: date) -> bool:
    """Whether a dataset of an open publication may be seen: visible, complete, and its own date, if any, reached."""
    day = dataset_opening_day(dataset)
    return dataset.public and dataset.complete and (day is None or day <= on)


def release(
    publications: Iterable[Publication], on: date, policy: GatePolicy | None = None
) -> Iterator[Released | Notice | Tombstone | Withheld]:
    """One verdict for each publication, in order."""
    policy = policy or GatePolicy()
    for publication in publications:
        yield judge(publication, on, policy)


def judge(
    publication: Publication, on: date, policy: GatePolicy, shown_before: bool = False, was_open: bool = False
) -> Verdict:
    """What may be shown of one publication on a day.

    `shown_before`: the site has had a page for its DOI, so there has to be one now, if only a notice. `was_open`: its
    last page showed what it is, so a tombstone may, too, where its source does not say when it was withdrawn.
    """
    restriction = policy.restriction_of(publication)
    if restriction != publication.restriction:
        publication = publication.model_copy(update={"restriction": restriction})
    if (withdrawal := withdrawal_of(publication)) is not None:
        return _withdrawn(publication, withdrawal, on, policy, was_open)
    if is_open(publication, on):
        clean, taken_out = scrubbed(_without_closed_parts(publication, on), policy.kept_paths(publication.source))
        return Released(clean, on, _SEAL, taken_out)
    day = opening_day(publication)
    if not publication.public and day is None and not shown_before:
        return Withheld(publication.source, publication.source_id, why_closed(publication, policy))
    return Notice(
        doi=publication.doi,
        source=publication.source,
        source_id=publication.source_id,
        publisher=scrubbed_text(publication.publisher.name),
        opens=day if day is not None and day > on and restriction is None else None,
        catalogue_url=publication.catalogue_url,
        citation=_citation(publication) if policy.page == "citation" and publication.registered else None,
        restriction=scrubbed_part(restriction) if restriction else None,
        registered=publication.registered,
        seal=_SEAL,
    )


def bury(last: Publication, withdrawal: Withdrawal, policy: GatePolicy | None = None) -> Tombstone:
    """The tombstone of a publication that was open (`last` is how it stood) and has vanished or been withdrawn."""
    return _tombstone(last, withdrawal, policy or GatePolicy())


def bury_notice(last: Notice, withdrawal: Withdrawal) -> Tombstone:
    """The tombstone of a DOI that only ever had a notice, and has vanished: it says no more than the notice did."""
    return Tombstone(
        doi=last.doi,
        source=last.source,
        source_id=last.source_id,
        publisher=last.publisher,
        withdrawal=scrubbed_part(withdrawal),
        citation=None,
        seal=_SEAL,
    )


def bury_unseen(doi: Doi, source: str, publisher: str, withdrawal: Withdrawal) -> Tombstone:
    """The tombstone of a DOI whose withdrawal its catalogue tells, and of which nothing was ever held here."""
    publisher, withdrawal = scrubbed_text(publisher), scrubbed_part(withdrawal)
    return Tombstone(doi, source, doi.key, publisher, withdrawal, citation=None, seal=_SEAL)


def without_citation(shown: Notice | Tombstone) -> Notice | Tombstone:
    """The same page without title and people."""
    return replace(shown, citation=None)


def reopen(publication: Publication, on: date) -> Released:
    """The release of a publication exactly as the ledger kept it: it passed the gate before, and is judged again.

    Raises GateError when it would not pass today.
    """
    if not is_open(publication, on) or not all(dataset_is_open(dataset, on) for dataset in publication.datasets):
        raise GateError(f"{publication.doi} is in the ledger as open, but the gate does not let it pass on {on}")
    return Released(publication, on, _SEAL)


def statement(shown: Notice | Tombstone) -> bytes:
    """The canonical JSON of a notice or a tombstone: all that it shows, and nothing else."""
    values: dict[str, object] = {
        "doi": str(shown.doi),
        "source": shown.source,
        "source_id": shown.source_id,
        "publisher": shown.publisher,
    }
    if shown.citation:
        values["citation"] = asdict(shown.citation)
    if isinstance(shown, Notice):
        values |= {"opens": shown.opens, "catalogue_url": shown.catalogue_url}
        if shown.restriction:
            values["restriction"] = shown.restriction.model_dump(mode="json", exclude_defaults=True)
        if not shown.registered:
            values["registered"] = False
    else:
        values["withdrawal"] = shown.withdrawal.model_dump(mode="json", exclude_defaults=True)
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def restated(data: bytes) -> Notice | Tombstone:
    """The notice or tombstone that `statement` made these bytes from."""
    values = orjson.loads(data)
    citation = _citation_from(values.pop("citation", None))
    values["doi"] = Doi.parse(values["doi"])
    if "withdrawal" in values:
        values["withdrawal"] = Withdrawal.model_validate(values["withdrawal"])
        return Tombstone(**values, citation=citation, seal=_SEAL)
    values["opens"] = date.fromisoformat(values["opens"]) if values["opens"] else None
    barred = values.pop("restriction", None)
    restriction = None if barred is None else Restriction.model_validate(barred)
    values.setdefault("registered", True)
    return Notice(**values, restriction=restriction, citation=citation, seal=_SEAL)


def next_change(publication: Publication, on: date) -> date:
    """The first day after `on` on which the gate may judge the same publication otherwise; `date.max`: never."""
    days = [opening_day(publication), *map(dataset_opening_day, publication.datasets)]
    return min((day for day in days if day is not None and day > on), default=NEVER)


def _withdrawn(
    publication: Publication, withdrawal: Withdrawal, on: date, policy: GatePolicy, was_open: bool
) -> Tombstone:
    """The tombstone of a withdrawn publication, with no word of one that was not open when it was withdrawn.

    The day of the withdrawal decides, not today: what was never public stays unsaid when its day has passed, too.
    """
    dates = tuple(other for other in publication.other_dates if other.kind != "Withdrawn")
    before = publication.model_copy(update={"withdrawal": None, "other_dates": dates})
    if withdrawal.on is not None:
        was_open = is_open(before, min(on, withdrawal.on))
    if was_open:
        return _tombstone(publication, withdrawal, policy)
    return _tombstone(publication, withdrawal.model_copy(update={"reason": None}), replace(policy, tombstone="bare"))


def _tombstone(publication: Publication, withdrawal: Withdrawal, policy: GatePolicy) -> Tombstone:
    return Tombstone(
        doi=publication.doi,
        source=publication.source,
        source_id=publication.source_id,
        publisher=scrubbed_text(publication.publisher.name),
        withdrawal=scrubbed_part(withdrawal),
        citation=_citation(publication) if policy.tombstone == "citation" else None,
        seal=_SEAL,
    )


def _citation(publication: Publication) -> Citation:
    return Citation(
        title=scrubbed_text(publication.title),
        creators=tuple(map(_cited, publication.creators)),
        year=publication.publication_year,
        publisher=scrubbed_text(publication.publisher.name),
    )


def _cited(agent: Agent) -> Cited:
    return Cited(scrubbed_text(agent.name), scrubbed_text(agent.inverted), agent.kind)


def _citation_from(named: dict[str, Any] | None) -> Citation | None:
    if named is None:
        return None
    # A ledger of an earlier version holds plain names.
    people = (Cited(one, one) if isinstance(one, str) else Cited(**one) for one in named["creators"])
    return Citation(named["title"], tuple(people), named["year"], named["publisher"])


def _without_closed_parts(publication: Publication, on: date) -> Publication:
    datasets = publication.datasets
    # Where a source gives two datasets one id, both are closed when one of them is.
    closed_ids = {dataset.id for dataset in datasets if not dataset_is_open(dataset, on)}
    open_datasets = tuple(dataset for dataset in datasets if dataset.id not in closed_ids)
    open_ids = {dataset.id for dataset in open_datasets}
    changes: dict[str, object] = {
        "datasets": tuple(_with_open_links(dataset, open_ids, closed_ids) for dataset in open_datasets)
    }
    if closed_ids:
        # A total that counts closed files would tell of them; what the open datasets say themselves is enough.
        changes |= {"file_count": None, "size_bytes": None, "samples": _open_samples(publication, closed_ids)}
    kept = publication.model_copy(update=changes)
    day = opening_day(kept)
    if day != (kept.release_date or kept.publication_date):
        kept = kept.model_copy(update={"release_date": day})
    # One day of opening is told, and it is this one.
    others = tuple(other for other in kept.other_dates if other.kind != "Available")
    return kept if others == kept.other_dates else kept.model_copy(update={"other_dates": others})


def _open_samples(publication: Publication, closed_ids: set[str]) -> tuple[Sample, ...]:
    """The samples of the publication as a whole, without those that only closed datasets are of."""
    closed, shown = set[str](), set[str]()
    for dataset in publication.datasets:
        (closed if dataset.id in closed_ids else shown).update(sample.name for sample in dataset.samples)
    return tuple(sample for sample in publication.samples if sample.name not in closed - shown)


def _with_open_links(dataset: Dataset, open_ids: set[str], closed_ids: set[str]) -> Dataset:
    """The dataset with those links only that lead to data which are open for certain."""
    links = tuple(link for link in dataset.inputs if link.id in open_ids or (link.public and link.id not in closed_ids))
    dataset = dataset if links == dataset.inputs else dataset.model_copy(update={"inputs": links})
    return _without_dead_addresses(dataset) if dataset.availability == "tape" else dataset


def _without_dead_addresses(dataset: Dataset) -> Dataset:
    """A dataset on tape without addresses of its files: none would work, and a robot's call is no request."""
    files = tuple(file if file.url is None else file.model_copy(update={"url": None}) for file in dataset.files)
    return dataset.model_copy(update={"files": files, "url": None})
