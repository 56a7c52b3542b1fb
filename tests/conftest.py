"""What all tests share: where the real material is, and made-up records."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real records and schemas; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("PANFAIR_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("no real material here (PANFAIR_SHARED or ../shared)")
    return folder
