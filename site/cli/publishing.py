"""`panfair publish`, `build` and `repair`: one run from the command line, and its last words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from panfair.ontologies.errors import ConfigError, PanfairError
from panfair.site.config.settings import Config, read_config
from panfair.site.run.day import Day, day_of
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Progress
from panfair.site.run.publish import build
from panfair.site.run.report import Report


@dataclass(frozen=True)
class Wanted:
    """What the options say of a run."""

    config: Path
    on: date | None
    folder: Path | None
    """Where a preview goes."""
    accept_shrink: bool
    dry: bool
    report: Path | None
    harvest: bool
    full: bool = False


def publish_once(wanted: Wanted) -> int:
    """The exit status of one run, of a preview, or of what a run would do.

    Raises PanfairError; then the report, if one is wanted, tells it too.
    """
    config, report, progress, day = read_config(wanted.config), Report(), Progress(), day_of(wanted.on)
    _check(wanted, day)
    try:
        pages = _run(wanted, config, day, report, progress)
    except PanfairError as error:
        for failure in report.failed:
            click.echo(f"FAILED: {failure}", err=True)
        try:
            _write(wanted, config, day, report, 2, str(error))
        except PanfairError as unwritten:  # beside the reason, never in its place
            click.echo(f"panfair: {unwritten}", err=True)
        raise
    if wanted.dry:
        click.echo("what a run would do; nothing was written:")
    for line in (*report.lines(), *pages):
        click.echo(line)
    status = 0 if report.all_well else 1
    _write(wanted, config, day, report, status)
    return status


def repair_and_publish(path: Path) -> int:
    """Mends what is damaged beside the site, then publishes; the exit status."""
    from panfair.site.run.repair import repair

    config, report, progress, day = read_config(path), Report(), Progress(), day_of(None)
    for line in repair(config, day, report, progress) or ["ledger and harvests are sound"]:
        click.echo(line)
    build(config, day, report, progress, mirror=mirrored(config, report))
    for line in report.lines():
        click.echo(line)
    return 0 if report.all_well else 1


def mirrored(config: Config, report: Report) -> Callable[[], None]:
    """What brings the object store up to date, if there is one; its library is loaded only then."""
    if config.publish.to is None:
        return lambda: None
    from panfair.site.upload.mirror import mirror_of

    return mirror_of(config, report)


def _check(wanted: Wanted, day: Day) -> None:
    if day.ahead and wanted.folder is None:
        raise ConfigError(
            f"{day.on} is still to come: what is under embargo until then would be public today. For a preview name a "
            "folder of its own with --output; the site itself stays as it is"
        )
    if wanted.folder is not None and not day.ahead:
        raise ConfigError("--output is for the preview of a day to come: name the day with --on")
    if wanted.dry and wanted.folder is not None:
        raise ConfigError("--dry-run writes nothing, so it takes no --output")


def _run(wanted: Wanted, config: Config, day: Day, report: Report, progress: Progress) -> list[str]:
    """Does what is wanted; of a dry run, the pages that a run would write or delete."""
    if wanted.dry:
        from panfair.site.run.dry_run import dry_run

        return dry_run(config, day, report, progress, wanted.accept_shrink, wanted.harvest, wanted.full)
    if wanted.harvest:
        harvest(config, report, progress, wanted.full)
    if wanted.folder is None:
        build(config, day, report, progress, wanted.accept_shrink, mirrored(config, report))
    else:
        from panfair.site.run.preview import preview

        preview(config, day, wanted.folder, report, progress)
    return []


def _write(wanted: Wanted, config: Config, day: Day, report: Report, status: int, error: str = "") -> None:
    if wanted.report is not None:
        from panfair.site.run.report_file import write_report

        write_report(wanted.report, report, day, [source.name for source in config.sources], status, error)
