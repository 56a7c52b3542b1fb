"""The server in several processes on one address: each has its own published state, and one that ends is begun again.

Each listens by itself on the shared port (SO_REUSEPORT), and the system deals out the connections: with one socket
handed on, whichever process wakes first takes all that wait. The parent answers nothing; it holds the address, so that
no other server takes it between two children, starts them, and ends them all when it is told to end.
"""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType

from panfair.ontologies.errors import ServeError
from panfair.site.config.settings import Config
from panfair.site.serve.app import bound, run

log = logging.getLogger(__name__)

_ENDS_WITHIN = 10  # seconds, after which a child is killed
_A_SECOND = 1.0  # a child that lived for less is begun again after as long, and not at once


def serve_by(workers: int, config: Config, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serves by so many processes until a signal ends it; `ready` is called once all of them answer.

    Raises ServeError when the address cannot be had, or where the system has no shared ports.
    """
    if not hasattr(socket, "SO_REUSEPORT"):
        raise ServeError("this system does not let several processes share a port; serve without --workers")
    with bound(host, port, shared=True) as holder:
        _Workers(workers, config, host, holder.getsockname()[1]).run(ready)


class _Workers:
    """The children and their parent."""

    def __init__(self, number: int, config: Config, host: str, port: int) -> None:
        self._number = number
        self._config, self._host, self._port = config, host, port
        self._children: dict[BaseProcess, float] = {}
        self._unheard: set[Connection] = set()
        """Of children that have not answered yet."""
        self._answering = 0
        self._ended = False
        self._wake_reader, self._wake_writer = multiprocessing.Pipe(duplex=False)
        # A fork of a process that does nothing else: what a child needs is loaded already.
        self._context = multiprocessing.get_context("fork")

    def run(self, ready: Callable[[], None]) -> None:
        before = {number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            for _ in range(self._number):
                self._start()
            while not self._ended:
                told = self._answering < self._number
                self._watch()
                if told and self._answering >= self._number and not self._ended:
                    ready()
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _watch(self) -> None:
        """Waits for a child that answers, for one that ended, or for the end."""
        for found in wait([*self._unheard, *(child.sentinel for child in self._children), self._wake_reader]):
            if isinstance(found, Connection) and found in self._unheard:
                self._unheard.remove(found)
                with suppress(EOFError):  # it ended, which its sentinel tells too
                    found.recv_bytes()
                    self._answering += 1
                found.close()
        for child, since in list(self._children.items()):
            if self._ended or child.is_alive():
                continue
            del self._children[child]
            log.warning("a serving process ended (%s); another one is begun", child.exitcode)
            if time.monotonic() - since < _A_SECOND:
                time.sleep(_A_SECOND)
            if not self._ended:
                self._start()

    def _start(self) -> None:
        heard, told = self._context.Pipe(duplex=False)
        child = self._context.Process(target=self._serve, args=(told,), daemon=True)
        child.start()
        told.close()
        self._children[child] = time.monotonic()
        self._unheard.add(heard)

    def _serve(self, told: Connection) -> None:
        """What a child does: it serves, and ends when its parent does, be that killed."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        parent = multiprocessing.parent_process()
        assert parent is not None

        def follow() -> None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=follow, daemon=True).start()
        with bound(self._host, self._port, shared=True) as listener:
            run(self._config, listener, partial(told.send_bytes, b"answers"))

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ended = True
        self._wake_writer.send_bytes(b"\0")

    def _end_all(self) -> None:
        for child in self._children:
            child.terminate()
        until = time.monotonic() + _ENDS_WITHIN
        for child in self._children:
            child.join(max(0.0, until - time.monotonic()))
            if child.is_alive():
                child.kill()
                child.join()
