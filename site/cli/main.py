"""The command line: `panfair init | harvest | build | publish | serve | check | doctor | demo`.

Exit status: 0 all is well; 1 the run ended but a source failed or a record was refused; 2 nothing was done or the run
stopped (wrong configuration, locked, would leak).

A night in which little changes spends much of its time on starting: what only one command needs, it imports itself.
"""

import logging
import sys
from datetime import datetime
from pathlib import Path

import click

from panfair.ontologies.errors import ConfigError
from panfair.site.cli.hosting import doctor, upload
from panfair.site.cli.ontology import ontology
from panfair.site.cli.options import careful, config_option
from panfair.site.cli.publishing import Wanted, mirrored, publish_once, repair_and_publish
from panfair.site.config.contradictions import EXAMPLE
from panfair.site.config.settings import read_config
from panfair.site.run.day import day_of
from panfair.site.run.harvesting import harvest as harvest_sources
from panfair.site.run.progress import Progress
from panfair.site.run.publish import build as build_site
from panfair.site.run.report import Report
from panfair.site.state.recovery import finish_interrupted

_on = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day to publish for; today (UTC) when not given."
)
_output = click.option(
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder of its own for a preview of the day that --on names; the site itself stays as it is.",
)
_report = click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what the run did as JSON into this file, for monitoring.",
)
_dry = click.option("--dry-run", "dry", is_flag=True, help="Say what would open, close and change; write nothing.")
_full = click.option("--full", is_flag=True, help="Read everything, not only what changed since the last harvest.")
_accept = click.option("--accept-shrink", is_flag=True, help="Let more records vanish at once than [run] shrink_limit.")


class _Commands(click.Group):
    """Our commands; what loads much (a web framework, a database's reader) is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "catalogue", "doi", "ispyb"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "catalogue":
            from panfair.site.catalogue.app.commands import catalogue

            return catalogue
        if cmd_name == "doi":
            from panfair.site.cli.doi import doi

            return doi
        if cmd_name == "ispyb":
            from panfair.site.cli.ispyb import ispyb

            return ispyb
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands)
@click.version_option(package_name="panfair")
@click.option("-v", "--verbose", is_flag=True, help="Say on standard error what the run does.")
def main(verbose: bool) -> None:
    """A public, FAIR, searchable site from a facility's metadata catalogue."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )


main.add_command(doctor)
main.add_command(ontology)
main.add_command(upload)


@main.command()
@config_option
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How the answer is written.",
)
@careful
def sparql(path: Path, query: str, form: str) -> None:
    """Ask the published catalogue a SPARQL question: all that the pages say, as RDF."""
    from panfair.site.cli.sparql import answer as sparql_answer

    click.echo(sparql_answer(read_config(path).output, query, form))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@careful
def init(folder: Path) -> None:
    """Write a panfair.toml to begin with into FOLDER."""
    target = folder / "panfair.toml"
    if target.exists():
        click.echo(f"panfair: {target} is there already; nothing was written", err=True)
        sys.exit(2)
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    click.echo(
        f"wrote {target}; fill in title, base_url, contact and the source, then run: panfair publish --config {target}"
    )


@main.command()
@config_option
@_full
@click.option(
    "--show",
    "most",
    type=click.IntRange(1),
    metavar="N",
    help="Keep nothing: show N records, what the catalogue says, what was read, what the gate says and why.",
)
@click.option("--source", help="With --show: of this source only.")
@click.option("--key", help="With --show: the record of this DOI or this key of the catalogue.")
@careful
def harvest(path: Path, full: bool, most: int | None, source: str | None, key: str | None) -> None:
    """Read the sources; publish nothing yet."""
    if most is not None:
        _show(path, most, source, key)
        return
    if source or key:
        raise ConfigError("--source and --key choose what --show shows: panfair harvest --show 3 --source …")
    report = Report()
    harvest_sources(read_config(path), report, Progress(), full)
    for line in (*report.notes, *(f"FAILED: {failure}" for failure in report.failed)):
        click.echo(line)
    sys.exit(0 if report.all_well else 1)


def _show(path: Path, most: int, source: str | None, key: str | None) -> None:
    from panfair.site.run.verdicts.show import show as show_records

    config, shown = read_config(path), 0
    names = [one.name for one in config.sources]
    if source is not None and source not in names:
        raise ConfigError(f"there is no source called {source!r}; there are: {', '.join(names)}")
    for lines in show_records(config, most, day_of(None).on, source, key):
        shown += 1
        for line in lines:
            click.echo(line)
    if not shown:
        click.echo("no record is of that key" if key else "the sources hold no record")
    sys.exit(0 if shown else 1)


@main.command()
@config_option
@_on
@_output
@_accept
@_dry
@_report
@careful
def build(
    path: Path, on: datetime | None, folder: Path | None, accept_shrink: bool, dry: bool, report_path: Path | None
) -> None:
    """Publish what was harvested last, without asking the catalogues again."""
    sys.exit(publish_once(Wanted(path, on and on.date(), folder, accept_shrink, dry, report_path, harvest=False)))


@main.command()
@config_option
@_on
@_output
@_accept
@_full
@_dry
@_report
@click.option("--watch", "watched", is_flag=True, help="Go on, and publish what changes or falls due within a minute.")
@click.option("--every", type=click.FloatRange(1, 3600), default=15, show_default=True, help="Seconds between looks.")
@click.option(
    "--others",
    type=click.FloatRange(10, 86400),
    default=3600,
    show_default=True,
    help="Seconds after which sources are read again that do not tell of changes.",
)
@careful
def publish(
    path: Path,
    on: datetime | None,
    folder: Path | None,
    accept_shrink: bool,
    full: bool,
    dry: bool,
    report_path: Path | None,
    watched: bool,
    every: float,
    others: float,
) -> None:
    """Harvest and build: the command for every night."""
    if watched and (on or folder or dry or report_path):
        raise ConfigError("--watch publishes today's site; it takes no --on, --output, --dry-run or --report")
    if watched:
        from panfair.site.run.watch.follow import watch_sources

        watch_sources(path, every, others, click.echo, mirrored=mirrored)
        return
    wanted = Wanted(path, on and on.date(), folder, accept_shrink, dry, report_path, harvest=True, full=full)
    sys.exit(publish_once(wanted))


@main.command()
@config_option
@careful
def repair(path: Path) -> None:
    """Make a damaged ledger again from what stands, read damaged harvests anew, and publish."""
    sys.exit(repair_and_publish(path))


@main.command()
@config_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes answer, each with a copy of the search in its memory; one for each core serves a crowd.",
)
@careful
def serve(path: Path, host: str, port: int, workers: int) -> None:
    """Serve the site with search, API and OAI-PMH."""
    _serve(path, host, port, workers)


def _serve(path: Path, host: str, port: int, workers: int = 1) -> None:
    # The web framework is loaded by this command only.
    from panfair.site.serve.app import serve as serve_site
    from panfair.site.serve.workers import serve_by

    config = read_config(path)
    finish_interrupted(config)
    if not (config.output / "www" / "index.html").is_file():
        click.echo(
            f"nothing is published in {config.output} yet: run `panfair publish --config {path}`; "
            "what it publishes is served as soon as it has ended",
            err=True,
        )
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def ready() -> None:
        click.echo(f"serving {config.site.title} on {address} (Ctrl-C ends it)")

    if workers == 1:
        serve_site(config, host, port, ready)
    else:
        serve_by(workers, config, host, port, ready)


@main.command()
@config_option
@click.option(
    "--todo",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the curator's list goes; .panfair/todo beside your settings when not given.",
)
@careful
def check(path: Path, folder: Path | None) -> None:
    """Check that output/ is whole and unchanged, without dead links and words of closed data.

    Writes, for the curator, what each open page lacks for a perfect result and which field of the catalogue supplies
    it: index.html and todo.csv.
    """
    from panfair.site.check.output import check as check_site
    from panfair.site.check.output import todo_of

    config, problems = read_config(path), 0
    for line in check_site(config):
        problems += 1
        click.echo(line)
    if todo := todo_of(config, folder):
        gaps = f"{todo.wanting} gaps on {todo.pages - todo.perfect} of {todo.pages} pages"
        click.echo(f"to do: {gaps}; see {todo.folder / 'index.html'}")
    click.echo(f"{problems} problem{'s' if problems > 1 else ''}" if problems else "all is well")
    sys.exit(1 if problems else 0)


@main.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help="Where the demo goes.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option("--no-serve", is_flag=True, help="Only publish.")
@careful
def demo(folder: Path, port: int, no_serve: bool) -> None:
    """Publish a made-up facility and serve it."""
    from panfair.site.demo import core as demo_core  # the live core and its web framework
    from panfair.site.demo import facility as demo_site

    today = day_of(None)
    core_port = demo_core.free_port(port + 1)
    path = demo_site.write(folder, port, core_port, today.on)
    demo_core.fill(folder, today.on)
    with demo_core.serving(folder, core_port):
        for withdrawn in (False, True):
            if withdrawn:
                demo_core.withdraw_two(folder, today.on)
            config, report = read_config(path), Report()
            harvest_sources(config, report, Progress())
            build_site(config, day_of(None), report, Progress(), accept_shrink=True)
        for line in report.lines():
            click.echo(line)
        if no_serve:
            sys.exit(0 if report.all_well else 1)
        click.echo(
            f"The live core, with what is not public yet: http://127.0.0.1:{core_port}/ ({folder}/passwords.txt)"
        )
        _serve(path, "127.0.0.1", port)
