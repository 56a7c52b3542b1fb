"""The house itself: packaging, file sizes, doctests by import name."""

import doctest
import importlib
import pkgutil
import re
import tomllib
from collections import Counter

import click
import pytest

from panfair.builders.metadata.crosswalk import CROSSWALK
from panfair.site.cli.main import main
from panfair.site.config.settings import read_config
from support.house import ROOT
from support.rules.rooms import may_import, rooms, said
from support.rules.untested import listed, reaches, without_a_test_file

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


_CROWDED = {"site/run": 21}
"""Folders with more files than a reader takes in at a glance; they may only get smaller."""


def test_no_folder_holds_more_than_twenty_modules():
    count = Counter(
        path.parent.relative_to(ROOT).as_posix() for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*.py")
    )
    assert {folder: number for folder, number in count.items() if number > 20} == {}


def test_every_room_says_in_its_init_what_it_may_import():
    wrong = {room: f"May import: {may_import(room)}." for room in rooms() if said(room) != may_import(room)}
    assert wrong == {}, "write this line at the end of the docstring of each room's __init__"


def test_every_module_has_its_test_file_or_a_line_that_names_the_tests_it_is_tested_through():
    known, without = listed(), without_a_test_file()
    assert [module for module in without if module not in known] == [], (
        "write tests/<room>/test_<module>.py, or a line in tests/untested.toml that names a test which imports it"
    )
    assert sorted(set(known) - set(without)) == [], "take these lines out of tests/untested.toml"
    lost = {module: test for module, test in known.items() if not (ROOT / test).is_file() or not reaches(test, module)}
    assert lost == {}, "these tests do not import these modules, not even by way of others"


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
