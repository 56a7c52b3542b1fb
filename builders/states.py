"""The pages of DOIs without open data: a notice before the day, a tombstone after withdrawal; and the page for no page.

A DOI must resolve for ever. A notice or a tombstone says what the gate lets it say, and its template takes nothing
else. The banner of a superseded publication is on its landing page.
"""

from dataclasses import dataclass
from urllib.parse import quote

from panfair.builders import Artifact
from panfair.builders.html import Renderer
from panfair.builders.words import day_in_words, host_of, web_address
from panfair.ontologies.embargo import Citation, Notice, Tombstone
from panfair.ontologies.identifiers import Doi

_MOST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class State:
    """All that the template of a notice or a tombstone places."""

    doi: Doi
    address: str
    publisher: str
    title: str
    """Of the citation; empty when nothing of it may be said."""
    people: str
    year: str
    opens: str
    withdrawn: str
    reason: str
    by: str
    replaced_by: Doi | None
    catalogue_url: str
    catalogue_host: str
    subject: str
    """Of a letter about this DOI, as a mailto address wants it."""


def notice_page(notice: Notice, renderer: Renderer) -> list[Artifact]:
    """The page at the landing page's address that says when the data open and whom to ask."""
    catalogue = web_address(notice.catalogue_url)
    state = _state(
        notice.doi,
        notice.publisher,
        notice.citation,
        renderer,
        opens=day_in_words(notice.opens) if notice.opens else "",
        catalogue_url=catalogue,
        catalogue_host=host_of(catalogue),
    )
    return [Artifact(_path(notice.doi), renderer.render("pages/notice.html", page=state))]


def tombstone_page(tombstone: Tombstone, renderer: Renderer) -> list[Artifact]:
    """The page at the landing page's address that says what was there, why it is gone, and what to use instead."""
    withdrawal = tombstone.withdrawal
    state = _state(
        tombstone.doi,
        tombstone.publisher,
        tombstone.citation,
        renderer,
        withdrawn=day_in_words(withdrawal.on) if withdrawal.on else "",
        reason=withdrawal.reason or "",
        by=withdrawal.by or "",
        replaced_by=withdrawal.replaced_by,
    )
    return [Artifact(_path(tombstone.doi), renderer.render("pages/tombstone.html", page=state))]


def error_page(renderer: Renderer) -> Artifact:
    """`404.html`, for every address that leads nowhere."""
    return Artifact("404.html", renderer.render("pages/404.html"))


def _path(doi: Doi) -> str:
    return f"doi/{doi.path}/index.html"


def _state(
    doi: Doi,
    publisher: str,
    citation: Citation | None,
    renderer: Renderer,
    *,
    opens: str = "",
    withdrawn: str = "",
    reason: str = "",
    by: str = "",
    replaced_by: Doi | None = None,
    catalogue_url: str = "",
    catalogue_host: str = "",
) -> State:
    people = citation.creators if citation else ()
    more = f" and {len(people) - _MOST_PEOPLE} more" if len(people) > _MOST_PEOPLE else ""
    return State(
        doi=doi,
        address=renderer.portal.landing(doi),
        publisher=publisher,
        title=citation.title if citation else "",
        people=", ".join(people[:_MOST_PEOPLE]) + more,
        year=str(citation.year) if citation else "",
        opens=opens,
        withdrawn=withdrawn,
        reason=reason,
        by=by,
        replaced_by=replaced_by,
        catalogue_url=catalogue_url,
        catalogue_host=catalogue_host,
        subject=quote(f"{doi}"),
    )
