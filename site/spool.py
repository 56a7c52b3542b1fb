"""What was harvested, kept between `harvest` and `build`: one file a source, whole or resumable, for the operator only.

A finished harvest is `<source>.jsonl`: a line a record, `P <doi key> TAB <sha256> TAB <canonical JSON>` or
`R <JSON of key and reason>`. An unfinished one is `<source>.part` with a checkpoint beside it, so that the next
harvest goes on where this one stopped. The files may hold closed records: they lie in the state folder, mode 0600,
and never under output.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson

from panfair.harvesters import Checkpoint, Context, Harvested, Refused, SourceOptions, harvester
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication, canonical
from panfair.site.config import Config

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


def harvest_source(
    config: Config, source: SourceOptions, watch: Callable[[Iterator[Harvested]], Iterator[Harvested]]
) -> Harvest:
    """Reads one source to its end into the spool; `watch` wraps the stream to show progress.

    Raises HarvestError when the source stops answering; what came before the last checkpoint is kept.
    """
    folder = _folder(config)
    part, mark = folder / f"{source.name}.part", folder / f"{source.name}.checkpoint"
    settings = hashlib.sha256(source.model_dump_json().encode()).hexdigest()
    token, size, records, refused = _checkpoint(mark, part, settings)
    notes: list[str] = []

    def note(text: str) -> None:
        if text not in notes:
            notes.append(text)

    context = Context(
        root=config.root,
        contact=config.site.contact,
        extra_doi_prefixes=config.site.extra_doi_prefixes,
        resume=token,
        note=note,
    )
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(size)
        file.seek(size)
        try:
            for item in watch(harvester(source.kind).harvest(source, context)):
                if isinstance(item, Publication):
                    body = canonical(item)
                    file.write(b"P %s\t%s\t%s\n" % (item.doi.key.encode(), _digest(body).encode(), body))
                    records += 1
                elif isinstance(item, Refused):
                    file.write(b"R %s\n" % orjson.dumps({"key": item.key, "reason": item.reason}))
                    refused += 1
                else:
                    _set_checkpoint(mark, file, item, settings, records, refused)
        except HarvestError as error:
            if error.begin_anew:
                mark.unlink(missing_ok=True)
            raise
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / f"{source.name}.jsonl")
    mark.unlink(missing_ok=True)
    return Harvest(source.name, records, refused, tuple(notes), token is not None)


def has_harvest(config: Config, source: str) -> bool:
    """Whether the source was ever read to its end."""
    return (_folder(config) / f"{source}.jsonl").is_file()


def read_harvest(config: Config, source: str) -> Iterator[Spooled | Refused]:
    """The last finished harvest of a source, in the catalogue's order."""
    path = _folder(config) / f"{source}.jsonl"
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            line = line.removesuffix(b"\n")
            if line.startswith(b"R "):
                yield Refused(**orjson.loads(line[2:]))
                continue
            parts = line[2:].split(b"\t", 2)
            if (
                not line.startswith(b"P ")
                or len(parts) != 3
                or _digest(parts[2]) != parts[1].decode("ascii", "replace")
            ):
                raise HarvestError(f"{path.name}: line {number} is damaged; run `panfair harvest` again")
            yield Spooled(parts[0].decode(), parts[1].decode(), parts[2])


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _folder(config: Config) -> Path:
    folder = config.state / "harvest"
    config.state.mkdir(mode=0o700, parents=True, exist_ok=True)  # `parents` gives its mode to the last folder only
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _checkpoint(mark: Path, part: Path, settings: str) -> tuple[str | None, int, int, int]:
    """Where the last, unfinished harvest stopped: token, bytes kept, records, refused; or the beginning."""
    try:
        kept = orjson.loads(mark.read_bytes())
        fresh = 0 <= time.time() - mark.stat().st_mtime < _RESUME_WITHIN
        if fresh and kept["settings"] == settings and part.stat().st_size >= kept["size"]:
            return kept["token"], kept["size"], kept["records"], kept["refused"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None, 0, 0, 0


def _set_checkpoint(mark: Path, file: BinaryIO, item: Checkpoint, settings: str, records: int, refused: int) -> None:
    file.flush()
    os.fsync(file.fileno())
    state = {
        "token": item.token,
        "size": file.tell(),
        "settings": settings,
        "records": records,
        "refused": refused,
    }
    fresh = mark.with_suffix(".checkpoint-new")
    fresh.write_bytes(orjson.dumps(state))
    fresh.chmod(0o600)
    fresh.replace(mark)
