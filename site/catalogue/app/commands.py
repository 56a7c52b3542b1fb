"""`panfair catalogue …`: the live core alone, served and looked after from the command line.

Whoever may run these commands has the core's file and may see all of it; passwords come from a prompt or from standard
input, never from the command line, where other users of the machine could read them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from panfair.ontologies.errors import ConfigError, PanfairError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.mistakes import reason
from panfair.site.catalogue.accounts.sign_in import hash_password
from panfair.site.catalogue.app.serve import serve
from panfair.site.catalogue.errors import NoSuchRow
from panfair.site.catalogue.ingest.files import IngestPlace, ingest
from panfair.site.catalogue.settings import RIGHTS, CoreSettings, read_settings
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.write import Writer

_core = click.option(
    "--core",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default="catalogue.toml",
    show_default=True,
    help='The core\'s settings: `database = "core.sqlite"`, `files = "folder"`, `doi_prefix`…',
)


def _careful(command: Callable[..., None]) -> Callable[..., None]:
    """Turns our errors into one line and exit status 2."""

    @wraps(command)
    def run(*args: Any, **values: Any) -> None:
        try:
            command(*args, **values)
        except PanfairError as error:
            click.echo(f"panfair: {error}", err=True)
            sys.exit(2)
        except ValidationError as error:
            problem = error.errors(include_input=False)[0]
            click.echo(f"panfair: {'.'.join(map(str, problem['loc']))}: {reason(problem)}", err=True)
            sys.exit(2)

    return run


def _session(value: str) -> tuple[str, str]:
    name, parted, visit = value.partition(":")
    if not parted or not name or not visit:
        raise ConfigError(f"a session is written PROPOSAL:VISIT, not {value!r}")
    return name, visit


@contextmanager
def _writing(path: Path) -> Iterator[tuple[Writer, CoreSettings]]:
    settings = read_settings(path)
    with Store(settings.database) as store, store.writing() as writer:
        yield writer, settings


@click.group()
def catalogue() -> None:
    """The live core: your own catalogue, where embargoed data stays inside."""


@catalogue.command(name="serve")
@_core
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8090, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
@_careful
def serve_core(path: Path, host: str, port: int) -> None:
    """Serve the core: ICAT+'s API, OpenAPI at /docs, pages for closed data."""
    serve(read_settings(path), host, port)


@catalogue.command(name="ingest")
@_core
@click.argument("what", type=click.Path(path_type=Path, exists=True))
@click.option("--session", help="PROPOSAL:VISIT that ingest files and NeXus files belong to.")
@click.option("--trust-files", is_flag=True, help="Believe the session that a NeXus file names, without --session.")
@_careful
def ingest_files(path: Path, what: Path, session: str | None, trust_files: bool) -> None:
    """Take a file or a folder into the core: python-icat dumps and ingest files, NeXus, JSON. Safe to repeat."""
    settings = read_settings(path)
    where = IngestPlace(_session(session) if session else None, settings.files, trust_files)
    with Store(settings.database) as store:
        report = ingest(store, what, datetime.now(UTC), where)
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.all_well else 1)


@catalogue.command()
@_core
@click.argument("name")
@click.option("--password", "with_password", is_flag=True, help="Ask for a password, or read it from standard input.")
@click.option("--give", multiple=True, type=click.Choice(RIGHTS), help="Right to give.")
@click.option("--take", multiple=True, type=click.Choice(RIGHTS), help="Right to take.")
@click.option("--instrument", "instruments", multiple=True, help="Instrument to look after: its sessions are seen.")
@click.option("--no-instrument", "left", multiple=True, help="Instrument to look after no longer.")
@click.option("--subject", help="The OpenID Connect issuer's `sub` of this person; '' for nobody's.")
@click.option("--email", help="The person's e-mail address.")
@click.option("--disable/--enable", "disabled", default=None, help="Whether the account may sign in at all.")
@_careful
def user(
    path: Path,
    name: str,
    with_password: bool,
    give: tuple[str, ...],
    take: tuple[str, ...],
    instruments: tuple[str, ...],
    left: tuple[str, ...],
    subject: str | None,
    email: str | None,
    disabled: bool | None,
) -> None:
    """Give an account its password, rights and instruments; make it when it is not there."""
    from panfair.site.catalogue.store.entries import UserEntry

    settings = read_settings(path)
    password = None
    if with_password:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else ""
        password = password or sys.stdin.readline().rstrip("\n")
    with Store(settings.database) as store:
        with store.accounts_as_they_are() as accounts:
            known = name in {account.name for account in accounts.all()}
        if not known or email:
            with store.writing() as writer:
                writer.put_user(UserEntry(name=name, email=email))
        with store.accounts() as accounts:
            if password is not None:
                accounts.set_password(name, hash_password(password))
            for right in give:
                accounts.set_right(name, right, True)
            for right in take:
                accounts.set_right(name, right, False)
            if disabled is not None:
                accounts.set_right(name, "disabled", disabled)
            row = accounts.row_of(name)
            for instrument in instruments:
                accounts.set_scientist(row, instrument, True)
            for instrument in left:
                accounts.set_scientist(row, instrument, False)
            if subject is not None:
                accounts.set_subject(name, subject or None)
            looked_after = accounts.instruments_of(row)
            (account,) = [one for one in accounts.all() if one.name == name]
    rights = [right for right in ("administrator", "lister", "minter", "disabled") if getattr(account, right)]
    rights += [f"scientist of {instrument}" for instrument in looked_after]
    words = "with a password" if account.has_password else "without a password"
    words += ", known to the issuer" if account.subject else ""
    click.echo(f"{name}: {', '.join(rights) or 'no special rights'}, {words}")


@catalogue.command()
@_core
@click.argument("session")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@_careful
def release(path: Path, session: str, day: datetime) -> None:
    """Set the DAY from when on the SESSION (PROPOSAL:VISIT) is public."""
    wanted: date = day.date()
    now = datetime.now(UTC)
    if wanted < now.date():
        raise ConfigError(f"{wanted} lies in the past; today is the earliest")
    with _writing(path) as (writer, settings):
        changed = writer.set_release_date(writer.session(*_session(session)), wanted, now)
    if not changed:
        click.echo(f"{session} opened on {wanted} before; nothing changed")
        return
    click.echo(f"{session} opens on {wanted}; the public site follows at its next run{_where(settings)}")


@catalogue.command()
@_core
@click.argument("what")
@click.argument("reason")
@click.option("--replaced-by", help="The DOI to use instead.")
@_careful
def withdraw(path: Path, what: str, reason: str, replaced_by: str | None) -> None:
    """Take a session (PROPOSAL:VISIT) or a DOI out of the public for ever, with a REASON that is shown."""
    newer = Doi.parse(replaced_by) if replaced_by else None
    with _writing(path) as (writer, settings):
        entity, row = writer.public_thing(Doi.parse(what)) if "/" in what else ("investigation", None)
        if row is None:
            if "/" in what:
                raise NoSuchRow(f"no session and no publication has the DOI {what}")
            row = writer.session(*_session(what))
        told = writer.withdraw(entity, row, reason, datetime.now(UTC), None, newer)
    follows = f"the public site follows at its next run{_where(settings)}"
    click.echo(f"{what} was withdrawn; {follows if told else 'it was never public, so the reason stays inside'}")


def _where(settings: CoreSettings) -> str:
    return f": {settings.portal_url}" if settings.portal_url else ""
