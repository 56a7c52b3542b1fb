"""A small site after its first run, published once for all tests that begin there."""

import pytest

from support.site_run import SiteRun, copied, of_four


@pytest.fixture(scope="session")
def standing(tmp_path_factory) -> SiteRun:
    """Read only: who changes it takes `published`."""
    made = of_four(tmp_path_factory.mktemp("standing") / "site")
    made.publish()
    return made


@pytest.fixture
def published(standing, tmp_path) -> SiteRun:
    """A copy of its own for each test."""
    return copied(standing, tmp_path / "site")
