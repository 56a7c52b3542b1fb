"""Harvests each source into the spool: whole, in part where the harvester can, and resumable after a break.

A finished harvest is `<source>.jsonl` (`site.state.harvest_file`). `<source>.last` says where an incremental harvest
may begin; now and then everything is read anew, in case a catalogue forgets to tell of a change, and whenever panfair's
own record has other fields than before. An unfinished harvest is `<source>.part` with a checkpoint beside it, so that
the next one goes on where it stopped.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from panfair.harvesters import Context, Finished, Harvested, Kept, Refused, SourceOptions, Withdrawn, harvester
from panfair.harvesters.reading.markup import without_markup
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.fields import local_zone
from panfair.ontologies.record import Publication, canonical
from panfair.site.config.facilities import described
from panfair.site.config.settings import Config
from panfair.site.state.harvest_file import HarvestFile, digest_of_body, end_line, header, spool_folder
from panfair.site.state.notes import Notes

log = logging.getLogger(__name__)

_RESUME_WITHIN = 24 * 3600  # seconds; after a day a catalogue has moved on, and beginning anew is safer


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
    folder = spool_folder(config)
    part, mark = folder / f"{source.name}.part", folder / f"{source.name}.checkpoint"
    zone = config.zone(source)
    settings = hashlib.sha256(
        header() + f"{source.model_dump_json()} {zone.key} {config.facilities!r}".encode()
    ).hexdigest()
    mark_before = _checkpoint(mark, part, settings, full)
    token, records, refused = mark_before.token, mark_before.records, mark_before.refused
    began_at = mark_before.began or (began.timestamp() if began else time.time())
    kept = 0
    notes = Notes()
    finished = folder / f"{source.name}.last"
    last, since = (None, 0.0) if full or token is not None else _last(finished, settings, config)
    stood = folder / f"{source.name}.jsonl"
    before = HarvestFile(stood) if stood.is_file() else None
    ended: str | None = None

    context = Context(
        root=config.root,
        contact=config.site.contact,
        site=config.site.base_url,
        extra_doi_prefixes=config.site.extra_doi_prefixes,
        resume=token,
        last=last,
        previous=before.document if before else lambda key: None,
        known=before.keys if before else tuple,
        note=notes,
    )
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(mark_before.size)
        file.seek(mark_before.size)
        if not mark_before.size:
            file.write(header())
        clock = local_zone.set(zone)
        try:
            for item in watch(harvester(source.kind).harvest(source, context)):
                notes.belong_to(item)
                if isinstance(item, Publication):
                    item = described(without_markup(item), config.facilities)
                    if source.language and item.language is None:
                        item = item.model_copy(update={"language": source.language})
                    body = canonical(item)
                    file.write(b"P %s\t%s\t%s\n" % (item.doi.key.encode(), digest_of_body(body).encode(), body))
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
            local_zone.reset(clock)
            if before:
                before.close()
        file.seek(0)
        end = end_line(hashlib.file_digest(file, "sha256").hexdigest())
        file.write(end)
        file.flush()
        os.fsync(file.fileno())
    # Without its mark the new harvest is one that the next cannot build on, should the machine stop in between.
    finished.unlink(missing_ok=True)
    part.replace(folder / f"{source.name}.jsonl")
    _write_private(folder / f"{source.name}.began", orjson.dumps({"began": began_at, "records": records + refused}))
    mark.unlink(missing_ok=True)
    if ended is not None and token is None:  # one that went on after a break knows no moment to go on from
        whole = since if last is not None else time.time()
        _write_private(finished, orjson.dumps({"token": ended, "settings": settings, "whole": whole}))
    _write_private(folder / f"{source.name}.notes", notes.to_json())
    return Harvest(source.name, records, refused, tuple(notes.lines()), token is not None, kept)


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
