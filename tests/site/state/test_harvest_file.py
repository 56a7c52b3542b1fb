"""The file of a finished harvest: what another panfair wrote is read where it can be, and read anew next time."""

import hashlib

import orjson
import pytest

from panfair.harvesters import Checkpoint, Finished, Kept, SourceOptions, records
from panfair.ontologies.errors import DamagedHarvestError
from panfair.ontologies.record import publication_from
from panfair.site.run.report import Report
from panfair.site.state import harvest_file, spool
from panfair.site.state.harvest_file import Spooled, header, read_harvest
from panfair.site.state.spool import harvest_source
from support.house import ROOT
from support.site_run import SiteRun, numbered

FIRST = ROOT / "tests/data/state/first-form/made-up.jsonl"


@pytest.fixture
def site(tmp_path):
    made = SiteRun(tmp_path)
    (made.config.state / "harvest").mkdir(parents=True)
    return made


def _line(key: str, values: dict[str, object]) -> bytes:
    body = orjson.dumps(values)
    return b"P %s\t%s\t%s\n" % (key.encode(), hashlib.sha256(body).hexdigest().encode(), body)


def _spool(site: SiteRun, data: bytes) -> None:
    (site.config.state / "harvest/made-up.jsonl").write_bytes(data)


def test_a_harvest_of_the_first_form_is_read_whole(site):
    _spool(site, FIRST.read_bytes())
    items = list(read_harvest(site.config, "made-up"))
    assert len(items) == 4
    publications = [publication_from(item.body) for item in items if isinstance(item, Spooled)]
    assert [one.title for one in publications][:1] == ["Foam of kind 1, tomograms"]


def test_records_of_a_newer_panfair_stop_their_source_and_the_message_says_what_to_do(site):
    strange = {**orjson.loads(numbered(1).model_dump_json()), "mood": "a secret word"}
    _spool(site, b"F 0123\n" + _line(numbered(1).doi.key, strange))
    with pytest.raises(DamagedHarvestError, match=r"another version.*`panfair harvest` reads it anew") as caught:
        list(read_harvest(site.config, "made-up"))
    assert "secret" not in str(caught.value) and caught.value.source == "made-up"


def test_what_stands_of_such_a_source_stays_until_it_is_read_anew(site):
    site.put(numbered(1), numbered(2))
    site.publish()
    pages = site.files("www/doi")
    path = site.config.state / "harvest/made-up.jsonl"
    ours = path.read_bytes()
    strange = {**orjson.loads(numbered(1).model_dump_json()), "mood": "made up"}
    _spool(site, b"F 0123\n" + _line(numbered(1).doi.key, strange))
    report = Report()
    site.build(report)
    assert len(report.failed) == 1 and site.files("www/doi") == pages
    assert site.publish().failed == [] and path.read_bytes() == ours


def test_records_with_other_fields_than_before_are_all_read_anew_once(site, monkeypatch):
    asked = []

    class Catalogue:
        Options = records.Options

        @staticmethod
        def harvest(options, context):
            asked.append(context.last)
            for number in range(3):
                yield Kept(numbered(number).doi.key) if context.last else numbered(number)
            yield Checkpoint("3")
            yield Finished("now")

    monkeypatch.setattr(spool, "harvester", lambda kind: Catalogue)
    source = SourceOptions(name="made-up", kind="records")
    for _ in range(2):
        harvest_source(site.config, source, iter)
    monkeypatch.setattr(spool, "header", lambda: b"F other fields\n")
    for _ in range(2):
        harvest_source(site.config, source, iter)
    assert asked == [None, "now", None, "now"]
    assert (site.config.state / "harvest/made-up.jsonl").read_bytes().count(b"F other fields\n") == 1


def test_what_people_are_told_of_a_field_is_no_part_of_the_form():
    schema = {"description": "x", "properties": {"title": {"title": "Title", "type": "string", "examples": ["a"]}}}
    assert harvest_file._fields(schema) == {"properties": {"title": {"type": "string"}}}
    assert header() == header.__wrapped__() and header().startswith(b"F ")
