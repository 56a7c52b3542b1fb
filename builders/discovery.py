"""What is found by itself: the modules of a folder of ours, and those that other packages offer by entry point.

A format, a list or a page is one module; nothing else names it. A package offers one under an entry point group whose
name begins with `panfair.`.
"""

import importlib
import pkgutil
import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType


def modules_of(package: str, group: str) -> list[ModuleType]:
    """The modules of a package in the order of their names, then those of an entry point group."""
    folder = importlib.import_module(package).__path__
    own = [importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(folder)]
    return own + [point.load() for point in _offered(group, tuple(sys.path))]


@cache
def _offered(group: str, paths: tuple[str, ...]) -> list[EntryPoint]:
    """By name, of the packages below these paths: looking through all that is installed takes milliseconds."""
    return sorted(entry_points(group=group), key=lambda point: point.name)
