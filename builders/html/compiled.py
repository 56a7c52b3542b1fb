"""Compiled templates, kept for the renderers to come: compiling all templates takes longer than rendering a small site.

In memory for a process that publishes again (`publish --watch`, or many sites in tests), and in a folder of the
operator's for the next night's. What folding may write into a template's code is part of the key, and so are the
template's text, our own code, and the versions of Jinja and Python. A file is its code behind the code's digest: what
was damaged is compiled again.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_KINDS_KEPT = 4  # of settings and code; others are those of an earlier panfair
_DIGEST = 32  # bytes


class CompiledTemplates(BytecodeCache):
    """The code of the templates that one set of words and constants is folded into."""

    def __init__(self, folder: Path | None = None) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}
        self._folder = folder
        if folder is not None and not folder.exists():
            _forget_oldest(folder.parent)

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))
        if bucket.code is None and self._folder is not None:
            with suppress(OSError):
                body = (self._folder / bucket.key).read_bytes()
                if sha256(body[_DIGEST:]).digest() == body[:_DIGEST]:
                    bucket.bytecode_from_string(body[_DIGEST:])
                    self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._keep(bucket)
        if self._folder is not None:
            body = bucket.bytecode_to_string()
            with suppress(OSError):  # a disk that refuses: the next process compiles
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                part = self._folder / f".{bucket.key}-{id(bucket)}"
                part.write_bytes(sha256(body).digest() + body)
                part.replace(self._folder / bucket.key)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


def compiled_templates(
    language: str, constants: Mapping[str, object], code: str = "", folder: Path | None = None
) -> CompiledTemplates:
    """What was compiled for the language and for constants that fold to the same, in this process or into a folder.

    `code` is a digest of all else that compiled templates hang on.
    """
    parts = frozenset(
        (name, part, value)
        for name, whole in constants.items()
        for part, value in _parts(whole).items()
        if type(value) in (str, bool, int)
    )
    return _compiled(language, parts, code, folder)


@lru_cache(maxsize=8)
def _compiled(
    language: str, parts: frozenset[tuple[str, str, object]], code: str, folder: Path | None
) -> CompiledTemplates:
    made_for = repr((language, sorted(parts, key=repr), code, jinja2.__version__))
    return CompiledTemplates(folder / sha256(made_for.encode("utf-8", "surrogatepass")).hexdigest() if folder else None)


def _parts(whole: object) -> Mapping[str, object]:
    if isinstance(whole, Mapping):
        return whole
    return {name: getattr(whole, name) for name in dir(whole) if not name.startswith("_")}


def _forget_oldest(folder: Path) -> None:
    with suppress(OSError):
        kinds = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)
        for one in kinds[: max(0, len(kinds) + 1 - _KINDS_KEPT)]:
            shutil.rmtree(one, ignore_errors=True)
