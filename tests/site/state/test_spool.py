"""The spool: whole or resumable, never torn, never readable by others, never below output."""

import stat
from collections.abc import Iterator
from contextlib import suppress

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Checkpoint, Context, Finished, Harvested, Kept, Refused, SourceOptions
from panfair.ontologies.errors import HarvestError
from panfair.site.config.settings import Config, HarvestTable, SiteTable
from panfair.site.state import spool
from panfair.site.state.harvest_file import has_harvest, read_harvest
from panfair.site.state.spool import harvest_source
from support.site_run import SiteRun, numbered


class Catalogue:
    """A harvester whose catalogue stops answering where the test wants it to."""

    Options = SourceOptions

    def __init__(self) -> None:
        self.fails_after: int | None = None
        self.begun_at: list[str | None] = []
        self.distrusted = False
        self.mistaken = False

    def harvest(self, options: SourceOptions, context: Context) -> Iterator[Harvested]:
        self.begun_at.append(context.resume)
        for number in range(int(context.resume or 0), 6):
            if number == self.fails_after:
                if self.mistaken:
                    raise ZeroDivisionError
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


@pytest.mark.parametrize(("trait", "raised"), [("distrusted", HarvestError), ("mistaken", ZeroDivisionError)])
def test_after_what_cannot_be_trusted_or_a_mistake_of_its_program_a_harvest_begins_anew(
    config, catalogue, trait, raised
):
    catalogue.fails_after = 4
    setattr(catalogue, trait, True)
    with pytest.raises(raised):
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
    with pytest.raises(HarvestError, match=r"line 4 of its last harvest \(one\.jsonl\) is damaged"):
        list(read_harvest(config, "one"))


@pytest.mark.parametrize("cut", ["behind a line", "in a line", "all of it", "a line in the middle", "a withdrawal"])
def test_a_harvest_that_lost_lines_is_damaged_and_not_a_smaller_catalogue(config, catalogue, cut):
    harvest_source(config, config.sources[0], lambda items: items)
    path = config.state / "harvest/one.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    match cut:
        case "behind a line":
            lines = lines[:-2]
        case "in a line":
            lines[-1] = lines[-1][:-9]
        case "all of it":
            lines = []
        case "a line in the middle":
            del lines[3]
        case "a withdrawal":
            lines.insert(3, b'W {"key":"10.5072/a","withdrawal":{}}\n')
    path.write_bytes(b"".join(lines))
    with pytest.raises(HarvestError, match="panfair repair"):
        list(read_harvest(config, "one"))


def test_only_the_operator_may_read_what_may_be_closed(config, catalogue):
    _harvest(config)
    assert stat.S_IMODE((config.state / "harvest" / "one.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.state.stat().st_mode) & 0o077 == 0


class Changing:
    """A harvester that tells what changed since its token, and whose catalogue stops answering where a test wants."""

    Options = SourceOptions

    def __init__(self) -> None:
        self.now = 1
        self.titles = dict.fromkeys(range(5), "as it was")
        self.changed = dict.fromkeys(range(5), 1)
        self.fails_after: int | None = None

    def change(self, number: int) -> None:
        self.now += 1
        self.titles[number] = f"Title {self.now}"
        self.changed[number] = self.now

    def lose(self, number: int) -> None:
        self.titles.pop(number, None)

    def harvest(self, options: SourceOptions, context: Context) -> Iterator[Harvested]:
        number, now = int(context.resume or -1), self.now
        while (rest := [one for one in sorted(self.titles) if one > number]) and rest:
            number = rest[0]
            if self.fails_after is not None and number >= self.fails_after:
                raise HarvestError("it stopped answering")
            record = numbered(number, title=self.titles[number])
            stands = context.last is not None and self.changed[number] <= int(context.last)
            yield Kept(record.doi.key) if stands and context.previous(record.doi.key) else record
            yield Checkpoint(str(number))
        yield Finished(str(now))

    @property
    def truth(self) -> dict[str, str]:
        return {numbered(number).doi.key: title for number, title in self.titles.items()}


@pytest.fixture
def changing(monkeypatch) -> Changing:
    made = Changing()
    monkeypatch.setattr(spool, "harvester", lambda kind: made)
    return made


def _titles(config: Config) -> dict[str, str]:
    return {item.key: orjson.loads(item.body)["title"] for item in read_harvest(config, "one")}


def test_what_stands_is_kept_and_what_vanished_is_gone(config, changing):
    _harvest(config)
    changing.change(3)
    changing.lose(1)
    done = _harvest(config)
    assert (done.records, done.kept) == (4, 3) and _titles(config) == changing.truth


def test_a_harvest_in_part_that_fails_leaves_the_last_whole_one(config, changing):
    _harvest(config)
    before = _titles(config)
    changing.change(0)
    changing.fails_after = 3
    with pytest.raises(HarvestError):
        _harvest(config)
    assert _titles(config) == before


def test_a_full_harvest_does_not_go_on_with_one_in_part(config, changing):
    _harvest(config)
    changing.fails_after = 3
    with pytest.raises(HarvestError):
        _harvest(config)
    changing.titles[0] = "changed, and the catalogue does not tell"
    changing.fails_after = None
    done = harvest_source(config, config.sources[0], iter, full=True)
    assert not done.resumed and done.kept == 0 and _titles(config) == changing.truth


def test_a_damaged_line_is_read_anew_and_not_kept(config, changing):
    _harvest(config)
    path = config.state / "harvest" / "one.jsonl"
    path.write_bytes(path.read_bytes().replace(b"specimen2", b"specimen9"))
    assert _harvest(config).kept == 4 and _titles(config) == changing.truth


def test_everything_is_read_now_and_then(config, changing):
    always = config.model_copy(update={"harvest": HarvestTable(full_every_days=0)})
    assert [_harvest(always).kept for _ in range(2)] == [0, 0]
    assert [_harvest(config).kept for _ in range(2)] == [5, 5]
    path = config.state / "harvest" / "one.last"
    told = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps({**told, "whole": told["whole"] - 8 * 86400}))
    assert [_harvest(config).kept for _ in range(2)] == [0, 5]


_WHAT = st.sampled_from(["change", "lose", "harvest", "full", "fail"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(_WHAT, st.integers(0, 4)), max_size=12))
def test_after_any_changes_and_failures_two_harvests_have_the_truth(config, changing, tmp_path_factory, steps):
    config = config.model_copy(update={"root": tmp_path_factory.mktemp("any")})
    changing.__init__()
    for what, number in steps:
        match what:
            case "change":
                changing.change(number)
            case "lose":
                changing.lose(number)
            case _:
                changing.fails_after = number if what == "fail" else None
                with suppress(HarvestError):
                    harvest_source(config, config.sources[0], iter, full=what == "full")
    changing.fails_after = None
    for _ in range(2):  # the first may go on with one that failed, and what it had then may have changed
        _harvest(config)
    assert _titles(config) == changing.truth


def test_a_sources_language_is_that_of_records_that_say_none(tmp_path):
    run = SiteRun(tmp_path)
    run.path.write_text(run.path.read_text().replace('kind = "records"', 'kind = "records"\nlanguage = "fr"'))
    run.put(numbered(1, language=None), numbered(2, language="de"))
    run.publish()
    told = [
        orjson.loads((run.output / "www/doi" / numbered(n).doi.path / "metadata.jsonld").read_bytes()) for n in (1, 2)
    ]
    assert [one["inLanguage"] for one in told] == ["fr", "de"]
