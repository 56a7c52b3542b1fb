"""`panfair ispyb grants`: what a reader of ISPyB may read, as SQL for who administers the database."""

import sys
from typing import cast

import click

from panfair.harvesters.ispyb.columns import ASKED, Flavour
from panfair.harvesters.ispyb.grants import grants as statements


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
