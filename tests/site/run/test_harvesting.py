"""Tests of site/run/harvesting.py: a source that must begin anew does so at once, and only once."""

from collections.abc import Iterator
from types import SimpleNamespace

from panfair.harvesters import Checkpoint, Context, Harvested, records
from panfair.ontologies.errors import HarvestError
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from panfair.site.state import spool
from panfair.site.state.harvest_file import read_harvest
from support.site_run import SiteRun, numbered


def _site(tmp_path, monkeypatch, program) -> SiteRun:
    site = SiteRun(tmp_path)
    site.put(numbered(1), numbered(2))
    monkeypatch.setattr(spool, "harvester", lambda kind: SimpleNamespace(Options=records.Options, harvest=program))
    return site


def _report(site: SiteRun) -> Report:
    report = Report()
    harvest(site.config, report, Silence())
    return report


def test_what_must_be_read_anew_is_read_anew_in_the_same_run(tmp_path, monkeypatch):
    begun: list[str | None] = []

    def program(options: records.Options, context: Context) -> Iterator[Harvested]:
        begun.append(context.resume)
        if context.resume:
            raise HarvestError("made-up: changed since; it is read anew", begin_anew=True)
        for place, item in enumerate(records.harvest(options, context)):
            yield item
            if len(begun) == 1:
                yield Checkpoint(str(place))
                raise HarvestError("made-up: stopped answering")

    site = _site(tmp_path, monkeypatch, program)
    assert _report(site).failed
    report = _report(site)
    assert not report.failed
    assert begun == [None, "0", None]
    assert [item.key for item in read_harvest(site.config, "made-up")] == [
        "10.99999/example-1",
        "10.99999/example-2",
    ]


def test_a_source_that_wants_to_begin_anew_for_ever_fails(tmp_path, monkeypatch):
    tries: list[int] = []

    def program(options: records.Options, context: Context) -> Iterator[Harvested]:
        tries.append(1)
        yield from ()
        raise HarvestError("made-up: once more", begin_anew=True)

    report = _report(_site(tmp_path, monkeypatch, program))
    assert len(tries) == 2 and report.failed
