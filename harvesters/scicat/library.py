"""What one harvest of SciCat knows beside the publication in hand: datasets, lists of files, instruments, samples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from panfair.harvesters import Context, SourceOptions
from panfair.harvesters.reading.datacite import is_closed, restriction_in
from panfair.harvesters.reading.people import Accounts
from panfair.harvesters.reading.values import Note, objects, text_in, texts_of
from panfair.harvesters.scicat.dates import USUAL, DateFrom, open_since
from panfair.ontologies.errors import RecordError
from panfair.ontologies.text import clean_line

Raw = dict[str, Any]
Lack = tuple[str, int, int]
"""A dataset whose files are not all listed: its pid, how many are, and how many SciCat counts."""


@dataclass
class Missing:
    """The datasets whose files SciCat counts and does not all list, so far; each once."""

    lacks: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By pid, how many files are listed and how many are counted."""

    def add(self, pid: str, listed: int, counted: int) -> None:
        """Keeps one dataset."""
        self.lacks[pid] = listed, counted

    def tell(self, note: Note) -> None:
        """One remark on all of them."""
        if not self.lacks:
            return
        listed, counted = (sum(numbers) for numbers in zip(*self.lacks.values(), strict=True))
        first = ", ".join(f"{pid} {some} of {all_of}" for pid, (some, all_of) in list(self.lacks.items())[:3])
        more = ", …" if len(self.lacks) > 3 else ""
        note(
            f"the lists of files of {len(self.lacks)} datasets are not whole: SciCat shows {listed} of their "
            f"{counted} files ({first}{more}); their pages tell both numbers"
        )


@dataclass
class Library:
    """The documents by their ids, and what they all share."""

    options: SourceOptions
    context: Context
    note: Note
    datasets: dict[str, Raw] = field(default_factory=dict)
    """SciCat Datasets by pid."""
    blocks: dict[str, list[Raw]] = field(default_factory=dict)
    """OrigDatablocks by their dataset's pid."""
    instruments: dict[str, Raw] = field(default_factory=dict)
    samples: dict[str, Raw] = field(default_factory=dict)
    accounts: Accounts = field(default_factory=Accounts)
    catalogue: str | None = None
    """Address pattern of a publication's page in the live catalogue, with `{doi}`."""
    date_from: tuple[DateFrom, ...] = USUAL
    encoded: bool = True
    """Whether keys of scientificMetadata are percent-encoded: as stored and in v4, not in v3."""
    missing: Missing = field(default_factory=Missing)
    undated: list[bool] = field(default_factory=list)
    """For each publication without a date, whether a dataset of it says when it was published."""

    def learn(self, raw: Raw) -> None:
        """Remembers whose account made an entry, when the entry is open and names somebody like it."""
        said = raw.get("metadata")
        more: Raw = said if isinstance(said, dict) else {}
        if self._is_open(raw, more):
            listed = objects(more.get("creators"))
            names = [one.get("name") for one in listed]
            self.accounts.learn(text_in(raw.get("createdBy")), texts_of(raw.get("creator")) or texts_of(names))

    def _is_open(self, raw: Raw, more: Raw) -> bool:
        try:
            since = open_since(raw, more, self.open_datasets(raw), self.date_from)
        except RecordError:
            return False
        told_of = {"publicationYear": raw.get("publicationYear"), **more}
        on = self.context.on
        barred = is_closed(told_of, on) or restriction_in(raw.get("license"), dates=more.get("dates")) is not None
        return is_shown(raw) and since is not None and since <= on and not barred

    def open_datasets(self, raw: Raw) -> list[Raw]:
        """The datasets of a publication that SciCat shows to everyone; of others nothing may be told."""
        known = (self.datasets.get(pid) for pid in pids_of(raw))
        return [dataset for dataset in known if dataset is not None and dataset.get("isPublished") is True]

    def hold(self, raw: Raw) -> list[Lack]:
        """Holds the lists of files of a publication's datasets against the numbers that SciCat counts."""
        found: list[Lack] = []
        for pid in pids_of(raw):
            counted = self.datasets[pid].get("numberOfFiles") if pid in self.datasets else None
            listed = sum(len(list(objects(block.get("dataFileList")))) for block in self.blocks.get(pid, ()))
            if isinstance(counted, int) and not isinstance(counted, bool) and listed < counted:
                found.append((pid, listed, counted))
                self.missing.add(pid, listed, counted)
        return found

    def tell(self) -> None:
        """The remarks that sum up the harvest."""
        self.missing.tell(self.note)
        self._tell_undated()

    def _tell_undated(self) -> None:
        """One remark on the publications that stay closed for want of a date, and on what would open them."""
        if not self.undated:
            return
        could = sum(self.undated)
        advice = (
            f'; {could} of them have datasets with a publishedOn: date_from = ["registeredTime", '
            '"datasets.publishedOn"] takes that date'
            if could and "datasets.publishedOn" not in self.date_from
            else ""
        )
        self.note(
            f"{len(self.undated)} publications have no {' or '.join(self.date_from)} and stay closed for want of "
            f"a date{advice}"
        )


SHOWN = frozenset({"registered", "public", "amended"})


def is_shown(raw: Raw) -> bool:
    """Whether SciCat shows a publication to everyone, in a list or by its DOI."""
    return text_in(raw.get("status")) in SHOWN


def all_texts(raw: Mapping[str, Any], *names: str) -> list[str]:
    """The texts under any of these names, each once: v3 has one value where v4 has a list."""
    return list(dict.fromkeys(clean_line(text) for name in names for text in texts_of(raw.get(name)) if text_in(text)))


def pids_of(raw: Raw) -> list[str]:
    """The pids of a publication's datasets."""
    return all_texts(raw, "pidArray", "datasetPids")
