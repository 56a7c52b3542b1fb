"""What the federated scorer (panosc-eu/panosc-search-scoring) weighs: the words of documents, datasets, instruments.

Items have the scorer's own shape, `{id, group, fields}`, in the order documents, datasets, instruments, each by key.
"""

import sqlite3
from typing import Any

import orjson

GROUPS = ("documents", "datasets", "instruments")

_COUNTS = {
    "documents": "SELECT count(*) FROM document",
    "datasets": "SELECT count(*) FROM dataset WHERE shown",
    "instruments": "SELECT count(*) FROM instrument",
}
_ITEMS = {
    "documents": "SELECT pid, json_object('title', title, 'summary', summary, 'keywords', json(keywords))"
    " FROM document ORDER BY key LIMIT ? OFFSET ?",
    "datasets": """
SELECT dataset.pid, json_object('title', dataset.title,
    'document', (SELECT title FROM document WHERE document.id = dataset.document),
    'instrument', (SELECT name FROM instrument WHERE instrument.id = dataset.instrument),
    'techniques', (SELECT json_group_array(name) FROM (SELECT technique.name FROM dataset_technique AS link
        JOIN technique ON technique.id = link.technique WHERE link.dataset = dataset.id ORDER BY place)),
    'samples', (SELECT json_group_array(name) FROM (SELECT trim(sample.name || ' ' || coalesce(description, '')) AS name
        FROM dataset_sample AS link JOIN sample ON sample.id = link.sample WHERE link.dataset = dataset.id
        ORDER BY place)))
FROM dataset WHERE shown ORDER BY key LIMIT ? OFFSET ?""",
    "instruments": "SELECT pid, json_object('name', name, 'facility', facility) FROM instrument"
    " ORDER BY facility, name, pid LIMIT ? OFFSET ?",
}


def scoring_items(db: sqlite3.Connection, limit: int, offset: int, group: str | None) -> list[dict[str, Any]]:
    """Items from `offset` on, `limit` at most; of one group, or of all."""
    found: list[dict[str, Any]] = []
    for name in (group,) if group else GROUPS:
        if len(found) == limit:
            break
        rows = db.execute(_ITEMS[name], (limit - len(found), offset)).fetchall()
        for pid, entry in rows:
            fields = {key: value for key, value in orjson.loads(entry).items() if value}
            found.append({"id": pid, "group": name, "fields": fields})
        offset = 0 if rows else max(0, offset - _count(db, name))
    return found


def count_items(db: sqlite3.Connection, group: str | None) -> int:
    """How many items there are."""
    return sum(_count(db, name) for name in ((group,) if group else GROUPS))


def _count(db: sqlite3.Connection, group: str) -> int:
    return int(db.execute(_COUNTS[group]).fetchone()[0])
