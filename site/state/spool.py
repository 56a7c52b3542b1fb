"""What was harvested, kept between `harvest` and `build`: one file a source, whole or resumable, for the operator only.

A finished harvest is `<source>.jsonl`: a line a record, `P <doi key> TAB <sha256> TAB <canonical JSON>`, `R <JSON of
key and reason>` or `W <JSON of key and withdrawal>`. `<source>.last` says where an incremental harvest may begin; now
and then everything is read anew, in case a catalogue forgets to tell of a change. An unfinished harvest is
`<source>.part` with a checkpoint beside it, so that the next one goes on where it stopped. The files may hold closed
records: they lie in the state folder, mode 0600, and never under output.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from panfair.harvesters import Context, Finished, Harvested, Kept, Refused, SourceOptions, Withdrawn, harvester
from panfair.harvesters.reading.markup import without_markup
from panfair.ontologies.errors import DamagedHarvestError, HarvestError
from panfair.ontologies.record import Publication, Withdrawal, canonical
from panfair.site.config.settings import Config

log = logging.getLogger(__name__)

_RESUME_WITHIN = 24 * 3600  # seconds; after a day a catalogue has moved on, and beginning anew is safer


@dataclass(frozen=True, slots=True)
class Spooled:
    """One harvested record, not yet parsed again."""

    key: str
    digest: str
    body: bytes


@dataclass(frozen=True)
class Harvest:
    """How the harvest of one source went."""

    source: str
    records: int
    refused: int
    notes: tuple[str, ...]
    resumed: bool
    kept: int = 0
    """Of the records, those that were not asked for again."""


def harvest_source(
    config: Config,
    source: SourceOptions,
    watch: Callable[[Iterator[Harvested]], Iterator[Harvested]],
    full: bool = False,
    began: datetime | None = None,
) -> Harvest:
    """Reads one source to its end into the spool; `watch` wraps the stream to show progress.

    Where the harvester can, only what changed since the last finished harvest is asked for, unless `full`. It counts
    as begun at `began` (None: now), and one that goes on after a break as begun when its first part was.

    Raises HarvestError when the source stops answering; what came before the last checkpoint is kept. After an error
    that no harvester means to raise, the next harvest begins anew.
    """
    folder = _folder(config)
    part, mark = folder / f"{source.name}.part", folder / f"{source.name}.checkpoint"
    settings = hashlib.sha256(source.model_dump_json().encode()).hexdigest()
    mark_before = _checkpoint(mark, part, settings, full)
    token, records, refused = mark_before.token, mark_before.records, mark_before.refused
    began_at = mark_before.began or (began.timestamp() if began else time.time())
    kept = 0
    notes: dict[str, None] = {}
    finished = folder / f"{source.name}.last"
    last, since = (None, 0.0) if full or token is not None else _last(finished, settings, config)
    stood = folder / f"{source.name}.jsonl"
    before = _Before(stood) if stood.is_file() else None
    ended: str | None = None

    def note(text: str) -> None:
        notes[text] = None

    context = Context(
        root=config.root,
        contact=config.site.contact,
        site=config.site.base_url,
        extra_doi_prefixes=config.site.extra_doi_prefixes,
        resume=token,
        last=last,
        previous=before.document if before else lambda key: None,
        known=before.keys if before else tuple,
        note=note,
    )
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(mark_before.size)
        file.seek(mark_before.size)
        try:
            for item in watch(harvester(source.kind).harvest(source, context)):
                if isinstance(item, Publication):
                    item = without_markup(item)
                    body = canonical(item)
                    file.write(b"P %s\t%s\t%s\n" % (item.doi.key.encode(), _digest(body).encode(), body))
                    records += 1
                elif isinstance(item, Kept):
                    if last is None or before is None or (line := before.line(item.key)) is None:
                        raise HarvestError(
                            f"{source.name}: a record that should stand is not there; it is read anew next time",
                            begin_anew=True,
                        )
                    file.write(line)
                    records += 1
                    kept += 1
                elif isinstance(item, Withdrawn):
                    told = item.withdrawal.model_dump(mode="json", exclude_defaults=True)
                    file.write(b"W %s\n" % orjson.dumps({"key": item.key, "withdrawal": told}))
                elif isinstance(item, Finished):
                    ended = item.token
                elif isinstance(item, Refused):
                    file.write(b"R %s\n" % orjson.dumps({"key": item.key, "reason": item.reason}))
                    refused += 1
                else:
                    in_part = mark_before.in_part or kept > 0
                    _set_checkpoint(
                        mark, file, _Mark(item.token, file.tell(), records, refused, in_part, began_at), settings
                    )
        except Exception as error:
            # What nobody thought of may come from the place to go on from: the next harvest would end in it again.
            if error.begin_anew if isinstance(error, HarvestError) else not isinstance(error, OSError):
                mark.unlink(missing_ok=True)
                finished.unlink(missing_ok=True)
            raise
        finally:
            if before:
                before.close()
        file.flush()
        os.fsync(file.fileno())
    # Without its mark the new harvest is one that the next cannot build on, should the machine stop in between.
    finished.unlink(missing_ok=True)
    part.replace(folder / f"{source.name}.jsonl")
    _write_private(folder / f"{source.name}.began", orjson.dumps({"began": began_at}))
    mark.unlink(missing_ok=True)
    if ended is not None and token is None:  # one that went on after a break knows no moment to go on from
        whole = since if last is not None else time.time()
        _write_private(finished, orjson.dumps({"token": ended, "settings": settings, "whole": whole}))
    return Harvest(source.name, records, refused, tuple(notes), token is not None, kept)


def harvested_on(config: Config, source: str) -> date | None:
    """The day (UTC) on which the last finished harvest of a source began; None: there is none.

    A harvest that an earlier version kept counts from the day when its file was written.
    """
    folder = _folder(config)
    try:
        began = float(orjson.loads((folder / f"{source}.began").read_bytes())["began"])
    except (OSError, ValueError, KeyError, TypeError):
        try:
            began = (folder / f"{source}.jsonl").stat().st_mtime
        except OSError:
            return None
    return datetime.fromtimestamp(began, UTC).date()


def has_harvest(config: Config, source: str) -> bool:
    """Whether the source was ever read to its end."""
    return (_folder(config) / f"{source}.jsonl").is_file()


def read_harvest(config: Config, source: str) -> Iterator[Spooled | Refused | Withdrawn]:
    """The last finished harvest of a source, in the catalogue's order. Raises DamagedHarvestError."""
    path = _folder(config) / f"{source}.jsonl"
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield _read(line.removesuffix(b"\n"))
            except (ValueError, KeyError, TypeError):  # pydantic's and orjson's errors are ValueErrors
                raise DamagedHarvestError(
                    source,
                    f"line {number} of its last harvest ({path.name}) is damaged; what stands of it stays. "
                    "`panfair harvest --full` reads it anew",
                ) from None


def _read(line: bytes) -> Spooled | Refused | Withdrawn:
    """One line of a harvest. Raises ValueError, KeyError or TypeError when it is not as it was written."""
    if line.startswith(b"R "):
        return Refused(**orjson.loads(line[2:]))
    if line.startswith(b"W "):
        told = orjson.loads(line[2:])
        return Withdrawn(told["key"], Withdrawal.model_validate(told["withdrawal"]))
    key, digest, body = line.removeprefix(b"P ").split(b"\t", 2)
    if not line.startswith(b"P ") or _digest(body) != digest.decode("ascii"):
        raise ValueError("not what was written")
    return Spooled(key.decode(), digest.decode(), body)


def keys_of(config: Config, source: str) -> Iterator[str]:
    """The DOI keys of the records in the last finished harvest of a source, in their order; nothing else is read."""
    with (_folder(config) / f"{source}.jsonl").open("rb") as file:
        for line in file:
            if line.startswith(b"P "):
                yield line[2:].partition(b"\t")[0].decode("utf-8", "replace")


class _Before:
    """The last finished harvest, by DOI key; open until it is closed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._places: dict[bytes, int] = {}
        place = 0
        for line in self._file:
            if line.startswith(b"P "):
                self._places[line[2:].split(b"\t", 1)[0]] = place
            place += len(line)

    def keys(self) -> Iterator[str]:
        """The DOI keys of its records."""
        return (key.decode("utf-8", "replace") for key in self._places)

    def line(self, key: str) -> bytes | None:
        """The line of a record, whole and undamaged; None when there is none such."""
        place = self._places.get(key.encode())
        if place is None:
            return None
        self._file.seek(place)
        line = self._file.readline()
        parts = line.removesuffix(b"\n").split(b"\t", 2)
        return line if len(parts) == 3 and _digest(parts[2]).encode() == parts[1] else None

    def document(self, key: str) -> dict[str, Any] | None:
        line = self.line(key)
        found: dict[str, Any] | None = orjson.loads(line.split(b"\t", 2)[2]) if line else None
        return found

    def close(self) -> None:
        self._file.close()


def _last(finished: Path, settings: str, config: Config) -> tuple[str | None, float]:
    """Where the last finished harvest ended, and when everything was read; None: read everything now."""
    try:
        told = orjson.loads(finished.read_bytes())
        fresh = 0 <= time.time() - told["whole"] < config.harvest.full_every_days * 24 * 3600
        if fresh and told["settings"] == settings and finished.with_suffix(".jsonl").is_file():
            return str(told["token"]), float(told["whole"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None, 0.0


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _folder(config: Config) -> Path:
    folder = config.state / "harvest"
    config.state.mkdir(mode=0o700, parents=True, exist_ok=True)  # `parents` gives its mode to the last folder only
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class _Mark(NamedTuple):
    """Where an unfinished harvest stopped: the harvester's token, and what of the file counts."""

    token: str | None = None
    size: int = 0
    records: int = 0
    refused: int = 0
    in_part: bool = False
    """Whether some of it was kept from the harvest before."""
    began: float = 0.0
    """When it began, in seconds since 1970."""


def _checkpoint(mark: Path, part: Path, settings: str, full: bool) -> _Mark:
    """Where the last, unfinished harvest stopped, or the beginning.

    A harvest in full does not go on with one in part: what that one kept would be read by neither.
    """
    try:
        kept = orjson.loads(mark.read_bytes())
        fresh = 0 <= time.time() - mark.stat().st_mtime < _RESUME_WITHIN
        if fresh and kept.pop("settings") == settings:
            found = _Mark(**kept)
            if part.stat().st_size >= found.size and not (full and found.in_part):
                return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return _Mark()


def _set_checkpoint(path: Path, file: BinaryIO, mark: _Mark, settings: str) -> None:
    file.flush()
    os.fsync(file.fileno())
    fresh = path.with_suffix(".checkpoint-new")
    _write_private(fresh, orjson.dumps({**mark._asdict(), "settings": settings}))
    fresh.replace(path)


def _write_private(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
