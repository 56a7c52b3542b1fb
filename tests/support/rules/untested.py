"""Which modules have a test file of their own in the same tree, and through which other tests the rest are tested."""

import ast
import tomllib
from functools import cache

from support.house import ROOT
from support.rules.rooms import FLOORS

LIST = ROOT / "tests" / "untested.toml"


def without_a_test_file() -> list[str]:
    """The modules that hold code and have no test file where it would be looked for: `builders/card.py`."""
    return [
        module
        for module in modules()
        if not (ROOT / "tests" / module).with_name(f"test_{module.rpartition('/')[2]}").is_file()
    ]


def modules() -> list[str]:
    """Every module of the floors but the `__init__`s, which say what a room is for."""
    paths = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if path.name != "__init__.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def listed() -> dict[str, str]:
    """Module to the test file through which it is tested, as the list has it."""
    return dict(tomllib.loads(LIST.read_text(encoding="utf-8")))


def reaches(test: str, module: str) -> bool:
    """Whether a test imports a module, itself or by way of others; what is found by itself counts as its room's."""
    name = "panfair." + module.removesuffix(".py").replace("/", ".")
    by_itself = module.startswith(("builders/downloads/", "builders/formats/", "builders/pages/"))
    found = ".".join(name.split(".")[:3]) if by_itself else name
    return name in _imported(test) or any(one.startswith(found) for one in _imported(test))


@cache
def _imported(test: str) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [test]
    while waiting:
        for name in _names(waiting.pop()):
            if name not in seen:
                seen.add(name)
                if path := _path(name):
                    waiting.append(path)
    return frozenset(seen)


def _path(name: str) -> str | None:
    parts = name.removeprefix("panfair.").replace(".", "/")
    base = f"tests/{parts}" if name.startswith("support") else parts
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if (ROOT / path).is_file()), None)


@cache
def _names(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(name for name in found if name.startswith(("panfair.", "support")))
