"""What a query string asks for, read into types: ids, pages, days, conditions on parameters.

ICAT+ writes all of it as text with commas. Each reader raises BadParameter that names the parameter, so no value of a
query ever reaches the store as text that is not bound.
"""

import re
from datetime import date, datetime
from typing import Annotated, cast, get_args

from fastapi import Query

from panfair.site.catalogue.api.schemas_people import MAX_ROW
from panfair.site.catalogue.errors import BadParameter
from panfair.site.catalogue.store.query import Comparison, Condition, Page

QueryText = Annotated[str | None, Query(max_length=20_000)]
"""One parameter of a query, as ICAT+'s clients send them all: text."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SORTS = {"STARTDATE": "start", "ENDDATE": "end", "NAME": "name", "TITLE": "title", "RELEASEDATE": "release_date"}
_MOST_IDS = 10_000


def row_number(text: str, name: str) -> int:
    """A row's number: digits, above zero, no more than SQLite holds."""
    if not re.fullmatch(r"[0-9]{1,19}", text.strip(), re.ASCII) or not 0 < int(text) <= MAX_ROW:
        raise BadParameter(f"{name}: a number is wanted")
    return int(text)


def optional_row(text: str | None, name: str) -> int | None:
    return None if not text else row_number(text, name)


def row_numbers(text: str | None, name: str) -> list[int] | None:
    """Numbers of rows, with commas between them; None when the parameter is absent."""
    if text is None or text == "":
        return None
    parts = text.split(",")
    if len(parts) > _MOST_IDS:
        raise BadParameter(f"{name}: no more than {_MOST_IDS} at once")
    return [row_number(part, name) for part in parts]


def count(text: str | None, name: str, default: int, most: int) -> int:
    """A number from 0 to `most`."""
    if text is None or text == "":
        return default
    if not re.fullmatch(r"[0-9]{1,19}", text.strip(), re.ASCII) or int(text) > most:
        raise BadParameter(f"{name}: a number from 0 to {most} is wanted")
    return int(text)


def page(
    limit: str | None, skip: str | None, most: int, sort_by: str | None = None, sort_order: str | None = None
) -> Page:
    """Which part of a list; without `limit` all, up to what one answer may hold."""
    if sort_by and sort_by.upper() not in _SORTS:
        raise BadParameter(f"sortBy: one of {', '.join(sorted(_SORTS))} is wanted")
    if sort_order not in {None, "", "1", "-1"}:
        raise BadParameter("sortOrder: 1 or -1 is wanted")
    return Page(
        limit=count(limit, "limit", most, most),
        skip=count(skip, "skip", 0, MAX_ROW),
        sort=_SORTS[sort_by.upper()] if sort_by else "id",
        descending=sort_order == "-1",
    )


def day(text: str | None, name: str) -> date | None:
    """A day, or the day of a moment."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else datetime.fromisoformat(text).date()
    except ValueError:
        raise BadParameter(f"{name}: a day such as 2026-03-01 is wanted") from None


def days(text: str | None, name: str) -> list[date] | None:
    """Days, with commas between them."""
    if not text:
        return None
    found = [day(part.strip(), name) for part in text.split(",")]
    return [one for one in found if one is not None]


def words(text: str | None) -> list[str] | None:
    """Texts, with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()] if text else None


def conditions(text: str | None) -> tuple[Condition, ...]:
    """Conditions on parameters: `name~op~value`, with commas between them; a name alone asks that it is there."""
    if not text:
        return ()
    found = []
    for part in text.split(","):
        name, *rest = part.split("~", 2)
        if len(rest) == 1 or not name or (rest and rest[0] not in get_args(Comparison)):
            raise BadParameter(f"parameters: name~op~value is wanted, op one of {', '.join(get_args(Comparison))}")
        found.append(Condition(name, cast(Comparison, rest[0]), rest[1]) if rest else Condition(name, "like", ""))
    if len(found) > 20:
        raise BadParameter("parameters: no more than 20 conditions")
    return tuple(found)


def flag(text: str | None) -> bool:
    """Whether a switch is on."""
    return (text or "").lower() in {"true", "1", "yes"}
