"""A package of somebody else's that adds to panfair by entry points: installed for one test, gone after it."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panfair.builders.html import list_kind, renderer
from panfair.builders.package_files import plugin_digest
from panfair.builders.pages import page_kind

_CACHES = (list_kind.all_lists, list_kind.list_kind, page_kind.all_pages, plugin_digest, renderer.fingerprint)


@contextmanager
def installed(folder: Path, module: str, source: str, group: str = "panfair.pages", **files: str) -> Iterator[Path]:
    """A package of this name with this source, offered under a group; `files` stand beside it (`name_html`)."""
    package = folder / module
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source, encoding="utf-8")
    for name, text in files.items():
        (package / name.replace("_", ".")).write_text(text, encoding="utf-8")
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{group}]\n{module} = {module}\n", encoding="utf-8")
    sys.path.insert(0, str(folder))
    _forget()
    try:
        yield package
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop(module, None)
        _forget()


def _forget() -> None:
    importlib.invalidate_caches()
    for cached in _CACHES:
        cached.cache_clear()
