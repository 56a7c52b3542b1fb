"""One SciCat publication with its documents, read into the record."""

import json
from datetime import UTC, date, datetime

import pytest

from panfair.harvesters import Context, Refused, dump
from panfair.harvesters.reading.related_works import related_works
from panfair.harvesters.scicat.pids import identifier_of
from panfair.harvesters.scicat.values import plain
from panfair.ontologies.identifiers import Doi
from support.scicat import dataset, publications, published, read
from support.servers.scicat_documents import stored_dataset, stored_publication


def test_a_long_row_of_signs_before_an_address_takes_no_longer_than_its_length():
    # Twice the length in more than twice the steps would be hours here.
    typed = f"Exemplar, A. Made up {'[' * 2_000_000} doi: : available at doi https://doi.org/10.1234/a"
    (work,) = related_works([typed], Doi.parse("10.5072/own"), note=print)
    assert work.citation == "Exemplar, A. Made up" and work.identifier.value == "10.1234/a"


@pytest.mark.parametrize("digits", ["²", "9" * 5000, "-", ""])
def test_a_number_in_other_digits_is_no_whole_number_and_no_crash(digits):
    assert not isinstance(plain({"$numberLong": digits}), int)


@pytest.mark.parametrize(
    "typed", ["link to follow: http://[DOI pending]", "http://[abc/x", "http://a℀.org", "http://["]
)
def test_an_address_that_is_none_leads_nowhere(typed):
    one = read(published(0, relatedPublications=[typed], downloadLink=typed))
    assert [(work.identifier, work.citation) for work in one.related] == [(None, typed)]


@pytest.mark.parametrize(
    ("status", "public"), [("registered", True), ("amended", True), ("private", False), ("", False)]
)
def test_only_what_scicat_shows_to_all_is_public(status, public):
    assert read(published(0, status=status)).public is public


@pytest.mark.parametrize(
    ("changes", "registered"),
    [
        ({"status": "registered"}, True),
        ({"status": "amended"}, True),
        ({"status": "public"}, True),
        ({"status": "public", "registeredTime": None}, False),
    ],
)
def test_what_scicat_shows_and_datacite_does_not_know_is_a_draft(changes, registered):
    assert read(published(0, **changes)).registered is registered


@pytest.mark.parametrize(
    ("lifecycle", "where"),
    [
        (None, None),
        ({"archivable": True, "retrievable": False, "isOnCentralDisk": True}, "online"),
        ({"archivable": False, "retrievable": True, "isOnCentralDisk": False}, "tape"),
        ({"archivable": False, "retrievable": True, "isOnCentralDisk": True}, "online"),
        ({"archiveStatusMessage": "datasetOnArchiveDisk"}, "tape"),
        ({"archiveStatusMessage": "datasetCreated"}, None),
    ],
)
def test_the_life_cycle_of_a_dataset_tells_whether_it_is_on_tape(lifecycle, where):
    assert read(published(0), dataset(0, datasetlifecycle=lifecycle)).datasets[0].availability == where


@pytest.mark.parametrize(
    ("rights", "restricted", "reason"),
    [
        ([], False, None),
        ([{"rights": "Open Access", "rightsUri": "info:eu-repo/semantics/openAccess"}], False, None),
        ([{"rights": "Restricted Access", "rightsUri": "info:eu-repo/semantics/restrictedAccess"}], True, None),
        ([{"rights": "Ask the board", "rightsUri": "http://purl.org/coar/access_right/c_16ec"}], True, "Ask the board"),
        ([{"rights": "Ask us", "rightsUri": "http://purl.org/coar/access_right/c_14cb"}], True, "Ask us"),
        ([{"rightsUri": "http://purl.org/coar/access_right/c_f1cf"}], True, None),
        ([{"rightsUri": "info:eu-repo/semantics/closedAccess"}], True, None),
        ([{"rightsUri": "info:eu-repo/semantics/embargoedAccess"}], True, None),
        ({"rights": "Restricted-Access"}, True, None),
        (["metadata only access"], True, None),
        ("closed access", True, None),
        ([None, 7, {"rights": 7}], False, None),
    ],
)
def test_restricted_access_in_the_rights_restricts(rights, restricted, reason):
    told = read(published(0, metadata={"rightsList": rights})).restriction
    assert (told is not None) is restricted and (told is None or told.reason == reason)


@pytest.mark.parametrize(("licence", "restricted"), [("restricted access", True), ("CC-BY-4.0", False), (None, False)])
def test_restricted_access_in_place_of_a_licence_restricts(licence, restricted):
    assert (read(published(0, license=licence)).restriction is not None) is restricted


def test_the_shape_of_v4_gives_the_same_record_as_that_of_v3():
    old = published(0, creator=["Ana Exemplar"], relatedPublications=["https://doi.org/10.99999/p"])
    new = {
        key: old[key] for key in ("doi", "title", "abstract", "registeredTime", "createdAt", "updatedAt")
    } | {
        "status": "registered",
        "datasetPids": old["pidArray"],
        "metadata": {
            "creators": [{"name": "Exemplar, Ana", "givenName": "Ana", "familyName": "Exemplar"}],
            "publisher": {"name": "Example Source"},
            "publicationYear": 2024,
            "relatedIdentifiers": [
                {"relatedIdentifier": "10.99999/p", "relatedIdentifierType": "DOI", "relationType": "IsSupplementTo"}
            ],
        },
    }  # fmt: skip
    assert read(old) == read(new)


def test_what_the_migration_to_v4_moved_into_metadata_is_read_from_there():
    old = published(
        0,
        creator=["Ana Exemplar", "Bo Placeholder"],
        authors=["Ana Exemplar", "Cleo Invention"],
        affiliation="Example University",
        dataDescription="How it was made up.",
        url="https://doi.example.org/0",
        downloadLink="https://files.example.org/0",
        relatedPublications=["A. Exemplar et al. (2023), doi: https://doi.org/10.99999/paper-1"],
        resourceType="raw",
        numberOfFiles=3,
        sizeOfArchive=4000,
    )
    new = stored_publication(old)
    assert "creator" not in new and new["metadata"]["contributors"]
    assert read(old) == read(new)
    one = read(new)
    assert [agent.affiliations[0].name for agent in one.creators] == ["Example University"] * 2
    assert [(agent.name, agent.contributor_type) for agent in one.contributors] == [("Cleo Invention", "Other")]
    assert (one.methods, one.url) == ("How it was made up.", "https://files.example.org/0")
    assert one.related[0].identifier.value == "10.99999/paper-1" and one.related[0].relation == "IsSupplementTo"
    assert (one.file_count, one.size_bytes) == (3, 4000)


@pytest.mark.parametrize(
    ("changes", "start", "end"),
    [
        ({"creationTime": 2}, None, 2),
        ({"startTime": 1, "creationTime": 2}, 1, 2),
        ({"startTime": 1, "endTime": 3, "creationTime": 2}, 1, 3),
        ({"startTime": 2, "endTime": 1}, 2, None),
        ({"startTime": 2, "creationTime": 1}, 2, None),
        ({"endTime": 1, "creationTime": 2}, None, 1),
    ],
)
def test_the_day_a_dataset_was_complete_is_no_beginning_and_no_interval_runs_backwards(changes, start, end):
    days = {name: f"2024-03-0{day}T09:00:00.000Z" for name, day in changes.items()}
    one = read(published(0), dataset(0, **days)).datasets[0]
    moments = [datetime(2024, 3, day, 9, tzinfo=UTC) if day else None for day in (start, end)]
    assert [one.start, one.end] == moments


@pytest.mark.parametrize(("size", "count"), [(0, 0), (None, None), (0, None), (None, 0)])
def test_a_size_and_a_number_that_nobody_told_are_unknown(size, count):
    changes = {"size": size, "numberOfFiles": count}
    one = read(published(0, sizeOfArchive=size, numberOfFiles=count), dataset(0, **changes))
    assert one.size_bytes is one.file_count is None
    assert one.datasets[0].size_bytes is one.datasets[0].file_count is None


@pytest.mark.parametrize(
    ("pid", "scheme"),
    [
        ("20.500.11935/5148", "Handle"),
        ("21.T11148/abc", "Handle"),
        ("11.1234/x", "Handle"),
        ("11023101/XRR_summary", "local"),
        ("2024/scan-7", "local"),
        ("eps/42", "local"),
        ("20.500.99999b467ac11-aa75", "local"),
        ("10.5072/ds", "DOI"),
    ],
)
def test_a_pid_is_a_handle_only_when_it_is_one(pid, scheme):
    assert identifier_of(pid).scheme == scheme


@pytest.mark.parametrize(
    ("location", "facility", "instrument"),
    [
        ("/DESY/PETRA III/P08", "DESY", ("P08", "PETRA III")),
        ("ESS:V20", "ESS", ("V20", "ESS")),
        ("/EPS/BL01", "EPS", ("BL01", "EPS")),
        ("BL01", "Example Source", ("BL01", None)),
        (" / ", "Example Source", None),
    ],
)
def test_the_place_of_creation_names_facility_and_instrument(location, facility, instrument):
    one = read(published(0), dataset(0, creationLocation=location))
    assert one.facility.name == facility
    assert [(each.name, each.facility) for each in one.datasets[0].instruments] == [instrument] * (
        instrument is not None
    )


def test_an_instrument_and_a_sample_have_the_names_that_their_documents_give_them():
    instruments = {"eps_instrument1": {"pid": "eps_instrument1", "name": "BL01 powder diffractometer"}}
    traits = {"formula": "LaB6", "mass": {"value": 3, "unit": "mg", "valueSI": 3e-6, "unitSI": "kg"}}
    samples = {
        "s-1": {
            "sampleId": "s-1",
            "isPublished": True,
            "description": "In a capillary",
            "sampleCharacteristics": traits,
        },
        "s-2": {"sampleId": "s-2", "isPublished": False, "description": "zqhidden", "sampleCharacteristics": {}},
    }
    raw = dataset(0, instrumentId="eps_instrument1", sampleIds=["s-1", "s-2"])
    one = read(published(0), raw, instruments=instruments, samples=samples).datasets[0]
    assert [each.name for each in one.instruments] == ["BL01 powder diffractometer"]
    first, second = one.samples
    assert (first.formula, first.description) == ("LaB6", "In a capillary")
    assert [(each.name, each.value, each.unit) for each in first.parameters] == [("mass", 3, "mg")]
    assert second.name == "s-2" and "zqhidden" not in one.model_dump_json()


def test_an_instrument_without_a_document_has_the_name_of_its_place_and_else_its_id():
    raw = dataset(0, instrumentId="eps_instrument1", creationLocation="/EPS/BL01")
    assert read(published(0), raw).datasets[0].instruments[0].name == "BL01"
    assert read(published(0), dataset(0, instrumentId="eps_1")).datasets[0].instruments[0].name == "eps_1"


def test_the_principal_investigator_of_an_open_dataset_took_part_and_is_not_named_twice():
    raw = [dataset(0, principalInvestigator="Dana Fictive"), dataset(1, principalInvestigators=["Ana Exemplar"])]
    one = read(published(0, pidArray=[each["pid"] for each in raw]), *raw)
    assert [(each.name, each.contributor_type) for each in one.contributors] == [("Dana Fictive", "ProjectLeader")]


def test_nothing_of_a_dataset_that_is_not_published_is_told_of_its_publication():
    closed = dataset(
        0,
        isPublished=False,
        datasetName="zqname",
        owner="Ana Exemplar",
        orcidOfOwner="0000-0002-1825-0097",
        principalInvestigator="Zqdana Zqfictive",
        proposalId="ZQ-1",
        license="ZQ-licence",
        creationLocation="/ZQFACILITY/ZQBL",
        scientificMetadata={"curator": [{"name": "Zqcleo Zqinvention", "orcid": "0000-0002-1825-0097"}]},
    )
    one = read(published(0), closed)
    shown = one.model_copy(update={"datasets": tuple(each for each in one.datasets if each.public)}).model_dump_json()
    assert "zq" not in shown.casefold() and "0000-0002-1825-0097" not in shown
    assert not one.datasets[0].public


def test_the_data_format_of_a_dataset_is_kept():
    parameters = read(published(0), dataset(0, dataFormat="NeXus")).datasets[0].parameters
    assert [each.value for each in parameters if each.name == "dataFormat"] == ["NeXus"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/data/x/run/a.h5", "run/a.h5"),
        ("b/c.h5", "b/c.h5"),
        ("/elsewhere/zqsecret/a.h5", "a.h5"),
        ("\\data\\x\\a.h5", "a.h5"),
        ("C:\\zqsecret\\a.h5", "a.h5"),
    ],
)
def test_a_file_is_named_below_its_datasets_folder_and_never_from_the_root(path, name):
    blocks = {"20.500.0/ds-0": [{"dataFileList": [{"path": path}]}]}
    one = read(published(0), dataset(0, sourceFolder="/data/x"), blocks=blocks)
    assert one.datasets[0].files[0].name == name


@pytest.mark.parametrize(
    ("date_from", "day"),
    [
        (("registeredTime",), None),
        (("registeredTime", "datasets.publishedOn"), date(2024, 6, 3)),
        (("createdAt",), date(2024, 5, 1)),
        (("dates.Issued", "createdAt"), date(2024, 7, 1)),
    ],
)
def test_a_source_says_where_its_dates_come_from(date_from, day):
    raws = [
        dataset(number, datasetlifecycle={"publishedOn": f"2024-06-0{number + 2}T08:00:00.000Z"}) for number in (0, 1)
    ]
    raws.append(dataset(2, isPublished=False, datasetlifecycle={"publishedOn": "2024-01-01T08:00:00.000Z"}))
    raw = published(0, registeredTime=None, pidArray=[each["pid"] for each in raws])
    raw["metadata"] = {"dates": [{"dateType": "Issued", "date": "2024-07-01"}]}
    assert read(raw, *raws, date_from=date_from).publication_date == day


def test_a_date_that_cannot_be_read_closes_its_publication_and_names_its_field():
    raw = dataset(0, datasetlifecycle={"publishedOn": "soon"})
    found = read(published(0, registeredTime=None), raw, date_from=("registeredTime", "datasets.publishedOn"))
    assert isinstance(found, Refused) and "datasets.publishedOn" in found.reason


def test_a_dataset_reads_the_same_as_it_is_stored_and_as_v3_shows_it():
    metadata = {"with.dot": 1, "plain text": "a", "50 %": 2.5, "a%41": 3}
    raw = dataset(0, scientificMetadata=metadata, instrumentId="i-1", principalInvestigator="Dana Fictive")
    shown = read(published(0), raw, encoded=False)
    assert read(published(0), stored_dataset(raw)) == shown
    assert [each.name for each in shown.datasets[0].parameters] == list(metadata)


def test_the_made_up_record_that_the_migration_carried_over_is_read_whole(shared):
    raws = json.loads((shared / "cases/21-scicat/scicat-v4-available-in-future-and-migrated.json").read_text())
    later, migrated = (read(raw) for raw in raws)
    assert date(2028, 9, 6) in [each.day for each in later.other_dates if each.kind == "Available"]
    assert [(each.name, each.affiliations[0].name) for each in migrated.creators] == [("Jane Doe", "Made-up Facility")]
    assert migrated.contributors == ()
    assert migrated.methods == "https://example.org/format"
    assert migrated.url == "https://scicat.example.org/download/x1"
    (work,) = migrated.related
    assert (work.relation, work.identifier.value, work.citation) == (
        "References",
        "10.5072/paper-1",
        "J. Doe et al. (2023)",
    )


@pytest.mark.parametrize(
    "changes", [{"registeredTime": None}, {"registeredTime": "2999-01-01T00:00:00Z"}, {"publicationYear": 2999}]
)
def test_no_name_is_learnt_from_what_is_not_open_yet(tmp_path, changes):
    raws = [published(0, creator=["Zqana Exemplar"], createdBy="exemplar_z", **changes)]
    raws.append(published(1, creator=["exemplar_z"]))
    (tmp_path / "PublishedData.json").write_text(json.dumps(raws))
    options = dump.Options(name="made-up", kind="dump", path="PublishedData.json")
    found = publications(dump.harvest(options, Context(root=tmp_path, contact="data@example.org")))
    assert "Zqana" not in found[1].model_dump_json()


def test_an_author_with_a_part_that_is_known_is_named_in_that_part_alone():
    raw = dataset(0, principalInvestigator="Cleo Invention")
    one = read(published(0, authors=["Ana Exemplar", "Cleo Invention", "Eve Invention"]), raw)
    told = [(each.name, each.contributor_type) for each in one.contributors]
    assert told == [("Eve Invention", "Other"), ("Cleo Invention", "ProjectLeader")]
