"""DataCite's list of DOIs, read to its end behind a cursor.

`links.next` of an answer forgets some of what was asked (publisher), so only the cursor is taken from it. The list is
sorted by the day of making: what is made in the meantime comes at its end.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from panfair.harvesters import Checkpoint
from panfair.harvesters.http import Send
from panfair.harvesters.reading.json_text import loads
from panfair.ontologies.errors import HarvestError

_ALWAYS = {"affiliation": "true", "publisher": "true", "disable-facets": "true", "sort": "created"}


def pages(
    name: str, send: Send, parameters: dict[str, str], size: int, resume: str | None
) -> Iterator[tuple[str, Any] | Checkpoint]:
    """Each document with its place in the list, and a checkpoint after each page."""
    kept: dict[str, Any] = orjson.loads(resume) if resume else {"cursor": "1", "had": 0}
    cursor, had = str(kept["cursor"]), int(kept["had"])
    total, seen = 0, set[str]()
    while True:
        answer = _answer(name, send, {**parameters, **_ALWAYS, "page[size]": str(size), "page[cursor]": cursor})
        documents, total = answer["data"], _total(answer, total)
        for document in documents:
            had += 1
            yield f"number {had} of the list", document
        seen.add(cursor)
        following = _cursor_of(answer)
        if following is None or not documents:
            break
        if following in seen:
            raise HarvestError(f"{name}: DataCite's list leads in a circle; nothing is published from it")
        cursor = following
        yield Checkpoint(orjson.dumps({"cursor": cursor, "had": had}).decode())
    if had == 0:
        raise HarvestError(
            f"{name}: DataCite shows no findable DOI of {' and '.join(parameters.values())}; nothing is taken "
            "for withdrawn because of that. Look at `client_id` and `prefix`",
            begin_anew=True,
        )
    if had < total:
        raise HarvestError(
            f"{name}: DataCite counts {total} DOIs and gave {had}; nothing is published from it, run "
            "`panfair harvest` again",
            begin_anew=True,
        )


def _answer(name: str, send: Send, query: dict[str, str]) -> dict[str, Any]:
    status, body = send("GET", "dois", query, None)
    try:
        found = loads(body)
    except orjson.JSONDecodeError:
        found = None
    if status == 200 and isinstance(found, dict) and isinstance(found.get("data"), list):
        return found
    raise HarvestError(f"{name}: DataCite answered {status}{_reason(found)}; what came before is kept, run again")


def _reason(found: Any) -> str:
    errors = found.get("errors") if isinstance(found, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return f" ({first['title']})" if isinstance(first.get("title"), str) else " with what is no list of DOIs"


def _total(answer: dict[str, Any], known: int) -> int:
    meta = answer.get("meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    return total if isinstance(total, int) else known


def _cursor_of(answer: dict[str, Any]) -> str | None:
    links = answer.get("links")
    following = links.get("next") if isinstance(links, dict) else None
    if not isinstance(following, str):
        return None
    return next(iter(parse_qs(urlsplit(following).query).get("page[cursor]", ())), None)
