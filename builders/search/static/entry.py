"""A document of the search, analysed for the files that a browser searches in: its words by field, where they stand.

Made once for each document, where it is rendered, and kept beside the ledger: a run that changes one record of many
reads the entries of the others instead of analysing them again.
"""

import zlib
from datetime import date
from typing import Any

import orjson

from panfair.builders.search.documents.analysis import field_words
from panfair.builders.search.documents.fields import TEXT_FIELDS, sorting_title
from panfair.builders.search.documents.scoring import WEIGHTS, length_code

Entry = dict[str, Any]
"""`key`, `owner`, `day` (as an ordinal, 0 unknown), `year`, `size`, `title` (to sort by), `facets`, `numbers`; `card`,
what a result shows; `fields`: field to `[length code, {word: [places]}, {~stem: count}]`; `derived`: the words that
stand nowhere in the record letter by letter (`muller` for Müller, `xray` for X-ray)."""

FIELDS = tuple(WEIGHTS)
"""The fields that are searched, in the order in which scores are summed."""
CARD = (
    "doi", "title", "page", "creators", "year", "day", "abstract", "instruments", "techniques", "facility", "datasets",
    "files", "size_bytes", "superseded", "told", "publication",
    "creator_count",
)  # fmt: skip
"""What the values of a card are, in order."""
_LONGEST_ABSTRACT = 20_000  # characters; as many as a highlight looks at


def entry_of(document: dict[str, Any]) -> Entry:
    """The analysis of one document, as `builders.search.documents.document` makes them; plain JSON."""
    text = {
        name: field_words(document["text"][name], name in TEXT_FIELDS) for name in FIELDS if document["text"].get(name)
    }
    shown = {
        **document,
        "creator_count": document.get("creator_count", len(document["creators"])),
        "abstract": document["abstract"][:_LONGEST_ABSTRACT],
        "publication": document.get("publication", ""),
    }
    return {
        "key": document["key"],
        "owner": document["owner"],
        "day": date.fromisoformat(document["day"]).toordinal() if document["day"] else 0,
        "year": document["year"],
        "size": document["size_bytes"],
        "title": sorting_title(document["title"]),
        "facets": {name: labels for name, labels in document["facets"].items() if labels},
        "numbers": {name: values for name, values in document["numbers"].items() if values},
        "card": [shown[name] for name in CARD],
        "fields": {
            name: [length_code(found.length), found.places, {stem: len(at) for stem, at in found.stems.items()}]
            for name, found in text.items()
        },
        "derived": sorted({word for found in text.values() for word in found.derived}),
    }


def packed(entry: Entry) -> bytes:
    """An entry as bytes for keeping."""
    return zlib.compress(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS), 1)


def unpacked(body: bytes) -> Entry:
    """The entry that `packed` made these bytes of."""
    entry: Entry = orjson.loads(zlib.decompress(body))
    return entry
