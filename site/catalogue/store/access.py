"""Who may see which row on which day: the one place of the rules, as views that every reading goes through.

The rules (design.md §8; ICAT 6.2's own fields):

- A **session** (investigation) is public from its release date on, unless it was withdrawn. No date: never public.
- A **data publication** is public from its publication date on when its DOI is minted, unless it was withdrawn.
- A **dataset** is public when it is complete, neither it nor its session was withdrawn, and its session or one of its
  data publications is public: so a dataset with its own DOI can be public inside an embargoed session.
- A session's **team** is its users, the scientists of its instruments, and the administrators. The team sees the
  session with everything in it, at any time. The team of a publication is who made it, and its datasets' teams.
- What hangs on a row (parameters, files, techniques, people, funding, other works) is seen with it; a link between
  two rows, only by who sees both; a sample, with its session or with a dataset of it. A logbook, an e-mail address,
  an account's name and a path at the facility are for the team. A technique is seen by who sees a dataset of it.
- Facilities and instruments are public. A **lister** may list every minted DOI with its dates. All else is closed.

How it cannot be bypassed: a reading connection holds one identity and one day (`temp.me`), and SQLite's authorizer
denies it every table, except inside the views here. Why views and no predicate glued to each query: a query that
forgets the predicate would still run; one that forgets the view does not compile.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: an account, or nobody in particular."""

    user: int | None = None
    """The account's row; None: anonymous."""
    name: str = "anonymous"
    full_name: str | None = None
    administrator: bool = False
    lister: bool = False
    minter: bool = False
    instrument_scientist: bool = False

    @property
    def anonymous(self) -> bool:
        return self.user is None


ANONYMOUS = Identity()


def may_curate(identity: Identity) -> bool:
    """Whether one may move release dates, withdraw, and give sessions their DOI."""
    return identity.administrator


def may_mint(identity: Identity, all_mine: bool) -> bool:
    """Whether one may reserve and mint DOIs for datasets; `all_mine`: each is of a session of their team."""
    return identity.administrator or (identity.minter and all_mine)


def may_write_logbook(identity: Identity, mine: bool) -> bool:
    """Whether one may add to the logbook of a session; `mine`: they are of its team."""
    return not identity.anonymous and mine


_ME = "(SELECT user FROM temp.me)"
_TODAY = "(SELECT day FROM temp.me)"
_ADMINISTRATOR = f"(SELECT administrator FROM main.user WHERE id = {_ME} AND NOT disabled)"
_LISTER = f"(SELECT lister OR administrator FROM main.user WHERE id = {_ME} AND NOT disabled)"
_ENABLED = f"(SELECT id FROM main.user WHERE id = {_ME} AND NOT disabled)"
_TEAMS = f"""
  SELECT investigation FROM main.investigation_user WHERE user = {_ENABLED}
  UNION ALL
  SELECT at.investigation FROM main.instrument_scientist AS scientist
  JOIN main.investigation_instrument AS at ON at.instrument = scientist.instrument
  WHERE scientist.user = {_ENABLED}"""


def _in_team(investigation: str) -> str:
    return f"(coalesce({_ADMINISTRATOR}, 0) OR {investigation} IN ({_TEAMS}))"


def _session_is_public(i: str) -> str:
    return f"(coalesce({i}.release_date <= {_TODAY}, 0) AND {i}.withdrawn_on IS NULL)"


def _publication_is_public(p: str) -> str:
    return f"({p}.state = 'minted' AND coalesce({p}.publication_date <= {_TODAY}, 0) AND {p}.withdrawn_on IS NULL)"


def _dataset_is_public(d: str, i: str) -> str:
    by_itself = f"""EXISTS (
      SELECT 1 FROM main.publication_dataset AS link JOIN main.data_publication AS p ON p.id = link.publication
      WHERE link.dataset = {d}.id AND {_publication_is_public("p")})"""
    return f"""({d}.complete AND {d}.withdrawn_on IS NULL AND {i}.withdrawn_on IS NULL
      AND ({_session_is_public(i)} OR {by_itself}))"""


_OF_PUBLICATION = f"""(coalesce({_ADMINISTRATOR}, 0) OR coalesce(p.creator = {_ENABLED}, 0) OR EXISTS (
  SELECT 1 FROM main.publication_dataset AS link JOIN main.dataset AS d ON d.id = link.dataset
  WHERE link.publication = p.id AND d.investigation IN ({_TEAMS})))"""


def _seen(entity: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM temp.seen_{entity} AS owner WHERE owner.id = {column})"


def _for_team(column: str, team: str) -> str:
    return f"CASE WHEN {team} THEN {column} END"


_MINE = _in_team("i.id")

VIEWS = {
    "seen_facility": "SELECT * FROM main.facility",
    "seen_instrument": "SELECT * FROM main.instrument",
    "seen_investigation": f"""
        SELECT i.id, i.facility, i.name, i.visit_id, i.title, i.type, i.summary, i.start, i.end, i.release_date,
          i.keywords,
          CASE WHEN {_MINE} OR i.doi_state = 'minted' THEN i.doi END AS doi,
          CASE WHEN {_MINE} OR i.doi_state = 'minted' THEN i.doi_state END AS doi_state,
          i.withdrawn_on, i.withdrawn_reason, i.replaced_by, i.modified,
          {_MINE} AS mine, {_session_is_public("i")} AS public
        FROM main.investigation AS i WHERE {_session_is_public("i")} OR {_MINE}""",
    "seen_dataset": f"""
        SELECT d.id, d.investigation, d.name, d.type, d.complete, d.sample, d.instrument, d.description,
          {_for_team("d.location", _MINE)} AS location, d.pid, d.start, d.end, d.file_count, d.volume,
          d.withdrawn_on, d.withdrawn_reason, d.modified, {_MINE} AS mine, {_dataset_is_public("d", "i")} AS public
        FROM main.dataset AS d JOIN main.investigation AS i ON i.id = d.investigation
        WHERE {_dataset_is_public("d", "i")} OR {_MINE}""",
    "seen_sample": f"""
        SELECT s.id, s.investigation, s.name, s.type, s.formula, s.pid, s.description, s.modified
        FROM main.sample AS s WHERE {_seen("investigation", "s.investigation")}
        OR EXISTS (SELECT 1 FROM temp.seen_dataset AS owner WHERE owner.sample = s.id)""",
    "seen_technique": """
        SELECT t.* FROM main.technique AS t WHERE EXISTS (
          SELECT 1 FROM main.dataset_technique AS link JOIN temp.seen_dataset AS owner ON owner.id = link.dataset
          WHERE link.technique = t.id)""",
    "seen_dataset_technique": f"""
        SELECT link.* FROM main.dataset_technique AS link WHERE {_seen("dataset", "link.dataset")}""",
    "seen_dataset_input": f"""
        SELECT link.* FROM main.dataset_input AS link
        WHERE {_seen("dataset", "link.dataset")} AND {_seen("dataset", "link.input")}""",
    "seen_parameter": f"""
        SELECT p.id, p.investigation, p.dataset, p.sample, p.type, p.value, p.number, p.error, p.minimum, p.maximum,
          kind.name, kind.units, kind.description
        FROM main.parameter AS p JOIN main.parameter_type AS kind ON kind.id = p.type
        WHERE CASE WHEN p.dataset IS NOT NULL THEN {_seen("dataset", "p.dataset")}
          WHEN p.sample IS NOT NULL THEN {_seen("sample", "p.sample")}
          ELSE {_seen("investigation", "p.investigation")} END""",
    "seen_parameter_type": """
        SELECT kind.* FROM main.parameter_type AS kind
        WHERE EXISTS (SELECT 1 FROM temp.seen_parameter AS p WHERE p.type = kind.id)""",
    "seen_file": f"""
        SELECT f.id, f.dataset, f.name, f.size, f.checksum, f.checksum_algorithm, f.media_type, f.description,
          f.modified, f.resource, {_for_team("f.location", "owner.mine")} AS location, owner.public
        FROM main.file AS f JOIN temp.seen_dataset AS owner ON owner.id = f.dataset""",
    # The path is needed to send the file to who may have it; it is never shown (`store_read.file_path`).
    "sendable_file": """
        SELECT f.id, f.location FROM main.file AS f JOIN temp.seen_dataset AS owner ON owner.id = f.dataset""",
    "seen_investigation_instrument": f"""
        SELECT link.* FROM main.investigation_instrument AS link
        WHERE {_seen("investigation", "link.investigation")}""",
    "seen_investigation_user": f"""
        SELECT link.investigation, link.user, link.role, link.place, u.full_name, u.given_name, u.family_name, u.orcid,
          u.affiliation, u.affiliation_ror,
          {_for_team("u.name", "owner.mine")} AS name, {_for_team("u.email", "owner.mine")} AS email
        FROM main.investigation_user AS link JOIN temp.seen_investigation AS owner ON owner.id = link.investigation
        JOIN main.user AS u ON u.id = link.user""",
    "my_instruments": f"""
        SELECT at.investigation FROM main.instrument_scientist AS scientist
        JOIN main.investigation_instrument AS at ON at.instrument = scientist.instrument
        WHERE scientist.user = {_ENABLED}""",
    "looked_after": f"""
        SELECT i.* FROM main.instrument AS i JOIN main.instrument_scientist AS scientist ON scientist.instrument = i.id
        WHERE scientist.user = {_ENABLED}""",
    "seen_data_publication": f"""
        SELECT p.id, p.doi, p.state, p.title, p.abstract, p.publication_date, p.rights, p.keywords, p.related,
          p.withdrawn_on, p.withdrawn_reason, p.replaced_by, p.modified,
          {_OF_PUBLICATION} AS mine, {_publication_is_public("p")} AS public
        FROM main.data_publication AS p WHERE {_publication_is_public("p")} OR {_OF_PUBLICATION}""",
    "seen_publication_dataset": f"""
        SELECT link.* FROM main.publication_dataset AS link
        WHERE {_seen("data_publication", "link.publication")} AND {_seen("dataset", "link.dataset")}""",
    # A version that is not seen is not named by those that are.
    "seen_publication_version": f"""
        SELECT v.publication, v.number, v.concept,
          (SELECT older.doi FROM temp.seen_data_publication AS older WHERE older.id = v.previous) AS previous
        FROM main.publication_version AS v WHERE {_seen("data_publication", "v.publication")}""",
    "seen_publication_user": f"""
        SELECT link.* FROM main.publication_user AS link
        WHERE {_seen("data_publication", "link.publication")}""",
    "seen_funding": f"""
        SELECT f.* FROM main.funding AS f WHERE CASE WHEN f.publication IS NOT NULL
          THEN {_seen("data_publication", "f.publication")} ELSE {_seen("investigation", "f.investigation")} END""",
    "seen_related_work": f"""
        SELECT w.* FROM main.related_work AS w WHERE CASE WHEN w.publication IS NOT NULL
          THEN {_seen("data_publication", "w.publication")} ELSE {_seen("investigation", "w.investigation")} END""",
    "seen_logbook": f"""
        SELECT entry.*, u.name AS author_name, u.full_name AS author_full_name
        FROM main.logbook AS entry LEFT JOIN main.user AS u ON u.id = entry.author
        WHERE {_in_team("entry.investigation")}""",
    "seen_change": f"""
        SELECT c.number, c.entity, c.row, c.kind, c.at,
          CASE c.entity WHEN 'investigation' THEN c.row
            WHEN 'dataset' THEN (SELECT investigation FROM main.dataset WHERE id = c.row)
            WHEN 'sample' THEN (SELECT investigation FROM main.sample WHERE id = c.row) END AS investigation
        FROM main.change AS c WHERE coalesce({_LISTER}, 0)
        OR CASE c.entity WHEN 'investigation' THEN {_seen("investigation", "c.row")}
          WHEN 'dataset' THEN {_seen("dataset", "c.row")}
          WHEN 'data_publication' THEN {_seen("data_publication", "c.row")}
          WHEN 'sample' THEN {_seen("sample", "c.row")}
          WHEN 'logbook' THEN EXISTS (SELECT 1 FROM temp.seen_logbook AS owner WHERE owner.id = c.row) END""",
    "last_change": "SELECT coalesce(max(number), 0) AS number FROM main.change",
    # A DOI must resolve for ever: what was public once leaves its DOI, the day and the reason behind.
    "seen_notice": f"""
        SELECT i.doi, 'session' AS kind, i.release_date AS opens, i.withdrawn_on, i.replaced_by,
          CASE WHEN coalesce(i.release_date <= i.withdrawn_on, 0) THEN i.withdrawn_reason END AS reason
        FROM main.investigation AS i WHERE i.doi_state = 'minted' AND (coalesce({_LISTER}, 0)
          OR coalesce(i.release_date <= i.withdrawn_on AND i.withdrawn_on <= {_TODAY}, 0))
        UNION ALL
        SELECT p.doi, 'collection', p.publication_date, p.withdrawn_on, p.replaced_by,
          CASE WHEN coalesce(p.publication_date <= p.withdrawn_on, 0) THEN p.withdrawn_reason END
        FROM main.data_publication AS p WHERE p.state = 'minted' AND (coalesce({_LISTER}, 0)
          OR coalesce(p.publication_date <= p.withdrawn_on AND p.withdrawn_on <= {_TODAY}, 0))""",
}
"""The names that a reading may use, with what each lets through."""


def prepare(db: sqlite3.Connection) -> None:
    """Makes a connection one for reading: from now on it reaches the tables through the views alone."""
    db.execute("CREATE TEMP TABLE me (user INTEGER, day TEXT)")
    for name, sql in VIEWS.items():
        db.execute(f"CREATE TEMP VIEW {name} AS {sql}")
    db.execute("SELECT value FROM json_each('[]')")  # makes itself known now: later it would not be allowed to
    db.set_authorizer(_authorize)


@contextmanager
def looking(db: sqlite3.Connection, identity: Identity, day: date) -> Iterator[None]:
    """While it lasts a prepared connection sees what this identity may see on this day, in one state of the tables.

    Outside of it, the connection sees nothing that is not public to everybody at all times.
    """
    db.set_authorizer(None)
    db.execute("INSERT INTO temp.me VALUES (?, ?)", (identity.user, day.isoformat()))
    db.execute("BEGIN")
    db.set_authorizer(_authorize)
    try:
        yield
    finally:
        db.set_authorizer(None)
        db.execute("ROLLBACK")
        db.execute("DELETE FROM temp.me")
        db.set_authorizer(_authorize)


_HARMLESS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})


def _authorize(action: int, table: str | None, column: str | None, database: str | None, through: str | None) -> int:
    if action in _HARMLESS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (through in VIEWS or table in VIEWS or table == "json_each" or not column):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
