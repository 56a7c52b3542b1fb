"""docs/sources/ispyb.md: its tables of columns, from the table that the harvester reads by; the rest is by hand."""

from panfair.harvesters.ispyb.columns import columns, never_read
from support.house import ROOT

PATH = "docs/sources/ispyb.md"


def ispyb_page() -> str:
    """The page with its two tables as they should be."""
    text = (ROOT / PATH).read_text(encoding="utf-8")
    return _between(_between(text, "columns", _columns()), "never", _never())


def _columns() -> str:
    rows = ["| column | becomes | unit | flavour | note |", "|---|---|---|---|---|"]
    for one in columns():
        becomes = one.becomes if one.becomes == "key" or one.becomes.startswith("(") else f"`{one.becomes}`"
        note = "; ".join(filter(None, (one.reading if one.is_parameter else "", one.note)))
        rows.append(f"| {one.name} | {becomes} | {one.unit} | {one.flavour} | {note} |")
    return "\n".join(rows)


def _never() -> str:
    rows = ["| column | why |", "|---|---|"]
    return "\n".join([*rows, *(f"| {table}.{column} | {why} |" for table, column, why in never_read())])


def _between(text: str, mark: str, table: str) -> str:
    head, _, rest = text.partition(f"<!-- {mark} -->")
    _, _, tail = rest.partition(f"<!-- /{mark} -->")
    return f"{head}<!-- {mark} -->\n{table}\n<!-- /{mark} -->{tail}"
