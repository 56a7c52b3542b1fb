"""The machine-readable forms of a publication: ONE FILE = ONE FORMAT (or a family that shares its mapping).

A format is a module of `builders/formats/` (or one that a package offers under the entry point group
`panfair.formats`) with one name, `FORMATS`: a tuple of `Format`. All derive from the same `Released` record; pages,
typed links, the linkset, content negotiation and OAI-PMH find them here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from panfair.builders.discovery import modules_of
from panfair.builders.metadata.description import Description
from panfair.builders.metadata.memo import memoized
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released

_FORMATS = "panfair.builders.formats"


@dataclass(frozen=True, slots=True)
class OaiPrefix:
    """How a format goes out by OAI-PMH (specification, section 3.4)."""

    prefix: str
    namespace: str
    schema: str
    render: Callable[[Released, Portal], bytes]
    """The payload: one XML element, UTF-8, without an XML declaration."""


@dataclass(frozen=True, slots=True)
class Format:
    """One file beside each landing page."""

    name: str
    """As people read it: `DataCite XML`."""
    file: str
    """Its name in the publication's folder: `datacite.xml`."""
    media_type: str
    render: Callable[[Released, Portal], bytes]
    profile: str | None = None
    """The IRI of the standard it conforms to."""
    also: tuple[str, ...] = ()
    """Other IRIs by which that standard, or its version, is asked for."""
    order: int = 50
    """Its place in lists; lower comes first."""
    cites: bool = False
    """Whether it is what reference managers read: then it is linked beside the citation."""
    describes: bool = True
    """Whether it is a description of the publication (`rel=describedby`); a linkset is not."""
    oai: tuple[OaiPrefix, ...] = ()
    applies: Callable[[Description], bool] | None = None
    """For a form that not every publication has: whether this one has it. None: every one."""


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format there is, in the order of lists."""
    found = [form for module in modules_of(_FORMATS, "panfair.formats") for form in getattr(module, "FORMATS", ())]
    return tuple(sorted(found, key=lambda form: (form.order, form.name)))


def formats_of(description: Description) -> tuple[Format, ...]:
    """The formats that this publication has, in the order of lists."""
    return tuple(form for form in all_formats() if form.applies is None or form.applies(description))


@cache
def _memoized(form: Format) -> Callable[[Released, Portal], bytes]:
    return memoized(form.render)


def rendered(form: Format, released: Released, portal: Portal) -> bytes:
    """A format's bytes; asked again about the same record, they are not made again."""
    return _memoized(form)(released, portal)
