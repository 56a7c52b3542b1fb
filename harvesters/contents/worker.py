"""The process that reads data files for `reader.Reader`: bounds first, then one question after the other."""

import os
import resource
import struct
import sys

import orjson

from panfair.harvesters.contents.reader import packed
from panfair.ontologies.errors import ContentsError

_SPARE_FILES = 4


def main() -> None:
    """Answers on what was standard output until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from panfair.harvesters.contents.jobs import JOBS  # with all filters, before files become scarce

    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while head := sys.stdin.buffer.read(8):
        question = orjson.loads(sys.stdin.buffer.read(*struct.unpack("<Q", head)))
        _allow_files(len(question["siblings"]))
        try:
            answer = packed(*JOBS[question["job"]](question["path"], question["siblings"], **question["told"]))
        except ContentsError as error:
            answer = packed({"refused": str(error)})
        except MemoryError:
            answer = packed({"refused": "it takes more memory than a preview may have"})
        except Exception as error:
            answer = packed({"refused": f"it cannot be read ({type(error).__name__})"})
        answers.write(struct.pack("<Q", len(answer)) + answer)
        answers.flush()


def _allow_files(siblings: int) -> None:
    """As many open files as the question names, and hardly more."""
    open_now = max(int(one) for one in os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 64  # noqa: PTH112, PTH208
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(open_now + 1 + _SPARE_FILES + siblings, hard), hard))


if __name__ == "__main__":
    main()
