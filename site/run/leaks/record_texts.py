"""The texts of a record, each with the name of its field, from the record's canonical JSON."""

import re
from collections.abc import Iterator
from typing import Any

_NAMING = re.compile(
    r"title|doi|source_id|proposal|session|(?:.*\.)?(?:identifier\.value|server_path)"
    r"|(?:.*\.)?(?:datasets|inputs)\.id|(?:.*\.)?(?:datasets|samples|files|creators|contributors|inputs)\.name"
)


def texts_of(document: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a document, however deep, with its field; a person's name also as catalogues sort it, and proposal
    and session also joined, as the search finds them: `MA-12-1` is no word of a closed proposal `MA-121`.

    >>> list(texts_of({"title": "T", "datasets": [{"name": "scan1", "file_count": 3}]}))
    [('title', 'T'), ('datasets.name', 'scan1')]
    """
    if isinstance(document, str):
        yield field, document
    elif isinstance(document, list):
        for item in document:
            yield from texts_of(item, field)
    elif isinstance(document, dict):
        for name, value in document.items():
            yield from texts_of(value, f"{field}.{name}" if field else name)
        family, given = document.get("family_name"), document.get("given_name")
        if isinstance(family, str) and isinstance(given, str):
            yield f"{field}.name", f"{family}, {given}"
            yield f"{field}.name", f"{given} {family}"
        proposal, session = document.get("proposal"), document.get("session")
        if isinstance(proposal, str) and isinstance(session, str):
            yield "session", f"{proposal}-{session}"


def names_the_record(field: str) -> bool:
    """Whether a text of this field betrays its record as a whole, even where it is made of common words.

    >>> names_the_record("datasets.samples.name"), names_the_record("keywords.term")
    (True, False)
    """
    return _NAMING.fullmatch(field) is not None
