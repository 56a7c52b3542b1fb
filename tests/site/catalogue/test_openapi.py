"""The core's OpenAPI document against the core itself, by schemathesis: no 500, no answer of another shape."""

from support.catalogue.facility import a_facility
from support.servers.probing import operations, probed


def test_no_generated_request_gets_a_500_or_an_answer_of_another_shape(tmp_path):
    facility = a_facility(tmp_path)
    session = facility.session("dee")
    every = operations(facility.app)
    assert len(every) > 40
    seen = set()
    for one in every:
        # The session's own end would end the probing of all the rest.
        mine = facility.session("dee") if one.label.startswith("DELETE") else session
        seen |= probed(one, 25, {"Authorization": f"Bearer {session}"}, {"sessionId": mine})
        seen |= probed(one, 8, {}, {})  # nearly all are refused before they are read
    facility.core.store.close()
    assert {200, 204, 400, 403, 404} <= {status for _, status in seen}
    assert {label for label, status in seen if status == 200} >= {
        "GET /catalogue/datasets",
        "GET /catalogue/{sessionId}/investigation",
        "GET /logbook/{sessionId}/event",
    }
