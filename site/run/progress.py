"""Progress for people and for logs: a bar or a counter on a terminal, plain lines elsewhere.

A log hears of a long step once a minute, with the total and the time left where the length is known.
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO, TypeVar

import click

_T = TypeVar("_T")
_OFTEN, _SELDOM = 0.2, 60.0  # seconds between two words of a step: on a terminal, in a log


class Progress:
    """Wraps the streams of a run; the workers know nothing of it."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._terminal = self._stream.isatty()

    def count(
        self, step: str, items: Iterator[_T], expected: int = 0, counts: Callable[[_T], bool] = lambda _: True
    ) -> Iterator[_T]:
        """Passes a stream through and tells how many there were that count; `expected`: about how many, if known."""
        number = 0
        begun = shown = self._clock()
        for item in items:
            number += counts(item)
            now = self._clock()
            if now - shown > (_OFTEN if self._terminal else _SELDOM):
                shown = now
                known = number < expected
                far = f"{number} of about {expected}, {time_left(now - begun, number, expected)} left" if known else ""
                if self._terminal:
                    click.echo(f"\r\033[K{step}: {far or number}", file=self._stream, nl=False)
                else:
                    click.echo(f"{step}: {far or f'{number} so far'}", file=self._stream)
            yield item
        click.echo(f"{chr(13) + chr(27) + '[K' if self._terminal else ''}{step}: {number}", file=self._stream)

    def bar(self, step: str, items: Iterator[_T], length: int) -> Iterator[_T]:
        """Passes a stream of known length through."""
        if self._terminal:
            with click.progressbar(items, length=length, label=step, show_pos=True, file=self._stream) as shown_items:
                yield from shown_items
            return
        begun = shown = self._clock()
        for number, item in enumerate(items, 1):
            now = self._clock()
            if now - shown > _SELDOM:
                shown = now
                left = time_left(now - begun, number, length)
                click.echo(f"{step}: {number} of {length}, {left} left", file=self._stream)
            yield item
        click.echo(f"{step}: {length}", file=self._stream)


def time_left(elapsed: float, done: int, length: int) -> str:
    """How long the rest takes at the pace so far, from seconds, in one unit.

    >>> time_left(120.0, 1000, 4000), time_left(60.0, 100, 110), time_left(3600.0, 1, 4)
    ('about 6 min', 'less than a minute', 'about 3 h')
    """
    seconds = elapsed / max(done, 1) * max(length - done, 0)
    if seconds < 60:
        return "less than a minute"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {round(seconds / 3600)} h"


class Silence(Progress):
    """No progress at all: for tests and for callers that show their own."""

    def __init__(self) -> None:
        self._terminal = False

    def count(
        self, step: str, items: Iterator[_T], expected: int = 0, counts: Callable[[_T], bool] = lambda _: True
    ) -> Iterator[_T]:
        return items

    def bar(self, step: str, items: Iterator[_T], length: int) -> Iterator[_T]:
        return items
