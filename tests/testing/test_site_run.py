"""What the package offers to the tests of others works for a harvester that is not ours."""

from types import ModuleType

import pytest

from panfair.harvesters import Refused, SourceOptions
from panfair.testing.records import a_publication, released
from panfair.testing.site_run import SiteRun, harvested, numbered


def _plugin() -> ModuleType:
    class Options(SourceOptions):
        """A [[source]] of a kind of somebody's own."""

        most: int = 3

    def harvest(options, context):
        context.note("one was left out")
        yield Refused("0", "it has no title")
        for number in range(options.most):
            yield numbered(number, source=options.name)

    made = ModuleType("plugin")
    made.Options, made.harvest = Options, harvest
    return made


def test_a_harvester_of_ones_own_is_read_with_its_keys_and_its_notes(tmp_path):
    items, notes = harvested(_plugin(), tmp_path, most=2)
    assert items[0] == Refused("0", "it has no title") and notes == ["one was left out"]
    assert [item.source_id for item in items[1:]] == ["inv-0", "inv-1"]


def test_a_site_of_ones_own_harvester_is_published(tmp_path, monkeypatch):
    monkeypatch.setattr("panfair.site.config.settings.harvester", lambda kind: _plugin())
    monkeypatch.setattr("panfair.site.state.spool.harvester", lambda kind: _plugin())
    site = SiteRun(tmp_path, tables='[[source]]\nname = "mine"\nkind = "plugin"\nmost = 2\n')
    report = site.publish()
    assert report.released == 2 and report.refused == ["mine: 0: it has no title"]
    assert b"number1" in site.page(numbered(1))
    with pytest.raises(FileNotFoundError):
        site.page(numbered(2))


def test_the_record_factory_gives_an_open_record_and_takes_changes_by_name():
    assert released(a_publication(title="Foam")).publication.title == "Foam"
