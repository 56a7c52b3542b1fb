"""The files of our own packages and of those that add to them, and one digest of all: what pages are made with."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

_GROUPS = ("panfair.formats", "panfair.pages", "panfair.downloads")


def package_files(package: str) -> Iterator[tuple[str, bytes]]:
    """Every file of a package with its path below it, in one order; caches and editors' copies do not count."""
    yield from _files(resources.files(package), package)


@cache
def package_digest(*packages: str) -> str:
    """A digest of all files of these packages, by name and content."""
    digest = hashlib.sha256()
    for package in packages:
        for name, body in package_files(package):
            digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()


@cache
def plugin_digest() -> str:
    """A digest of what other packages add: the version of each, and the module that it offers."""
    digest = hashlib.sha256()
    for point in sorted((point for group in _GROUPS for point in entry_points(group=group)), key=repr):
        version = point.dist.version if point.dist else ""
        spec = find_spec(point.module)
        body = Path(spec.origin).read_bytes() if spec and spec.origin and spec.has_location else b""
        digest.update(f"{point.group}\0{point.name}\0{point.value}\0{version}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{item.name}"
        if item.is_dir() and not item.name.startswith((".", "__")):
            yield from _files(item, path)
        elif item.is_file() and not item.name.endswith((".pyc", "~")):
            yield path, item.read_bytes()
