"""A facility's ISPyB moved into ICAT or the live core: session by session, again from where it stopped, with a report.

Each session becomes a dump that `icatingest` takes and an ingest file of python-icat; with a core it is put there, too.
What was moved before and says the same is not touched; what had no place stands in `report.txt`. All of it is closed
data: the folder is for the operator alone.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import orjson

from panfair.ontologies.additions import Addition
from panfair.ontologies.errors import PanfairError
from panfair.ontologies.record import canonical
from panfair.site.catalogue.ingest.documents import CatalogueDocument, put_document
from panfair.site.catalogue.ingest.icat_xml_writer import dump_of, ingest_file_of
from panfair.site.catalogue.ingest.sessions_of_additions import document_of
from panfair.site.catalogue.store.database import Store

DONE, REPORT = "done.jsonl", "report.txt"


class Migration:
    """One move into a folder, and perhaps into a core."""

    def __init__(self, folder: Path, facility: str, core: Store | None, at: datetime) -> None:
        self.moved = self.unchanged = 0
        self._folder = folder
        self._facility = facility
        self._core = core
        self._at = at
        self.lines: list[str] = []
        """What had no place, once all was moved."""
        self._lost: dict[str, list[str]] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (DONE, REPORT):  # they name what is closed
            (folder / name).touch(mode=0o600)
            (folder / name).chmod(0o600)
        self._done = _done(folder / DONE)

    def move(self, additions: Iterable[Addition], notes: list[str]) -> None:
        """Moves each session that is not there yet as it is now, and writes the report."""
        for addition in additions:
            self._move(addition)
        self.lines = [f"not read: {note}" for note in notes]
        self.lines += [line for one in sorted(self._lost) for line in self._lost[one]]
        (self._folder / REPORT).write_text("".join(f"{line}\n" for line in self.lines), encoding="utf-8")

    def _move(self, addition: Addition) -> None:
        target = "core" if self._core else "files"
        digest = sha256(b"\0".join((canonical(addition), self._facility.encode(), target.encode()))).hexdigest()
        known = self._done.get(addition.source_id)
        if known is not None and known[1] == digest:
            self._lost[addition.source_id] = known[0]
            self.unchanged += 1
            return
        lost: list[str] = []
        document = document_of(addition, self._facility, lost.append)
        if document is not None:
            self._write(document)
            if self._core is not None:
                try:
                    with self._core.writing() as writer:
                        put_document(writer, document, self._at)
                except PanfairError as error:
                    lost.append(f"{addition.source_id}: the core refused it: {error}")
                    self._lost[addition.source_id] = lost
                    return  # tried again next time
            self.moved += 1
        self._lost[addition.source_id] = lost
        with (self._folder / DONE).open("ab") as file:
            file.write(orjson.dumps({"session": addition.source_id, "digest": digest, "lost": lost}) + b"\n")

    def _write(self, document: CatalogueDocument) -> None:
        for session in document.sessions:
            name = "".join(c if c.isalnum() else "-" for c in f"{session.name}-{session.visit_id}")
            for suffix, body in (("dump.xml", dump_of(document)), ("ingest.xml", ingest_file_of(session))):
                path = self._folder / f"{name}.{suffix}"
                fresh = path.with_suffix(".new")
                fresh.touch(mode=0o600)
                fresh.chmod(0o600)
                fresh.write_bytes(body)
                fresh.replace(path)


def _done(path: Path) -> dict[str, tuple[list[str], str]]:
    """What was moved before, by session; a line that was cut off says nothing."""
    found: dict[str, tuple[list[str], str]] = {}
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            one = orjson.loads(line)
            found[one["session"]] = (one["lost"], one["digest"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            continue
    return found
