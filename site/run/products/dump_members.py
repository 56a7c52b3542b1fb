"""The gzip members of the RDF dump in one run: fresh from the workers, from the file that stands, or made now."""

import gzip
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, cast

from panfair.builders.sitewide.rdf_dump import marked, members_in, quads_member
from panfair.site.run.context import Context
from panfair.site.run.leaks.pieces import digest_of
from panfair.site.run.render import Rendered

_SPOOL_BYTES = 8 << 20


class DumpMembers:
    """Gathers what workers made, in a temporary file, and gives out what a file of the dump is to hold."""

    def __init__(self) -> None:
        self._spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES))  # noqa: SIM115 - see close
        self._places: dict[str, tuple[int, int]] = {}

    def put(self, done: Rendered) -> None:
        """Takes the member of a record that was rendered."""
        self._places[done.key] = (self._spool.seek(0, 2), len(done.quads))
        self._spool.write(done.quads)

    def of(self, context: Context, path: str, bucket: list[tuple[str, str]]) -> Iterator[bytes]:
        """The members of a file, in the order of the keys; each key comes with a digest of what is said of it."""
        standing = members_in(_standing(context, f"www/{path}"))
        note, edition = f"leaks {path}", str(context.leaks.edition())
        scanned = context.ledger.note(note) == edition
        for key, said in bucket:
            digest = sha256(f"{context.fingerprint} {said}".encode()).digest()[:16]
            if key in self._places:
                at, length = self._places[key]
                self._spool.seek(at)
                yield marked(self._spool.read(length), key, digest)
            elif key in standing and standing[key][0] == digest:
                if scanned:  # for all that is closed now, when its file was made
                    context.scanner.vouch(digest_of(gzip.decompress(standing[key][1])))
                yield standing[key][1]
            else:
                for one in context.released([key]):
                    yield marked(quads_member(one, context.config.portal), key, digest)
        context.ledger.set_note(note, edition)

    def close(self) -> None:
        """Frees the temporary file; done twice, it does nothing."""
        self._spool.close()


def _standing(context: Context, path: str) -> bytes:
    """The file that stands, if it is the one that a run left there: what was damaged is not taken over."""
    found = context.ledger.connection.execute("SELECT sha256 FROM file WHERE path = ?", (path,)).fetchone()
    try:
        body = (context.config.output / path).read_bytes()
    except OSError:
        return b""
    return body if found and sha256(body).hexdigest() == found[0] else b""
