"""A row of the ledger: one open record that was made up."""

from typing import Any

from panfair.builders.card import Card
from panfair.site.state.ledger import Row


def a_row(key: str, **changes: Any) -> Row:
    """An open record of this key, with some columns otherwise."""
    card = Card(
        doi=key, page=f"/doi/{key}/", title=key, creators=("A",), more=0, year=2020, day="2020-01-01",
        changed="2020-01-01", facility="", instruments=(), techniques=(), snippet="", datasets=2, size_bytes=5, files=3,
    )  # fmt: skip
    values: dict[str, Any] = {
        "key": key, "source": "s", "source_id": key, "state": "open", "content": b"{}", "hash": "h", "input": "i",
        "gate": "g", "judged_on": "2020-01-01", "judged_until": "9999-12-31", "datestamp": "2020-01-01T00:00:00+00:00",
        "changed": "2020-01-01", "listed": True, "payload": "", "words": "", "rendered": "", "card": card.to_json(),
    }  # fmt: skip
    return Row(**{**values, **changes})
