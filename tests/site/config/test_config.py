"""panfair.toml: what is wrong in it is said with its table and key, before anything is read or written."""

import re
from pathlib import Path

import pytest

from panfair.harvesters import harvester, kinds
from panfair.ontologies.errors import ConfigError
from panfair.site.config.contradictions import EXAMPLE
from panfair.site.config.settings import read_config

_SITE = """\
[site]
title = "Open data"
base_url = "https://data.example.org/"
contact = "data@example.org"
"""
_SOURCE = '[[source]]\nname = "one"\nkind = "records"\npath = "a.jsonl"\n'


def _read(folder: Path, text: str):
    path = folder / "panfair.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_paths_are_relative_to_the_file(tmp_path):
    config = _read(tmp_path, _SITE + _SOURCE)
    assert config.output == tmp_path / "output"
    assert config.state == tmp_path / ".panfair"
    assert config.root == tmp_path


def test_base_url_loses_its_trailing_slash(tmp_path):
    assert _read(tmp_path, _SITE + _SOURCE).portal.base_url == "https://data.example.org"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_SITE, "no [[source]] table"),
        (_SITE + _SOURCE + 'colour = "red"\n', "unknown key `colour`"),
        (_SITE + "[embargoes]\npage = 'notice'\n" + _SOURCE, "unknown key `embargoes`"),
        (_SITE + "[embargo]\npage = 'all'\n" + _SOURCE, "`embargo.page`"),
        (_SITE + "[run]\nshrink_limit = 3\n" + _SOURCE, "`run.shrink_limit`"),
        (_SITE.replace('contact = "data@example.org"\n', "") + _SOURCE, "missing `site.contact`"),
        (_SITE.replace("data@example.org", "the office") + _SOURCE, "e-mail address"),
        (_SITE.replace("https://data.example.org/", "data.example.org") + _SOURCE, "https://data.example.org"),
        (_SITE + _SOURCE + _SOURCE, "two sources are called 'one'"),
        (_SITE + _SOURCE.replace("records", "fax"), "no harvester of kind 'fax'"),
        (_SITE + '[[source]]\nname = "one"\n', "needs `kind`"),
        (_SITE + '[source]\nname = "one"\n', "two brackets"),
        (_SITE + 'output = "."\n' + _SOURCE, "`output` must be a folder of its own"),
        (_SITE + 'output = "."\n' + _SOURCE, "panfair.toml"),
        (_SITE + 'output = "out"\nstate = "out/state"\n' + _SOURCE, "`output` must be a folder of its own"),
        (_SITE + 'metadata_licence = "free"\n' + _SOURCE, "`site.metadata_licence`"),
        (_SITE + 'publisher_ror = "02550n021"\n' + _SOURCE, "`site.publisher_ror`"),
        (_SITE + 'publisher_ror = "Example Photon Source"\n' + _SOURCE, "such as https://ror.org/02550n020"),
        (_SITE + _SOURCE + 'checksum_algorithm = "CRC32"\n', "must be one of MD5, SHA-1"),
        (_SITE + _SOURCE + 'file_url = "https://files.example.org/"\n', "with {id}, {name} or {location} in it"),
        (_SITE + _SOURCE + 'file_url = "https://files.example.org/{path}"\n', "with {id}, {name} or {location} in it"),
        (_SITE + _SOURCE + 'file_url = "/data/{location}"\n', "must be an address"),
        (_SITE + _SOURCE + 'file_url = "https://{name}.example.org/"\n', "the host must be the same"),
        ("[site\n", "not readable as TOML"),
        ("sources = 1\n" + _SITE + _SOURCE, "unknown key `sources`, did you mean `source`?"),
        (_SITE + 'pubisher = "EPS"\n' + _SOURCE, "unknown key `site.pubisher`, did you mean `site.publisher`?"),
        (_SITE + "[run]\ncontact = 'x'\n" + _SOURCE, "`run.contact`, did you mean `site.contact`?"),
        ('title = "x"\n' + _SITE + _SOURCE, "unknown key `title`, did you mean `site.title`?"),
        (_SITE + "[run]\nthreads = 2\n" + _SOURCE, "`run.threads` (there are shrink_limit, processes)"),
        (
            _SITE + _SOURCE + 'theme = "x.toml"\n',
            "[[source]] 'one': unknown key `theme`, did you mean `site.theme`?",
        ),
        (_SITE.replace("org/", "org/catalogue"), "without the path /catalogue"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_the_reason(tmp_path, text, said):
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text)
    assert said in str(caught.value)


@pytest.mark.parametrize("said", ["02550n020", "ROR:02550n020", "https://ror.org/02550n020/"])
def test_the_publishers_ror_id_is_an_address_however_it_is_written(tmp_path, said):
    portal = _read(tmp_path, _SITE + f'publisher_ror = "{said}"\n' + _SOURCE).portal
    assert portal.publisher_ror == "https://ror.org/02550n020"


def test_an_algorithm_may_be_spelt_in_any_way(tmp_path):
    config = _read(tmp_path, _SITE + _SOURCE + 'checksum_algorithm = "sha256"\n')
    assert config.sources[0].checksum_algorithm == "SHA-256"


def test_a_file_that_is_not_there_points_to_init(tmp_path):
    with pytest.raises(ConfigError, match="panfair init"):
        read_config(tmp_path / "none.toml")


def test_every_kind_that_a_source_can_have_is_a_harvester():
    for kind in kinds():
        assert callable(harvester(kind).harvest) and harvester(kind).Options


def test_every_mistake_in_the_file_is_told_at_once(tmp_path):
    text = (
        _SITE.replace("data@example.org", "the office")
        + 'pubisher = "EPS"\n[runs]\n'
        + _SOURCE
        + "colour = 1\nurl = 2\n"
    )
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text + '[[source]]\nname = "two"\nkind = "fax"\n')
    for said in ("`site.contact`", "`site.pubisher`", "`runs`", "`colour`", "`url`", "kind 'fax'"):
        assert said in str(caught.value)
    assert "Value error" not in str(caught.value)


def test_an_address_with_a_path_is_refused_with_the_reason(shared):
    with pytest.raises(ConfigError, match=r"without the path /catalogue.*host name of its own"):
        read_config(shared / "cases/13-base-path/panfair.toml")


def test_what_init_writes_is_refused_until_each_made_up_value_is_filled_in(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text)
    told = re.findall(r"`([a-z_.]+)` still says", str(caught.value))
    assert told == ["site.title", "site.base_url", "site.contact", "source.url"]
    text = text.replace("your-facility.example", "example.org")
    with pytest.raises(ConfigError, match=r"`site.title` still says"):
        _read(tmp_path, text)
    config = _read(tmp_path, text.replace("YOUR FACILITY", "EPS"))
    assert config.sources[0].kind == "scicat" and config.run.shrink_limit == 0.1
