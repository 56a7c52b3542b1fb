"""`panfair ontology update FILE`: a newer release of PaNET as the table that panfair reads."""

import sys
from pathlib import Path

import click

from panfair.ontologies import panet
from panfair.ontologies.errors import OntologyError


@click.group()
def ontology() -> None:
    """The vocabularies that records are mapped to."""


@ontology.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default="panet.ttl",
    show_default=True,
    help="The table to write; name it in panfair.toml as [site] panet.",
)
def update(file: Path, output: Path) -> None:
    """Make a table from a release of PaNET in FILE (OWL in RDF/XML, or the project's CSV).

    What does not parse, runs in a circle or lacks the technique root is refused, and an older table stays.
    """
    before = panet.load()
    try:
        after = panet.update(file, output)
    except OntologyError as error:
        click.echo(f"panfair: {error}", err=True)
        sys.exit(2)
    old, new = ({term.iri for term in table.techniques if not term.deprecated} for table in (before, after))
    click.echo(f"wrote {output}: PaNET {after.version}, {len(new)} techniques")
    for word, iris, table in (("new", new - old, after), ("gone", old - new, before)):
        for iri in sorted(iris):
            click.echo(f"{word}: {table.terms[iri].id} {table.terms[iri].label}")
    click.echo(f'to use it: [site] panet = "{output.name}" in panfair.toml')
