"""Data files read in a process of their own, with bounds on memory, time, open files and what it may answer.

A hostile file can hurt that process alone: it has an empty environment, cannot write a byte into any file, and may have
few more files open than it was told of. It is no sandbox: what is opened is judged by `hdf5`. When it dies or dawdles
the file costs one line, and the next file gets a new process.
"""

import os
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import orjson

from panfair.ontologies.errors import ContentsError

if TYPE_CHECKING:
    import numpy as np

_LARGEST_ANSWER = 96 << 20
_STARTS_WITHIN = 60.0
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True)
class Limits:
    """What one reading may cost."""

    seconds: float = 20.0
    memory: int = 2 << 30
    """Of the process, in bytes."""


@dataclass(frozen=True)
class Answer:
    """What was read: words and numbers, and the arrays that they speak of by their places."""

    said: Any
    arrays: tuple["np.ndarray", ...] = ()


class Reader:
    """Reads files one after the other; a context manager that ends its process."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, way: TracebackType | None
    ) -> None:
        self.close()

    def read(self, job: str, path: Path, siblings: Iterable[Path] = (), **told: object) -> Answer:
        """What a job (see `contents.jobs`) makes of a file. Raises ContentsError that says why it made nothing."""
        question = orjson.dumps(
            {"job": job, "path": str(path), "siblings": [str(one) for one in siblings], "told": told}
        )
        fresh = self._process is None
        process = self._process or self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(struct.pack("<Q", len(question)) + question)
            process.stdin.flush()
            until = time.monotonic() + self._limits.seconds + (_STARTS_WITHIN if fresh else 0)
            (length,) = struct.unpack("<Q", self._bytes(8, until))
            if length > _LARGEST_ANSWER:
                raise EOFError
            body = self._bytes(length, until)
        except TimeoutError:
            self.close()
            raise ContentsError(f"reading it took longer than {self._limits.seconds:g} s") from None
        except (EOFError, OSError):
            self.close()
            raise ContentsError("reading it ended the process that read it (its memory is bounded)") from None
        except BaseException:
            self.close()
            raise
        return _answer(body)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "panfair.harvesters.contents.worker", str(self._limits.memory)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs this
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
        return self._process

    def _bytes(self, count: int, until: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        found = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while len(found) < count:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise TimeoutError
                piece = os.read(self._process.stdout.fileno(), min(count - len(found), 1 << 20))
                if not piece:
                    raise EOFError
                found += piece
        return bytes(found)

    def close(self) -> None:
        """Ends the process; the next reading starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def packed(said: object, arrays: Iterable["np.ndarray"] = ()) -> bytes:
    """An answer as the worker sends it: a head in JSON with the shapes, then the numbers as 32-bit floats."""
    import numpy as np

    parts = [np.ascontiguousarray(one, "<f4") for one in arrays]
    head = orjson.dumps({"said": said, "shapes": [one.shape for one in parts]}, option=orjson.OPT_SERIALIZE_NUMPY)
    return struct.pack("<Q", len(head)) + head + b"".join(one.tobytes() for one in parts)


def _answer(body: bytes) -> Answer:
    """What `packed` made. Raises ContentsError for anything else, and with the reason where nothing was read."""
    import numpy as np

    try:
        (length,) = struct.unpack_from("<Q", body)
        head = orjson.loads(body[8 : 8 + length])
        arrays, place = [], 8 + length
        for shape in head["shapes"]:
            count = int(np.prod(shape, dtype=np.int64))
            arrays.append(np.frombuffer(body, "<f4", count, place).reshape(shape))
            place += 4 * count
    except (ValueError, KeyError, TypeError, struct.error):
        raise ContentsError("the process that read it gave no answer that can be read") from None
    if isinstance(head["said"], dict) and (reason := head["said"].get("refused")):
        raise ContentsError(str(reason)[:300])
    return Answer(head["said"], tuple(arrays))
