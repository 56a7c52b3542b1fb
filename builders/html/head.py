"""What a landing page's head tells machines: Highwire and Dublin Core meta tags, and the embedded description.

Google Scholar reads the `citation_` names (its inclusion guidelines, "Indexing"), reference managers both.
"""

import orjson
from markupsafe import Markup

from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released, opening_day

_MOST_PEOPLE = 100
_MOST_EMBEDDED = 60_000  # bytes; a longer description stands beside the page and keeps its parts there


def meta_tags(released: Released, portal: Portal) -> tuple[tuple[str, str], ...]:
    """Names and contents of the meta tags, in order."""
    publication = released.publication
    day = opening_day(publication)
    tags = [("citation_title", publication.title)]
    for agent in publication.creators[:_MOST_PEOPLE]:
        tags.append(("citation_author", agent.inverted))
        tags += [("citation_author_institution", affiliation.name) for affiliation in agent.affiliations]
        if agent.orcid:
            tags.append(("citation_author_orcid", agent.orcid.url))
    tags += [
        ("citation_doi", str(publication.doi)),
        ("citation_publisher", publication.publisher.name),
        ("citation_publication_date", day.strftime("%Y/%m/%d") if day else str(publication.publication_year)),
        ("citation_abstract_html_url", portal.landing(publication.doi)),
    ]
    if publication.language:
        tags.append(("citation_language", publication.language))
    tags += [("citation_keywords", keyword.term) for keyword in publication.keywords]
    tags += [("DC.title", publication.title), ("DC.identifier", publication.doi.url), ("DC.type", "Dataset")]
    tags += [("DC.creator", agent.inverted) for agent in publication.creators[:_MOST_PEOPLE]]
    tags += [("DC.publisher", publication.publisher.name)]
    tags += [("DC.date", str(day))] if day else []
    tags += [("DC.rights", rights.url or rights.said) for rights in publication.rights]
    return tuple(tags)


def embedded(document: dict[str, object]) -> Markup:
    """A JSON-LD document as the body of a script element: no text of it can end the element or begin a comment.

    In JSON `<`, `>` and `&` occur inside strings only, where their escapes mean the same (RFC 8259, section 7).
    A description that is too long for a page loses its parts and files, which the file beside the page has.
    """
    text = orjson.dumps(document)
    if len(text) > _MOST_EMBEDDED:
        text = orjson.dumps({key: value for key, value in document.items() if key not in {"hasPart", "distribution"}})
    safe = text.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    # Line and paragraph separator end a line in old JavaScript; JSON is data, but nobody need wonder.
    safe = safe.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
    return Markup(safe.decode())  # noqa: S704 - the three replacements above are what makes it safe
