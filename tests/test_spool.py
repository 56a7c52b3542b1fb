"""The spool: whole or resumable, never torn, never readable by others, never below output."""

import stat
from collections.abc import Iterator

import pytest

from panfair.harvesters import Checkpoint, Context, Harvested, Refused, SourceOptions
from panfair.ontologies.errors import HarvestError
from panfair.site import spool
from panfair.site.config import Config, SiteTable
from panfair.site.spool import harvest_source, has_harvest, read_harvest
from site_run import numbered


class Catalogue:
    """A harvester whose catalogue stops answering where the test wants it to."""

    Options = SourceOptions

    def __init__(self) -> None:
        self.fails_after: int | None = None
        self.begun_at: list[str | None] = []
        self.distrusted = False

    def harvest(self, options: SourceOptions, context: Context) -> Iterator[Harvested]:
        self.begun_at.append(context.resume)
        for number in range(int(context.resume or 0), 6):
            if number == self.fails_after:
                raise HarvestError("it stopped answering", begin_anew=self.distrusted)
            yield numbered(number)
            if number == 3:
                yield Refused("inv-x", "no title")
            yield Checkpoint(str(number + 1))


@pytest.fixture
def catalogue(monkeypatch) -> Catalogue:
    made = Catalogue()
    monkeypatch.setattr(spool, "harvester", lambda kind: made)
    return made


@pytest.fixture
def config(tmp_path) -> Config:
    site = SiteTable(title="T", base_url="https://data.example.org", contact="data@example.org")
    return Config(site=site, sources=(SourceOptions(name="one", kind="records"),), root=tmp_path)


def _harvest(config: Config):
    return harvest_source(config, config.sources[0], lambda items: items)


def _keys(config: Config) -> list[str]:
    return [item.key for item in read_harvest(config, "one")]


def test_a_finished_harvest_is_read_back_in_the_catalogues_order(config, catalogue):
    done = _harvest(config)
    assert (done.records, done.refused, done.resumed) == (6, 1, False)
    assert _keys(config) == [f"10.99999/example-{n}" for n in range(4)] + ["inv-x"] + [
        f"10.99999/example-{n}" for n in (4, 5)
    ]


def test_an_interrupted_harvest_goes_on_where_it_stopped(config, catalogue):
    catalogue.fails_after = 4
    with pytest.raises(HarvestError):
        _harvest(config)
    assert not has_harvest(config, "one")
    catalogue.fails_after = None
    done = _harvest(config)
    assert catalogue.begun_at == [None, "4"]
    assert (done.records, done.refused, done.resumed) == (6, 1, True)
    keys = _keys(config)
    assert len(keys) == len(set(keys)) == 7


def test_the_last_good_harvest_stands_while_the_next_one_fails(config, catalogue):
    _harvest(config)
    before = _keys(config)
    catalogue.fails_after = 2
    with pytest.raises(HarvestError):
        _harvest(config)
    assert _keys(config) == before


def test_a_harvest_that_cannot_be_trusted_begins_anew(config, catalogue):
    catalogue.fails_after, catalogue.distrusted = 4, True
    with pytest.raises(HarvestError):
        _harvest(config)
    catalogue.fails_after = None
    assert _harvest(config).records == 6
    assert catalogue.begun_at == [None, None]


def test_other_options_begin_at_the_beginning(config, catalogue):
    catalogue.fails_after = 4
    with pytest.raises(HarvestError):
        _harvest(config)
    catalogue.fails_after = None
    other = config.model_copy(update={"sources": (SourceOptions(name="one", kind="records", facility="Else"),)})
    _harvest(other)
    assert catalogue.begun_at == [None, None]


def test_a_checkpoint_that_cannot_be_read_begins_at_the_beginning(config, catalogue):
    catalogue.fails_after = 4
    with pytest.raises(HarvestError):
        _harvest(config)
    (config.state / "harvest" / "one.checkpoint").write_bytes(b'{"token": "4", "si')
    catalogue.fails_after = None
    assert _harvest(config).records == 6


def test_a_damaged_line_is_an_error_and_not_a_record(config, catalogue):
    _harvest(config)
    path = config.state / "harvest" / "one.jsonl"
    path.write_bytes(path.read_bytes().replace(b"number2", b"number7"))
    with pytest.raises(HarvestError, match="line 3 is damaged"):
        list(read_harvest(config, "one"))


def test_only_the_operator_may_read_what_may_be_closed(config, catalogue):
    _harvest(config)
    assert stat.S_IMODE((config.state / "harvest" / "one.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.state.stat().st_mode) & 0o077 == 0
