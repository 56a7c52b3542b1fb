"""A mistake that nobody foresaw, such as a plug-in's: a line for the report, and the way to it for the log.

The error's own words are told nowhere: they may hold a session or a word of a closed record.
"""

import logging
import traceback
from pathlib import Path

log = logging.getLogger(__name__)


def unforeseen(source: str, error: Exception) -> str:
    """What an operator reads of it: source, kind of error and place; under `-v` the log has the way there."""
    return (
        f"{source}: its program made a mistake ({place_of(source, error)}); report what `panfair -v harvest` tells to "
        "those who keep it"
    )


def place_of(what: str, error: Exception) -> str:
    """Kind and place of an error, `TypeError in landing.py, line 12`; under `-v` the log has the way there."""
    kind = type(error).__name__
    way = traceback.extract_tb(error.__traceback__)
    log.info("%s: the way to the %s:\n%s", what, kind, "".join(traceback.format_list(way)))
    return f"{kind} in {Path(way[-1].filename).name}, line {way[-1].lineno}" if way else kind
