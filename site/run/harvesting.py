"""Reading the sources into the spool, one after the other: a source that fails is a line in the report, and no end."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime

from pydantic import ValidationError

from panfair.harvesters import Checkpoint, Finished, Harvested, KeptAll, fields_in
from panfair.ontologies.errors import ConfigError, HarvestError
from panfair.site.config.settings import Config
from panfair.site.run.plugin_faults import unforeseen
from panfair.site.run.progress import Progress
from panfair.site.run.report import Report
from panfair.site.state.harvest_file import records_in
from panfair.site.state.lock import locked
from panfair.site.state.spool import harvest_source
from panfair.site.state.staging import refusal

log = logging.getLogger(__name__)


def harvest(
    config: Config,
    report: Report,
    progress: Progress,
    full: bool = False,
    only: Collection[str] | None = None,
    began: datetime | None = None,
) -> None:
    """Reads every source into the spool; a source that fails is a line in the report and stops no other.

    Only what changed, where a harvester can tell, unless `full`; `only` names the sources to read.
    What falls due by `began` (None: now) is confirmed by it.
    """
    with locked(config.state):
        for source in config.sources:
            if only is not None and source.name not in only:
                continue
            try:

                def watch(items: Iterator[Harvested], name: str = source.name) -> Iterator[Harvested]:
                    return progress.count(f"harvest {name}", items, records_in(config, name), _is_record)

                try:
                    done = harvest_source(config, source, watch, full, began)
                except HarvestError as error:
                    if not error.begin_anew:
                        raise
                    log.info("%s; now", error)
                    done = harvest_source(config, source, watch, full, began)
            except HarvestError as error:
                report.fail(source.name, str(error))
                continue
            except OSError as error:
                report.fail(
                    source.name,
                    f"{refusal(error, config.state)}; its last whole harvest counts. "
                    "Make room, or let this account write there, and run again",
                )
                continue
            except ConfigError:
                raise
            except ValidationError as error:
                report.fail(
                    source.name,
                    f"a record of it holds a value that cannot be read ({fields_in(error)}), and its program stopped "
                    "there: `panfair.harvesters.made` makes one refused record of that. Its last whole harvest counts",
                )
                continue
            except Exception as error:
                report.fail(source.name, f"{unforeseen(source.name, error)}; its last whole harvest counts")
                continue
            report.notes.extend(f"{source.name}: {note}" for note in done.notes)


def _is_record(item: Harvested) -> bool:
    """Whether it tells of one record, and not of how far the harvest is."""
    return not isinstance(item, Checkpoint | Finished | KeptAll)
