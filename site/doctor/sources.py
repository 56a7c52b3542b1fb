"""The sources: whether each answers, what it gives, and whether its account sees more than a reader needs."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from panfair.harvesters import Context, Refused, SourceOptions, harvester
from panfair.harvesters.http import RemoteOptions
from panfair.ontologies.embargo import UNSEEN, Released, Tombstone, judge, why_closed
from panfair.ontologies.errors import PanfairError
from panfair.ontologies.fields import local_zone
from panfair.ontologies.record import Publication
from panfair.site.config.settings import Config
from panfair.site.doctor.finding import Finding, fault, look, ok

SAMPLE = 100
"""Records that are read of each source."""
_NO_CLOSED_CONTENT = frozenset({"open", "refused", "withdrawn"})


def examine_sources(config: Config, on: date) -> Iterator[Finding]:
    """What the first records of each source say. Nothing is kept, and no word of a record is told."""
    for options in config.sources:
        part = f"source {options.name}"
        try:
            verdicts = _verdicts(config, options, on)
        except PanfairError as error:
            yield fault(part, str(error))
        except Exception as error:  # a harvester may be anybody's
            yield fault(
                part, f"its harvester {options.kind} failed ({type(error).__name__}); panfair -v harvest says where"
            )
        else:
            yield from _findings(part, options, verdicts)


def _verdicts(config: Config, options: SourceOptions, on: date) -> Counter[str]:
    """How many of the first records are open, and why the others are not."""
    site, found = config.site, Counter[str]()
    context = Context(
        root=config.root, contact=site.contact, site=site.base_url, extra_doi_prefixes=site.extra_doi_prefixes, on=on
    )
    clock = local_zone.set(config.zone(options))
    try:
        items = harvester(options.kind).harvest(options, context)
        for item in items:
            if isinstance(item, Publication):
                verdict = judge(item, on, config.policy)
                withdrawn = isinstance(verdict, Tombstone)
                opened = isinstance(verdict, Released)
                found["open" if opened else "withdrawn" if withdrawn else why_closed(item, config.policy)] += 1
            elif isinstance(item, Refused):
                found["refused"] += 1
            if found.total() >= SAMPLE:
                break
    finally:
        local_zone.reset(clock)
    return found


def _findings(part: str, options: SourceOptions, found: Counter[str]) -> Iterator[Finding]:
    total, opened = found.total(), found["open"]
    if not total:
        yield fault(part, "it answers, and gives no record; does its account see any?")
        return
    counts = f"of the first {total} records {opened} are open"
    closed = {
        why: count for why, count in found.items() if why not in _NO_CLOSED_CONTENT and not why.startswith(UNSEEN)
    }
    if found["refused"]:
        counts += f", {found['refused']} refused"
    if not opened:
        yield look(part, f"{counts}; panfair harvest --show 3 --source {options.name} says why")
    else:
        yield ok(part, counts)
    if closed and isinstance(options, RemoteOptions):
        reasons = "; ".join(f"{count} because {why}" for why, count in sorted(closed.items()))
        yield look(
            part,
            f"its account sees data that are not open ({reasons}). They stay closed here; with an account that sees "
            f"released data only they never leave the catalogue: docs/sources/{options.kind}.md",
        )
