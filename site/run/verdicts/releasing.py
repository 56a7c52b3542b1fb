"""Which field of a catalogue would release a record that is held back: by the gate's reason and the source's kind."""

import tomllib
from functools import cache
from importlib.resources import files


def field_for(why: str, kind: str) -> str:
    """The field, in the words of the catalogue, or what else has to be done; empty for a reason that is not known.

    >>> field_for("it has no date", "records")
    'release_date'
    """
    known = next((one for reason, one in _reasons().items() if why.startswith(reason)), {})
    return known.get(kind) or known.get("any", "")


@cache
def _reasons() -> dict[str, dict[str, str]]:
    text = files("panfair.site.run.verdicts").joinpath("releasing.toml").read_text(encoding="utf-8")
    # The longest first: one reason may begin with the words of another.
    found = sorted(tomllib.loads(text)["reason"], key=lambda one: -len(one["why"]))
    return {one["why"]: one for one in found}
