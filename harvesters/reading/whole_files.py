"""Whether a file is as it was: by what the system says of it, and else by its digest."""

import hashlib
import os
import time
from io import BufferedReader

_AT_ONCE = 2.0  # seconds: two changes that the clock of a file system may not tell apart


def whole_file(file: BufferedReader, before: str | None) -> tuple[str, bool]:
    """A text that tells this file from any other, and whether it is as it was when `before` was the text.

    No program can set the time of a file's last change (`st_ctime`), so one that has the same was not written since.
    """
    stat = os.fstat(file.fileno())
    known = f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_dev} {stat.st_ino}"
    digest_before, _, known_before = (before or "").partition(" ")
    if before and known_before == known:
        return before, True
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return f"{digest} {known if time.time() - stat.st_ctime > _AT_ONCE else ''}", digest == digest_before
