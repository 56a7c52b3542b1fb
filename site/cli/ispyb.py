"""`panfair ispyb grants` and `panfair ispyb migrate`: the rights of a reader of ISPyB, and the way out of it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click
from pydantic import ValidationError

from panfair.harvesters import Context, fields_in
from panfair.harvesters import ispyb as room
from panfair.harvesters.ispyb.columns import ASKED, Flavour
from panfair.harvesters.ispyb.grants import grants as statements
from panfair.ontologies.additions import Addition
from panfair.ontologies.errors import ConfigError, PanfairError
from panfair.ontologies.fields import local_zone
from panfair.site.catalogue.settings import read_settings
from panfair.site.catalogue.store.database import Store
from panfair.site.cli.ispyb_migration import REPORT, Migration
from panfair.site.config.settings import read_config


@click.group()
def ispyb() -> None:
    """ISPyB, the database of structural biology."""


@ispyb.command()
@click.option(
    "--flavour", type=click.Choice(["DLS", "ESRF"]), required=True, help="Whose schema it is: Diamond's or the ESRF's."
)
@click.option("--database", default="ispyb", show_default=True, help="The name of the database.")
@click.option("--account", default="panfair@%", show_default=True, help="The reader's account, with its host.")
@click.option(
    "--also",
    type=click.Choice(sorted(ASKED)),
    multiple=True,
    help="A column that may be confidential and is to be published, as `also` of the source names it.",
)
def grants(flavour: str, database: str, account: str, also: tuple[str, ...]) -> None:
    """Print the GRANT statements for exactly the columns that are read.

    Leave out what your schema lacks: the report of a harvest names it.
    """
    try:
        for line in statements(database, account, cast(Flavour, flavour), also):
            click.echo(line)
    except ValueError as error:
        click.echo(f"panfair: {error}", err=True)
        sys.exit(2)


@ispyb.command()
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default="panfair.toml",
    show_default=True,
    help="The file with the [[source]] of kind `ispyb`.",
)
@click.option("--source", required=True, help="The name of that source.")
@click.option("--facility", required=True, help="The facility's name in ICAT or in the core.")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder that is written."
)
@click.option(
    "--core",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The settings of a live core that takes the sessions, too.",
)
def migrate(path: Path, source: str, facility: str, output: Path, core: Path | None) -> None:
    """Move all of ISPyB into ICAT or the live core: all sessions, whether released or not.

    For each session a dump that icatingest takes, and an ingest file of python-icat. Run it again to go on after a
    break, or to take over what changed: what was moved and says the same is not touched. What had no place stands in
    report.txt.
    """
    try:
        config = read_config(path)
        options = next((one for one in config.sources if one.name == source), None)
        if not isinstance(options, room.Options):
            raise ConfigError(f"{path}: there is no [[source]] {source!r} of kind `ispyb`")
        notes: list[str] = []
        context = Context(root=config.root, contact=config.site.contact, note=notes.append)
        zone = local_zone.set(config.zone(options))
        store = Store(read_settings(core).database) if core else None
        try:
            migration = Migration(output, facility, store, datetime.now(UTC))
            migration.move((one for one in room.harvest(options, context) if isinstance(one, Addition)), notes)
        finally:
            local_zone.reset(zone)
            if store is not None:
                store.close()
    except ValidationError as error:  # its own words quote values
        click.echo(f"panfair: a value cannot be read: {fields_in(error, None)}", err=True)
        sys.exit(2)
    except (PanfairError, OSError) as error:
        click.echo(f"panfair: {error}", err=True)
        sys.exit(2)
    click.echo(
        f"{migration.moved} sessions moved, {migration.unchanged} unchanged; "
        f"{len(migration.lines)} lines about what had no place in {output / REPORT}"
    )
