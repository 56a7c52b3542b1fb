"""The Link header of a landing page and of the files beside it, from the linkset that stands there.

FAIR Signposting, level 1 and 2 (https://signposting.org/FAIR/): the same links as in the page's head and in
linkset.json, except that long lists end early here; the linkset has them all.

A header of more than 3,500 bytes does not pass a proxy with nginx's own defaults: it reads the whole head of an answer
into one page of memory (proxy_buffer_size, 4,096 bytes) or answers 502. Apache takes 8,190 bytes.
"""

from typing import Any

import orjson

from panfair.builders.metadata.crosswalk import MOST_ITEMS

NAME = "linkset.json"
LONGEST_HEADER = 3_500
"""Bytes of the header with its name, which a proxy with its own defaults passes on."""
_LONGEST = 3_480  # bytes of the value; with the name and its colon less than 3,500
_LEFT_OUT = ("item", "author", "describedby", "license", "collection", "type")
"""What is left out when there is too much, the last ones of a relation first. What names the record always stays."""


def link_header(linkset: bytes, anchor: str) -> bytes:
    """The value of the Link header for an address that the linkset speaks of; empty when it does not.

    A landing page's header also points to its linkset. Reads any linkset of RFC 9264 and skips what is odd in it.
    """
    try:
        contexts = orjson.loads(linkset)["linkset"]
        context = next(found for found in contexts if found.get("anchor") == anchor)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, StopIteration):
        return b""
    links: list[tuple[str, bytes]] = []
    for relation, targets in context.items():
        if relation == "anchor" or not isinstance(targets, list):
            continue
        for target in targets[:MOST_ITEMS] if relation == "item" else targets:
            links.append((relation, _link(relation, target)))
    if anchor.endswith("/"):
        links.append(("linkset", _link("linkset", {"href": anchor + NAME, "type": "application/linkset+json"})))
    return b", ".join(link for _, link in _few(links) if link)


def _few(links: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The most useful links: without the last files, then people, then forms, when all would be too long a header."""
    length = sum(len(link) + 2 for _, link in links)
    for optional in _LEFT_OUT:
        for i in range(len(links) - 1, -1, -1):
            if length <= _LONGEST:
                return links
            if links[i][0] == optional:
                length -= len(links.pop(i)[1]) + 2
    return links


def _link(relation: str, target: Any) -> bytes:
    """`<address>;rel="…";type="…"`; empty when the target is no address that a header can carry."""
    href = target.get("href") if isinstance(target, dict) else None
    if not isinstance(href, str) or not href.isascii() or any(c in href for c in '<>", \r\n\t'):
        return b""
    parts = [f'<{href}>;rel="{relation}"']
    for name in ("type", "profile"):
        value = target.get(name)
        if isinstance(value, str) and value.isascii() and value.isprintable() and '"' not in value:
            parts.append(f'{name}="{value}"')
    return ";".join(parts).encode("ascii")
