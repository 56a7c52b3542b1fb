"""The pages of DOIs without open data: a notice before the day, a tombstone after withdrawal.

A notice has three forms: embargoed until a day, restricted (given on request), and draft (a DOI not registered yet).

A DOI must resolve for ever. A notice or a tombstone says what the gate lets it say, and its template takes nothing
else. Beside the page stand the opening day for calendars and, where a citation may be shown, metadata for machines.
The banner of a superseded publication is on its landing page.
"""

from dataclasses import dataclass
from urllib.parse import quote

import orjson
from markupsafe import Markup

from panfair.builders import Artifact
from panfair.builders.html.head import embedded
from panfair.builders.html.language import tr
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import and_more, day_in_words, host_of, web_address
from panfair.builders.metadata.closed_states import access_of, forms_of, jsonld, links, state_metadata
from panfair.builders.pages.opening_day import NAME as CALENDAR
from panfair.builders.pages.opening_day import calendar
from panfair.ontologies.embargo import Citation, Notice, Tombstone
from panfair.ontologies.identifiers import Doi

_MOST_PEOPLE = 30
_FORM_NAMES = {"datacite.xml": "DataCite XML", "datacite.json": "DataCite JSON", "metadata.jsonld": "schema.org"}
MARK = "withdrawn.json"
"""Beside every tombstone: when, why and by whom; a web server tells by this file that the answer is status 410."""


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """What the templates of all these pages place."""

    doi: Doi
    address: str
    folder: str
    """The page's address from the root."""
    publisher: str
    title: str
    """Of the citation; empty when nothing of it may be said."""
    people: str
    year: str
    citation: str
    access: str
    """The state of access in the words of COAR."""
    links: list[tuple[str, str, str]]
    """Relation, address, media type."""
    document: Markup
    """The embedded JSON-LD; empty for a draft."""
    forms: tuple[tuple[str, str, str], ...]
    """The metadata files beside the page: name, address, media type."""
    subject: str
    """Of a letter about this DOI, as a mailto address wants it."""
    opens: str = ""
    calendar: str = ""
    """The address of the calendar file, where there is a day."""
    catalogue_url: str = ""
    catalogue_host: str = ""
    request_url: str = ""
    request_host: str = ""
    withdrawn: str = ""
    reason: str = ""
    by: str = ""
    replaced_by: Doi | None = None


def notice_page(notice: Notice, renderer: Renderer) -> list[Artifact]:
    """The page at the landing page's address that says when the data open, or why they do not, and whom to ask."""
    catalogue = web_address(notice.catalogue_url)
    restriction = notice.restriction
    request = web_address(restriction.request_url) if restriction else ""
    page = _page_of(
        notice,
        renderer,
        opens=day_in_words(notice.opens) if notice.opens else "",
        calendar=f"{notice.doi.page}{CALENDAR}" if notice.opens and notice.registered else "",
        catalogue_url=catalogue,
        catalogue_host=host_of(catalogue),
        request_url=request,
        request_host=host_of(request),
        reason=(restriction.reason or "") if restriction else "",
    )
    template = "notice" if restriction is None else "restricted"
    body = renderer.render(f"pages/{template if notice.registered else 'draft'}.html", page=page)
    found = [Artifact(_path(notice.doi), body)]
    if page.calendar:
        found.append(Artifact(f"doi/{notice.doi.path}/{CALENDAR}", calendar(notice, renderer.portal)))
    return found + state_metadata(notice, renderer.portal)


def tombstone_page(tombstone: Tombstone, renderer: Renderer) -> list[Artifact]:
    """The page at the landing page's address that says what was there, why it is gone, and what to use instead."""
    withdrawal = tombstone.withdrawal
    page = _page_of(
        tombstone,
        renderer,
        withdrawn=day_in_words(withdrawal.on) if withdrawal.on else "",
        reason=withdrawal.reason or "",
        by=withdrawal.by or "",
        replaced_by=withdrawal.replaced_by,
    )
    return [
        Artifact(_path(tombstone.doi), renderer.render("pages/tombstone.html", page=page)),
        Artifact(f"doi/{tombstone.doi.path}/{MARK}", _mark(tombstone)),
        *state_metadata(tombstone, renderer.portal),
    ]


def _mark(tombstone: Tombstone) -> bytes:
    values = {"doi": str(tombstone.doi)} | tombstone.withdrawal.model_dump(mode="json", exclude_none=True)
    return orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _path(doi: Doi) -> str:
    return f"doi/{doi.path}/index.html"


def _page_of(shown: Notice | Tombstone, renderer: Renderer, **more: object) -> ClosedPage:
    citation = shown.citation
    people = [one.name for one in citation.creators] if citation else []
    portal, page = renderer.portal, shown.doi.page
    return ClosedPage(
        doi=shown.doi,
        address=portal.landing(shown.doi),
        folder=page,
        publisher=shown.publisher,
        title=citation.title if citation else "",
        people=and_more(", ".join(people[:_MOST_PEOPLE]), len(people) - _MOST_PEOPLE),
        year=str(citation.year) if citation else "",
        citation=_cited(citation) if citation else "",
        access=tr(access_of(shown).words),
        links=links(shown, portal),
        document=embedded(document) if (document := jsonld(shown, portal)) else Markup(""),
        forms=tuple((_FORM_NAMES[file], page + file, kind) for file, kind in forms_of(shown)),
        subject=quote(f"{shown.doi}"),
        **more,  # type: ignore[arg-type]
    )


def _cited(citation: Citation) -> str:
    """The citation as DataCite recommends it (4.6, section 2.2): creators (year): title. publisher."""
    people = "; ".join(one.inverted if one.kind == "person" else one.name for one in citation.creators)
    title = citation.title.rstrip(".")
    head = f"{people} ({citation.year}): {title}" if people else f"{title} ({citation.year})"
    return f"{head}. {citation.publisher}."
