"""The writer of a search index, whichever its engine: changes wait to the end of a `with` block, then are committed.

How an index is begun and how changes come into it is the engine's business: `builders.search.index.whoosh` and
`builders.search.index.tantivy`. The file `FORMAT` in an index's folder says who wrote it, in which form.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from panfair.builders.search.documents.document import JSON
from panfair.builders.search.index.spool import Waiting

FORMS = {"whoosh": "whoosh 11", "tantivy": "tantivy 7"}
"""What the writer of each engine writes; raised whenever an index must be built anew to be read rightly."""


class SearchWriter(ABC):
    """Changes to an index, kept aside until the end of the `with` block, then committed; an exception drops them.

    With no index in the folder (or one of another form) an empty one is begun. Put twice, the last one counts;
    `remove` of what is not there does nothing. What is put anew leaves its old words in a file, marked as deleted,
    until the engine merges that file; what is removed, and perhaps put anew after that, leaves none.
    """

    form: ClassVar[str]
    """Who writes the index, in which form."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting = Waiting()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        if form_of(self.folder) != self.form:
            self._clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            self._waiting.close()

    def put(self, document: dict[str, JSON]) -> None:
        """Adds the one document of an owner, in the place of all that it had."""
        self.put_all(str(document["owner"]), [document])

    def put_all(self, owner: str, documents: Iterable[dict[str, JSON]]) -> None:
        """Adds the documents of an owner, in the place of all that it had."""
        self._waiting.put(owner, map(self.ready, documents))

    def put_ready(self, owner: str, documents: Iterable[bytes]) -> None:
        """As `put_all`, for documents that `ready` was asked of, perhaps in another process."""
        self._waiting.put(owner, documents)

    def remove(self, owner: str) -> None:
        """Takes all documents of an owner out; no file keeps a word of theirs."""
        self._waiting.remove(owner)

    def _clear(self) -> None:
        """Begins an empty index instead of what is here; old files are unlinked: they may be the live index's too."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() or path.is_symlink():
                path.unlink()
        self._begin()
        (self.folder / "FORMAT").write_text(f"{self.form}\n", encoding="ascii")

    @staticmethod
    @abstractmethod
    def ready(document: dict[str, JSON]) -> bytes:
        """A document as it waits: what can be done of the work without the index is done."""

    @abstractmethod
    def _begin(self) -> None:
        """Makes an empty index in the empty folder."""

    @abstractmethod
    def _commit(self) -> None:
        """Brings what waits into the index; nothing may wait."""


def form_of(folder: Path) -> str | None:
    """Who wrote the index in a folder, in which form; None where there is none."""
    try:
        return (folder / "FORMAT").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
