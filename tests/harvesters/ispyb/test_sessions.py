"""Sessions of ISPyB as additions, from real rows of the DLS flavour and from made-up ones of the ESRF's."""

from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime

import pytest

from panfair.harvesters import ispyb
from panfair.harvesters.ispyb.sessions import additions
from panfair.ontologies.record import canonical
from support.ispyb.esrf import esrf_rows
from support.ispyb.rows import Rows, rows_of_dump

OPTIONS = ispyb.Options(name="ispyb", kind="ispyb", adds_to="ours", username="reader")


def _read(tables, by_day=False, also=()):
    notes: list[str] = []
    found = list(additions(Rows(tables, also), OPTIONS, by_day, notes.append))
    assert len({one.source_id for one in found}) == len(found)
    return {one.source_id.partition(" (session")[0] + ("" if one.start else "?"): one for one in found}, notes


@pytest.fixture(scope="module")
def dls_rows(shared):
    return rows_of_dump(shared / "data/ispyb/diamond_data.sql")


@pytest.fixture(scope="module")
def dls(dls_rows):
    return _read(dls_rows)[0]


def _values(dataset):
    return {one.name: one.value for one in dataset.parameters}


def _one(addition, name):
    (found,) = [one for one in addition.datasets if one.id == name]
    return found


def test_sessions_are_called_by_proposal_and_visit(dls):
    assert list(dls) == ["cm14451-1", "cm14451-2", "cm1-1?", "cm1-2?", "cm1-3?", "cm14451-99"]
    first = dls["cm14451-1"]
    assert (first.proposal, first.session, first.instrument) == ("cm14451", "1", "i03")
    assert first.start == datetime(2016, 1, 1, 9, tzinfo=UTC) and dls["cm1-1?"].start is None


def test_a_visit_that_a_column_keeps_as_a_fraction_is_the_same_visit(dls_rows):
    rows = {"Proposal": dls_rows["Proposal"], "BLSession": [{**dls_rows["BLSession"][0], "visit_number": 1.0}]}
    rows |= {table: dls_rows[table] for table in ("DataCollectionGroup", "DataCollection")}
    (addition,) = _read(rows)[0].values()
    assert addition.session == "1" and addition.datasets


def test_every_collection_result_and_scan_of_the_real_rows_is_one_dataset(dls):
    kinds = Counter(one.kind_said for addition in dls.values() for one in addition.datasets)
    assert kinds == {
        "data collection": 6,
        "integration": 11,  # of 13 integrations: two programs have two sweeps each
        "molecular replacement and refinement": 2,
        "characterisation": 21,
        "energy scan": 27,
        "fluorescence spectrum": 62,
    }


def test_a_collection_belongs_to_the_session_of_its_group_whatever_its_path_says(dls):
    """6017405 lies in a folder of cm28170-1, and is of cm14451-1."""
    mesh = _one(dls["cm14451-1"], "collection-6017405")
    assert _values(mesh)["MX_scanType"] == "Mesh"
    assert not any(b"cm28170" in canonical(addition) for addition in dls.values())


def test_a_session_of_the_collection_itself_is_not_looked_at(dls_rows):
    changed = deepcopy(dls_rows)
    for row in changed["DataCollection"]:
        row["SESSIONID"] = 339525
    found, _notes = _read(changed)
    assert len([one for one in found["cm14451-1"].datasets if one.kind_said == "data collection"]) == 3


def test_no_path_comment_command_or_barcode_of_the_real_rows_comes_over(dls):
    everything = b"".join(map(canonical, dls.values()))
    for word in (b"/dls", b"Aperture", b"HA00AU3712", b"dls_sw", b"SAM-0115", b"McBoatface", b"min_images", b"ghfg"):
        assert word not in everything, word


def test_a_result_has_its_shells_its_cell_and_correlations_as_fractions(dls):
    fast_dp = _one(dls["cm14451-1"], "result-596133")
    values = _values(fast_dp)
    assert (fast_dp.name, fast_dp.software) == ("fast_dp", ("fast_dp",))
    assert values["MXAutoprocIntegration_space_group"] == "P 6 2 2"
    assert values["MXAutoprocIntegration_cell_c"] == 129.784
    scaling = "MXAutoprocIntegrationScaling_"
    assert [values[f"{scaling}{shell}_cc_half"] for shell in ("overall", "inner", "outer")] == [0.999, 0.999, 0.917]
    assert values[f"{scaling}outer_ccAno"] == 0.158
    assert values[f"{scaling}overall_completeness"] == 99.8 and values[f"{scaling}overall_r_merge"] == 0.106
    assert values["complete"] == "success"


def test_correlations_of_no_result_are_beyond_one(dls):
    found = [
        one.value
        for addition in dls.values()
        for dataset in addition.datasets
        for one in dataset.parameters
        if one.name.endswith(("cc_half", "ccAno"))
    ]
    assert len(found) == 66 and all(-1 <= value <= 1 for value in found)


def test_a_result_of_several_sweeps_is_one_and_tells_no_single_sweeps_images(dls):
    result = _one(dls["cm14451-1"], "result-596147")
    assert result.inputs[0].id == "collection-993677" and len(result.inputs) == 1
    assert "MXAutoprocIntegration_start_image_number" not in _values(result)


def test_a_refinement_without_an_integration_was_made_from_the_result_that_it_refined(dls):
    addition = dls["cm14451-1"]
    refined = _one(addition, "program-56986674")
    assert refined.name == "dimple" and [one.id for one in refined.inputs] == ["result-603470"]
    assert _values(refined)["MXMRRefinement_R_free"] == 0.1888
    assert [one.name for one in refined.files] == ["final.pdb", "final.mtz"]
    names = [one.id for one in addition.datasets]
    assert names.index("result-603470") < names.index("program-56986674")
    assert _values(_one(addition, "program-56986675"))["complete"] == "failed"


def test_a_flux_of_zero_is_not_told(dls):
    assert "MX_flux" in _values(_one(dls["cm14451-1"], "collection-993677"))
    assert "MX_flux" not in _values(_one(dls["cm14451-1"], "collection-1002287"))


def test_several_programs_that_looked_at_one_collection_are_several_characterisations(dls):
    found = [one for one in dls["cm14451-2"].datasets if one.inputs and one.inputs[0].id == "collection-1052494"]
    assert Counter(one.name for one in found) == {"mosflm strategy": 2, "EDNA MXv1 strategy": 5}
    values = _values(_one(dls["cm14451-2"], "screening-1894774"))
    assert values["ScreeningStrategy_resolution"] == 1.41 and values["ScreeningStrategy_completeness"] == 100
    assert values["ScreeningStrategy_exposure_time"] == 0.428 and values["Screening_space_group"] == "I 2 3"


def test_a_sample_has_its_protein_and_one_of_another_proposal_is_left_out(dls_rows):
    dls, notes = _read(dls_rows)
    (sample,) = _one(dls["cm14451-2"], "collection-1066786").samples
    assert sample.name == "thau8"
    assert {one.name: one.value for one in sample.parameters}["SampleProtein_acronym"] == "thau"
    changed = deepcopy(dls_rows)
    for row in changed["Protein"]:
        row["proposalId"] = 141666
    dls, notes = _read(changed)
    assert _one(dls["cm14451-2"], "collection-1066786").samples == ()
    assert any("another proposal" in note for note in notes)


def test_the_rows_of_the_esrfs_flavour_give_the_same_kinds():
    found, _notes = _read(esrf_rows())
    addition = found["MX9001"]
    assert Counter(one.kind_said for one in addition.datasets) == {
        "data collection": 1,
        "integration": 1,
        "molecular replacement and refinement": 1,
        "processing": 2,
        "characterisation": 1,
        "energy scan": 1,
        "fluorescence spectrum": 1,
    }
    result = _values(_one(addition, "result-3201"))
    assert result["MXAutoprocIntegrationScaling_outer_cc_half"] == 0.008
    assert result["MXAutoprocIntegration_diffraction_limit_direction_1"] == 1.9
    assert _one(addition, "refinement-4001").inputs[0].id == "result-3201"
    assert _one(addition, "program-2003").complete and _values(_one(addition, "program-2003"))["complete"] == "failed"
    assert _one(addition, "collection-1001").samples[0].name == "x1"


def test_a_program_that_still_runs_is_not_complete():
    found, _notes = _read(esrf_rows())
    assert not _one(found["MX9001"], "program-2002").complete


def test_nothing_that_is_never_read_comes_over_from_either_flavour():
    found, _notes = _read(esrf_rows())
    assert b"orpal" not in canonical(found["MX9001"])
    assert b"VORPAL" not in canonical(found["MX9001"])


def test_what_the_operator_names_comes_over():
    found, _notes = _read(esrf_rows(), also=["Protein.sequence"])
    assert b"VORPALSEQ" in canonical(found["MX9001"])


def test_a_session_whose_data_the_database_protects_is_closed():
    found, _notes = _read(esrf_rows())
    assert found["IH44"].closed and not found["MX9001"].closed


def test_sessions_without_a_visit_may_be_told_by_their_day_only_where_no_other_is_of_it():
    rows = esrf_rows()
    assert _read(rows, by_day=True)[0]["MX9001"].by_day is True
    assert not _read(rows)[0]["MX9001"].by_day
    rows["BLSession"].append({**rows["BLSession"][0], "sessionId": 14})
    found = list(additions(Rows(rows), OPTIONS, True, print))
    assert [one.by_day for one in found if one.proposal == "MX9001" and one.start] == [False, False]


@pytest.mark.parametrize("way", ["integration", "job", "sweep", "run", "scaling", "direct"])
def test_a_result_of_data_of_two_sessions_is_shown_with_neither(dls_rows, way):
    """Every join that leads from a program to collections is followed; one that leaves the session closes it."""
    rows = deepcopy(dls_rows)
    other = 1052494  # of cm14451-2
    if way == "integration":
        rows["AutoProcIntegration"][0] = {**rows["AutoProcIntegration"][0]}
        rows["AutoProcIntegration"].append(
            {**rows["AutoProcIntegration"][0], "autoProcIntegrationId": 1, "dataCollectionId": other}
        )
    elif way in ("job", "sweep"):
        rows["AutoProcProgram"][0]["processingJobId"] = 77
        job = {**rows["ProcessingJob"][0], "processingJobId": 77, "dataCollectionId": other}
        mine = {**job, "dataCollectionId": 993677}
        rows["ProcessingJob"].append(job if way == "job" else mine)
        sweep = {**rows["ProcessingJobImageSweep"][0], "processingJobImageSweepId": 9, "processingJobId": 77}
        if way == "sweep":
            rows["ProcessingJobImageSweep"].append({**sweep, "dataCollectionId": other})
    elif way == "run":
        rows["MXMRRun"].append({**rows["MXMRRun"][0], "mxMRRunId": 1, "autoProcScalingId": 424242})
    elif way == "scaling":
        rows["AutoProcIntegration"].append(
            {
                **rows["AutoProcIntegration"][0],
                "autoProcIntegrationId": 1,
                "autoProcProgramId": 5,
                "dataCollectionId": other,
            }
        )
        rows["AutoProcScaling_has_Int"].append(
            {**rows["AutoProcScaling_has_Int"][0], "autoProcScaling_has_IntId": 1, "autoProcIntegrationId": 1}
        )
    else:
        for row in rows["AutoProcProgram"]:
            row["dataCollectionId"] = other if row["autoProcProgramId"] == 56425592 else None
    lost = "program-56986674" if way == "run" else "result-596133"
    found, notes = _read(rows)
    shown = {one.id for addition in found.values() if not addition.closed for one in addition.datasets}
    assert lost not in shown and "result-596138" in shown
    assert any("several sessions" in note for note in notes)
    heard = {one.id for addition in found.values() if addition.closed for one in addition.datasets}
    assert lost in heard  # the leak scan hears its words


def test_a_characterisation_whose_collection_is_of_another_group_is_left_out(dls_rows):
    rows = deepcopy(dls_rows)
    rows["Screening"][0]["dataCollectionGroupId"] = 988855
    found, notes = _read(rows)
    shown = {one.id for addition in found.values() for one in addition.datasets}
    assert "screening-1894770" not in shown and "screening-1894773" in shown
    assert any("characterisation" in note for note in notes)
