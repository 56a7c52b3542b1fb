"""docs/: what is generated is up to date, what is linked is there, what is shown works, and a terminal can show it."""

import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner

from panfair.harvesters import harvester
from panfair.ontologies import techniques
from panfair.site.cli.main import main
from panfair.site.config.settings import read_config
from support.docs import GENERATED
from support.house import ROOT

_PAGES = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if path.relative_to(ROOT).parts[0] != "output"
)
_LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
_LISTING = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def _text(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    found: dict[str, int] = {}
    anchors = set()
    for words in re.findall(r"^#{1,6} (.*)$", _FENCE.sub("", _text(page)), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).replace("`", "")
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = found.get(anchor, 0)
        found[anchor] = number + 1
        anchors.add(f"{anchor}-{number}" if number else anchor)
    return anchors


@pytest.mark.parametrize("page", sorted(GENERATED), ids=str)
def test_a_generated_page_says_what_the_code_says(page):
    assert _text(page) == GENERATED[page](), "run `make docs`"


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_every_file_and_heading_that_a_page_links_to_is_there(page):
    for target in _LINK.findall(_FENCE.sub("", _text(page))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        assert path.exists(), f"{page}: {target}"
        if anchor:
            assert anchor in _anchors(path.resolve().relative_to(ROOT)), f"{page}: {target}"


def test_every_page_of_docs_is_linked_from_the_readme_or_from_a_page_that_is():
    seen, todo = set(), [Path("README.md")]
    while todo:
        page = todo.pop()
        seen.add(page)
        for target in _LINK.findall(_text(page)):
            path = ((ROOT / page).parent / target.partition("#")[0]).resolve()
            if path.suffix == ".md" and path.is_file() and (found := path.relative_to(ROOT)) not in seen:
                todo.append(found)
    assert set(_PAGES) <= seen


def test_the_readme_is_short_and_a_terminal_shows_its_lines():
    lines = _text(Path("README.md")).splitlines()
    assert len(lines) <= 120 and max(map(len, lines)) <= 120


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_nobody_is_told_to_install_panfair_by_a_name_that_pypi_does_not_know(page):
    assert not re.search(r"pip install '?panfair", _text(page))


def _commands(page: Path) -> list[list[str]]:
    """The panfair commands in a page's listings and in its sentences, as words; `[…]` is what may be left out."""
    text = _text(page)
    listings = [body for kind, body in _LISTING.findall(text) if kind in ("sh", "console", "")]
    lines = [line.strip() for listing in listings for line in listing.replace("\\\n", " ").splitlines()]
    spans = [one.replace("\n", " ") for one in re.findall(r"`([^`]*)`", _FENCE.sub("", text))]
    starts = re.compile(r"^(?:\$ |sudo |\S+/)?panfair ")
    shown = [starts.sub("", line).translate(_BRACKETS) for line in (*lines, *spans) if starts.match(line)]
    return [shlex.split(line, comments=True) for line in shown]


_BRACKETS = str.maketrans("", "", "[]")
_EVERY_COMMAND = {"OPTIONS", "COMMAND", "…"}  # as click and we write what stands for any


def _options(command: click.Command) -> dict[str, click.Option]:
    return {
        name: one
        for one in command.params
        if isinstance(one, click.Option)
        for name in (*one.opts, *one.secondary_opts)
    } | {"--help": click.Option(["--help"], is_flag=True)}


def _refused(shown: list[str]) -> str:
    """What the command line would refuse of a command that a page shows; empty when it takes it."""
    words, command, context = list(shown), main, click.Context(main)
    given = 0
    while words:
        word = words.pop(0)
        if word in _EVERY_COMMAND or word in ("ARGS...", "|", ">"):
            return ""
        if word.startswith("-"):
            name, equals, _ = word.partition("=")
            option = _options(command).get(name)
            if option is None:
                return f"no option {name}"
            if not (equals or option.is_flag or option.count):
                value = words.pop(0) if words else ""
                if isinstance(option.type, click.Choice) and value not in option.type.choices:
                    return f"{name} is not {value!r}"
                if not value:
                    return f"{name} has no value"
        elif isinstance(command, click.Group):
            found = command.get_command(context, word)
            if found is None:
                return f"no command {word}"
            command = found
        else:
            given += 1
    if given > sum(1 if one.nargs > 0 else 99 for one in command.params if isinstance(one, click.Argument)):
        return "too many arguments"
    return ""


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_the_commands_that_a_page_shows_exist_with_their_options(page):
    assert not [(shown, why) for shown in _commands(page) if (why := _refused(shown))]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("panfair publihs --config x", "no command publihs"),
        ("panfair publish --confg x", "no option --confg"),
        ("panfair publish --config x y", "too many arguments"),
        ("panfair catalogue serv", "no command serv"),
        ("panfair publish --on", "--on has no value"),
        ("panfair -v publish --on 2026-11-24 --output preview", ""),
    ],
)
def test_a_command_that_nobody_could_run_would_be_found(line, why):
    assert _refused(shlex.split(line)[1:]) == why


def _all_options(command: click.Command) -> set[str]:
    found, context = set(_options(command)), click.Context(command)
    if isinstance(command, click.Group):
        below = (command.get_command(context, name) for name in command.list_commands(context))
        return found.union(*(_all_options(one) for one in below if one))
    return found


@pytest.mark.parametrize("page", [page for page in _PAGES if page != Path("CHANGELOG.md")], ids=str)
def test_the_options_that_a_sentence_names_are_those_of_some_command(page):
    """The changelog may name what is gone."""
    named = re.findall(r"`(--[a-z][a-z-]*)[^`]*`", _FENCE.sub("", _text(page)))
    assert set(named) <= _all_options(main), page


def test_the_configurations_that_pages_show_whole_are_ones_that_work(tmp_path):
    shown = 0
    (tmp_path / "techniques").mkdir()
    for page in _PAGES:
        for text in re.findall(r"^```toml\n(\[site\].*?)^```", _text(page), re.DOTALL | re.MULTILINE):
            path = tmp_path / "panfair.toml"
            path.write_text(text, encoding="utf-8")
            try:
                assert read_config(path).sources, page
            finally:
                techniques.use(None)
            shown += 1
    assert shown


@pytest.mark.parametrize("kind", ["scicat", "icat", "icatplus", "datacite", "oai", "dump", "records", "ispyb"])
def test_the_source_that_its_page_shows_is_one_of_its_kind(kind):
    shown = re.search(
        r"^```toml\n(\[\[source\]\].*?)^```", _text(Path(f"docs/sources/{kind}.md")), re.DOTALL | re.MULTILINE
    )
    (table,) = tomllib.loads(shown[1])["source"]
    assert harvester(kind).Options.model_validate(table).kind == kind


def test_the_tutorial_shows_the_summary_that_its_records_give(tmp_path):
    site = tmp_path / "mysite"
    shutil.copytree(ROOT / "docs/examples", site)
    done = CliRunner().invoke(main, ["publish", "--config", str(site / "panfair.toml"), "--on", "2026-11-24"])
    assert done.exit_code == 0, done.output
    summary = re.search(r"^```\n(read .*?)^```", _text(Path("docs/tutorial.md")), re.DOTALL | re.MULTILINE)
    assert summary[1] in done.stdout
    www = site / "output/www"
    assert not [path for path in www.rglob("*") if path.is_file() and b"mineral" in path.read_bytes().lower()]
    assert (www / "doi/10.5072/tutorial-1/dcat.ttl").is_file()
    assert "another one" in (www / "doi/10.5072/tutorial-3/index.html").read_text(encoding="utf-8")


def test_every_line_of_records_that_the_docs_give_is_valid_by_the_schema_beside_them():
    schema = json.loads((ROOT / "docs/sources/records.schema.json").read_text(encoding="utf-8"))
    for line in (ROOT / "docs/examples/records.jsonl").read_text(encoding="utf-8").splitlines():
        jsonschema.validate(json.loads(line), schema)
