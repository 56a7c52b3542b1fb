"""Whether the files of a search index are those that the last run published: only then may an engine open them."""

import hashlib
from pathlib import Path

from panfair.ontologies.errors import ServeError
from panfair.site.state.manifest import MANIFEST, digests_below


class Published:
    """One index folder below output/, held against the manifest; a file that has not changed is read once."""

    def __init__(self, output: Path, folder: Path) -> None:
        self._output = output
        self._folder = folder
        self._known: dict[Path, tuple[tuple[int, int, int], str]] = {}

    def signature(self) -> tuple[int, int, int] | None:
        """What tells one manifest from the next; None without one."""
        try:
            return _signature(self._output / MANIFEST)
        except OSError:
            return None

    def hold(self) -> None:
        """Raises ServeError when a file is there that was not published, or another, or one is missing.

        While a run moves its files in, manifest and index are not of the same state; the next search asks again.
        """
        name = self._folder.relative_to(self._output).as_posix()
        try:
            wanted = digests_below(self._output, name)
            found = {
                path.relative_to(self._output).as_posix(): self._digest(path)
                for path in sorted(self._folder.rglob("*"))
                if not path.is_dir() and path.suffix != ".lock"  # of tantivy, empty
            }
        except (OSError, ValueError) as error:
            raise ServeError(f"it cannot be held against {MANIFEST} ({type(error).__name__})") from None
        if found != wanted:
            strange = sorted(found.items() ^ wanted.items())[0][0]
            raise ServeError(f"{strange} is not as it was published; the next `panfair publish` makes it anew")

    def _digest(self, path: Path) -> str:
        seen = _signature(path)
        known = self._known.get(path)
        if known is None or known[0] != seen:
            with path.open("rb") as file:
                self._known[path] = seen, hashlib.file_digest(file, "sha256").hexdigest()
        return self._known[path][1]


def _signature(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size
