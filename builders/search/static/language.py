"""What the search in the browser must know of queries and requests, told from the code that reads them."""

from typing import Any

from panfair.builders.portal import Portal
from panfair.builders.search.documents.facets import HAS
from panfair.builders.search.documents.identifiers import LEAD, VERSION
from panfair.builders.search.language import phrases
from panfair.builders.search.language.known_names import NAMED
from panfair.builders.search.language.query import COLON, DEEPEST, FIELDS, LONGEST, MOST_TERMS
from panfair.builders.search.language.question import CARRIED_FROM, CARRIERS, MOST_KEYWORDS, STOP_WORDS
from panfair.builders.search.language.request import bounds
from panfair.builders.search.language.sentence import EXACT, LONGEST_SENTENCE, OPAQUE


def search_language(portal: Portal) -> dict[str, Any]:
    """For `builders.search.static.tables`: plain JSON."""
    return {
        "site": portal.base_url,
        "fields": {name: list(fields) for name, fields in FIELDS.items()},
        "has": list(HAS),
        "colon": COLON,
        "identifierLead": LEAD,
        "identifierVersion": VERSION,
        "stopWords": sorted(STOP_WORDS),
        "carriers": sorted(CARRIERS),
        "carriedFrom": CARRIED_FROM,
        "mostKeywords": MOST_KEYWORDS,
        "sentence": {**phrases.tables(), "exact": EXACT, "opaque": OPAQUE, "longest": LONGEST_SENTENCE},
        "named": list(NAMED),
        "longest": LONGEST,
        "mostTerms": MOST_TERMS,
        "deepest": DEEPEST,
        "request": bounds(),
    }
