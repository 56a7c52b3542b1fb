"""One run at a time on one site: a lock file that the kernel frees when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panfair.ontologies.errors import LockedError


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Holds the site's lock. Raises LockedError, which names the other run's process, when it is taken."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(
                f"another run (process {holder}) is at work on this site; wait until it has ended, nothing was done"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
