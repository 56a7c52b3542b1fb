"""The whole site in a temporary folder that the package offers to everybody's tests, and copies of one that stands."""

import shutil
from pathlib import Path

from panfair.testing.site_run import SiteRun, harvested, numbered

__all__ = ["SiteRun", "copied", "harvested", "numbered", "of_four"]


def copied(site: SiteRun, folder: Path) -> SiteRun:
    """The same site in another folder, as an operator moves it: much cheaper than another first publication."""
    shutil.copytree(site.folder, folder, symlinks=True)
    other = object.__new__(SiteRun)
    other.folder, other.path = folder, folder / site.path.name
    return other


def of_four(folder: Path) -> SiteRun:
    """A site of four records, before its first run."""
    made = SiteRun(folder)
    made.put(*map(numbered, range(4)))
    return made
