"""The errors of panfair: one class for each thing that a caller does differently about it.

A message says who, what is wrong, and what happens now or what to do. It never holds a word of a closed record:
a record is named by its key in the catalogue, no more.
"""


class PanfairError(Exception):
    """The root of all errors that panfair raises on purpose: its message is fit for an operator's eyes."""


class ConfigError(PanfairError):
    """The configuration cannot be used as it is; nothing was read or written."""


class HarvestError(PanfairError):
    """A source stopped answering, or answered what cannot be read: that source stops, the others go on.

    `begin_anew`: what was read so far cannot be trusted, so the next harvest begins at the beginning.
    """

    def __init__(self, message: str, begin_anew: bool = False) -> None:
        super().__init__(message)
        self.begin_anew = begin_anew


class DamagedHarvestError(HarvestError):
    """What was kept of a source's last harvest is not what was read: that source stops until it is read again."""

    def __init__(self, source: str, message: str) -> None:
        super().__init__(message)
        self.source = source


class IdentifierError(PanfairError, ValueError):
    """A text is not the identifier that it should be."""


class RecordError(PanfairError, ValueError):
    """One record cannot be published: it becomes a line in the report and stops nothing."""


class ContentsError(PanfairError):
    """A data file cannot be read, or must not: it is passed by, and told in one line."""


class UnreachableError(ContentsError):
    """A part of a data file lies outside of the files that may be read, or its links go round: it is not read."""


class GateError(PanfairError, TypeError):
    """Something tried to reach the output without passing the gate."""


class UnitError(PanfairError, ValueError):
    """A quantity has no meaning in the unit that was asked for."""


class OntologyError(PanfairError):
    """A vocabulary cannot be read, or does not hang together; the old one stays."""


class PublishError(PanfairError):
    """The run stopped before anything of the site changed; the old site stands."""


class UploadError(PanfairError):
    """The site could not be brought to its store; what stands there is an older site, or a part of each."""


class NothingReadError(PublishError):
    """There is neither a site nor a whole harvest of any source: nothing to publish yet."""


class UnfinishedError(PanfairError):
    """The new site is decided, but not all of its files are in their places yet; the next run moves the others."""


class LeakError(PublishError):
    """A word that only closed records hold was found in what would have been published."""


class LockedError(PublishError):
    """Another run is at work on the same site."""


class ServeError(PanfairError):
    """The server cannot start; the site stands as it is."""


class RequestError(PanfairError, ValueError):
    """A request that can mean nothing, such as `limit=x`: it is refused and told why."""
