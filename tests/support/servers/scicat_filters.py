"""SciCat's filters as its routes take them: where, limits, order; and what each route refuses.

v3 turns LoopBack's words into MongoDB's (`inq` → `$in`), and text that JavaScript reads as a date into one; v4's
datasets/public and origdatablocks/public refuse what they do not know and compare dates as text.
"""

import json
import re
from datetime import datetime
from typing import Any

Raw = dict[str, Any]

OPERATORS = frozenset({"$in", "$gt", "$gte", "$lt", "$lte", "$regex", "$eq", "$or"})
_LOOPBACK = {"inq": "$in", "gt": "$gt", "gte": "$gte", "lt": "$lt", "lte": "$lte", "or": "$or"}
_DATE_LIKE = re.compile(r"[A-Za-z]*[/-]?\d{1,4}(?:-\d{1,3})?")  # what Date.parse takes besides real dates
_MOMENTS = frozenset({"createdAt", "updatedAt", "registeredTime", "creationTime"})


class Refusal(Exception):
    """What a route answers instead of a list: status and body."""

    def __init__(self, status: int, message: str = "") -> None:
        error = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 401: "Unauthorized"}.get(status)
        self.status = status
        self.body: Any = {"message": message, "error": error, "statusCode": status} if error else INTERNAL
        super().__init__(message)


INTERNAL = "Internal server error"


def read_filter(text: str | None, bad: int) -> Raw:
    """The filter of a request; `bad` is the status that the route has for what is no JSON."""
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError:
        raise Refusal(bad, "Invalid JSON in filter: Expected property name or '}' in JSON at position 1") from None
    return found if isinstance(found, dict) else {}


def mongo_words(where: Any) -> Any:
    """LoopBack's operators as MongoDB's."""
    if isinstance(where, dict):
        return {_LOOPBACK.get(name, name): mongo_words(inner) for name, inner in where.items()}
    return [mongo_words(one) for one in where] if isinstance(where, list) else where


def unknown_operator(where: Any) -> str | None:
    """The first operator that MongoDB does not have, or does not let a reader use."""
    if isinstance(where, list):
        return next((found for one in where if (found := unknown_operator(one))), None)
    for name, inner in where.items() if isinstance(where, dict) else ():
        if name.startswith("$") and name not in OPERATORS:
            return name
        if found := unknown_operator(inner):
            return found
    return None


def matches(document: Raw, where: Raw, dates: bool) -> bool:
    """Whether a document is what `where` asks for; with `dates`, texts are compared with moments as such."""
    for name, asked in where.items():
        if name == "$or":
            if not any(matches(document, one, dates) for one in asked):
                return False
            continue
        value: Any = document
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        tests = asked if isinstance(asked, dict) else {"$eq": asked}
        moment = name in _MOMENTS
        if not all(_holds(value, operator, right, moment, dates) for operator, right in tests.items()):
            return False
    return True


def _holds(value: Any, operator: str, right: Any, moment: bool, dates: bool) -> bool:
    if operator == "$in":
        return value in right
    if operator == "$regex":
        return isinstance(value, str) and re.search(right, value) is not None
    if operator == "$eq":
        if dates and isinstance(right, str) and (_DATE_LIKE.fullmatch(right) or _moment(right)):
            return False  # it has become a date, and no text is one
        return value == right
    if moment and not dates:
        return False  # a date is neither before nor after a text
    if moment:
        left, right = _moment(value), _moment(right)
        if right is None:
            raise Refusal(500)
        if left is None:
            return False
        value = left
    if value is None:
        return False
    return {"$gt": value > right, "$gte": value >= right, "$lt": value < right, "$lte": value <= right}[operator]


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def ordered(documents: list[Raw], limits: Raw) -> list[Raw]:
    """In the order that `order` or `sort` names; as they were made, where neither does."""
    order, sort = limits.get("order"), limits.get("sort")
    if order is not None and not isinstance(order, str):
        raise Refusal(500)
    if order:
        name, _, direction = order.replace(" ", ":").partition(":")
    elif sort:
        (name, direction), *_ = sort.items()
    else:
        return documents
    return sorted(documents, key=lambda one: str(one.get(name) or ""), reverse=direction.lower() == "desc")


def part(documents: list[Raw], limits: Raw, usual: int, zero: int | None) -> list[Raw]:
    """The page that `limits` names; `usual` without a limit, `zero` (None: all) for 0."""
    limit = limits.get("limit", usual)
    if isinstance(limit, str):
        raise Refusal(500)
    size = abs(limit) if limit else zero
    start = int(limits.get("skip", 0))
    return documents[start : None if size is None else start + size]
