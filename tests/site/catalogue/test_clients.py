"""ESRF's own clients against the live core: the generated `icat-plus-client` and `pyicat-plus`."""

import icat_plus_client as icat
import pytest
from icat_plus_client.exceptions import ApiException
from pyicat_plus.client.icatplus_restricted import IcatPlusRestrictedClient

from support.catalogue.facility import PASSWORD, a_facility, served


@pytest.fixture(scope="module")
def facility(tmp_path_factory):
    return a_facility(tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module")
def address(facility):
    with served(facility.app) as address:
        yield address


@pytest.fixture(scope="module")
def apis(address):
    with icat.ApiClient(icat.Configuration(host=address)) as client:
        yield client


def bearer(session_id):
    return {"_headers": {"Authorization": f"Bearer {session_id}"}}


def test_pyicat_plus_signs_in_and_reads_its_sessions(facility, address):
    client = IcatPlusRestrictedClient(address)
    session = client.login(PASSWORD, username="ada", plugin="db")
    assert session.username == "ada" and session.is_minter and not session.is_administrator
    assert client.get_session_information().user_name == "ada"
    assert [one.id for one in client.get_investigations_by()] == [facility.rows.closed]
    assert [one.id for one in client.get_investigations_by(filter="released")] == [facility.rows.open]
    (one,) = client.get_investigations_by(filter="embargoed")
    assert one.doi == "10.5072/CLOSED-2" and one.release_date.startswith("2027-01-01")
    assert one.instrument.name == "ID02" and one.parameters == {"proposal_panel": "soft matter"}
    assert one.investigation_users[0].role == "Principal investigator"
    assert one.investigation_users[0].user.email == "ada@example.org"


def test_pyicat_plus_reads_datasets_files_and_samples(facility, address):
    client = IcatPlusRestrictedClient(address, session_id=facility.session("ada"))
    datasets = client.get_datasets_by(investigation_id=str(facility.rows.closed))
    assert [one.name for one in datasets] == ["scan 3", "scan 4"]
    first = datasets[0]
    assert first.meta.page.total == 2 and first.instrument_name == "ID02" and first.sample_name == "foam"
    assert first.location == "/data/visitor/closed" and first.investigation.members[0].role
    told = {one.name: (one.value, one.units) for one in first.parameters}
    assert told["InstrumentMonochromator_energy"] == ("12.4", "keV")
    assert first.techniques[0].pid == "PaNET:PaNET01188"
    (file,) = client.get_datafiles_by("closed/scan.h5")
    assert file.name == "scan.h5" and not file.is_released
    (sample,) = client.get_samples_by(investigation_id=str(facility.rows.closed))
    assert sample.name == "foam" and sample.parameters is not None
    (person,) = client.get_investigation_users(str(facility.rows.closed))
    assert (person.name, person.full_name, person.email) == ("ada", "Ada Example", "ada@example.org")
    assert [one.name for one in client.get_investigation_types()] == ["user beamtime"]


def test_the_generated_client_reads_the_catalogue_without_a_session(facility, apis):
    catalogue = icat.CatalogueApi(apis)
    assert [one.name for one in icat.FACILITYApi(apis).facilities_get()] == ["EPS"]
    assert [one.name for one in catalogue.catalogue_instruments_get()] == ["ID01", "ID02"]
    assert [one.name for one in catalogue.catalogue_techniques_get()] == ["SAXS"]
    assert "scanType" in [one.name for one in catalogue.catalogue_parameters_get()]
    assert catalogue.catalogue_investigation_name_investigation_name_normalize_get("ma1") == "MA-1"
    seen = [one.id for one in catalogue.catalogue_datasets_get()]
    assert seen == [facility.rows.open_raw, facility.rows.open_processed]
    documents = catalogue.catalogue_datasets_documents_get("2025-01-01", "2026-01-01")
    assert [one.name for one in documents] == ["scan 1"]


def test_the_generated_client_filters_datasets(facility, apis):
    catalogue = icat.CatalogueApi(apis)

    def ids(**asked):
        return [one.id for one in catalogue.catalogue_datasets_get(**asked)]

    raw, processed = facility.rows.open_raw, facility.rows.open_processed
    assert ids(technique_pids="PaNET:PaNET01188") == [raw]
    assert ids(parameters="InstrumentMonochromator_energy~gt~12,scanType~like~tomo") == [raw]
    assert ids(parameters="InstrumentMonochromator_energy~lt~12") == []
    assert ids(dataset_type="processed") == [processed]
    assert ids(dataset_type="acquisition") == [raw]
    assert ids(limit="1", skip="1") == [processed]
    assert ids(instrument_name="ID01") == [raw]
    assert ids(sort_by="NAME", sort_order="-1") == [processed, raw]
    (nested,) = catalogue.catalogue_datasets_get(dataset_ids=str(raw), nested=True)
    assert [one.id for one in nested.output_datasets] == [processed]


def test_the_generated_client_reads_timelines_and_parameters(facility, apis):
    catalogue, everybody = icat.CatalogueApi(apis), "anonymous"
    timeline = catalogue.catalogue_session_id_dataset_timeline_get(everybody)
    assert {one.dataset_id for one in timeline} == {facility.rows.open_raw, facility.rows.open_processed}
    assert [one.elapsed_time for one in timeline if one.dataset_id == facility.rows.open_raw] == ["3600"]
    assert [
        one.investigation_name for one in catalogue.catalogue_session_id_investigation_timeline_get(everybody, "ID01")
    ] == ["MA-1"]
    values = catalogue.catalogue_session_id_datasetparameter_values_get(everybody, name="scanType")
    assert [one.value for one in values] == ["fasttomo"]
    files = catalogue.catalogue_session_id_dataset_id_dataset_id_datafile_get(everybody, str(facility.rows.open_raw))
    assert files[0].datafile.is_released


def test_the_generated_client_reserves_mints_and_reads_a_doi(tmp_path):
    facility = a_facility(tmp_path)
    rows = facility.rows
    with served(facility.app) as address, icat.ApiClient(icat.Configuration(host=address)) as client:
        dois, session = icat.DOIApi(client), facility.session("ada")
        reserved = dois.doi_session_id_reserve_post(
            session, icat.DoiSessionIdReservePostRequest(datasetIdList=[rows.closed_published])
        ).message
        (collection,) = dois.doi_session_id_reserved_dois_get(session)
        with pytest.raises(ApiException) as refused:
            dois.doi_prefix_suffix_json_datacite_get(*reserved.split("/"))
        assert refused.value.status == 404
        minted = dois.doi_session_id_mint_post(
            session,
            icat.DoiSessionIdMintPostRequest(
                title="One scan of foam",
                abstract="Opened before the rest",
                dataCollectionId=collection.id,
                keywords=["foam"],
                authors=[icat.AuthorsInner(name="Ada", surname="Example", orcid="0000-0002-1825-0097")],
            ),
        ).message
        assert minted == reserved
        told = dois.doi_prefix_suffix_json_datacite_get(*minted.split("/"))
        assert told.titles.title == "One scan of foam" and told.creators[0].name == "Ada Example"
        assert [one.id for one in icat.CatalogueApi(client).catalogue_datasets_get()] == [
            rows.open_raw,
            rows.open_processed,
            rows.closed_published,
        ]
        (dataset,) = icat.CatalogueApi(client).catalogue_datasets_get(dataset_ids=str(rows.closed_published))
        assert dataset.investigation.title is None and dataset.investigation.name is None


def test_the_generated_client_writes_and_reads_the_logbook(facility, apis):
    logbook, session = icat.LogbookApi(apis), facility.session("ada")
    event = {
        "type": "annotation",
        "category": "comment",
        "content": [{"format": "plainText", "text": "shutter stuck"}],
        "tag": [{"name": "hutch"}],
    }
    added = apis.call_api(
        "POST",
        f"{apis.configuration.host}/logbook/{session}/event?investigationId={facility.rows.closed}",
        {"Content-Type": "application/json"},
        event,
    )
    assert added.status == 200
    found = logbook.logbook_session_id_event_get(session, investigation_id=str(facility.rows.closed))
    assert [one.content[0].text for one in found] == ["beam is back", "shutter stuck"]
    assert found[1].username == "ada" and found[1].tag[0].name == "hutch"
    assert logbook.logbook_session_id_event_count_get(session, investigation_id=str(facility.rows.closed)) == 2
    assert logbook.logbook_session_id_event_get("anonymous") == []


def test_the_generated_client_refreshes_and_ends_its_session(facility, apis):
    sessions = icat.SessionApi(apis)
    made = sessions.session_post(icat.Credentials(username="ben", password=PASSWORD, plugin="db"))
    facility.clock.wait(minutes=100)
    sessions.session_session_id_put(made.session_id)
    facility.clock.wait(minutes=100)
    assert sessions.session_session_id_get(made.session_id).remaining_minutes == 20
    sessions.session_session_id_delete(made.session_id)
    with pytest.raises(ApiException) as refused:
        sessions.session_session_id_get(made.session_id)
    assert refused.value.status == 403 and '"code":"SESSION"' in refused.value.body
