"""A made-up ISPyB of the ESRF's kind: sessions by the group only, states in words, no visit numbers, BioSAXS beside.

Nobody and nothing in it exists. Words that nobody may see begin with `vorpal`.
"""

from typing import Any

Tables = dict[str, list[dict[str, Any]]]

_SHELLS = ("overall", "innerShell", "outerShell")


def esrf_rows() -> Tables:
    """Session 11 with a collection that was integrated, refined and characterised, 12 that is protected, 13 empty."""
    return {
        "Proposal": [
            {"proposalId": 1, "personId": 7, "proposalCode": "MX", "proposalNumber": "9001", "title": "Enzymes"},
            {"proposalId": 2, "personId": 8, "proposalCode": "IH", "proposalNumber": "44", "title": "vorpaltitle"},
        ],
        "BLSession": [
            _session(11, 1, "2024-03-05 09:30:00"),
            _session(12, 2, "2024-03-06 09:30:00", protectedData="YES"),
            _session(13, 1, "0000-00-00 00:00:00"),
        ],
        "DataCollectionGroup": [
            {"dataCollectionGroupId": 101, "sessionId": 11, "blSampleId": 501, "experimentType": "OSC",
             "comments": "vorpalcomment", "actualSampleBarcode": "vorpalbarcode"},
            {"dataCollectionGroupId": 102, "sessionId": 12, "blSampleId": 502, "experimentType": "OSC",
             "comments": None, "actualSampleBarcode": None},
        ],
        "DataCollection": [_collection(1001, 101, "madeup-x1"), _collection(1002, 102, "vorpalprefix")],
        "Detector": [
            {"detectorId": 9, "detectorManufacturer": "Example", "detectorModel": "Eiger", "detectorType": "pixel",
             "detectorPixelSizeHorizontal": 0.075, "detectorPixelSizeVertical": 0.075},
        ],
        "AutoProcProgram": [
            _program(2001, "grenades_fastproc", "SUCCESS", None),
            _program(2002, "XIA2_DIALS", "RUNNING", 1001),
            _program(2003, "EDNA_proc", "FAILED", 1001),
            _program(2004, "vorpalprogram", "1", 1002),
        ],
        "AutoProcIntegration": [
            {"autoProcIntegrationId": 3001, "dataCollectionId": 1001, "autoProcProgramId": 2001,
             "startImageNumber": 1, "endImageNumber": 100, "cell_a": 78.1, "refinedXBeam": 1043.2},
        ],
        "AutoProcScaling_has_Int": [{"autoProcScalingId": 3201, "autoProcIntegrationId": 3001}],
        "AutoProcScaling": [{"autoProcScalingId": 3201, "autoProcId": 3101, "resolutionEllipsoidValue1": 1.9}],
        "AutoProc": [
            {"autoProcId": 3101, "autoProcProgramId": 2001, "spaceGroup": "P43212", "refinedCell_a": 78.2,
             "refinedCell_b": 78.2, "refinedCell_c": 37.1, "refinedCell_alpha": 90, "refinedCell_beta": 90,
             "refinedCell_gamma": 90},
        ],
        "AutoProcScalingStatistics": [
            {"autoProcScalingId": 3201, "scalingStatisticsType": shell, "ccHalf": cc, "ccAno": ano, "rMerge": 0.08,
             "completeness": 99.1, "resolutionLimitHigh": 1.8, "meanIOverSigI": 12.5}
            for shell, cc, ano in zip(_SHELLS, (99.8, 99.9, 0.8), (12.0, 30.0, 0.4), strict=True)
        ],
        "AutoProcProgramAttachment": [
            {"autoProcProgramId": 2001, "fileType": "Result", "fileName": "/data/vorpal/path/aimless.mtz"},
            {"autoProcProgramId": 2001, "fileType": "Log", "fileName": "vorpal.log"},
        ],
        "MXMRRun": [
            {"mxMRRunId": 4001, "autoProcScalingId": 3201, "rValueStart": 0.4, "rValueEnd": 0.21,
             "rFreeValueStart": 0.41, "rFreeValueEnd": 0.25},
        ],
        "Screening": [
            {"screeningId": 5001, "dataCollectionId": 1001, "dataCollectionGroupId": 101, "programVersion": "EDNA MXv1",
             "comments": "vorpalcomment"},
        ],
        "EnergyScan": [
            {"energyScanId": 6001, "sessionId": 11, "blSampleId": None, "startTime": "2024-03-05 10:00:00",
             "element": "Se", "edgeEnergy": "K", "startEnergy": 12600, "endEnergy": 12750, "peakEnergy": 12661.2},
            {"energyScanId": 6002, "sessionId": 12, "blSampleId": None, "startTime": None, "element": "Zn",
             "edgeEnergy": "vorpaledge", "startEnergy": 9600, "endEnergy": 9700, "peakEnergy": 9663.0},
        ],
        "XFEFluorescenceSpectrum": [
            {"xfeFluorescenceSpectrumId": 7001, "sessionId": 11, "blSampleId": 501, "startTime": "2024-03-05 10:30:00",
             "energy": 14000.0, "exposureTime": 2, "beamTransmission": 5.0},
        ],
        "BLSample": [
            {"blSampleId": 501, "crystalId": 601, "name": "x1", "code": "vorpalcode", "SMILES": "vorpalsmiles"},
            {"blSampleId": 502, "crystalId": 602, "name": "vorpalsample", "code": None, "SMILES": None},
        ],
        "Crystal": [
            {"crystalId": 601, "proteinId": 701, "spaceGroup": "P43212", "cell_a": 78.0},
            {"crystalId": 602, "proteinId": 702, "spaceGroup": "P212121", "cell_a": 50.0},
        ],
        "Protein": [
            {"proteinId": 701, "proposalId": 1, "acronym": "MADE", "name": "Made-up lysozyme", "sequence": "VORPALSEQ"},
            {"proteinId": 702, "proposalId": 2, "acronym": "VORPALACR", "name": "vorpalprotein", "sequence": None},
        ],
        "Person": [{"personId": 7, "familyName": "Vorpalname", "givenName": "Invented", "login": "vorpallogin"}],
        # BioSAXS: nothing of it is read.
        "Experiment": [{"experimentId": 1, "sessionId": 11, "name": "vorpalsaxs"}],
        "Measurement": [{"measurementId": 1, "code": "vorpalmeasurement"}],
    }  # fmt: skip


def _session(number: int, proposal: int, start: str, **changes: Any) -> dict[str, Any]:
    return {"sessionId": number, "proposalId": proposal, "visit_number": None, "beamLineName": "ID30X",
            "startDate": start, "endDate": None, "beamLineOperator": "Vorpaloperator", "comments": "vorpalcomment",
            "protectedData": None, "lastUpdate": "0000-00-00 00:00:00", **changes}  # fmt: skip


def _collection(number: int, group: int, prefix: str) -> dict[str, Any]:
    return {"dataCollectionId": number, "dataCollectionGroupId": group, "sessionId": 0, "blSampleId": None,
            "detectorId": 9, "dataCollectionNumber": 1, "startTime": "2024-03-05 11:00:00",
            "endTime": "2024-03-05 11:01:00", "runStatus": "Data collection successful", "imagePrefix": prefix,
            "fileTemplate": f"{prefix}_1_####.h5", "imageDirectory": f"/data/vorpal/{prefix}", "numberOfImages": 100,
            "exposureTime": 0.02, "axisStart": 0.0, "axisEnd": 10.0, "axisRange": 0.1, "overlap": 0.0,
            "wavelength": 0.9677, "resolution": 1.8, "detectorDistance": 200.0, "xBeam": 1043.1, "yBeam": 1100.4,
            "transmission": 12.5, "flux": 0, "comments": "vorpalcomment"}  # fmt: skip


def _program(number: int, name: str, status: str, collection: int | None) -> dict[str, Any]:
    return {"autoProcProgramId": number, "processingPrograms": name, "processingStatus": status,
            "processingStartTime": "2024-03-05 11:05:00", "processingEndTime": None, "dataCollectionId": collection,
            "processingCommandLine": "vorpalcommand --user vorpallogin", "processingEnvironment": "vorpalhost",
            "processingMessage": "vorpalmessage"}  # fmt: skip
