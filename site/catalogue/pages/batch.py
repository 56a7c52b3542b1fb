"""One decision for several sessions at once: all of them, or none."""

from collections.abc import Sequence

from panfair.site.catalogue.accounts.core import Caller
from panfair.site.catalogue.api import curation
from panfair.site.catalogue.api.schemas_people import ReleaseDateIn
from panfair.site.catalogue.errors import BadParameter


def release_together(caller: Caller, rows: Sequence[int], wanted: ReleaseDateIn) -> None:
    """Moves the release date of sessions. Raises what moving one raises, and BadParameter for no session."""
    if not rows:
        raise BadParameter("choose a session first; nothing was changed")
    with caller.core.store.writing():
        for row in rows:
            curation.release_date(caller, str(row), wanted)
