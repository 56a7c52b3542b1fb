"""Single records for an operator's eyes: what the catalogue says, what was read of it, what the gate says, and why.

Reads the sources afresh and writes nothing. What is shown may be closed: it goes to the operator's terminal alone.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import orjson

from panfair.harvesters import Context, Harvested, Refused, SourceOptions, Withdrawn, harvester
from panfair.ontologies.additions import Addition
from panfair.ontologies.embargo import (
    GatePolicy,
    Released,
    Tombstone,
    dataset_is_open,
    is_open,
    judge,
    opening_day,
    why_closed,
)
from panfair.ontologies.fields import local_zone
from panfair.ontologies.record import Publication
from panfair.site.config.settings import Config
from panfair.site.run.verdicts.releasing import field_for

_LONGEST = 20_000  # characters of a document


def show(
    config: Config, most: int, on: date, source: str | None = None, key: str | None = None
) -> Iterator[tuple[str, ...]]:
    """The lines of each of the first `most` records, of one source or of all; with `key`, of those it names.

    Raises HarvestError as harvesting does; a source is read no further than it takes.
    """
    for options in config.sources:
        if source is None or options.name == source:
            found = (lines for item, lines in _read(config, options, on) if key is None or _is(item, key))
            yield from islice(found, most)


def _read(config: Config, options: SourceOptions, on: date) -> Iterator[tuple[Harvested, tuple[str, ...]]]:
    raws: list[Any] = []
    notes: list[str] = []
    site = config.site
    context = Context(
        root=config.root, contact=site.contact, site=site.base_url, extra_doi_prefixes=site.extra_doi_prefixes,
        on=on, note=notes.append, raw=raws.append,
    )  # fmt: skip
    items = harvester(options.kind).harvest(options, context)
    while True:
        clock = local_zone.set(config.zone(options))
        try:
            item = next(items, None)
        finally:
            local_zone.reset(clock)
        if item is None:
            return
        if isinstance(item, Publication | Addition | Refused | Withdrawn):
            yield item, tuple(_lines(item, options, config.policy, on, raws, notes))
            raws.clear()
            notes.clear()


def _is(item: Harvested, key: str) -> bool:
    if isinstance(item, Publication):
        names = [item.source_id, item.doi, item.doi.key]
    else:
        names = [item.source_id] if isinstance(item, Addition) else [getattr(item, "key", "")]
    return key.casefold() in {name.casefold() for name in names}


def _lines(
    item: Publication | Addition | Refused | Withdrawn,
    options: SourceOptions,
    policy: GatePolicy,
    on: date,
    raws: list[Any],
    notes: list[str],
) -> Iterator[str]:
    if isinstance(item, Addition):
        name = item.source_id
    else:
        name = f"{item.source_id} ({item.doi})" if isinstance(item, Publication) else item.key
    yield f"═══ {options.name}: {name}"
    if isinstance(item, Publication):
        yield f"gate    {_verdict(item, options, policy, on)}"
    elif isinstance(item, Addition):
        yield "gate    shown with the record of the same session in the source that it adds to, and closed with it"
    elif isinstance(item, Refused):
        yield f"refused {item.reason}"
    else:
        yield "gate    withdrawn, as its catalogue says; what was open becomes a tombstone"
    yield from (f"note    {note}" for note in dict.fromkeys(notes))
    for raw in raws:
        yield "─── what the catalogue says"
        yield _text(raw)
    if not raws:
        yield "─── the harvester does not tell what the catalogue says (Context.raw)"
    if isinstance(item, Publication | Addition):
        yield "─── what panfair read"
        yield _text(item.model_dump(mode="json", exclude_defaults=True))


def _verdict(publication: Publication, options: SourceOptions, policy: GatePolicy, on: date) -> str:
    """What the gate says on a day, why, and what would change it."""
    verdict = judge(publication, on, policy)
    if isinstance(verdict, Released):
        closed = sum(not dataset_is_open(dataset, on) for dataset in publication.datasets)
        parts = [f"open since {opening_day(publication)}"]
        if closed:
            parts.append(f"{closed} of its {len(publication.datasets)} datasets are held back")
        if verdict.taken_out.paths or verdict.taken_out.emails:
            parts.append(f"{verdict.taken_out.paths} server paths and {verdict.taken_out.emails} e-mails are taken out")
        return "; ".join(parts)
    if isinstance(verdict, Tombstone):
        return "withdrawn"
    why = why_closed(publication, policy)
    day = opening_day(publication)
    until = f" (it opens on {day})" if day is not None and day > on and not is_open(publication, on) else ""
    field = field_for(why, options.kind)
    return f"held back because {why}{until}" + (f"; what would release it: {field}" if field else "")


def _text(value: Any) -> str:
    """A document as it is, JSON in lines; of a very long one the beginning."""
    if isinstance(value, str):
        text = value
    else:
        options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
        try:
            text = orjson.dumps(value, default=str, option=options).decode()
        except (TypeError, ValueError, RecursionError):
            text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… and {len(text) - _LONGEST} characters more"
