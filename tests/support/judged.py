"""A site that foreign judges look at, some pages of each kind of it, and where the judges' programs are."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.house import ROOT

NODE = ROOT / "tests/sitewide/judges/node_modules"
_KINDS = {
    "home": "index.html",
    "search": "search/index.html",
    "text": "about/**/index.html",
    "help": "help/index.html",
    "list": "[!_d]*/index.html",
    "shelf": "[!_d]*/*/index.html",
    "landing": "doi/**/dcat.ttl",
    "notice": "doi/**/linkset.json",
    "gone": "doi/**/withdrawn.json",
    "dataset": "doi/**/datasets/*/index.html",
    "missing": "404.html",
}
"""How the files of each kind of page are called; a notice is what has a linkset, and neither of the two beside it."""
KINDS = tuple(_KINDS)
_RARE = frozenset({"notice", "gone", "dataset"})
_OF_EACH = 10


@dataclass(frozen=True)
class Judged:
    """One published site: by the server, and on a plain file host, where what is gone is a page like any other."""

    www: Path
    address: str
    plain: str

    def pages(self) -> list[Path]:
        return sorted(self.www.rglob("*.html"))

    def some(self, kind: str) -> list[str]:
        """Ten addresses of a kind of page, spread evenly over all of the kind; fewer where there are fewer."""
        found = sorted(self.www.glob(_KINDS[kind]))
        if kind == "notice":
            rest = ("dcat.ttl", "withdrawn.json")
            found = [path for path in found if not any((path.parent / name).exists() for name in rest)]
        assert found or kind in _RARE
        chosen = found[:: max(1, len(found) // _OF_EACH)][:_OF_EACH]
        pages = [path if path.suffix == ".html" else path.with_name("index.html") for path in chosen]
        host = self.plain if kind == "gone" else self.address
        return [f"{host}/{page.relative_to(self.www)}".removesuffix("index.html") for page in pages]


def needed(*programs: str, package: str) -> str:
    """The path of the first of the programs that is there. Without it or the Node package a test skips; CI fails."""
    found = next(filter(None, map(shutil.which, programs)), None)
    if found is None or not (NODE / package).is_dir():
        lacking = f"{programs[0]} or the package {package} is not here; `make judges` installs the package"
        assert os.environ.get("CI") != "true", lacking
        pytest.skip(lacking)
    return found
