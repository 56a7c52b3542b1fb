"""A memo of the last answer: formats of one record ask for the same things one after the other.

One slot for each function and identity for the key: no hashing of records, nothing held beyond the record at hand. Two
threads at worst compute an answer twice; the slot is replaced whole.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released

_T = TypeVar("_T")


def memoized(function: Callable[[Released, Portal], _T]) -> Callable[[Released, Portal], _T]:
    """The same function; asked again about the same release and portal, it gives the same answer without work.

    The answer is shared: who takes it does not change it.
    """
    last: tuple[Released, Portal, _T] | None = None

    @wraps(function)
    def answer(released: Released, portal: Portal) -> _T:
        nonlocal last
        known = last
        if known is not None and known[0] is released and known[1] is portal:
            return known[2]
        found = function(released, portal)
        last = (released, portal, found)
        return found

    return answer
