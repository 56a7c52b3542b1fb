"""Real catalogues of which some records are closed are published: nothing that open records say is taken for a leak."""

import json
import random
from pathlib import Path

import pytest

from panfair.site.check.output import check
from panfair.site.config.settings import read_config
from panfair.site.run.day import Day, day_of
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from support.records import TODAY

_TOML = """\
[site]
title = "Open data of the Example Photon Source"
base_url = "https://data.example.org"
contact = "data@example.org"
publisher = "Example Photon Source"
extra_doi_prefixes = ["00.0815"]
language = "{language}"
[run]
processes = 1
[search]
static = {static}
[embargo.restricted]
{restricted}
{sources}
"""
_SOURCE = '[[source]]\nname = "s{number}"\nkind = "dump"\npath = "{path}"\nlicence = "CC-BY-4.0"\n'


def _published(folder: Path, *paths: Path, closed=(), language="en", static="false", day: Day | None = None) -> Report:
    """The report of a run over dumps, with some DOIs closed."""
    sources = "\n".join(_SOURCE.format(number=number, path=path) for number, path in enumerate(paths))
    restricted = "\n".join(f'"{doi}" = "ask for it"' for doi in closed)
    path = folder / "panfair.toml"
    path.write_text(_TOML.format(restricted=restricted, sources=sources, language=language, static=static))
    report, config = Report(), read_config(path)
    harvest(config, report, Silence())
    build(config, day or day_of(TODAY), report, Silence(), accept_shrink=True)
    assert list(check(config)) == []
    return report


def test_a_title_and_the_number_beside_it_are_not_the_name_of_a_closed_dataset(tmp_path, shared):
    report = _published(tmp_path, shared / "cases/21-scicat/leakscan-false-alarm.json")
    assert report.released >= 1


def test_an_open_session_and_its_number_are_not_the_name_of_a_closed_proposal(tmp_path):
    facility = {"Facility_name-EPS": {"name": "EPS"}}
    sessions = {
        name: {"name": name, "visitId": "1", "doi": f"10.5072/{name}", "title": f"Foam {name}", "endDate": "2024-04-01",
               "facility": "Facility_name-EPS", "releaseDate": f"{year}-05-01T00:00:00+00:00"}
        for name, year in (("MA-12", 2024), ("MA-121", 2099))
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps({"facility": facility, "investigation": sessions}))
    report = _published(tmp_path, tmp_path / "a.json", static="true")
    assert report.released == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_a_real_catalogue_with_random_records_closed_is_published_whole(tmp_path, shared, seed):
    source = shared / "data/scicat/psi_publisheddata.json"
    dois = sorted(record["doi"] for record in json.loads(source.read_text()))
    draw = random.Random(seed)
    chosen = draw.sample(dois, 30)
    some = [record for record in json.loads(source.read_text()) if record["doi"] in chosen]
    sample = tmp_path / "some.json"
    sample.write_text(json.dumps(some))
    report = _published(tmp_path, sample, closed=chosen[:10])
    assert report.released == len({record["doi"] for record in some}) - 10
