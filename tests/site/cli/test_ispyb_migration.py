"""ISPyB moved away: everything is sessions, datasets, parameters, samples, files, inputs; twice changes nothing."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from panfair.harvesters import ispyb
from panfair.harvesters.dump.files import read_dump
from panfair.harvesters.ispyb.sessions import additions
from panfair.ontologies.additions import Addition
from panfair.site.catalogue.ingest.icat_dump import document_of_dump
from panfair.site.catalogue.ingest.icat_ingest_xml import document_of_ingest_file
from panfair.site.catalogue.store.access import ANONYMOUS
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.query import InvestigationQuery
from panfair.site.cli.ispyb_migration import Migration
from support.ispyb.esrf import esrf_rows
from support.ispyb.rows import Rows, rows_of_dump

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def moved():
    options = ispyb.Options(name="ispyb", kind="ispyb", adds_to="ours", username="reader")
    return list(additions(Rows(esrf_rows()), options, False, lambda note: None))


@pytest.fixture
def core(tmp_path):
    with Store(tmp_path / "core.sqlite") as store:
        yield store


def _files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_dump_of_a_session_is_read_back_as_it_was_written(moved, tmp_path):
    Migration(tmp_path, "EPS", None, AT).move(moved, [])
    (session,) = document_of_dump(tmp_path / "MX9001-11.dump.xml")[0].sessions
    assert (session.name, session.visit_id, session.title, session.release_date) == ("MX9001", "11", "Enzymes", None)
    names = {dataset.name: dataset for dataset in session.datasets}
    result = names["grenades_fastproc"]
    assert result.type == "processed" and result.made_from == ("madeup-x1_1",)
    values = {one.name: (float(one.value), one.units) for one in result.parameters if one.name.endswith("cc_half")}
    assert values["MXAutoprocIntegrationScaling_outer_cc_half"] == (0.008, None)
    assert [file.name for file in result.files] == ["aimless.mtz"]
    assert names["madeup-x1_1"].sample == "x1" and names["Refinement"].made_from == ("grenades_fastproc",)
    (sample,) = session.samples
    assert {one.name: one.value for one in sample.parameters}["SampleProtein_acronym"] == "MADE"
    assert not names["XIA2_DIALS"].complete


def test_the_dumps_are_icats_own_form(moved, tmp_path, shared):
    schema = etree.XMLSchema(etree.parse(shared / "data/icat/icatdata-6.2.xsd"))
    Migration(tmp_path, "EPS", None, AT).move(moved, [])
    dumps = sorted(tmp_path.glob("*.dump.xml"))
    assert len(dumps) == 3
    for path in dumps:
        assert schema.validate(etree.parse(path)), schema.error_log.last_error
        entities = read_dump(path, "test")
        for entity in ("job", "dataset"):  # every reference leads to something in the dump
            for raw in entities.get(entity, {}).values():
                for name in ("application", "inputDataCollection", "type", "investigation", "sample"):
                    if isinstance(raw.get(name), str):
                        known = {key for table in entities.values() for key in table}
                        assert raw[name] in known, raw[name]


def test_an_ingest_file_brings_the_same_datasets(moved, tmp_path, core):
    Migration(tmp_path, "EPS", core, AT).move(moved, [])
    document, _ = document_of_ingest_file(tmp_path / "MX9001-11.ingest.xml", ("MX9001", "11"), core)
    (addition,) = document.additions
    assert {one.name for one in addition.datasets} == {
        one.name for one in document_of_dump(tmp_path / "MX9001-11.dump.xml")[0].sessions[0].datasets
    }


def test_moving_twice_changes_nothing_in_the_folder_and_in_the_core(moved, tmp_path, core):
    first = Migration(tmp_path / "m", "EPS", core, AT)
    first.move(moved, [])
    before = _files(tmp_path / "m")
    again = Migration(tmp_path / "m", "EPS", core, AT)
    again.move(moved, [])
    assert (first.moved, first.unchanged, again.moved, again.unchanged) == (3, 0, 0, 3)
    assert _files(tmp_path / "m") == before


def test_a_move_that_was_stopped_goes_on_and_ends_where_a_whole_one_does(moved, tmp_path, core):
    def stopping():
        yield moved[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Migration(tmp_path / "m", "EPS", None, AT).move(stopping(), [])
    with (tmp_path / "m/done.jsonl").open("ab") as file:
        file.write(b'{"session": "cut o')  # the machine went down in the middle of a line
        file.write(b"\n")
    rest = Migration(tmp_path / "m", "EPS", None, AT)
    rest.move(moved, [])
    assert (rest.moved, rest.unchanged) == (2, 1)
    Migration(tmp_path / "whole", "EPS", None, AT).move(moved, [])
    without_done = [
        {name: body for name, body in _files(tmp_path / one).items() if name != "done.jsonl"} for one in ("m", "whole")
    ]
    assert without_done[0] == without_done[1]


def test_a_session_that_changed_is_moved_again_and_no_other(moved, tmp_path, core):
    Migration(tmp_path, "EPS", core, AT).move(moved, [])
    changed = [moved[0].model_copy(update={"title": "Other enzymes"}), *moved[1:]]
    again = Migration(tmp_path, "EPS", core, AT)
    again.move(changed, [])
    assert (again.moved, again.unchanged) == (1, 2)
    assert document_of_dump(tmp_path / "MX9001-11.dump.xml")[0].sessions[0].title == "Other enzymes"


def test_nothing_that_was_moved_into_the_core_is_open(moved, tmp_path, core):
    Migration(tmp_path, "EPS", core, AT).move(moved, [])
    with core.seen_by(ANONYMOUS, AT.date()) as view:
        assert view.investigations(InvestigationQuery()) == ([], 0)


def test_what_had_no_place_stands_in_the_report(moved, tmp_path):
    lost = Addition(source="ispyb", source_id="program 5", closed=True, datasets=moved[0].datasets[:1])
    Migration(tmp_path, "EPS", None, AT).move([*moved, lost], ["the schema lacks PDB"])
    report = (tmp_path / "report.txt").read_text()
    assert "not read: the schema lacks PDB" in report
    assert "program 5: 1 datasets are of no single session" in report
    assert not list(tmp_path.glob("program*"))


def test_all_of_the_real_rows_move(shared, tmp_path, core):
    options = ispyb.Options(name="ispyb", kind="ispyb", adds_to="ours", username="reader")
    rows = Rows(rows_of_dump(shared / "data/ispyb/diamond_data.sql"))
    found = list(additions(rows, options, False, lambda note: None))
    migration = Migration(tmp_path / "m", "DLS", core, AT)
    migration.move(found, [])
    assert migration.moved == 6 and migration.lines == []
    schema = etree.XMLSchema(etree.parse(shared / "data/icat/icatdata-6.2.xsd"))
    for path in (tmp_path / "m").glob("*.dump.xml"):
        assert schema.validate(etree.parse(path)), schema.error_log.last_error
    (session,) = document_of_dump(tmp_path / "m/cm14451-1.dump.xml")[0].sessions
    assert len(session.datasets) == len(found[0].datasets) > 50
    assert any(one.made_from == ("xia2 dials (result-603470)",) for one in session.datasets)
