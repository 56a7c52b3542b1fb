"""files.csv: all that is known of each file, for spreadsheets and for scripts of one's own (RFC 4180)."""

import csv
import io
from collections.abc import Sequence

from panfair.builders.downloads.list_kind import ListKind
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.language import marked


def _table(files: Sequence[Placed], _name: str) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")  # RFC 4180, section 2
    writer.writerow(("path", "size_bytes", "checksum", "checksum_algorithm", "media_type", "url"))
    for item in files:
        file = item.file
        size = "" if file.size_bytes is None else file.size_bytes
        row = (item.path, size, file.checksum or "", file.checksum_algorithm or "", file.media_type or "", item.address)
        writer.writerow(row)
    return table.getvalue()


LISTS = (ListKind("files.csv", _table, marked("names, sizes, checksums, addresses"), order=10),)
