"""The live core's refusals, each with the code and the HTTP status that ICAT gives it.

The codes are ICAT 6.2's (`IcatException.IcatExceptionType`). A message names what the caller wrote or a row's number,
never a word of a row: whether a row exists that somebody may not see is not told either.
"""

from typing import ClassVar

from panfair.ontologies.errors import PanfairError


class CatalogueError(PanfairError):
    """The root: something was asked of the core that it refuses."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500


class BadParameter(CatalogueError):
    """A value in the request cannot be used."""

    code = "BAD_PARAMETER"
    status = 400


class Invalid(CatalogueError):
    """What should be stored is not consistent; nothing was stored."""

    code = "VALIDATION"
    status = 400


class AlreadyThere(CatalogueError):
    """What should be made exists already."""

    code = "OBJECT_ALREADY_EXISTS"
    status = 400


class NoSuchRow(CatalogueError):
    """There is no such row, or none that the caller may see."""

    code = "NO_SUCH_OBJECT_FOUND"
    status = 404


class NotAllowed(CatalogueError):
    """The caller sees the row and may not do this to it."""

    code = "INSUFFICIENT_PRIVILEGES"
    status = 403


class NoSession(CatalogueError):
    """The session id is unknown or has expired, or the sign-in failed."""

    code = "SESSION"
    status = 403


class TooManyFailures(NoSession):
    """Too many sign-ins failed lately: wait."""

    status = 429
