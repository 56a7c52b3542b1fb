"""A document of sessions as the live core ingests it."""

DOCUMENT = {
    "facilities": [{"name": "EPS", "full_name": "Example Photon Source"}],
    "instruments": [{"facility": "EPS", "name": "EX01", "pid": "DOI:00.0815/inst-00001"}],
    "users": [{"name": "madeup", "full_name": "Made Up"}],
    "sessions": [
        {
            "facility": "EPS",
            "name": "MA-1",
            "visit_id": "1",
            "title": "A made-up session",
            "release_date": "2027-01-01",
            "instruments": ["EX01"],
            "members": [{"user": "madeup", "role": "Principal Investigator"}],
            "samples": [{"name": "foam"}],
            "datasets": [
                {"name": "scan_fit", "type": "processed", "made_from": ["scan"]},
                {"name": "scan", "sample": "foam", "parameters": [{"name": "energy", "value": "12", "units": "keV"}]},
            ],
        }
    ],
}
