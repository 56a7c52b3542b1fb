"""The walk-through for a harvester of one's own in docs/sources/plugin.md works as it stands there."""

import re
import tomllib
from types import ModuleType

import pytest

from panfair import harvesters
from panfair.harvesters import Refused
from panfair.testing.site_run import SiteRun, harvested
from support.house import ROOT

_PAGE = (ROOT / "docs/sources/plugin.md").read_text(encoding="utf-8")
_CODE, _TESTS = re.findall(r"^```python\n(.*?)^```", _PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def plugin(monkeypatch) -> ModuleType:
    """The module of the page, installed as its entry point says."""
    made = ModuleType("mycatalogue.harvester")
    exec(compile(_CODE, "mycatalogue/harvester.py", "exec"), made.__dict__)
    entry = re.search(r"^```\n(\[project\.entry-points.*?)^```", _PAGE, re.DOTALL | re.MULTILINE)[1]
    ((name, _),) = tomllib.loads(entry)["project"]["entry-points"]["panfair.harvesters"].items()

    class Point:
        def __init__(self) -> None:
            self.name = name

        def load(self) -> ModuleType:
            return made

    monkeypatch.setattr(harvesters, "_offered", lambda paths: [Point()])
    return made


def test_the_tests_that_the_page_shows_pass(plugin, tmp_path):
    names = {"harvester": plugin, "SiteRun": SiteRun, "harvested": harvested}
    exec("\n".join(line for line in _TESTS.splitlines() if not line.startswith("from ")), names)
    tests = [test for name, test in names.items() if name.startswith("test_")]
    assert len(tests) == 2
    for number, test in enumerate(tests):
        (tmp_path / str(number)).mkdir()
        test(tmp_path / str(number))


def test_an_entry_that_cannot_be_read_costs_itself_only(plugin, tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log/1.json").write_text('{"doi": "no doi", "title": "Foam", "released": "2024-05-01"}')
    (tmp_path / "log/2.json").write_text('{"doi": "10.5072/log-2", "title": "Foam", "released": "2024-05-01"}')
    (odd, good), _ = harvested(plugin, tmp_path, folder="log")
    assert isinstance(odd, Refused) and odd.key == "1"
    assert good.doi == "10.5072/log-2"
