"""What is found by itself: the modules of a folder of ours, and those that other packages offer by entry point.

A format, a list or a page is one module; nothing else names it. A package offers one under an entry point group whose
name begins with `panfair.`.
"""

import importlib
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType


def modules_of(package: str, group: str) -> list[ModuleType]:
    """The modules of a package in the order of their names, then those of an entry point group."""
    folder = importlib.import_module(package).__path__
    own = [importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(folder)]
    return own + [point.load() for point in sorted(entry_points(group=group), key=lambda point: point.name)]
