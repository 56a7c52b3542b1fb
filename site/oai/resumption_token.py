"""Resumption tokens of OAI-PMH (specification, section 3.5): stateless, signed, URL-safe.

A token holds the whole request and the position in its list, so it lives as long as the site's secret does: through
restarts and publications. It is bound to its verb: what another verb made, or anybody edited, is no token.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, fields
from operator import attrgetter

import orjson

_FORM = 1  # a token of another form is refused
_SIGNATURE_BYTES = 16
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list goes on: everything after `key` at `datestamp` that its filters let through.

    For ListSets `key` is the last setSpec, and the filters are empty.
    """

    verb: str
    prefix: str
    oai_set: str | None
    since: int | None
    """Lower bound of datestamps, in seconds since 1970, inclusive; None: none."""
    until: int | None
    """Upper bound, as `since`."""
    datestamp: int
    key: str
    cursor: int
    """How many entries went out before."""
    total: int
    """How many entries the list had when it began."""


_values = attrgetter(*(field.name for field in fields(Position)))  # dataclasses.astuple copies each value, deeply


def seal(position: Position, secret: bytes) -> str:
    """The token of a position: letters, digits, `-` and `_`."""
    body = orjson.dumps([_FORM, *_values(position)])
    return _encoded(_signature(body, secret) + body)


def unseal(token: str, verb: str, secret: bytes) -> Position | None:
    """The position that this site made the token from for this verb; None for any other text."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    signature, body = data[:_SIGNATURE_BYTES], data[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(body, secret)):
        return None
    form, *values = orjson.loads(body)  # ours: the signature says so
    if form != _FORM:
        return None
    # Base64 has several spellings of one ending; only ours counts, so that an edited token is never taken.
    position = Position(*values)
    return position if position.verb == verb and _encoded(data) == token else None


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signature(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"panfair oai token\0" + body, hashlib.sha256)[:_SIGNATURE_BYTES]
