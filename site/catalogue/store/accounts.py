"""Accounts in the live core's database: rights, password hashes, open sessions and failed sign-ins.

Hashing and checking is `sign_in.py`'s; here are the rows. Session ids and failures are kept as digests only.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from panfair.site.catalogue.errors import AlreadyThere, NoSuchRow
from panfair.site.catalogue.store.access import Identity
from panfair.site.catalogue.store.fields import moment

_RIGHTS = frozenset({"administrator", "lister", "minter", "disabled"})


@dataclass(frozen=True, slots=True)
class Account:
    """An account, for who administers them."""

    id: int
    name: str
    full_name: str | None
    administrator: bool
    lister: bool
    minter: bool
    disabled: bool
    has_password: bool
    subject: str | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has not expired."""

    identity: Identity
    csrf: str
    expires: str


class Accounts:
    """The open transaction of `Store.accounts`: valid until its block ends."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def all(self) -> list[Account]:
        """Every account, by name."""
        rows = self._db.execute(
            "SELECT id, name, full_name, administrator, lister, minter, disabled, "
            "password IS NOT NULL AS has_password, subject FROM user ORDER BY name"
        )
        rights = ("administrator", "lister", "minter", "disabled", "has_password")
        return [Account(**(dict(row) | {right: bool(row[right]) for right in rights})) for row in rows]

    def user(self, name: str) -> int | None:
        """The row of an account that may sign in."""
        found = self._db.execute("SELECT id FROM user WHERE name = ? AND NOT disabled", (name,)).fetchone()
        return None if found is None else int(found["id"])

    def user_of_subject(self, subject: str) -> int | None:
        """The row of the account that an OpenID Connect issuer's subject belongs to."""
        found = self._db.execute("SELECT id FROM user WHERE subject = ? AND NOT disabled", (subject,)).fetchone()
        return None if found is None else int(found["id"])

    def user_to_know_by_email(self, email: str) -> int | None:
        """The account of an e-mail address that nobody of the issuer belongs to yet; None: there is none, or several.

        An administrator's is never known so: whoever runs the issuer's mailboxes would be one.
        """
        found = self._db.execute(
            "SELECT id, subject, administrator FROM user WHERE email = ? COLLATE NOCASE AND NOT disabled", (email,)
        ).fetchall()
        if len(found) != 1 or found[0]["subject"] is not None or found[0]["administrator"]:
            return None
        return int(found[0]["id"])

    def name_of(self, user: int) -> str:
        """The name of an account."""
        return str(self._db.execute("SELECT name FROM user WHERE id = ?", (user,)).fetchone()["name"])

    def instruments_of(self, user: int) -> list[str]:
        """The instruments that somebody looks after, by name."""
        rows = self._db.execute(
            "SELECT name FROM instrument JOIN instrument_scientist ON instrument = id WHERE user = ? ORDER BY name",
            (user,),
        )
        return [row["name"] for row in rows]

    def set_scientist(self, user: int, instrument: str, held: bool) -> None:
        """Makes somebody a scientist of an instrument, or no longer. Raises NoSuchRow when not one has the name."""
        rows = self._db.execute("SELECT id FROM instrument WHERE name = ?", (instrument,)).fetchall()
        if len(rows) != 1:
            raise NoSuchRow(f"{len(rows) or 'no'} instruments are called {instrument!r}")
        if held:
            said = "INSERT OR IGNORE INTO instrument_scientist (instrument, user) VALUES (?, ?)"
        else:
            said = "DELETE FROM instrument_scientist WHERE instrument = ? AND user = ?"
        self._db.execute(said, (rows[0]["id"], user))

    def password(self, user: int) -> str | None:
        """The hash of an account's password."""
        found = self._db.execute("SELECT password FROM user WHERE id = ?", (user,)).fetchone()
        return None if found is None else found["password"]

    def set_password(self, name: str, hashed: str | None) -> None:
        """Sets an account's hash (None: no more sign-in by password) and ends its sessions."""
        self._db.execute("UPDATE user SET password = ? WHERE id = ?", (hashed, self.row_of(name)))
        self._db.execute("DELETE FROM session WHERE user = ?", (self.row_of(name),))

    def rehash(self, user: int, hashed: str) -> None:
        """Puts a stronger hash of the same password in place."""
        self._db.execute("UPDATE user SET password = ? WHERE id = ?", (hashed, user))

    def set_subject(self, name: str, subject: str | None) -> None:
        """Says which person of the OpenID Connect issuer an account belongs to. Raises AlreadyThere for another's."""
        taken = self._db.execute("SELECT name FROM user WHERE subject = ? AND name <> ?", (subject, name)).fetchone()
        if taken is not None:
            raise AlreadyThere(f"the account {taken['name']!r} has this subject")
        self._db.execute("UPDATE user SET subject = ? WHERE id = ?", (subject, self.row_of(name)))
        self._db.execute("DELETE FROM session WHERE user = ?", (self.row_of(name),))

    def set_right(self, name: str, right: str, held: bool) -> None:
        """Gives or takes a right: `administrator`, `lister`, `minter`; or makes an account `disabled`."""
        if right not in _RIGHTS:
            raise NoSuchRow(f"there is no right called {right!r}; there are: {', '.join(sorted(_RIGHTS))}")
        self._db.execute(f"UPDATE user SET {right} = ? WHERE id = ?", (held, self.row_of(name)))
        if right == "disabled" and held:
            self._db.execute("DELETE FROM session WHERE user = ?", (self.row_of(name),))

    def open_session(
        self, digest: bytes, user: int | None, csrf: str, expires: datetime, ends: datetime, now: datetime
    ) -> None:
        """Keeps a new session that ends for good at `ends`, and forgets those that are over."""
        self._db.execute("DELETE FROM session WHERE expires <= ?", (moment(now),))
        values = (digest, user, csrf, moment(expires), moment(ends))
        self._db.execute("INSERT INTO session (digest, user, csrf, expires, ends) VALUES (?, ?, ?, ?, ?)", values)

    def session(self, digest: bytes, now: datetime) -> OpenSession | None:
        """The session of a digest, with its account's rights as they are now; None: unknown, over, or disabled."""
        row = self._db.execute(
            "SELECT s.user, s.csrf, s.expires, u.name, u.full_name, u.administrator, u.lister, u.minter, u.disabled, "
            "EXISTS (SELECT 1 FROM instrument_scientist WHERE user = s.user) AS scientist "
            "FROM session AS s LEFT JOIN user AS u ON u.id = s.user WHERE s.digest = ? AND s.expires > ?",
            (digest, moment(now)),
        ).fetchone()
        if row is None or row["disabled"]:
            return None
        if row["user"] is None:
            return OpenSession(Identity(), row["csrf"], row["expires"])
        identity = Identity(
            user=row["user"],
            name=row["name"],
            full_name=row["full_name"],
            administrator=bool(row["administrator"]),
            lister=bool(row["lister"]),
            minter=bool(row["minter"]),
            instrument_scientist=bool(row["scientist"]),
        )
        return OpenSession(identity, row["csrf"], row["expires"])

    def extend_session(self, digest: bytes, expires: datetime) -> None:
        """Prolongs a session, never beyond its end."""
        self._db.execute("UPDATE session SET expires = min(?, ends) WHERE digest = ?", (moment(expires), digest))

    def close_session(self, digest: bytes) -> None:
        self._db.execute("DELETE FROM session WHERE digest = ?", (digest,))

    def failures(self, who: str, since: datetime) -> int:
        """How many sign-ins failed for this account or client since then."""
        found = self._db.execute("SELECT count(*) FROM sign_in_failure WHERE who = ? AND at > ?", (who, moment(since)))
        return int(found.fetchone()[0])

    def note_failure(self, who: str, at: datetime, forget_before: datetime) -> None:
        self._db.execute("DELETE FROM sign_in_failure WHERE at <= ?", (moment(forget_before),))
        self._db.execute("INSERT INTO sign_in_failure VALUES (?, ?)", (who, moment(at)))

    def take_back(self, who: str, at: datetime) -> None:
        """Forgets one failure of that moment: it was none."""
        self._db.execute(
            "DELETE FROM sign_in_failure WHERE rowid = "
            "(SELECT rowid FROM sign_in_failure WHERE who = ? AND at = ? LIMIT 1)",
            (who, moment(at)),
        )

    def forgive(self, who: str) -> None:
        self._db.execute("DELETE FROM sign_in_failure WHERE who = ?", (who,))

    def details(self, user: int) -> dict[str, str | None]:
        """What the account's owner is told of it: full name, e-mail address, affiliation, parts of the name."""
        row = self._db.execute(
            "SELECT full_name, given_name, family_name, email, affiliation FROM user WHERE id = ?", (user,)
        ).fetchone()
        return {} if row is None else dict(row)

    def row_of(self, name: str) -> int:
        """The row of an account. Raises NoSuchRow."""
        found = self._db.execute("SELECT id FROM user WHERE name = ?", (name,)).fetchone()
        if found is None:
            raise NoSuchRow(f"there is no account called {name!r}")
        return int(found["id"])
