"""The forms that a landing page's address can answer in, and which of them an Accept header asks for.

The page itself and every format beside it, under its own media type; then the names by which other sites' clients ask
for the same things (DataCite's content negotiation, plain `application/json`).
"""

from functools import cache, lru_cache

from panfair.builders.formats import all_formats
from panfair.site.negotiate import Offer, choose

PAGE = "index.html"

_ALSO_ASKED_AS = (
    ("application/vnd.schemaorg.ld+json", "metadata.jsonld"),
    ("application/json", "metadata.jsonld"),
    ("text/xml", "datacite.xml"),
    ("application/xhtml+xml", PAGE),
)


@cache
def offers() -> tuple[Offer, ...]:
    """Every form, the page first."""
    found = [Offer("text/html", PAGE)]
    found += [
        Offer(form.media_type.partition(";")[0].strip().lower(), form.file, form.profile) for form in all_formats()
    ]
    files = {offer.file for offer in found}
    found += [Offer(kind, file) for kind, file in _ALSO_ASKED_AS if file in files]
    return tuple(found)


@lru_cache(maxsize=4096)
def chosen(accept: str, without: frozenset[str] = frozenset()) -> str | None:
    """The file that suits an Accept header best, of those not in `without`; None when nothing suits.

    >>> chosen("text/turtle;q=0.9, text/html;q=0.5"), chosen("*/*"), chosen("image/png")
    ('dcat.ttl', 'index.html', None)
    """
    found = choose(accept, [offer for offer in offers() if offer.file not in without])
    return found.file if found else None


def menu(page: str) -> str:
    """What can be asked for, one form a line, for a client whose Accept header nothing suits."""
    lines = [f"{offer.media_type}  {page}{'' if offer.file == PAGE else offer.file}" for offer in offers()]
    return "Nothing here suits the Accept header. This address answers as:\n\n" + "\n".join(lines) + "\n"
