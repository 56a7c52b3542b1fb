"""files-rclone.csv: addresses and paths as `rclone copyurl --urls` reads them (rclone 1.72 and later)."""

import csv
import io
from collections.abc import Sequence

from panfair.builders.downloads.list_kind import ListKind
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.language import marked


def _pairs(files: Sequence[Placed], _name: str) -> str:
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows((item.address, item.path) for item in files if item.address)
    return table.getvalue()


LISTS = (
    ListKind(
        "files-rclone.csv",
        _pairs,
        marked("addresses and paths for rclone"),
        command="curl -fO {address} && rclone copyurl --urls {file} .",
        advice=marked("rclone, from 1.72 on: several files at a time, to a disk or to any store that it knows."),
        order=40,
    ),
)
