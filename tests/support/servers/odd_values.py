"""Values that no catalogue should tell, put into its documents at random: what is hostile must cost itself at most."""

import random
from typing import Any

ODD: list[Any] = [
    None, True, 0, -1, 2**70, 1.5e308, float("inf"), float("nan"), "", " ", "\ud800", "a\ud800b", "\x00", "x" * 100_000,
    "2024-13-45", "-0001-01-01T00:00:00Z", "99999-01-01", [], [None], [[[]]], {}, {"$date": {}}, {"$numberLong": "²"},
    [{}] * 3, {"value": {"value": {}}}, [{"name": None}], [{"name": []}], {"a": {"$oid": None}}, "https://[", "@",
    ["@"], [{"name": "@"}], [7], 10**400, "<script>", {"": ""}, [{"pid": {}, "name": []}],
]  # fmt: skip


def put_an_odd_value(chance: random.Random, document: Any, kept: frozenset[str] = frozenset()) -> None:
    """Changes one value of a document for an odd one, at any depth but under the kept keys."""
    place = document
    while isinstance(place, dict | list) and place:
        keys = [key for key in place if key not in kept] if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = chance.choice(keys)
        if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.5:
            place[key] = chance.choice(ODD)
            return
        place = place[key]
