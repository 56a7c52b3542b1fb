"""The files that pages link to (style, scripts, icon), under names that change when their bytes do.

A name such as `_panfair/style-1a2b3c4d.css` may be cached for ever: other bytes get another name. A script that imports
another is written with the way to it, `import { make } from "../page/dom.js"`, and published with the other's digest
in it; so its own name changes when anything that it imports does. (An import map would do it in the browser, but it is
an inline script, which the pages' policy forbids.) Folders become part of the name, for the published files lie side by
side: `search/page/dom.js` is `search-page-dom-1a2b3c4d.js`.

A package that `make dist` builds carries the scripts of the search in four pieces instead of some thirty modules
(templates/bundle): half the bytes and two requests for a search on a plain file host. A checkout has the modules alone.
"""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from panfair.builders import Artifact

FOLDER = "_panfair"
_COMMENT = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.DOTALL | re.MULTILINE)
_REMARK = re.compile(rb"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(rb"\n\s+")
_IMPORT = re.compile(r'(?P<before>\b(?:from|import)[ (]?\s*)"(?P<way>\.\.?/[a-z0-9./-]+\.js)"')


def static_files() -> list[Artifact]:
    """The files themselves, below `_panfair/`."""
    return list(_artifacts().values())


def addresses() -> dict[str, str]:
    """Each file's address from the root, by its path here: `style.css` to `/_panfair/style-1a2b3c4d.css`."""
    return {name: f"/{artifact.path}" for name, artifact in _artifacts().items()}


@cache
def _artifacts() -> dict[str, Artifact]:
    templates = resources.files("panfair.templates")
    files, bundle = _files(templates.joinpath("static"), ""), templates.joinpath("bundle")
    return named(bundled(files, _files(bundle, "")) if bundle.is_dir() else files)


def _files(folder: Traversable, before: str) -> dict[str, bytes]:
    """All files below a folder by their paths in it; scripts and style sheets without what no browser reads."""
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _files(entry, f"{before}{entry.name}/")
        else:
            body = entry.read_bytes()
            if entry.name.endswith(".js"):
                body = without_types(body)
            elif entry.name.endswith(".css"):
                body = without_remarks(body)
            found[before + entry.name] = body
    return found


def without_remarks(sheet: bytes) -> bytes:
    """A style sheet without the lines that are comments, and without the blanks that lines begin with."""
    return _INDENT.sub(b"\n", _REMARK.sub(b"", sheet))


def without_types(script: bytes) -> bytes:
    """A script without the comments of JSDoc that tell types, as `tsc` reads them."""
    return _COMMENT.sub(lambda found: b"" if b"* @" in found[0] else found[0], script)


def bundled(files: Mapping[str, bytes], bundle: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the bundle in place of the modules that it was made of, which are the scripts of the search."""
    others = {name: body for name, body in files.items() if not (name.startswith("search/") and name.endswith(".js"))}
    return {**others, **bundle}


def named(files: Mapping[str, bytes]) -> dict[str, Artifact]:
    """Files by their paths, as they are published: named by digest, imports pointed at the names published.

    Raises ValueError when a script imports what is not there, or itself by way of others.
    """
    made: dict[str, Artifact] = {}
    for name in sorted(files):
        _name(name, files, made, ())
    return {name: made[name] for name in sorted(files)}


def _name(name: str, files: Mapping[str, bytes], made: dict[str, Artifact], importers: tuple[str, ...]) -> Artifact:
    """One file and all that it imports, those first: a name can be told only when the bytes are final."""
    if name in importers:
        raise ValueError(f"{' imports '.join((*importers, name))}: no script can be named before itself")
    if name not in files:
        raise ValueError(f"{importers[-1]} imports {name}, which is not there")
    if name not in made:
        body = files[name]
        if name.endswith(".js"):

            def pointed(found: re.Match[str]) -> str:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), found["way"]))
                other = _name(path, files, made, (*importers, name))
                return f'{found["before"]}"./{other.path.rpartition("/")[2]}"'

            body = _IMPORT.sub(pointed, body.decode()).encode()
        stem, ending = name.replace("/", "-").rsplit(".", 1)
        made[name] = Artifact(f"{FOLDER}/{stem}-{hashlib.sha256(body).hexdigest()[:8]}.{ending}", body)
    return made[name]
