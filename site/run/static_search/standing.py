"""The files of the base that stand in output/: read, and written anew without the documents that must leave them.

A file that is written anew gets another name, so that no visitor's browser mixes it with what it has kept of the one
before; a file of its own, named in the manifest, tells which these are.
"""

import gzip
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

import orjson

from panfair.builders import Artifact
from panfair.builders.search.language.request import Scope
from panfair.builders.search.static.entry import Entry
from panfair.builders.search.static.form import FOLDER
from panfair.site.run.static_search.base import SearchBase
from panfair.site.state.staging import Staging, stage

BASE = "search"
"""Who owns the files of the base."""
_BEGIN = "revised-"


class StandingBase:
    """The files of a generation, as the ledger knows them."""

    def __init__(self, generation: str, staging: Staging) -> None:
        self.folder = f"www/{FOLDER}/{generation}"
        self._staging = staging
        self._output: Path = staging.output
        self._digests = staging.standing(BASE)
        self.revised = next(
            (Path(path).stem for path in self._digests if path.startswith(f"{self.folder}/{_BEGIN}")), ""
        )
        """The name of the file that tells which files have another name; empty when none has."""
        self._names: dict[str, str] = orjson.loads(self._text(self.revised)) if self.revised else {}

    def frequent(self, scope: Scope) -> frozenset[str]:
        """The words that are frequent in a scope of the base."""
        return frozenset(orjson.loads(self._text(self._name(f"{scope}/index")))["frequent"])

    def leave(self, lost: Mapping[Scope, Mapping[int, Entry]], base: SearchBase) -> bool:
        """Stages the files that are others without these documents, and has the base forget them.

        False, with nothing done, where a base must be made anew: a file would be left empty, or is not as it was.
        """
        # With numpy and pint, which a run without changes does not need.
        from panfair.builders.search.static.revise import files_without

        made: dict[str, bytes] = {}
        try:
            for scope, gone in lost.items():
                files = files_without(gone, partial(self._read_of, scope))
                if files is None:
                    return False
                made |= {f"{scope}/{name}": body for name, body in files.items()}
        except OSError:
            return False
        old = [*map(self._name, made), *([self.revised] if self.revised else [])]
        names = self._names | {name: sha256(body).hexdigest()[:8] for name, body in made.items()}
        artifacts = [Artifact(self._path(f"{name}-{names[name]}"), body) for name, body in made.items()]
        told = gzip.compress(orjson.dumps(names, option=orjson.OPT_SORT_KEYS) + b"\0", 6, mtime=0)
        self.revised = f"{_BEGIN}{sha256(told).hexdigest()[:12]}"
        artifacts.append(Artifact(self._path(self.revised), told))
        standing = {self._path(name): "" for name in old}
        self._staging.accept(BASE, stage(self._output, artifacts, {}), standing)
        for scope, gone in lost.items():
            for number in gone:
                base.leave(scope, number)
        return True

    def _read_of(self, scope: Scope, name: str) -> bytes:
        return self._read(self._name(f"{scope}/{name}"))

    def _name(self, name: str) -> str:
        return f"{name}-{self._names[name]}" if name in self._names else name

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}.bin"

    def _text(self, name: str) -> bytes:
        return gzip.decompress(self._read(name)).partition(b"\0")[0]

    def _read(self, name: str) -> bytes:
        """A file as the last run left it. Raises OSError for any other."""
        path = self._path(name)
        body = (self._output / path).read_bytes()
        if sha256(body).hexdigest() != self._digests.get(path):
            raise OSError(f"{path} is not as the last run left it")
        return body
