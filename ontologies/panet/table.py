"""The facts in a table of PaNET: from its Turtle, or from what was kept of it beside, which takes a tenth of the time.

Beside `panet.ttl` stands `panet.facts.json`: the same facts, and the digest of the Turtle that they were read from.
With another digest they do not count, and the Turtle is read. Why: rdflib takes a quarter of a second for the table
and for itself, in every run and every worker, and nothing else of a run needs it.
"""

import hashlib
from pathlib import Path
from typing import Any

import orjson

from panfair.ontologies.errors import OntologyError

Facts = dict[str, dict[str, list[str]]]
"""Subject to predicate to values, IRIs all of them but for texts among the values; in one order."""


def read_facts(table: Path) -> Facts:
    """The facts of a table in Turtle. Raises OntologyError when it is missing or broken."""
    return _cached(table) or read_turtle(table)


def read_turtle(table: Path) -> Facts:
    """The facts of a table, read from its Turtle. Raises OntologyError when it is missing or broken."""
    from rdflib import Graph, URIRef  # see above

    graph = Graph()
    try:
        graph.parse(table, format="turtle")
    except Exception as error:  # rdflib's errors have no common root
        raise OntologyError(f"{table}: not readable as Turtle: {error}") from error
    facts: Facts = {}
    for subject, predicate, value in sorted(graph):
        if isinstance(subject, URIRef):
            facts.setdefault(str(subject), {}).setdefault(str(predicate), []).append(str(value))
    return facts


def write_beside(table: Path, facts: Facts) -> None:
    """Keeps the facts that were read from a table beside it. Raises OSError when they cannot be written."""
    content = {"facts": facts, "sha256": _digest(table)}
    _beside(table).write_bytes(orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))


def _cached(table: Path) -> Facts | None:
    try:
        content: dict[str, Any] = orjson.loads(_beside(table).read_bytes())
        if content["sha256"] == _digest(table):
            return dict(content["facts"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _beside(table: Path) -> Path:
    return table.with_suffix(".facts.json")


def _digest(table: Path) -> str:
    return hashlib.sha256(table.read_bytes()).hexdigest()
