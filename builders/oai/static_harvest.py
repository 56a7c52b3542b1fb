"""Static harvest: the whole ListRecords of chosen formats as numbered gzip files, for sites without a server.

Each file is an OAI-PMH answer of its own (OAI-PMH 2.0, section 4.5), so whoever reads answers reads these. A record
stays in its file for ever, and a file changes only when one of its records does: `harvest/index.json` says when.
"""

import gzip
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from panfair.builders import Sheet
from panfair.builders.oai.envelope import ROOT, escaped, stamp
from panfair.builders.oai.pieces import unzipped
from panfair.builders.oai.store import volumes_of
from panfair.builders.oai.volumes import PLACE, Place, runs
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION
from panfair.ontologies.errors import PublishError

FOLDER = "harvest"
INDEX = f"{FOLDER}/index.json"
RECORDS_PER_FILE = 2000
"""At 10 KB a record a file takes 20 MB of memory while it is written."""
_OF_ITEMS = (
    "FROM item JOIN record ON record.format = ? AND record.datestamp = item.datestamp AND record.key = item.key "
    "WHERE item.id >= ? AND item.id < ? ORDER BY item.id"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file: the records whose place in the store is from `first` to before `end`."""

    form: int
    prefix: str
    first: int
    end: int
    count: int
    deleted: int
    latest: int
    """The last datestamp, in seconds since 1970."""
    key: str

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.prefix}/{self.first // RECORDS_PER_FILE + 1:05}.xml.gz"


def harvest_sheets(store: Path, portal: Portal, prefixes: Sequence[str], fingerprint: str = "") -> Iterator[Sheet]:
    """The files of each metadataPrefix and `harvest/index.json`; nothing without a prefix or a store.

    `fingerprint` is the code's. The store must stay as it is until all are rendered. Raises PublishError for a prefix
    that no format declares.
    """
    if not prefixes or not store.exists():
        return
    with closing(_open(store)) as db:
        formats = {row[1]: row for row in db.execute("SELECT id, prefix, namespace, schema FROM format")}
        if unknown := sorted(set(prefixes) - formats.keys()):
            raise PublishError(f"static harvest: no format is called {unknown[0]}; there are {', '.join(formats)}")
        chosen = [formats[prefix] for prefix in dict.fromkeys(prefixes)]
        parts = {row[1]: list(_parts(db, row[0], row[1], f"{portal.base_url}\0{fingerprint}")) for row in chosen}
    for part in (part for found in parts.values() for part in found):

        def render(part: Part = part) -> bytes:
            with closing(_open(store)) as db:
                return gzip.compress(_answer(db, store, part, portal), 6, mtime=0)

        yield Sheet(part.path, part.key, render)
    index = _index(chosen, parts, portal)
    yield Sheet(INDEX, sha256(index).hexdigest(), lambda: index)


def _open(store: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)


def _parts(db: sqlite3.Connection, form: int, prefix: str, made_by: str) -> Iterator[Part]:
    """Places are given once and never again, so a record's file is its own for ever."""
    last = db.execute("SELECT max(id) FROM item").fetchone()[0] or 0
    for first in range(0, last + 1, RECORDS_PER_FILE):
        digest = sha256(f"{made_by}\0{prefix}".encode())
        count = deleted = latest = 0
        for item, moment, size, gone, header in db.execute(
            f"SELECT item.id, item.datestamp, size, record.deleted, header {_OF_ITEMS}",
            (form, first, first + RECORDS_PER_FILE),
        ):
            digest.update(f"\0{item} {moment} {size}".encode() + header)
            count, deleted, latest = count + 1, deleted + gone, max(latest, moment)
        if count:
            yield Part(form, prefix, first, first + RECORDS_PER_FILE, count, deleted, latest, digest.hexdigest())


def _answer(db: sqlite3.Connection, store: Path, part: Part, portal: Portal) -> bytes:
    # No clock: the answer is dated by the last change that it tells of.
    lead = (
        f"{DECLARATION}{ROOT}<responseDate>{stamp(part.latest)}</responseDate>"
        f'<request verb="ListRecords" metadataPrefix="{escaped(part.prefix)}">{escaped(portal.url("/oai"))}</request>'
        "<ListRecords>"
    )
    with closing(volumes_of(db, store)) as volumes:
        rows = db.execute(f"SELECT {PLACE} {_OF_ITEMS}", (part.form, part.first, part.end))
        told = [volumes.piece(run) for run in runs(Place(*row) for row in rows)]
    return unzipped([lead.encode(), *told, b"</ListRecords></OAI-PMH>\n"])


def _index(formats: Sequence[tuple[int, str, str, str]], parts: dict[str, list[Part]], portal: Portal) -> bytes:
    """What there is, for a harvester: take the files whose `latest` is new, or all."""
    described: list[dict[str, Any]] = []
    for _, prefix, namespace, schema in formats:
        files = [
            {
                "url": portal.url(f"/{part.path}"),
                "records": part.count,
                "deleted": part.deleted,
                "latest": stamp(part.latest),
                "digest": part.key,
            }
            for part in parts[prefix]
        ]
        described.append({"metadataPrefix": prefix, "metadataNamespace": namespace, "schema": schema, "files": files})
    index = {"repositoryName": portal.title, "adminEmail": portal.contact, "formats": described}
    return orjson.dumps(index, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
