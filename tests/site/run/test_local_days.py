"""Days are those of the facility: a local midnight is never the day before, and moments stay the moments they are."""

import json
from datetime import UTC, datetime

import pytest

from panfair.harvesters import zone_named
from panfair.harvesters.reading.values import day, instant
from panfair.ontologies.errors import ConfigError
from panfair.ontologies.fields import local_zone
from panfair.site.config.settings import read_config
from support.records import a_dataset
from support.site_run import SiteRun, numbered


def _page(site: SiteRun) -> str:
    return site.page(numbered(1)).decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("zone", "start", "shown"),
    [
        ("Europe/Berlin", datetime(2023, 12, 31, 23, 0, tzinfo=UTC), "1 January 2024"),
        ("Europe/Berlin", datetime(2024, 6, 30, 23, 30, tzinfo=UTC), "1 July 2024"),
        ("Asia/Tokyo", datetime(2024, 3, 9, 23, 0, tzinfo=UTC), "10 March 2024"),
        ("America/Chicago", datetime(2024, 3, 9, 3, 0, tzinfo=UTC), "8 March 2024"),
        ("UTC", datetime(2023, 12, 31, 23, 0, tzinfo=UTC), "31 December 2023"),
    ],
)
def test_pages_tell_the_day_at_the_facility_and_machines_the_moment(tmp_path, zone, start, shown):
    site = SiteRun(tmp_path, site=f'timezone = "{zone}"')
    site.put(numbered(1, start=None, end=None, datasets=(a_dataset(start=start, end=start),)))
    site.publish()
    assert shown in _page(site)
    record = json.loads((site.output / "www/doi/10.99999/example-1/metadata.jsonld").read_bytes())
    assert start.strftime("%Y-%m-%dT%H:%M:%SZ") in json.dumps(record)


def test_a_moment_without_a_zone_is_by_the_clock_of_its_source(tmp_path):
    naive = {"start": "2024-01-01T00:30:00", "end": "2024-01-01T02:00:00"}
    site = SiteRun(tmp_path, sources=())
    line = json.dumps({
        "source_id": "inv-1", "doi": str(numbered(1).doi), "title": "Foam", "publisher": {"name": "EPS"},
        "publication_year": 2024, "release_date": "2024-06-01", "creators": [{"name": "Testa Madeup"}],
        "datasets": [{"id": "1", "name": "scan", **naive}],
    })  # fmt: skip
    (tmp_path / "a.jsonl").write_text(line + "\n")
    table = '[[source]]\nname = "one"\nkind = "records"\npath = "a.jsonl"\ntimezone = "Asia/Tokyo"\n'
    site.path.write_text(site.path.read_text().replace("contact =", 'timezone = "Asia/Tokyo"\ncontact =') + table)
    site.publish()
    text = (site.output / "www/doi/10.99999/example-1/metadata.jsonld").read_text()
    assert "2023-12-31T15:30:00Z" in text and "1 January 2024" in _page(site)


def test_a_day_is_never_the_one_before_that_its_source_means():
    clock = local_zone.set(zone_named("Europe/Berlin"))
    try:
        assert str(day("2023-12-31T23:00:00Z")) == "2024-01-01" == str(day("2024-01-01"))
        assert str(instant("2024-01-01T00:00:00")) == "2023-12-31 23:00:00+00:00"
    finally:
        local_zone.reset(clock)
    assert str(day("2023-12-31T23:00:00Z")) == "2023-12-31"


@pytest.mark.parametrize("where", ["site", "source"])
def test_a_zone_that_there_is_none_of_is_told(tmp_path, where):
    site = SiteRun(tmp_path, site='timezone = "Mars/Olympus"' if where == "site" else "")
    if where == "source":
        site.path.write_text(site.path.read_text() + 'timezone = "Mars/Olympus"\n')
    with pytest.raises(ConfigError, match="must be a time zone such as Europe/Berlin"):
        read_config(site.path)


def test_the_case_handed_to_us_shows_local_days(tmp_path, shared):
    folder = shared / "cases/08-local-day"
    names = json.dumps([str(folder / name) for name in ("PublishedData.json", "Dataset.json")])
    table = f'[[source]]\nname = "ours"\nkind = "dump"\npath = {names}\n'
    site = SiteRun(tmp_path, tables=table, site='timezone = "Europe/Berlin"')
    site.publish()
    (page,) = (site.output / "www/doi/10.5072/zone").glob("index.html")
    text = page.read_text().replace("\u00a0", " ")
    assert "1 January 2024" in text and "31 December" not in text and "30 June" not in text
