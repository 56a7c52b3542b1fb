"""Tests of ro-crate-metadata.json: judged by roc-validator, without a network."""

import json
from io import BytesIO
from itertools import pairwise
from urllib.parse import unquote
from zipfile import ZipFile

from hypothesis import HealthCheck, given, settings
from rocrate.rocrate import ROCrate

from panfair.builders.formats.rocrate import _Crate
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import all_formats, formats_of
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import DatasetLink, File, Related
from support.format_cases import PORTAL, releases, rendered
from support.formats.rocrate import a_complete_publication, a_poor_publication, check_crate, crate
from support.judges.rocrate import LACKING, issues, issues_of_archive
from support.records import a_dataset, a_publication, released


def test_a_complete_record_passes_the_validator_without_a_remark():
    processed = a_dataset(
        id="ds-2", name="volume", kind="processed", inputs=(DatasetLink(id="ds-1", public=True),), software=("nabu",)
    )
    file = File(name="a.nxs", url="https://data.example.org/a.nxs", size_bytes=3, description="NeXus file")
    one = released(a_complete_publication(datasets=(a_dataset(), processed), files=(file,)))
    assert issues(crate(one)) == []


def test_all_metadata_come_in_one_archive_that_is_a_crate_itself(tmp_path):
    processed = a_dataset(id="ds-2", name="volume", inputs=(DatasetLink(id="ds-1", public=True),), software=("nabu",))
    file = File(name="a.nxs", url="https://data.example.org/a.nxs", size_bytes=3, description="NeXus file")
    one = released(a_complete_publication(datasets=(a_dataset(), processed), files=(file,)))
    (tmp_path / "metadata.zip").write_bytes(rendered(one, "metadata.zip"))
    assert issues_of_archive(tmp_path / "metadata.zip") == []
    with ZipFile(tmp_path / "metadata.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {form.file for form in formats_of(describe(one, PORTAL))} - {"metadata.zip"}
        for name in set(archive.namelist()) - {"ro-crate-metadata.json"}:
            assert archive.read(name) == rendered(one, name)
    opened = ROCrate(tmp_path / "metadata.zip")
    assert opened.name == one.publication.title
    assert {"datacite.xml", "dcat.ttl"} <= {entity.id for entity in opened.data_entities}


@given(releases)
@settings(max_examples=30, deadline=None)
def test_an_archive_has_the_same_bytes_each_time_and_every_part_of_its_crate(one):
    body = rendered(one, "metadata.zip")
    with ZipFile(BytesIO(body)) as archive:
        crate = json.loads(archive.read("ro-crate-metadata.json"))
        entities = {entity["@id"] for entity in crate["@graph"]}
        assert {"./", *archive.namelist()} <= entities
    fresh = released(one.publication)
    (form,) = [form for form in all_formats() if form.file == "metadata.zip"]
    assert form.render(fresh, PORTAL) == body


@given(releases)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_library_that_people_use_opens_every_crate_detached_and_attached(tmp_path, one):
    names = {"ro-crate-metadata.json": one.publication.doi.url, "metadata.zip": "./"}
    for name, root in names.items():
        (tmp_path / name).write_bytes(rendered(one, name))
        opened = ROCrate(tmp_path / name)
        assert opened.name == one.publication.title
        assert unquote(opened.root_dataset.id).rstrip("/") == unquote(root).rstrip("/")
        assert opened.root_dataset["cite-as"] in (opened.root_dataset, one.publication.doi.url)
        (tmp_path / name).unlink()


def test_both_crates_are_of_one_version_and_cited_by_the_doi():
    one = released(a_complete_publication(datasets=(a_dataset(),)))
    beside = crate(one)
    with ZipFile(BytesIO(rendered(one, "metadata.zip"))) as archive:
        inside = json.loads(archive.read("ro-crate-metadata.json"))
    assert beside["@context"] == inside["@context"]
    for document in (beside, inside):
        descriptor, root = document["@graph"][:2]
        assert descriptor["@id"] == "ro-crate-metadata.json"
        assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
        assert root["cite-as"] in ({"@id": one.publication.doi.url}, one.publication.doi.url)


def test_nobody_is_said_to_have_measured_and_no_time_is_that_nobody_recorded():
    without = {"start": None, "end": None}
    one = a_complete_publication(datasets=(a_dataset(**without),), **without)
    for document in (crate(released(one)), crate(released(a_complete_publication(datasets=(a_dataset(),))))):
        actions = [entity for entity in document["@graph"] if entity["@type"] == "CreateAction"]
        assert not any("agent" in action for action in actions)
    assert not any("startTime" in entity or "endTime" in entity for entity in crate(released(one))["@graph"])


def test_a_poor_record_is_still_a_valid_crate():
    poor = a_poor_publication()
    found = issues(crate(released(poor)))
    assert [issue for issue in found if not issue[1].startswith(LACKING)] == []


def test_an_odd_record_lacks_only_what_the_source_lacks():
    odd = a_publication(
        doi=Doi.parse("10.99999/ü(x)<1>"),
        title='</script> & "q" ]]> 日本語',
        files=(File(name="ü, 1.tif", url="https://data.example.org/ü, 1.tif"),),
        related=(
            Related(relation="IsSourceOf", identifier=Identifier(scheme="DOI", value="10.99999/b"), citation="B"),
            Related(relation="HasPart", identifier=Identifier(scheme="URL", value="https://x.example/é")),
            Related(relation="IsPartOf", citation="A book"),
        ),
    )
    found = issues(crate(released(odd)))
    assert [issue for issue in found if not issue[1].startswith(LACKING)] == []


@given(releases)
@settings(max_examples=80, deadline=None)
def test_a_crate_is_flat_and_whole_whatever_the_record(one):
    check_crate(one)


def test_the_crate_is_no_file_and_no_source_of_its_own_datasets():
    file = File(name="all", url="https://doi.org/10.99999/EXAMPLE-1", size_bytes=5, media_type="text/csv")
    link = DatasetLink(id="elsewhere", identifier=Identifier(scheme="DOI", value="10.99999/EXAMPLE-1"), public=True)
    parts = (a_dataset(inputs=(link,)), a_dataset(id="ds-2", name="scan_0002", files=(file,)))
    document = crate(released(a_publication(files=(file,), datasets=parts)))
    root = document["@graph"][1]
    assert root["@id"] == "https://doi.org/10.99999/EXAMPLE-1" and root["@type"] == "Dataset"
    assert "contentSize" not in root and "encodingFormat" not in root
    assert {"@id": root["@id"]} not in root["hasPart"]


def test_datasets_made_one_from_another_name_each_other_and_the_work_grows_with_their_number_only(monkeypatch):
    asked = []
    part_id = _Crate._part_id
    monkeypatch.setattr(_Crate, "_part_id", lambda self, part: asked.append(part) or part_id(self, part))
    chain = tuple(
        a_dataset(id=f"d{n}", name=f"n{n}", files=(), inputs=(DatasetLink(id=f"d{n - 1}", public=True),) if n else ())
        for n in range(40)
    )
    document = crate(released(a_publication(datasets=chain)))
    actions = [e for e in document["@graph"] if e["@type"] == "CreateAction" and "Processing" in e["name"]]
    ids = [f"https://doi.org/10.99999/EXAMPLE-1#dataset-n{n}" for n in range(40)]
    assert {action["result"]["@id"]: action["object"]["@id"] for action in actions} == dict(pairwise(ids[::-1]))
    assert len(asked) < 5 * len(chain)


def test_a_workflow_engine_finds_what_made_what():
    processed = a_dataset(
        id="ds-2", name="volume", kind="processed", inputs=(DatasetLink(id="ds-1", public=True),), software=("nabu",)
    )
    document = crate(released(a_publication(datasets=(a_dataset(), processed))))
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    actions = [e for e in entities.values() if e["@type"] == "CreateAction" and e["name"] == "Processing of volume"]
    (action,) = actions
    assert entities[action["object"]["@id"]]["name"] == "scan_0001"
    assert entities[action["instrument"]["@id"]]["name"] == "nabu"
    assert entities[action["result"]["@id"]]["name"] == "volume"
