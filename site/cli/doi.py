"""`panfair doi …`: the DOIs of the site, or of the live core, at DataCite: what differs, and bringing it in line."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from panfair.ontologies.errors import ConfigError
from panfair.ontologies.identifiers import Doi
from panfair.site.cli.options import careful
from panfair.site.config.settings import read_config
from panfair.site.registrar.datacite import Datacite
from panfair.site.registrar.page import Pages
from panfair.site.registrar.plan import Wanted
from panfair.site.registrar.settings import RegistrarTable
from panfair.site.registrar.sync import Registrar, delete_draft
from panfair.site.registrar.table import Table, alone
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from panfair.site.state.wanted_dois import TABLE, wanted_dois

_config = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default="panfair.toml",
    show_default=True,
    help="Your settings, with a table [registrar].",
)
_core = click.option(
    "--core",
    "core_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The live core's settings instead: the DOIs of its sessions and collections.",
)


class _Desk(NamedTuple):
    """All that a command needs."""

    wanted: Sequence[Wanted]
    registrar: Registrar
    datacite: Datacite
    table: Table


@click.group()
def doi() -> None:
    """DOIs at DataCite: see what differs, and bring it in line."""


@doi.command()
@_config
@_core
@careful
def status(config_path: Path, core_path: Path | None) -> None:
    """Say where DataCite says another thing than the site. Exit status 1: it does."""
    with _desk(config_path, core_path) as desk:
        sys.exit(_show(desk))


@doi.command()
@_config
@_core
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be told to DataCite; tell nothing.")
@click.argument("dois", nargs=-1, metavar="[DOI]...")
@careful
def sync(config_path: Path, core_path: Path | None, dry: bool, dois: tuple[str, ...]) -> None:
    """Reserve, register, publish, update, hide and move DOIs at DataCite; only those named, if any.

    Safe to stop and to repeat. Exit status 1: a DOI was refused, or its page does not stand yet.
    """
    named = {Doi.parse(one).key for one in dois}
    with _desk(config_path, core_path) as desk:
        if unknown := sorted(named - {one.doi.key for one in desk.wanted}):
            raise ConfigError(f"{unknown[0]} is none of the DOIs that this registrar looks after; nothing was told")
        if dry:
            sys.exit(_show(desk, named))
        report = desk.registrar.sync(desk.wanted, named)
    for line in report.lines():
        click.echo(line)
    sys.exit(1 if report.failed or report.unready else 0)


@doi.command()
@_config
@_core
@click.argument("name", metavar="DOI")
@careful
def delete(config_path: Path, core_path: Path | None, name: str) -> None:
    """Delete the draft of a DOI at DataCite that is wanted no more. What was registered is for ever."""
    wanted = Doi.parse(name)
    with _desk(config_path, core_path) as desk:
        if not desk.datacite.table.may_touch(wanted):
            raise ConfigError(f"{wanted} is none of the DOIs that [registrar] may touch; nothing was deleted")
        if any(one.doi.key == wanted.key for one in desk.wanted):
            raise ConfigError(f"{wanted} is the DOI of a record here: it stays reserved")
        delete_draft(desk.datacite, desk.table, wanted)
    click.echo(f"{wanted}: DataCite has no draft of it any more")


def _show(desk: _Desk, named: set[str] | None = None) -> int:
    """Tells the differences; the exit status."""
    count = 0
    for one in desk.registrar.differences(desk.wanted):
        if not named or one.doi.key in named:
            count += 1
            click.echo(str(one))
    for stranger in () if named else desk.registrar.strangers(desk.wanted):
        click.echo(f"{stranger.doi}: DataCite has it {stranger.state}; here nobody knows it")
    same = sum(1 for one in desk.wanted if not named or one.doi.key in named) - count
    click.echo(f"{count} differ, {same} are as they should be")
    return 1 if count else 0


@contextmanager
def _desk(config_path: Path, core_path: Path | None) -> Iterator[_Desk]:
    """Alone with the table. Raises ConfigError when DataCite must not be told, LockedError when another sync runs."""
    settings, wanted, path, site, contact = _of_core(core_path) if core_path else _of_site(config_path)
    settings.refuse_tests_in_earnest(site)
    password = settings.password()
    with ExitStack() as stack:
        stack.enter_context(alone(path))
        table = stack.enter_context(Table(path))
        datacite = stack.enter_context(Datacite(settings, password, contact))
        pages = stack.enter_context(Pages())
        yield _Desk(wanted, Registrar(datacite, pages, table), datacite, table)


class _Asked(NamedTuple):
    settings: RegistrarTable
    wanted: Sequence[Wanted]
    table: Path
    site: str
    contact: str


def _of_site(path: Path) -> _Asked:
    config = read_config(path)
    if config.registrar is None:
        raise ConfigError(f"{path}: no table [registrar], so no DOI is registered; docs/dois.md shows one")
    ledger = Ledger.open(config.state / LEDGER)
    try:
        wanted = list(wanted_dois(ledger, config.registrar, config.portal))
    finally:
        ledger.close()
    return _Asked(config.registrar, wanted, config.state / TABLE, config.site.base_url, config.site.contact)


def _of_core(path: Path) -> _Asked:
    from panfair.site.catalogue.doi.wanted import doi_table, wanted_of_file

    settings, wanted = wanted_of_file(path)
    assert settings.registrar is not None
    return _Asked(settings.registrar, wanted, doi_table(settings), settings.portal_url or "", "")
