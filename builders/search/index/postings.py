"""A document as Whoosh's index takes it, analysed and encoded already: a worker makes it, the run only files it.

Why not Whoosh's own `add_document`: it analyses every text again, in the one process that writes. The postings are
those that it would have made of the same document, byte by byte (a test compares).
"""

import marshal
from pickle import dumps
from struct import Struct
from typing import Any

import orjson

from panfair.builders.search.documents.analysis import field_words
from panfair.builders.search.documents.fields import TEXT_FIELDS

Postings = list[tuple[bytes, int, bytes]]
"""Of one field: each word, how often it stands there, and its places as Whoosh encodes them."""

_COUNT = Struct(">I")
_ONCE: dict[int, bytes] = {}
_MARSHAL = 2  # without references: the same document, the same bytes


def ready(document: dict[str, Any]) -> bytes:
    """A document (as `search.documents.document` makes them) to be filed; `taken` reads it."""
    text = {name: field_words(words, name in TEXT_FIELDS) for name, words in document["text"].items()}
    kept = {name: value for name, value in document.items() if name != "text"}
    kept["lengths"] = {name: found.length for name, found in text.items()}
    # All that is stored is one text, as one order of fields has one pickle.
    stored = orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
    fields = {name: _postings({**found.places, **found.stems}) for name, found in text.items()}
    return marshal.dumps((document["key"], document["owner"], stored, fields), _MARSHAL)


def taken(body: bytes) -> tuple[str, str, str, dict[str, Postings]]:
    """Key, owner, what is stored, and the postings by field, of what `ready` made: never a file of the site."""
    key, owner, stored, fields = marshal.loads(body)  # noqa: S302 - from our own worker or memory
    return key, owner, stored, fields


def _postings(places: dict[str, list[int]]) -> Postings:
    return [(word.encode(), len(at), _encoded(at)) for word, at in places.items()]


def _encoded(at: list[int]) -> bytes:
    """Places as `whoosh.formats.Positions` encodes them: their number, and a pickled list of the steps between."""
    if len(at) == 1:
        known = _ONCE.get(at[0])
        if known is None:
            known = _ONCE[at[0]] = _COUNT.pack(1) + dumps(at, 2)
        return known
    return _COUNT.pack(len(at)) + dumps([here - before for here, before in zip(at, [0, *at], strict=False)], 2)
