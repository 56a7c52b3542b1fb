"""LoopBack's other way to write a filter: `filter[where][title]=x` and its like, read into the object that they say."""

import re
from collections.abc import Iterable
from typing import Any

from panfair.site.panosc.filter import FilterError

_STEP = re.compile(r"\[([^\[\]]{0,100})\]")
_DEEPEST = 40


def bracketed(pairs: Iterable[tuple[str, str]], name: str) -> object | None:
    """What `name[where][title]=x` and its like say together, as an object; None when there is nothing of it.

    >>> bracketed([("filter[where][title]", "x"), ("filter[include][0][relation]", "datasets")], "filter")
    {'where': {'title': 'x'}, 'include': [{'relation': 'datasets'}]}
    """
    root: dict[str, Any] = {}
    for key, value in pairs:
        if not key.startswith(f"{name}["):
            continue
        steps = _STEP.findall(key[len(name) :])
        if "".join(f"[{step}]" for step in steps) != key[len(name) :] or len(steps) > _DEEPEST:
            raise FilterError(f"{key[:80]} is not read; write filter=<JSON>, or filter[where][title]=x")
        place = root
        for step in steps[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise FilterError(f"{key[:80]} contradicts what stands before it")
        if isinstance(place.get(steps[-1]), list):
            place[steps[-1]].append(value)
        elif steps[-1] in place:
            place[steps[-1]] = [place[steps[-1]], value]
        else:
            place[steps[-1]] = value
    return _listed(root) if root else None


def _listed(value: object) -> object:
    """Objects whose names are 0, 1, 2… as lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if inner and all(name.isdecimal() and len(name) < 5 for name in inner if name) and "" not in inner:
        return [inner[name] for name in sorted(inner, key=int)]
    if set(inner) == {""}:
        return inner[""] if isinstance(inner[""], list) else [inner[""]]
    return inner
