"""`panfair sparql QUERY`: questions to the whole catalogue's RDF dump, answered on the spot by pyoxigraph.

The dump holds what is published and nothing else, so that no question can reach a closed record.
"""

import csv
import gzip
import io
import json
import logging
from pathlib import Path
from typing import Any

from panfair.builders.sitewide.rdf_dump import FOLDER
from panfair.ontologies.errors import PublishError

log = logging.getLogger(__name__)


def answer(output: Path, query: str, form: str) -> str:
    """The answer to a SPARQL 1.1 query over all named graphs, as `table`, `csv` or `json`; of CONSTRUCT as N-Triples.

    Raises PublishError when there is no dump, no pyoxigraph, or the query is none.
    """
    try:
        import pyoxigraph
    except ImportError:
        raise PublishError("panfair sparql needs pyoxigraph: pip install pyoxigraph") from None
    files = sorted((output / "www" / FOLDER).glob("*.nq.gz"))
    if not files:
        raise PublishError(f"{output}: no RDF dump stands there; run `panfair publish` first")
    store = pyoxigraph.Store()
    for path in files:
        store.bulk_load(input=gzip.decompress(path.read_bytes()), format=pyoxigraph.RdfFormat.N_QUADS)
    try:
        found = store.query(query, use_default_graph_as_union=True)
    except (SyntaxError, ValueError) as error:
        raise PublishError(f"not a SPARQL query: {error}") from None
    if isinstance(found, pyoxigraph.QueryBoolean):
        return "true" if bool(found) else "false"
    if isinstance(found, pyoxigraph.QueryTriples):
        return "".join(f"{triple} .\n" for triple in found).rstrip("\n")
    names = [variable.value for variable in found.variables]
    rows = [[_text(row[name]) for name in names] for row in found]
    return {"csv": _csv, "json": _json, "table": _table}[form](names, rows)


def _text(term: Any) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _csv(names: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    return out.getvalue().rstrip("\n")


def _json(names: list[str], rows: list[list[str]]) -> str:
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)


def _table(names: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[place]) for row in [names, *rows]) for place in range(len(names))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in
        [names, ["-" * width for width in widths], *rows]]  # fmt: skip
    return "\n".join(lines)
