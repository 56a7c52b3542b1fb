"""MongoDB's extended JSON as it is meant, and documents that are none told apart."""

import re
from typing import Any

from panfair.harvesters import Refused
from panfair.harvesters.reading.values import number_of, text_in
from panfair.ontologies.text import clean_line

Raw = dict[str, Any]

_MOST_LEVELS = 200  # of JSON in a document; MongoDB itself keeps no more than 100
_LONGEST_PID = 1000  # letters; a longer one is in no address


def plain(value: Any, levels: int = _MOST_LEVELS) -> Any:
    """A value without MongoDB's extended JSON: dates, ids and numbers as they are meant.

    Raises RecursionError for what is nested in more than `levels` levels, and UnicodeError for half a character.
    """
    if not levels:
        raise RecursionError("nested too deeply")
    if isinstance(value, str):
        value.encode()
        return value
    if isinstance(value, list):
        return [plain(item, levels - 1) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, inner), *_ = value.items()
        if name in {"$date", "$oid"}:
            return plain(inner, levels - 1)
        if name in {"$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"}:
            number = number_of(inner)
            return int(str(inner)) if re.fullmatch(r"-?[0-9]{1,19}", str(inner)) else number
    return {str(plain(str(name), levels - 1)): plain(inner, levels - 1) for name, inner in value.items()}


def key_of(raw: Raw) -> str:
    """What a record is called in reports: its DOI or id."""
    found = clean_line(text_in(raw.get("doi")) or text_in(raw.get("_id")) or text_in(raw.get("pid")) or "")
    return (found if len(found) <= _LONGEST_PID else found[:80] + "…") or "without an id"


def document_of(item: Any, place: str) -> Raw | Refused:
    """A document without MongoDB's extended JSON, or the refusal of what is none; `place` names what has no DOI."""
    try:
        found = plain(item)
    except RecursionError:
        return Refused(_name(item, place), "it is nested too deeply")
    except UnicodeError:
        return Refused(_name(item, place), "half a character (a lone surrogate) is in it, which no file can carry")
    return found if isinstance(found, dict) else Refused(place, "it is no record, but a bare value")


def is_too_long(pid: str) -> bool:
    """Whether a pid is longer than an address can carry."""
    return len(pid) > _LONGEST_PID


def _name(item: Any, place: str) -> str:
    if not isinstance(item, dict) or not text_in(item.get("doi")):
        return place
    try:
        key_of(item).encode()
    except UnicodeError:
        return place
    return key_of(item)
