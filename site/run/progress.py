"""Progress for people and for logs: a bar or a counter on a terminal, one plain line a step elsewhere."""

import sys
import time
from collections.abc import Iterator
from typing import TextIO, TypeVar

import click

_T = TypeVar("_T")


class Progress:
    """Wraps the streams of a run; the workers know nothing of it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()

    def count(self, step: str, items: Iterator[_T]) -> Iterator[_T]:
        """Passes a stream of unknown length through and tells how many there were."""
        number, shown = 0, 0.0
        for item in items:
            number += 1
            if self._terminal and time.monotonic() - shown > 0.2:
                shown = time.monotonic()
                click.echo(f"\r{step}: {number}", file=self._stream, nl=False)
            yield item
        click.echo(f"{chr(13) if self._terminal else ''}{step}: {number}", file=self._stream)

    def bar(self, step: str, items: Iterator[_T], length: int) -> Iterator[_T]:
        """Passes a stream of known length through."""
        if not self._terminal:
            yield from items
            click.echo(f"{step}: {length}", file=self._stream)
            return
        with click.progressbar(items, length=length, label=step, file=self._stream) as shown:
            yield from shown


class Silence(Progress):
    """No progress at all: for tests and for callers that show their own."""

    def __init__(self) -> None:
        self._terminal = False

    def count(self, step: str, items: Iterator[_T]) -> Iterator[_T]:
        return items

    def bar(self, step: str, items: Iterator[_T], length: int) -> Iterator[_T]:
        return items
