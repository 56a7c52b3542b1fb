"""How a list says of what it is a page: its total in X-Total-Count, the next page's address in Link (RFC 8288)."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

_LONGEST = 3_000
"""Bytes of an address in a header: with more, the head of an answer passes no proxy with usual settings."""

DECLARED: dict[str, Any] = {
    "X-Total-Count": {"description": "how many there are without limit and skip", "schema": {"type": "integer"}},
    "Link": {"description": "the next page, as rel=next, where there is one", "schema": {"type": "string"}},
}
"""The headers as OpenAPI has them."""


class Page(NamedTuple):
    """Some of the things that satisfy a filter."""

    things: list[dict[str, Any]]
    total: int
    skip: int

    def headers(self, path: str, said: Mapping[str, Any]) -> dict[str, str]:
        """What the answer says besides; `said` is the filter as it was asked for at `path`."""
        values = {"x-total-count": str(self.total)}
        behind = self.skip + len(self.things)
        if not self.things or behind >= self.total:
            return values
        following = {name: value for name, value in said.items() if name != "offset"} | {"skip": behind}
        address = f"{path}?filter={quote(orjson.dumps(following).decode(), safe='')}"
        return values | ({"link": f'<{address}>; rel="next"'} if len(address) <= _LONGEST else {})
