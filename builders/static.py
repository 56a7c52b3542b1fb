"""The files that every page links to (style, script, icon), under names that change when their bytes do.

A name such as `_panfair/style-1a2b3c4d.css` may be cached for ever: other bytes get another name.
"""

import hashlib
from functools import cache
from importlib import resources

from panfair.builders import Artifact

FOLDER = "_panfair"
_FILES = ("style.css", "page.js", "icon.svg")


def static_files() -> list[Artifact]:
    """The files themselves, below `_panfair/`."""
    return [Artifact(addresses()[name].lstrip("/"), _read(name)) for name in _FILES]


@cache
def addresses() -> dict[str, str]:
    """Each file's address from the root, by its own name: `style.css` to `/_panfair/style-1a2b3c4d.css`."""
    return {name: _address(name, _read(name)) for name in _FILES}


def _address(name: str, body: bytes) -> str:
    stem, ending = name.rsplit(".", 1)
    return f"/{FOLDER}/{stem}-{hashlib.sha256(body).hexdigest()[:8]}.{ending}"


def _read(name: str) -> bytes:
    return resources.files("panfair.templates").joinpath("static", name).read_bytes()
