"""Names of files in a ZIP that are what they seem: no control characters, none that turn the direction of writing."""

import unicodedata
from collections.abc import Iterable

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what a reader does not see, but what changes what a terminal or a file manager shows."""


def member_names(names: Iterable[str]) -> list[str]:
    """The names with `_` for what is unseen, each once: a second one of a name gets a number behind it.

    >>> member_names(["1/scan.h5", "1/scan\\u202e5h.h5", "1/scan\\x075h.h5"])
    ['1/scan.h5', '1/scan_5h.h5', '1/scan_5h.h5.2']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        seen = "".join("_" if unicodedata.category(letter) in _UNSEEN else letter for letter in name)
        one, number = seen, 1
        while one in taken:
            number += 1
            one = f"{seen}.{number}"
        taken.add(one)
        found.append(one)
    return found
