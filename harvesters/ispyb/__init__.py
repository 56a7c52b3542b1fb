"""ISPyB, the database of structural biology: what it knows of sessions that another source releases.

ISPyB has no release date, DOI or embargo, so a source of this kind adds to another one, and publishes nothing itself.
Both schemas are read, Diamond's (DLS) and the ESRF's, by plain SQL with the columns of `columns.tsv` and no others.

May import: harvesters.{contents, reading}; ontologies.
"""

from collections.abc import Iterator
from importlib.util import find_spec

from pydantic import Field

from panfair.harvesters import Context, Harvested
from panfair.harvesters.ispyb.sessions import additions
from panfair.harvesters.ispyb.tables import DatabaseOptions
from panfair.harvesters.reading.values import Once
from panfair.ontologies.errors import HarvestError


class Options(DatabaseOptions):
    """A [[source]] of kind `ispyb`."""

    match_by_day: bool = Field(
        False,
        description="whether a session without a visit number is the record of the same proposal, instrument and first "
        "day, where no other session of that day is",
    )


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """What ISPyB knows of each session. Raises HarvestError when it cannot be read, or shows no session at all."""
    if find_spec("pymysql") is None:
        raise HarvestError(f"{options.name}: needs the package PyMySQL: pip install pymysql")
    from panfair.harvesters.ispyb.database import Database  # only who has an ISPyB needs its driver

    note = Once(context.note)
    any_session = False
    with Database(options, context.root) as database:
        if lacking := database.missing():
            context.note(f"the schema lacks, or the account may not read: {', '.join(lacking)}")
        for addition in additions(database, options, options.match_by_day, note):
            any_session = True
            context.raw({"session": addition.source_id, "datasets": len(addition.datasets)})
            yield addition
    if not any_session:
        raise HarvestError(f"{options.name}: it shows no session at all; its last whole harvest counts")
