"""The forms that a landing page's address can answer in, and which of them Accept and Accept-Profile ask for.

The page itself and every format beside it, under its own media type; then the names by which other sites' clients ask
for the same things (DataCite's content negotiation, plain `application/json`), and forms that are made of such a file
when they are asked for (`derived`).
"""

from functools import cache, lru_cache

from panfair.builders.metadata.format import all_formats
from panfair.site.http.negotiation import Offer, choose, wanted_profiles

PAGE = "index.html"

_ALSO_ASKED_AS = (
    ("application/vnd.schemaorg.ld+json", "metadata.jsonld"),
    ("application/json", "metadata.jsonld"),
    ("text/xml", "datacite.xml"),
    ("application/xhtml+xml", PAGE),
    ("application/citeproc+json", "csl.json"),
    ("application/rdf+xml", "metadata.jsonld"),
    ("application/n-triples", "metadata.jsonld"),
    ("text/x-bibliography", "csl.json"),
)


@cache
def offers() -> tuple[Offer, ...]:
    """Every form, the page first."""
    found = [Offer("text/html", PAGE)]
    found += [
        Offer(form.media_type.partition(";")[0].strip().lower(), form.file, form.profile, form.also)
        for form in all_formats()
    ]
    files = {offer.file: offer for offer in found}
    found += [
        Offer(kind, file, files[file].profile, files[file].also) for kind, file in _ALSO_ASKED_AS if file in files
    ]
    return tuple(found)


@lru_cache(maxsize=4096)
def chosen(accept: str, without: frozenset[str] = frozenset(), accept_profile: str = "") -> Offer | None:
    """The form that suits both headers best, of those whose file is not in `without`; None when nothing suits.

    >>> [found and found.file for found in map(chosen, ("text/turtle;q=0.9, text/html;q=0.5", "*/*", "image/png"))]
    ['dcat.ttl', 'index.html', None]
    >>> chosen("*/*", accept_profile="<http://datacite.org/schema/kernel-4.6>").file
    'datacite.xml'
    """
    return choose(accept, [offer for offer in offers() if offer.file not in without], accept_profile)


def profile_of(file: str) -> str | None:
    """The profile of a form by its file's name, as answers name it; None for a page or a form that follows none."""
    return next((offer.profile for offer in offers() if offer.file == file), None)


def answered_profile(offer: Offer, accept_profile: str) -> str | None:
    """The profile that an answer names: the one of the offer's that was asked for, else its own."""
    wanted = wanted_profiles(accept_profile)
    known = [iri for iri in (offer.profile, *offer.also) if iri]
    return max(known, key=lambda iri: (wanted.get(iri.rstrip("/"), 0.0), iri == offer.profile), default=None)


def menu(page: str) -> str:
    """What can be asked for, one form a line, for a client whose wishes nothing suits."""
    lines = [
        "  ".join(
            (
                offer.media_type,
                page + ("" if offer.file == PAGE else offer.file),
                *(f"<{iri}>" for iri in (offer.profile, *offer.also) if iri),
            )
        )
        for offer in offers()
    ]
    return (
        "Nothing here suits the Accept and Accept-Profile headers. This address answers as (media type, address, "
        "profiles):\n\n" + "\n".join(lines) + "\n"
    )
