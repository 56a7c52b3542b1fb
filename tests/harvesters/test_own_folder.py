"""`[site] harvesters`: a module in a folder is a kind of source, without packaging; mistakes are told with place."""

import pytest

from panfair.harvesters import harvester, kinds, use
from panfair.ontologies.errors import ConfigError
from support.site_run import SiteRun

_MODULE = '''
"""Our logbook."""

from panfair.harvesters import SourceOptions, made
from panfair.ontologies.record import Publication

from . import words


class Options(SourceOptions):
    """A [[source]] of kind `logbook`."""

    most: int = 1


def harvest(options, context):
    for number in range(options.most):
        raw = {"number": number}
        context.raw(raw)
        yield made(
            str(number),
            lambda: Publication(
                source=options.name, source_id=str(number), doi=f"10.5072/log-{number}", title=words.TITLE,
                creators=[{"name": "Testa Madeup"}], publisher={"name": "EPS", "kind": "organisation"},
                publication_year=2024, release_date="2024-05-01",
            ),
        )
'''
_TABLE = '[[source]]\nname = "log"\nkind = "logbook"\nmost = 2\n'


@pytest.fixture(autouse=True)
def _ours_again():
    yield
    use(None)


def _site(folder, text: str = _MODULE, name: str = "logbook") -> SiteRun:
    (folder / "own").mkdir(parents=True)
    (folder / f"own/{name}.py").write_text(text)
    (folder / "own/words.py").write_text('"""Words."""\n\nTITLE = "Foam"\n')
    return SiteRun(folder, tables=_TABLE, site='harvesters = "own"')


def test_a_module_in_the_folder_is_a_kind_of_source_and_what_stands_beside_it_helps(tmp_path):
    site = _site(tmp_path)
    assert site.publish().released == 2
    assert {"logbook", "records"} <= set(kinds()) and "words" not in kinds()


def test_two_sites_have_their_own_modules_of_one_name(tmp_path):
    assert _site(tmp_path / "a").publish().released == 2
    assert _site(tmp_path / "b", _MODULE.replace("options.most", "options.most + 1")).publish().released == 3
    assert harvester("logbook").Options.model_fields["most"].default == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('"""Broken."""\n\nOptions = = 1\n', r"logbook\.py:3: cannot be loaded \(SyntaxError"),
        ('"""Broken."""\nimport no_such_module_at_all\n', r"logbook\.py:2: cannot be loaded \(ModuleNotFoundError"),
        ('"""No harvester."""\n', "there is no harvester of kind 'logbook'"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_told_with_file_and_line(tmp_path, text, why):
    site = _site(tmp_path, text)
    with pytest.raises(ConfigError, match=why):
        _ = site.config


def test_a_module_may_not_stand_in_for_a_kind_of_ours(tmp_path):
    site = _site(tmp_path, name="records")
    site.path.write_text(site.path.read_text().replace('"logbook"', '"records"'))
    with pytest.raises(ConfigError, match="'records' is a kind that panfair has"):
        _ = site.config


def test_a_folder_that_is_not_there_is_told(tmp_path):
    site = SiteRun(tmp_path, tables=_TABLE, site='harvesters = "nowhere"')
    with pytest.raises(ConfigError, match="nowhere: no such folder of harvesters"):
        _ = site.config
