"""Harvests each source into the spool: whole, in part where the harvester can, and resumable after a break.

A finished harvest is `<source>.jsonl` (`site.state.harvest_file`). `<source>.last` says where an incremental harvest
may begin; everything is read anew now and then, in case a catalogue forgets to tell of a change, and when harvesters
or records of panfair are others than before. An unfinished harvest is `<source>.part` with a checkpoint beside it, so
that the next one goes on where it stopped. What stands is copied from the harvest before, in as long pieces as may be;
a harvest in which all stands writes nothing.
"""

import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import orjson

from panfair.builders.package_files import package_digest
from panfair.harvesters import (
    Checkpoint,
    Context,
    Finished,
    Harvested,
    Kept,
    KeptAll,
    KeptMark,
    Refused,
    SourceOptions,
    harvester,
)
from panfair.harvesters.reading.markup import without_markup
from panfair.ontologies.additions import Addition
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.fields import local_zone
from panfair.ontologies.mapping.hints import suggested
from panfair.ontologies.record import Publication
from panfair.site.config.facilities import described, with_bodies
from panfair.site.config.settings import Config
from panfair.site.state.harvest_file import header, spool_folder, written
from panfair.site.state.matching import Sessions
from panfair.site.state.notes import Notes
from panfair.site.state.spool_index import SpoolIndex
from panfair.site.state.spool_part import Before, Part

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
    settings = _made_with(config, source)
    mark_before = _checkpoint(mark, part, settings, full)
    token, records, refused = mark_before.token, mark_before.records, mark_before.refused
    began_at = mark_before.began or (began.timestamp() if began else time.time())
    kept = 0
    notes = Notes()
    stands = False
    finished = folder / f"{source.name}.last"
    last, since = (None, 0.0) if full or token is not None else _last(finished, settings, config)
    stood = folder / f"{source.name}.jsonl"
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    ended: str | None = None

    with SpoolIndex(folder) as index, os.fdopen(descriptor, "r+b") as file:
        before = Before(stood, source.name, index)
        made = Part(file, mark_before.size, header(), before)
        context = Context(
            root=config.root,
            contact=config.site.contact,
            site=config.site.base_url,
            extra_doi_prefixes=config.site.extra_doi_prefixes,
            resume=token,
            last=last,
            previous=before.document,
            known=before.keys,
            mark=made.mark,
            marked=lambda one: last is not None and one in before.by_mark,
            note=notes,
        )
        clock = local_zone.set(config.zone(source))
        sessions = Sessions(config, source)
        try:
            for item in watch(harvester(source.kind).harvest(source, context)):
                notes.belong_to(item)
                if isinstance(item, Kept | KeptMark):
                    line = before.by_mark.get(item.mark) if isinstance(item, KeptMark) else before.by_key.get(item.key)
                    if last is None or line is None:
                        raise HarvestError(
                            f"{source.name}: a record that should stand is not there; it is read anew next time",
                            begin_anew=True,
                        )
                    made.keep(line)
                    records += 1
                    kept += 1
                elif isinstance(item, KeptAll):
                    if last is None or not made.keep_all():
                        raise HarvestError(f"{source.name}: there is nothing that could stand", begin_anew=True)
                    records = kept = index.count(source.name, "P")
                    refused = index.count(source.name, "R")
                    stands = True
                elif isinstance(item, Finished):
                    ended = item.token
                elif isinstance(item, Checkpoint):
                    in_part = mark_before.in_part or kept > 0
                    _set_checkpoint(
                        mark, _Mark(item.token, made.flushed(), records, refused, in_part, began_at), settings
                    )
                else:
                    if isinstance(item, Publication):
                        item = with_bodies(described(without_markup(item), config.facilities), config.facilities)
                        item = suggested(item, source.probe) if source.suggest else item
                        if source.language and item.language is None:
                            item = item.model_copy(update={"language": source.language})
                    belongs_to = sessions.key_of(item, notes) if isinstance(item, Addition) else ""
                    made.add(*written(item, belongs_to))
                    records += isinstance(item, Publication | Addition)
                    refused += isinstance(item, Refused)
            made.end()
        except Exception as error:
            # What nobody thought of may come from the place to go on from: the next harvest would end in it again.
            if error.begin_anew if isinstance(error, HarvestError) else not isinstance(error, OSError):
                mark.unlink(missing_ok=True)
                finished.unlink(missing_ok=True)
            raise
        finally:
            local_zone.reset(clock)
            before.close()
        # Without its mark the new harvest is one that the next cannot build on, should the machine stop in between.
        finished.unlink(missing_ok=True)
        if made.is_what_stood:
            part.unlink()
        else:
            part.replace(stood)
            if not mark_before.size:
                index.put(source.name, made.lines)
    _write_private(folder / f"{source.name}.began", orjson.dumps({"began": began_at, "records": records + refused}))
    mark.unlink(missing_ok=True)
    if ended is not None and token is None:  # one that went on after a break knows no moment to go on from
        whole = since if last is not None else time.time()
        _write_private(finished, orjson.dumps({"token": ended, "settings": settings, "whole": whole}))
    if not stands:  # else those of the harvest that stands count
        _write_private(folder / f"{source.name}.notes", notes.to_json())
    return Harvest(source.name, records, refused, tuple(notes.lines()), token is not None, kept)


def _last(finished: Path, settings: str, config: Config) -> tuple[str | None, float]:
    """Where the last finished harvest ended, and when everything was read; None: read everything now."""
    try:
        last = orjson.loads(finished.read_bytes())
        fresh = 0 <= time.time() - last["whole"] < config.harvest.full_every_days * 24 * 3600
        if fresh and last["settings"] == settings and finished.with_suffix(".jsonl").is_file():
            return str(last["token"]), float(last["whole"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None, 0.0


def _made_with(config: Config, source: SourceOptions) -> str:
    """A digest of all that a harvest is made with besides the catalogue: what it had counts no more with another."""
    module = sys.modules.get(type(source).__module__)
    own = Path(getattr(module, "__file__", None) or os.devnull)  # that of a plug-in, too
    code = [package_digest(f"panfair.{package}") for package in ("harvesters", "ontologies", "site.config")]
    settings = (source.model_dump_json(), config.zone(source).key, config.facilities, config.site.extra_doi_prefixes)
    text = repr((header(), settings, code))
    return hashlib.sha256(text.encode() + (own.read_bytes() if own.is_file() else b"")).hexdigest()


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


def _set_checkpoint(path: Path, mark: _Mark, settings: str) -> None:
    fresh = path.with_suffix(".checkpoint-new")
    _write_private(fresh, orjson.dumps({**mark._asdict(), "settings": settings}))
    fresh.replace(path)


def _write_private(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
