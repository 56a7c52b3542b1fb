"""What the pages for closed data say after a decision, and of a refusal."""

from panfair.builders.html.language import marked, tr
from panfair.site.catalogue.errors import CatalogueError
from panfair.site.catalogue.pages.minting import MINTED

SAID = {
    "release": marked("The release date was changed."),
    "reserved": marked("A DOI was reserved."),
    "released": marked("The release dates were changed."),
    "withdrawn": marked("The session was withdrawn."),
} | MINTED
FOLLOWED = frozenset({"release", "released", "withdrawn"})
"""After what the public site says something else, once it has run."""


REFUSALS = (
    marked("sign in first"),
    marked("there is no such session"),
    marked("there is no such dataset"),
    marked("there is no such page"),
    marked("this session has a DOI already, or was withdrawn; there is nothing to mint"),
    marked("choose a session first; nothing was changed"),
    marked("the day cannot be read; nothing was changed"),
    marked("what is wanted cannot be read; nothing was changed"),
    marked("the reason cannot be read; nothing was changed"),
    marked("releaseDate: a day in the past; today is the earliest"),
    marked("this is for curators"),
    marked("this form was not made for this session; load the page again"),
    marked("this form came from another site"),
    marked("the name or the password is wrong"),
    marked("the account may not sign in"),
    marked("too many sign-ins failed; wait a quarter of an hour"),
    marked("too many sign-ins at once; try again"),
    marked("there is no account here for this person; ask the user office"),
    marked("the session id is unknown or has expired; sign in again"),
    marked("the issuer did not confirm the sign-in; try again"),
    marked("the issuer did not say who it is"),
)
"""What people meet on these pages; the refusals of programs stay in English."""


def sentence(error: CatalogueError) -> str:
    """A refusal as a sentence in the language of the pages."""
    said = tr(str(error))
    return f"{said[:1].upper()}{said[1:]}."
