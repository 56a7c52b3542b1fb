"""Signing in and out of the live core: passwords, session ids that expire, and patience with wrong passwords.

Passwords are hashed with argon2id by argon2-cffi, at its defaults (RFC 9106, low-memory profile). A session id is 256
random bits; only its SHA-256 is kept, so who reads the database cannot act as anybody. Who fails too often waits: by
account and address together, by address, and by account, so that an attacker can neither guess on nor lock a user out
cheaply. An account that does not exist costs as much time as a wrong password.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from panfair.site.catalogue.accounts.identities import Person, account_of
from panfair.site.catalogue.errors import Invalid, NoSession, TooManyFailures
from panfair.site.catalogue.settings import OpenIdSettings
from panfair.site.catalogue.store.access import ANONYMOUS, Identity
from panfair.site.catalogue.store.database import Store

ANONYMOUS_SESSION = "anonymous"
"""The session id of everybody: ICAT+'s paths need one, and there is nothing to protect in it."""

LEAST_LENGTH = 12
_MOST_LENGTH = 1024
_WINDOW = timedelta(minutes=15)
_LIMITS = {"pair": 5, "address": 50, "account": 100}

_HASHER = PasswordHasher()
_PATIENCE_S = 5.0
_AT_ONCE = threading.BoundedSemaphore(2)  # each hash takes 64 MiB: a storm of sign-ins must not take all memory


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in. The id goes to the caller and nowhere else: not into a log, not into a file."""

    session_id: str
    identity: Identity
    csrf: str
    expires: datetime

    def __repr__(self) -> str:
        return f"Signed(identity={self.identity.name!r})"


def hash_password(password: str) -> str:
    """The hash to keep of a new password. Raises Invalid when it is too short or too long."""
    if not LEAST_LENGTH <= len(password) <= _MOST_LENGTH:
        raise Invalid(f"a password has {LEAST_LENGTH} to {_MOST_LENGTH} characters")
    with _AT_ONCE:
        return _HASHER.hash(password)


class SignIn:
    """Opens, finds, prolongs and closes sessions of a store."""

    def __init__(self, store: Store, minutes: int, most_hours: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._life = timedelta(minutes=minutes)
        self._whole_life = timedelta(hours=most_hours)
        self._clock = clock
        self._nobody = _HASHER.hash(secrets.token_urlsafe())

    def by_password(self, name: str, password: str, address: str) -> Signed:
        """A new session. Raises NoSession when name or password is wrong, TooManyFailures when one must wait."""
        now = self._clock()
        client = _network(address)
        keys = {
            "pair": _key("pair", name, client),
            "address": _key("address", client),
            "account": _key("account", name),
        }
        # Each try counts as a failure until it has succeeded: many at once cannot all slip in before the count.
        with self._store.accounts() as accounts:
            if any(accounts.failures(keys[kind], now - _WINDOW) >= limit for kind, limit in _LIMITS.items()):
                raise TooManyFailures("too many sign-ins failed; wait a quarter of an hour")
            for key in keys.values():
                accounts.note_failure(key, now, now - _WINDOW)
            user = accounts.user(name)
            kept = accounts.password(user) if user is not None else None
        right = len(password) <= _MOST_LENGTH and _matches(kept or self._nobody, password)
        if user is None or kept is None or not right:
            raise NoSession("the name or the password is wrong")
        with self._store.accounts() as accounts:
            accounts.forgive(keys["pair"])
            accounts.take_back(keys["address"], now)
            accounts.take_back(keys["account"], now)
            if _HASHER.check_needs_rehash(kept):
                accounts.rehash(user, _HASHER.hash(password))
        return self.for_user(user)

    def by_open_id(self, person: Person, table: OpenIdSettings) -> Signed:
        """A new session for a person of the OpenID Connect issuer. Raises NoSession for one without an account."""
        with self._store.accounts() as accounts:
            user = account_of(accounts, person, table)
        return self.for_user(user)

    def for_user(self, user: int) -> Signed:
        """A new session for an account that has proved who it is."""
        now = self._clock()
        session_id, csrf, expires = secrets.token_urlsafe(32), secrets.token_urlsafe(32), now + self._life
        with self._store.accounts() as accounts:
            accounts.open_session(_digest(session_id), user, csrf, expires, now + self._whole_life, now)
            found = accounts.session(_digest(session_id), now)
        if found is None:
            raise NoSession("the account may not sign in")
        return Signed(session_id, found.identity, csrf, expires)

    def find(self, session_id: str) -> Signed:
        """Who a session id belongs to. Raises NoSession when it is unknown or over."""
        if session_id == ANONYMOUS_SESSION:
            return Signed(session_id, ANONYMOUS, "", self._clock() + self._life)
        with self._store.accounts_as_they_are() as accounts:
            found = accounts.session(_digest(session_id), self._clock())
        if found is None:
            raise NoSession("the session id is unknown or has expired; sign in again")
        return Signed(session_id, found.identity, found.csrf, datetime.fromisoformat(found.expires))

    def prolong(self, session_id: str) -> Signed:
        """The same session, from now on as long again, but never beyond its absolute end. Raises NoSession."""
        signed = self.find(session_id)
        with self._store.accounts() as accounts:
            accounts.extend_session(_digest(session_id), self._clock() + self._life)
        return self.find(session_id) if not signed.identity.anonymous else signed

    def sign_out(self, session_id: str) -> None:
        """Ends a session. Raises NoSession when there is none."""
        self.find(session_id)
        with self._store.accounts() as accounts:
            accounts.close_session(_digest(session_id))


def _matches(kept: str, password: str) -> bool:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        raise TooManyFailures("too many sign-ins at once; try again")
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _AT_ONCE.release()


def _network(address: str) -> str:
    """Who an address belongs to: itself, or for IPv6 its /64, all of which one machine may have."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _digest(session_id: str) -> bytes:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).digest()


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
