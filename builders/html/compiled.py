"""Compiled templates, kept for the renderers to come: compiling all templates takes longer than rendering a small site.

Why in memory: a process that publishes again (`publish --watch`, or many sites in tests) makes a renderer each time.
What folding may write into a template's code is part of the key, and so is the template's text.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """The code of the templates that one set of words and constants is folded into."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


def compiled_templates(language: str, constants: Mapping[str, object]) -> CompiledTemplates:
    """What was compiled in this process for the language and for constants that fold to the same."""
    parts = frozenset(
        (name, part, value)
        for name, whole in constants.items()
        for part, value in _parts(whole).items()
        if type(value) in (str, bool, int)
    )
    return _compiled(language, parts)


@lru_cache(maxsize=8)
def _compiled(language: str, parts: frozenset[tuple[str, str, object]]) -> CompiledTemplates:
    return CompiledTemplates()


def _parts(whole: object) -> Mapping[str, object]:
    if isinstance(whole, Mapping):
        return whole
    return {name: getattr(whole, name) for name in dir(whole) if not name.startswith("_")}
