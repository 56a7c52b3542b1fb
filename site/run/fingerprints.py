"""Digests of code, templates and vocabularies: when one changes, what was made with it is made anew."""

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def package_digest(*packages: str) -> str:
    """The sha256 over all files of these packages, by name and content; caches and compiled files do not count."""
    digest = hashlib.sha256()
    for package in packages:
        for name, data in _files(resources.files(package), package):
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()


def _files(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{item.name}"
        if item.is_dir() and not item.name.startswith((".", "__")):
            found += _files(item, path)
        elif item.is_file() and not item.name.endswith((".pyc", "~")):
            found.append((path, item.read_bytes()))
    return found
