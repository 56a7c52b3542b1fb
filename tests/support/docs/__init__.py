"""The pages of docs/ that are made from the code: by `make docs`; a test holds them up to date."""

from collections.abc import Callable
from pathlib import Path

from support.docs.commands import commands_page
from support.docs.configuration import configuration_page
from support.docs.ispyb import PATH, ispyb_page
from support.docs.records import records_schema

GENERATED: dict[Path, Callable[[], str]] = {
    Path("docs/configuration.md"): configuration_page,
    Path("docs/commands.md"): commands_page,
    Path("docs/sources/records.schema.json"): records_schema,
    Path(PATH): ispyb_page,
}
