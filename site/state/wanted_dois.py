"""What the site wants DataCite to say of each DOI in its ledger: the states alone, for words come from the pages."""

from collections.abc import Iterator
from typing import NamedTuple

from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Notice, restated
from panfair.ontologies.identifiers import Doi, path_to_doi
from panfair.site.registrar.plan import Aim, Wanted
from panfair.site.registrar.settings import RegistrarTable
from panfair.site.state.ledger import Ledger

TABLE = "registrar.sqlite"
"""The registrar's table, beside the ledger."""


class _Row(NamedTuple):
    key: str
    state: str
    closed: bytes
    """What the page of a record says that is not open."""
    description: str
    """The SHA-256 of its DataCite form; empty: it has none."""


def wanted_dois(ledger: Ledger, table: RegistrarTable, portal: Portal) -> Iterator[Wanted]:
    """Every DOI of the ledger that the registrar may touch, and those that stand for all versions of a work."""
    known = set()
    for row in _rows(ledger, table.prefix):
        doi = Doi(row.key)
        known.add(row.key)
        if table.may_touch(doi):
            yield Wanted(doi, _aim(row, table), portal.landing(doi), row.description)
    for doi, description in _concepts(ledger):
        if doi.key not in known and table.may_touch(doi):
            yield Wanted(doi, "findable", portal.landing(doi), description)


def _rows(ledger: Ledger, prefix: str) -> Iterator[_Row]:
    found = ledger.connection.execute(
        "SELECT key, state, CASE state WHEN 'open' THEN x'' ELSE content END FROM record"
        " WHERE key >= ? AND key < ? ORDER BY key",
        (f"{prefix}/", f"{prefix}0"),  # what comes after the slash is a nought
    ).fetchall()
    for key, state, closed in found:
        path = f"www/doi/{Doi(key).path}/datacite.json"
        standing = ledger.connection.execute("SELECT sha256 FROM file WHERE path = ?", (path,)).fetchone()
        yield _Row(key, state, closed, standing[0] if standing else "")


def _concepts(ledger: Ledger) -> Iterator[tuple[Doi, str]]:
    """The DOIs whose pages list the versions of a work, with the digest of what these pages say."""
    begin, end = "www/doi/", "/datacite.json"
    found = ledger.connection.execute(
        "SELECT path, sha256 FROM file WHERE owner = 'sheets' AND path LIKE ? ORDER BY path", (f"{begin}%{end}",)
    )
    for path, digest in found.fetchall():
        yield Doi(path_to_doi(path.removeprefix(begin).removesuffix(end))), digest


def _aim(row: _Row, table: RegistrarTable) -> Aim:
    if row.state == "open":
        return "findable"
    if row.state == "tombstone":
        return "withdrawn"
    shown = restated(row.closed)
    told = isinstance(shown, Notice) and shown.registered and row.description
    return "registered" if told and table.embargoed == "registered" else "draft"
