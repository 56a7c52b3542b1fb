"""Comparing texts as the PaNOSC search API does: `like`, `ilike`, `regexp`, for SQLite and for Python alike.

`like` looks for its text anywhere; `%` stands for any letters, `_` for one, `\\` takes their meaning away. Regular
expressions run in RE2, whose time grows with the text and not with the expression: Python's own would let one request
hold the server for ever. What RE2 does not have (looking around, backward references) is refused.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2

from panfair.site.panosc.filter import FilterError

_MOST_WILDCARDS = 16
_LONGEST_EXPRESSION = 500
_MEMORY = 1 << 20  # bytes that one compiled expression may take
_SLASHED = re.compile(r"/(.*)/([a-z]*)", re.DOTALL)
_ANY, _ONE = "%", "_"


def like_glob(pattern: str) -> str | None:
    r"""A `like` pattern as SQLite's GLOB; None when it has no wildcard, and `plain` is what to look for.

    >>> like_glob("foam%[1]"), like_glob("10\\%")
    ('*foam*[[]1]*', None)
    """
    tokens = _tokens(pattern)
    if not any(wild for _, wild in tokens):
        return None
    inner = "".join(
        ("*" if letter == _ANY else "?") if wild else (f"[{letter}]" if letter in "*?[" else letter)
        for letter, wild in tokens
    )
    return re.sub(r"\*+", "*", f"*{inner}*")


def plain(pattern: str) -> str:
    """The letters of a `like` pattern without wildcards."""
    return "".join(letter for letter, _ in _tokens(pattern))


@lru_cache(maxsize=16)
def expression(pattern: str) -> Callable[[str], bool]:
    """Whether a regular expression, bare or as `/x/i`, is found in a text. Raises FilterError for one that is none."""
    body, flags = pattern, ""
    if slashed := _SLASHED.fullmatch(pattern):
        body, flags = slashed[1], slashed[2]
    if len(body) > _LONGEST_EXPRESSION:
        raise FilterError(f"regexp: longer than {_LONGEST_EXPRESSION} characters")
    if strange := set(flags) - set("gimsuy"):
        raise FilterError(f"regexp: the flag {min(strange)} is not known")
    options: Any = re2.Options()
    options.max_mem, options.log_errors, options.case_sensitive = _MEMORY, False, "i" not in flags
    options.dot_nl = "s" in flags
    try:
        compiled = re2.compile(f"(?m:{body})" if "m" in flags else body, options)
    except re2.error as error:
        message = error.args[0] if error.args else ""
        message = message.decode(errors="replace") if isinstance(message, bytes) else str(message)
        raise FilterError(f"regexp: {message[:200]}; RE2's syntax holds, without looking around or back") from None
    return lambda text: compiled.search(text) is not None


def matcher(operator: str, value: str) -> Callable[[str], bool]:
    """Whether a text satisfies `like`, `ilike`, `regexp` or `text`."""
    if operator == "regexp":
        return expression(value)
    if operator == "text":
        return lambda text: value.lower() in text.lower()
    pattern = value.lower() if operator == "ilike" else value
    inner = "".join(
        (".*" if letter == _ANY else ".") if wild else re2.escape(letter) for letter, wild in _tokens(pattern)
    )
    options: Any = re2.Options()
    options.dot_nl, options.log_errors = True, False
    compiled = re2.compile(inner, options)
    return lambda text: compiled.search(text.lower() if operator == "ilike" else text) is not None


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[tuple[str, bool], ...]:
    """Each letter and whether it is a wildcard."""
    found: list[tuple[str, bool]] = []
    letters = iter(pattern)
    for letter in letters:
        if letter == "\\":
            found.append((next(letters, letter), False))
        elif letter in (_ANY, _ONE):
            if (letter, found[-1:]) != (_ANY, [(_ANY, True)]):
                found.append((letter, True))
        else:
            found.append((letter, False))
    if sum(wild for _, wild in found) > _MOST_WILDCARDS:
        raise FilterError(f"like: more than {_MOST_WILDCARDS} wildcards")
    return tuple(found)
