"""Incremental harvests: after any changes they have what a full harvest has, and ask for little."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import icat
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.errors import CatalogueError
from panfair.site.catalogue.store.entries import DataPublicationEntry, DatasetEntry, SampleEntry
from panfair.site.config.settings import Config, SiteTable
from panfair.site.state.spool import Harvest, harvest_source
from support.catalogue.facility import TODAY
from support.core_and_site import CoreAndSite, core_and_site
from support.servers.icat import IcatWorld, icat_serving
from support.servers.icat.content import rest_moment

_TOLD = ("title", "fullName", "name", "stringValue", "numericValue", "description", "summary", "fileSize", "subject")
# A full harvest has to find what changes here; `icat_changes` says so.
_FAR_AWAY = frozenset({"Job", "Application", "Study"})


def _site(folder: Path, **source: object) -> Config:
    table = SiteTable(
        title="T", base_url="https://data.example.org", contact="data@example.org", extra_doi_prefixes=("00.0815",)
    )
    options = icat.Options.model_validate({"name": "source", "kind": "icat", **source})
    return Config(site=table, sources=(options,), root=folder)


def _harvest(config: Config, full: bool = False) -> tuple[Harvest, list[bytes]]:
    done = harvest_source(config, config.sources[0], iter, full)
    spool = config.state / "harvest" / f"{config.sources[0].name}.jsonl"
    *lines, _end = spool.read_bytes().splitlines()  # the digest at the end is of one order
    return done, sorted(lines)


@pytest.fixture(scope="module")
def dump(shared) -> Path:
    return shared / "data" / "icat" / "icatdump-6.2.yaml"


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_icat_told_in_part_is_icat_told_whole(tmp_path_factory, dump, data):
    world = IcatWorld(dump, max_entities=10_000)
    catalogue, folder = world.catalogue, tmp_path_factory.mktemp("icat")
    places = [
        (entity, row["id"], name)
        for entity in catalogue.schema.entities
        if entity not in _FAR_AWAY
        for row in catalogue.rows(entity)
        for name in _TOLD
        if isinstance(row.get(name), str | int | float)
    ]
    with icat_serving(world) as url:
        config = _site(folder, url=url)
        first, _ = _harvest(config)
        for _ in range(2):
            for entity, number, name in data.draw(st.lists(st.sampled_from(places), max_size=4)):
                value = next(row[name] for row in catalogue.rows(entity) if row["id"] == number)
                value = f"{value} again" if isinstance(value, str) else value + 1
                catalogue.change(entity, number, **{name: value}, modTime=rest_moment(datetime.now(UTC)))
            done, incremental = _harvest(config)
            assert done.records == first.records
        assert _harvest(config, full=True)[1] == incremental
        assert first.records > 3


def test_icat_of_which_nothing_changed_is_asked_for_little(tmp_path, dump):
    world = IcatWorld(dump, max_entities=10_000)
    with icat_serving(world) as url:
        config = _site(tmp_path, url=url)
        first, whole = _harvest(config)
        asked = len(world.queries)
        again, same = _harvest(config)
    assert again.kept == again.records == first.records > 3 and same == whole
    assert not any(" IN (" in query for query in world.queries[asked:])


def test_icat_says_of_a_collection_what_changed_in_the_session_that_it_holds(tmp_path, dump):
    world = IcatWorld(dump, max_entities=10_000)
    dataset = world.catalogue.rows("DataCollectionDataset")[0]["dataset"]
    with icat_serving(world) as url:
        config = _site(tmp_path, url=url)
        _harvest(config)
        soon = rest_moment(datetime.now(UTC) + timedelta(minutes=1))
        world.catalogue.change("Dataset", dataset, name="renamed-and-found", modTime=soon)
        done, incremental = _harvest(config)
        assert 0 < done.kept < done.records
        assert _harvest(config, full=True)[1] == incremental


def test_a_run_after_a_correction_asks_for_the_corrected_session_only(tmp_path):
    with core_and_site(tmp_path, datetime(2027, 2, 1, 12, tzinfo=UTC)) as world:
        first = harvest_source(world.config, world.config.sources[0], iter)
        assert first.records >= 2 and first.kept == 0
        assert harvest_source(world.config, world.config.sources[0], iter).kept == first.records
        world.publish()
        with world.facility.core.store.writing() as writer:
            writer.put_dataset(world.facility.rows.open, DatasetEntry(name="scan 9"), world.clock.now)
        assert harvest_source(world.config, world.config.sources[0], iter).kept == first.records - 1
        world.publish()
        incremental = world.files()
        assert b"scan 9" in (world.www / "doi/10.5072/open-1/index.html").read_bytes()
        # What a full pass finds is what the incremental one had.
        world.publish(full=True)
        assert world.files() == incremental


_STEPS = st.lists(
    st.sampled_from(["add", "rename", "unfinish", "open", "close", "withdraw dataset", "withdraw", "wait"]), max_size=6
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(_STEPS, _STEPS)
def test_the_core_told_in_part_is_the_core_told_whole(tmp_path_factory, first, second):
    with core_and_site(tmp_path_factory.mktemp("world"), TODAY) as world:
        _publish_a_dataset(world)
        _harvest(world.config)
        for steps in (first, second):
            for number, step in enumerate(steps):
                _step(world, step, number)
            _, incremental = _harvest(world.config)
        assert _harvest(world.config, full=True)[1] == incremental


def _publish_a_dataset(world: CoreAndSite) -> None:
    """A dataset of the closed session gets a DOI of its own: what its page may say of the session changes one day."""
    for suffix, day in ("EARLY", TODAY.date()), ("LATER", date(2026, 12, 1)):
        entry = DataPublicationEntry(
            title=f"Scans of foam, {suffix}",
            publication_date=day,
            datasets=(world.facility.rows.closed_published, world.facility.rows.open_raw),
        )
        with world.facility.core.store.writing() as writer:
            writer.put_data_publication(Doi.parse(f"10.5072/{suffix}"), entry, TODAY)


def _step(world: CoreAndSite, step: str, number: int) -> None:
    rows, now = world.facility.rows, world.clock.now
    with suppress(CatalogueError), world.facility.core.store.writing() as writer:
        match step:
            case "add":
                writer.put_dataset(rows.open, DatasetEntry(name=f"more {number}"), now)
            case "rename":
                writer.put_sample(rows.open, SampleEntry(name="foam", formula=f"C{number + 2}H4"), now)
            case "unfinish":
                writer.put_dataset(rows.open, DatasetEntry(name="scan 1", complete=False), now)
            case "open":
                writer.set_release_date(rows.closed, now.date(), now)
            case "close":
                writer.set_release_date(rows.open, date(2031, 1, 1), now)
            case "withdraw dataset":
                writer.withdraw("dataset", rows.open_processed, "wrong", now)
            case "withdraw":
                writer.withdraw("investigation", rows.open, "wrong", now)
            case "wait":
                world.clock.wait(days=400)
