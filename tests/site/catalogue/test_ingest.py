"""Ingestion takes files of every form, whole or not at all, and twice changes nothing."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import h5py
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.site.catalogue.ingest.files import IngestPlace, ingest
from panfair.site.catalogue.store.access import Identity
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.query import DatasetQuery, InvestigationQuery
from support.catalogue.document import DOCUMENT

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "core.sqlite") as opened:
        yield opened


def _write(folder: Path, document: object, name: str = "a.json") -> Path:
    path = folder / name
    path.write_bytes(orjson.dumps(document) if not isinstance(document, bytes) else document)
    return path


def _rows(store: Store) -> tuple[int, int, int]:
    """How many sessions and datasets an administrator sees, and the number of the last change."""
    with store.writing() as writer:
        admin = writer.put_user(
            __import__("panfair.site.catalogue.store.entries", fromlist=["x"]).UserEntry(name="root")
        )
    with store.accounts() as accounts:
        accounts.set_right("root", "administrator", True)
    with store.seen_by(Identity(user=admin, administrator=True), date(2026, 3, 1)) as view:
        return view.investigations(InvestigationQuery())[1], view.datasets(DatasetQuery())[1], view.last_change()


def test_json_is_taken_and_twice_changes_nothing(store, tmp_path):
    path = _write(tmp_path, DOCUMENT)
    first = ingest(store, path, NOW)
    assert (first.failed, first.created, first.changed) == ([], 4, 0)
    before = _rows(store)
    assert before[:2] == (1, 2)
    again = ingest(store, path, NOW)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 4)
    assert _rows(store) == before


def test_a_correction_changes_its_row_alone(store, tmp_path):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    session = {**DOCUMENT["sessions"][0], "title": "A better title"}
    report = ingest(store, _write(tmp_path, {**DOCUMENT, "sessions": [session]}), NOW)
    assert (report.created, report.changed, report.unchanged) == (0, 1, 3)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b'{"sessions": [', "not whole JSON"),
        ({"sessions": [{"name": "x"}]}, "sessions.0.facility"),
        ({"nonsense": 1}, "nonsense"),
        ({**DOCUMENT, "facilities": []}, "no facility called"),
        ({"additions": [{"name": "MA-9", "visit_id": "1"}]}, "no session MA-9 1"),
    ],
)
def test_a_bad_file_is_a_line_in_the_report_and_leaves_nothing(store, tmp_path, document, reason):
    report = ingest(store, _write(tmp_path, document), NOW)
    assert not report.all_well and reason in report.failed[0] and report.failed[0].startswith("a.json: ")
    assert _rows(store)[:2] == (0, 0)


def test_half_of_a_file_is_never_kept(store, tmp_path):
    session = DOCUMENT["sessions"][0]
    broken = {**session, "visit_id": "2", "datasets": [{"name": "fit", "made_from": ["nothing"]}]}
    report = ingest(store, _write(tmp_path, {**DOCUMENT, "sessions": [session, broken]}), NOW)
    assert "'fit' was made from 'nothing'" in report.failed[0]
    assert _rows(store)[:2] == (0, 0)


def test_datasets_made_from_each_other_are_refused(store, tmp_path):
    datasets = [{"name": "a", "made_from": ["b"]}, {"name": "b", "made_from": ["a"]}]
    session = {**DOCUMENT["sessions"][0], "datasets": datasets}
    report = ingest(store, _write(tmp_path, {**DOCUMENT, "sessions": [session]}), NOW)
    assert "in a circle: a, b" in report.failed[0]


def test_no_word_of_a_refused_file_is_told(store, tmp_path):
    session = {**DOCUMENT["sessions"][0], "start": "Xylophilia", "title": ["Xylophilia"]}
    report = ingest(store, _write(tmp_path, {**DOCUMENT, "sessions": [session]}), NOW)
    assert report.failed and "Xylophilia" not in "".join(report.lines())


@pytest.mark.parametrize("name", ["icatdump-6.2.yaml", "icatdump-6.2.xml", "icatdump-5.0.yaml"])
def test_the_dumps_of_python_icat_are_taken_twice(store, shared, name):
    first = ingest(store, shared / "data/icat" / name, NOW)
    assert first.failed == [] and first.created >= 3
    before = _rows(store)
    again = ingest(store, shared / "data/icat" / name, NOW)
    assert (again.created, again.changed) == (0, 0) and _rows(store) == before


def test_a_part_of_a_dump_is_refused_with_what_is_missing(store, shared):
    report = ingest(store, shared / "data/icat/icatdump-simple.xml", NOW)
    assert "no facility" in report.failed[0] and _rows(store)[:2] == (0, 0)


def test_what_a_dump_says_is_not_public_without_a_release_date(store, shared):
    ingest(store, shared / "data/icat/icatdump-6.2.yaml", NOW)
    with store.seen_by(Identity(), date(2099, 1, 1)) as view:
        assert view.investigations(InvestigationQuery())[1] == 0


@pytest.mark.parametrize("name", ["metadata-5.0-inl.xml", "metadata-5.0-sep.xml", "metadata-sample.xml"])
def test_the_ingest_files_of_python_icat_go_to_their_session(store, tmp_path, shared, name):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    where = IngestPlace(session=("MA-1", "1"))
    report = ingest(store, shared / "data/icat" / name, NOW, where)
    assert report.failed == [] and report.created >= 2 and not report.left_out
    again = ingest(store, shared / "data/icat" / name, NOW, where)
    assert (again.created, again.changed) == (0, 0)


def test_parameters_beside_their_dataset_are_those_in_it(tmp_path, shared):
    told = []
    for number, name in enumerate(("metadata-5.0-inl.xml", "metadata-5.0-sep.xml")):
        with Store(tmp_path / f"{number}.sqlite") as store:
            ingest(store, _write(tmp_path, DOCUMENT), NOW)
            assert ingest(store, shared / "data/icat" / name, NOW, IngestPlace(session=("MA-1", "1"))).failed == []
            _rows(store)
            with store.seen_by(Identity(user=2, administrator=True), date(2026, 3, 1)) as view:
                datasets, _ = view.datasets(DatasetQuery())
                parameters = view.parameters("dataset", [one.id for one in datasets])
                told.append(
                    sorted(
                        (one.name, one.value, one.units)
                        for dataset in datasets
                        if dataset.name.startswith("testingest")
                        for one in parameters.get(dataset.id, [])
                    )
                )
    assert told[0] == told[1] and len(told[0]) == 10


def test_what_a_newer_ingest_file_says_and_nobody_reads_is_named(store, tmp_path):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    told = b"""<icatingest version="1.9"><data><dataset id="d"><name>new</name><mood>good</mood><parameters>
      <stringValue>a</stringValue><type name="b" units=""/><colour>red</colour></parameters></dataset>
      <investigation id="i"/></data></icatingest>"""
    report = ingest(store, _write(tmp_path, told, "new.xml"), NOW, IngestPlace(session=("MA-1", "1")))
    assert (report.failed, report.created) == ([], 1)
    assert dict(report.left_out) == {"dataset.mood": 1, "parameters.colour": 1, "investigation": 1}


def test_an_ingest_file_without_a_session_says_what_to_give(store, shared):
    report = ingest(store, shared / "data/icat/metadata-sample.xml", NOW)
    assert "--session PROPOSAL:VISIT" in report.failed[0]


def test_entities_of_xml_are_never_read(store, tmp_path):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    secret = tmp_path / "secret.txt"
    secret.write_text("Xylophilia")
    text = (
        f'<!DOCTYPE icatingest [<!ENTITY x SYSTEM "{secret.as_uri()}">]><icatingest version="1.0"><data>'
        "<dataset><name>scan &x;</name></dataset></data></icatingest>"
    )
    path = _write(tmp_path, text.encode(), "b.xml")
    ingest(store, path, NOW, IngestPlace(session=("MA-1", "1")))
    _rows(store)
    with store.seen_by(Identity(user=2, administrator=True), date(2026, 3, 1)) as view:
        assert all("Xylophilia" not in one.name for one in view.datasets(DatasetQuery())[0])


@pytest.mark.parametrize(
    ("name", "technique", "parameter"),
    [
        ("Therm_6_2.nxs", "PaNET:PaNET01164", "beam/incident_wavelength"),
        ("nexus-example.hdf5", "PaNET:PaNET01124", "detector/beam_center_x"),
    ],
)
def test_nexus_files_tell_technique_and_values(store, tmp_path, shared, name, technique, parameter):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    where = IngestPlace(session=("MA-1", "1"), files=shared / "data")
    assert ingest(store, shared / "data/nexus" / name, NOW, where).failed == []
    assert ingest(store, shared / "data/nexus" / name, NOW, where).changed == 0
    _rows(store)
    with store.seen_by(Identity(user=2, administrator=True), date(2026, 3, 1)) as view:
        (dataset,) = [one for one in view.datasets(DatasetQuery())[0] if one.name == Path(name).stem]
        assert [one.pid for one in view.techniques_of([dataset.id])[dataset.id]] == [technique]
        assert parameter in {one.name for one in view.parameters("dataset", [dataset.id])[dataset.id]}
        (file,) = view.files_of([dataset.id])[dataset.id]
        assert file.location == f"nexus/{name}" and file.size == (shared / "data/nexus" / name).stat().st_size


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.floats(0.01, 0.95))
def test_a_truncated_hdf5_file_is_refused_with_a_clear_line(tmp_path, shared, share):
    whole = (shared / "data/nexus/dmc01.h5").read_bytes()
    path = _write(tmp_path, whole[: int(len(whole) * share)], "cut.h5")
    with Store(tmp_path / "core.sqlite") as store:
        report = ingest(store, path, NOW, IngestPlace(session=("MA-1", "1")))
        assert len(report.failed) == 1 and report.failed[0].startswith("cut.h5: ")
        assert _rows(store)[1] == 0


def _planted(folder: Path) -> dict[str, Path]:
    """NeXus files that would show what stands elsewhere: text of the system, and another team's values."""
    (folder / "secret.txt").write_bytes(b"xylophilia " * 8)
    with h5py.File(folder / "theirs.h5", "w") as other:
        other["entry/beam/incident_energy"] = 7.77125
        other["entry/sample/name"] = "xylophilia"
    planted = {}
    for way in ("raw", "link", "virtual", "soft"):
        planted[way] = folder / f"{way}.h5"
        with h5py.File(planted[way], "w") as file:
            entry = file.create_group("entry")
            entry.attrs["NX_class"] = "NXentry"
            entry["title"] = "Ours"
            for name in ("sample", "beam"):
                entry.create_group(name).attrs["NX_class"] = f"NX{name}"
            if way == "raw":
                text = [(str(folder / "secret.txt").encode(), 0, 80)]
                entry["sample"].create_dataset("name", shape=(1,), dtype="S80", external=text)
                entry["beam"].create_dataset("incident_energy", shape=(1,), dtype="f8", external=text)
            elif way == "link":
                entry["sample/name"] = h5py.ExternalLink(str(folder / "theirs.h5"), "entry/sample/name")
                entry["beam/incident_energy"] = h5py.ExternalLink("theirs.h5", "entry/beam/incident_energy")
            elif way == "virtual":
                layout = h5py.VirtualLayout(shape=(), dtype="f8")
                layout[()] = h5py.VirtualSource("theirs.h5", "entry/beam/incident_energy", shape=())
                entry["beam"].create_virtual_dataset("incident_energy", layout)
            else:
                file["away"] = h5py.ExternalLink("theirs.h5", "/entry")
                entry["sample/name"] = h5py.SoftLink("/away/sample/name")
                entry["beam/incident_energy"] = h5py.SoftLink("/away/beam/incident_energy")
    return planted


@pytest.mark.parametrize("way", ["raw", "link", "virtual", "soft"])
def test_nothing_from_outside_a_file_comes_into_a_session(store, tmp_path, way):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    path = _planted(tmp_path)[way]
    assert ingest(store, path, NOW, IngestPlace(session=("MA-1", "1"))).failed == []
    _rows(store)
    with store.seen_by(Identity(user=2, administrator=True), date(2026, 3, 1)) as view:
        (dataset,) = [one for one in view.datasets(DatasetQuery())[0] if one.name == way]
        assert dataset.description == "Ours"
        assert view.parameters("dataset", [dataset.id]).get(dataset.id, []) == []
    assert b"xylophilia" not in (tmp_path / "core.sqlite").read_bytes()


def test_a_file_chooses_no_session_unless_the_operator_trusts_it(store, tmp_path):
    ingest(store, _write(tmp_path, DOCUMENT), NOW)
    path = tmp_path / "ours.h5"
    with h5py.File(path, "w") as file:
        file.create_group("entry").attrs["NX_class"] = "NXentry"
        file["entry/experiment_identifier"] = "MA-1:1"
    before = _rows(store)
    (line,) = ingest(store, path, NOW).failed
    assert "--session" in line and _rows(store) == before
    assert ingest(store, path, NOW, IngestPlace(trusted=True)).failed == []
    assert _rows(store)[1] == before[1] + 1


def test_a_folder_is_taken_file_by_file_and_a_bad_one_stops_no_other(store, tmp_path, shared):
    folder = tmp_path / "in"
    folder.mkdir()
    _write(folder, DOCUMENT)
    _write(folder, b"{", "b.json")
    shutil.copy(shared / "data/icat/metadata-sample.xml", folder / "c.xml")
    (folder / "notes.txt").write_text("not for ingestion")
    report = ingest(store, folder, NOW, IngestPlace(session=("MA-1", "1")))
    assert report.files == 3 and len(report.failed) == 1 and report.failed[0].startswith("b.json")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.sampled_from(["x.json", "x.xml", "x.yaml", "x.h5"]))
def test_rubbish_is_always_a_line_and_never_a_row(tmp_path, data, name):
    with Store(tmp_path / "core.sqlite") as store:
        report = ingest(store, _write(tmp_path, data, name), NOW, IngestPlace(session=("a", "b")))
        assert report.failed or report.created == 0
        assert _rows(store)[:2] == (0, 0)
