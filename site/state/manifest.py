"""The list of all published files, a line each, with their digests: what stands in output/ is held against it."""

from pathlib import Path

import orjson

MANIFEST = "manifest.json"


def digests_below(output: Path, folder: str) -> dict[str, str]:
    """The sha256 of each file that was published below a folder, by its path below output/.

    Reads line by line, for there may be millions. Raises OSError without a manifest, ValueError for a damaged one.
    """
    beginning, found = b'"' + folder.encode() + b"/", {}
    with (output / MANIFEST).open("rb") as file:
        for line in file:
            if line.startswith(beginning):
                ((name, entry),) = orjson.loads(b"{" + line.rstrip(b",\n") + b"}").items()
                if not isinstance(entry, dict) or not isinstance(entry.get("sha256"), str):
                    raise ValueError(f"the line of {folder} is none of a manifest")
                found[name] = entry["sha256"]
    return found
