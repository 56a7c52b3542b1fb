"""What leaves a record before anybody sees it, whoever wrote it where: e-mail addresses and paths on servers.

Comes in: a publication with open parts only. Goes out: the same without either in any of its texts, and how many were
taken out. A file is called by its way inside its dataset's folder, never from the root of a machine.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Dataset, DatasetLink, File, Parameter, Publication, Record
from panfair.ontologies.server_paths import WITHHELD, is_rooted, may_hold_path, steps_of, without_paths
from panfair.ontologies.text import without_emails

_R = TypeVar("_R", bound=Record)
_Value = str | Record | tuple[object, ...] | object

_ADDRESSES = frozenset({"url", "scheme_url", "value_url", "award_url", "catalogue_url", "request_url"})
"""Fields whose text is a web address: a link works as it is, or not at all."""
_NO_PROSE = frozenset({"source", "source_id", "doi", "iri", "nexus", "unit", "checksum", "server_path", "media_type"})
_LEAST_SHARED = 3  # steps of a folder that files without a known one may have in common: /data/visitor/x


@dataclass(frozen=True, slots=True)
class TakenOut:
    """How much of one publication was taken out."""

    paths: int = 0
    emails: int = 0


NOTHING = TakenOut()


def scrubbed(publication: Publication, keep: Iterable[str] | None = ()) -> tuple[Publication, TakenOut]:
    """The publication without e-mail addresses and server paths, and how many there were.

    `keep` names the parameters whose paths the operator publishes; None: all paths are published.
    """
    scrubber = _Scrubber(None if keep is None else frozenset(keep))
    publication = scrubber.in_its_folders(publication)
    clean = scrubber.record(publication)
    return clean, TakenOut(scrubber.paths, scrubber.emails)


def scrubbed_part(record: _R) -> _R:
    """A record that stands by itself (a withdrawal, a restriction) without either."""
    return _Scrubber(frozenset()).record(record)


def scrubbed_text(text: str) -> str:
    """A text that stands by itself, such as a title, without either."""
    return _Scrubber(frozenset()).text(text)


class _Scrubber:
    """One pass over one record; it counts."""

    def __init__(self, keep: frozenset[str] | None) -> None:
        self.keep = keep
        self.paths = 0
        self.emails = 0

    def record(self, record: _R) -> _R:
        changes = {}
        for name, value in record:
            clean = self._field(record, name, value)
            if clean is not value:
                changes[name] = clean
        return record.model_copy(update=changes) if changes else record

    def text(self, text: str) -> str:
        if "@" in text and (clean := without_emails(text)) != text:
            self.emails += 1
            text = clean
        if self.keep is not None and may_hold_path(text):
            text, count = without_paths(text)
            self.paths += count
        return text

    def _field(self, record: Record, name: str, value: _Value) -> _Value:
        if type(value) is str:
            if name in _ADDRESSES:
                return self._address(value)
            if name in _NO_PROSE or (isinstance(record, File) and name == "name"):
                return without_emails(value) if "@" in value and name != "doi" else value
            if isinstance(record, Parameter):
                return self._of_parameter(record, name, value)
            return self.text(value)
        return self._any(value)

    def _any(self, value: _Value) -> _Value:
        if type(value) is str:
            return self.text(value)
        if isinstance(value, Record):
            return self.record(value)
        if isinstance(value, Identifier):
            return self._identifier(value)
        if isinstance(value, tuple):
            cleaned = tuple(self._any(item) for item in value)
            return cleaned if any(new is not old for new, old in zip(cleaned, value, strict=True)) else value
        return value

    def _identifier(self, identifier: Identifier) -> Identifier:
        # A DOI may hold an @ of its own; what is left of anything else resolves nowhere.
        if identifier.scheme == "DOI":
            return identifier
        value = identifier.value
        clean = self.text(value) if identifier.scheme in {"local", "URL"} else without_emails(value)
        return identifier if clean == value else Identifier(scheme="local", value=clean)

    def _address(self, value: str) -> str | None:
        clean = without_emails(value) if "@" in value else value
        if self.keep is None or not (is_rooted(clean) or clean.casefold().startswith("file:")):
            return clean
        self.paths += 1
        return None

    def _of_parameter(self, parameter: Parameter, name: str, value: str) -> str:
        if name == "value" and self.keep is not None:
            if parameter.name in self.keep:
                return without_emails(value)
            # A value that is one path may hold blanks (`/home/Ada L/x`), which no rule for prose would follow.
            if is_rooted(value) and without_paths(value)[1]:
                self.paths += 1
                return WITHHELD
        return self.text(value)

    # ---- datasets and files, called by their way inside their folder

    def in_its_folders(self, publication: Publication) -> Publication:
        if self.keep is None:
            return self._with_files_in_their_folders(publication)
        datasets = publication.datasets
        new_ids = {one.id: self._own_id(one.id) for one in datasets if is_rooted(one.id)}
        changes: dict[str, object] = {
            "datasets": tuple(self._dataset(one, new_ids) for one in datasets),
            "files": self._files(publication.files, None),
        }
        return publication.model_copy(update=changes)

    def _with_files_in_their_folders(self, publication: Publication) -> Publication:
        """Where all paths are published, files are called by their way inside their dataset all the same."""

        def called(files: tuple[File, ...], folder: str | None) -> tuple[File, ...]:
            names = _inside([one.name for one in files], folder)
            return tuple(
                one if one.name == name else one.model_copy(update={"name": name})
                for one, name in zip(files, names, strict=True)
            )

        datasets = tuple(
            one.model_copy(update={"files": called(one.files, one.server_path)}) if one.files else one
            for one in publication.datasets
        )
        return publication.model_copy(update={"datasets": datasets, "files": called(publication.files, None)})

    def _dataset(self, dataset: Dataset, new_ids: dict[str, str]) -> Dataset:
        changes: dict[str, object] = {}
        own = new_ids.get(dataset.id, dataset.id)
        if own != dataset.id:
            changes["id"] = own
        if is_rooted(dataset.name):
            self.paths += 1
            changes["name"] = own
        if any(is_rooted(one) for one in dataset.software):
            changes["software"] = tuple(name for one in dataset.software if (name := self._program(one)))
        if any(is_rooted(link.id) or is_rooted(link.name or "") for link in dataset.inputs):
            changes["inputs"] = tuple(self._link(link, new_ids) for link in dataset.inputs)
        files = self._files(dataset.files, dataset.server_path)
        if files is not dataset.files:
            changes["files"] = files
        if dataset.server_path is not None:
            changes["server_path"] = None
        return dataset.model_copy(update=changes) if changes else dataset

    def _link(self, link: DatasetLink, new_ids: dict[str, str]) -> DatasetLink:
        name = None if is_rooted(link.name or "") else link.name
        number = new_ids.get(link.id) or (self._own_id(link.id) if is_rooted(link.id) else link.id)
        return link.model_copy(update={"id": number, "name": name})

    def _own_id(self, said: str) -> str:
        self.paths += 1
        return f"dataset-{hashlib.sha256(said.encode()).hexdigest()[:8]}"

    def _program(self, said: str) -> str | None:
        """A program's own name, without the way to it; None for a folder, which may be somebody's home."""
        if not is_rooted(said):
            return said
        self.paths += 1
        steps = steps_of(said.split(" ", 1)[0])
        return steps[-1] if len(steps) > 1 and ("." in steps[-1] or steps[-2] == "bin") else None

    def _files(self, files: tuple[File, ...], folder: str | None) -> tuple[File, ...]:
        names = [one.name for one in files]
        inside = _inside(names, folder)
        if inside == names and all(one.server_path is None for one in files):
            return files
        self.paths += sum(new != old for new, old in zip(inside, names, strict=True))
        return tuple(
            one.model_copy(update={"name": name, "server_path": None}) for one, name in zip(files, inside, strict=True)
        )


def _inside(names: Sequence[str], folder: str | None) -> list[str]:
    """The names as ways inside the folder; where it is not known, inside what they have in common, else their last
    steps. Each name stays the name of one file.
    """
    home = steps_of(folder) if folder else []
    ways = [steps_of(name) if is_rooted(name) else None for name in names]
    found = list(names)
    astray: list[int] = []
    for place, name in enumerate(names):
        steps = ways[place]
        plain = steps if steps is not None else name.split("/")
        if len(home) > 1 and plain[: len(home)] == home and len(plain) > len(home):
            found[place] = "/".join(plain[len(home) :])
        elif steps is not None:
            astray.append(place)
    shared = _shared([(ways[place] or [])[:-1] for place in astray])
    for place in astray:
        steps = ways[place] or ["file"]
        found[place] = "/".join(steps[shared:]) if shared >= _LEAST_SHARED else steps[-1]
    return _each_once(found, set(astray))


def _shared(folders: Sequence[list[str]]) -> int:
    """How many first steps all folders have in common."""
    if not folders:
        return 0
    together = zip(*folders, strict=False)
    return next((n for n, steps in enumerate(together) if len(set(steps)) > 1), min(map(len, folders)))


def _each_once(names: list[str], made: set[int]) -> list[str]:
    counts = Counter(names)
    used: Counter[str] = Counter()
    for place in sorted(made):
        name = names[place]
        if counts[name] > 1:
            used[name] += 1
            names[place] = f"{used[name]}/{name}"
    return names
