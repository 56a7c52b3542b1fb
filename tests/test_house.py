"""The house itself: packaging, file sizes, doctests by import name."""

import doctest
import importlib
import pkgutil
import re
import tomllib

import click
import pytest

from panfair.builders.metadata.crosswalk import CROSSWALK
from panfair.site.cli.main import main
from panfair.site.config.settings import read_config
from support.house import ROOT

ROOMS = ("ontologies", "harvesters", "builders", "site", "templates", "testing")


def test_the_package_list_is_the_folders_that_hold_an_init():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {
        "panfair." + ".".join(path.parent.relative_to(ROOT).parts)
        for room in ROOMS
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert listed == found


def _modules():
    for room in ROOMS:
        package = importlib.import_module(f"panfair.{room}")
        yield package.__name__
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield module.name


@pytest.mark.parametrize("name", sorted(_modules()))
def test_the_examples_of_a_module_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_no_module_holds_two_jobs():
    long = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if len(path.read_text().splitlines()) > 400
    ]
    assert long == []


def test_every_module_says_its_job_in_its_first_line():
    silent = [
        str(path.relative_to(ROOT))
        for room in (*ROOMS, "tests")
        for path in (ROOT / room).rglob("*.py")
        if not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_the_docs_show_the_crosswalk_that_the_formats_follow():
    text = (ROOT / "docs/crosswalk.md").read_text(encoding="utf-8")
    table = text.split("<!-- crosswalk -->")[1].split("<!-- /crosswalk -->")[0]
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.strip().splitlines()[2:]]
    assert shown == [tuple(cell or "–" for cell in row) for row in CROSSWALK]


def test_the_readmes_configuration_is_one_that_works(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "panfair.toml"
    path.write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert read_config(path).sources[0].kind == "scicat"


def test_the_systemd_units_call_commands_that_exist():
    commands = []
    for unit in sorted((ROOT / "docs/systemd").glob("*.service")):
        text = unit.read_text(encoding="utf-8")
        assert "NoNewPrivileges=yes" in text and "ProtectSystem=strict" in text, unit.name
        (line,) = re.findall(r"^ExecStart=\S+/panfair (.*)$", text, re.MULTILINE)
        commands.append(line.split())
    assert len(commands) == 4
    for words in commands:
        command = main
        context = click.Context(main)
        while words and not words[0].startswith("-"):
            command = command.get_command(context, words.pop(0))
            assert command is not None
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options
