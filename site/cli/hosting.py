"""`panfair doctor` and `panfair upload`: whether the site can be where it is to be, and bringing it there."""

import sys
from pathlib import Path

import click

from panfair.site.cli.options import careful, config_option
from panfair.site.config.settings import read_config
from panfair.site.run.day import day_of
from panfair.site.state.lock import locked


@click.command()
@config_option
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Ask the store what it holds, write all files, delete what is not of the site.",
)
@careful
def upload(path: Path, everything: bool) -> None:
    """Bring the object store that [publish] names to what stands in output/, as each run does at its end."""
    from panfair.site.upload.upload import upload as upload_site

    config = read_config(path)
    with locked(config.state):
        done = upload_site(config, everything)
    for line in done.refused:
        click.echo(line)
    click.echo(f"{done.written} objects written, {done.deleted} deleted")
    sys.exit(1 if done.refused else 0)


@click.command()
@config_option
@click.option(
    "--resolver",
    default="https://doi.org",
    show_default=True,
    help="Who is asked where a DOI leads; a test system has its own.",
)
@click.option("--offline", is_flag=True, help="Look at this machine only.")
@careful
def doctor(path: Path, resolver: str, offline: bool) -> None:
    """Examine machine, sources and address: what a site needs before DOIs point to it. Writes nothing."""
    from panfair.site.doctor.doctor import examine
    from panfair.site.doctor.finding import Level

    worst, counts = Level.OK, dict.fromkeys(Level, 0)
    for finding in examine(read_config(path), day_of(None).on, resolver, network=not offline):
        worst, counts[finding.level] = max(worst, finding.level), counts[finding.level] + 1
        click.echo(finding.line())
    click.echo(f"{counts[Level.FAULT]} faults, {counts[Level.LOOK]} to look at, {counts[Level.OK]} well")
    sys.exit(1 if worst is Level.FAULT else 0)
