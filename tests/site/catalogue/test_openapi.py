"""The core's OpenAPI document against the core itself, by schemathesis: no 500, no answer of another shape."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.catalogue.facility import a_facility

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
EXAMPLES = 25


def test_no_generated_request_gets_a_500_or_an_answer_of_another_shape(tmp_path):
    facility = a_facility(tmp_path)
    schema = schemathesis.openapi.from_dict(facility.app.openapi())
    schema.app = facility.app
    seen = set()

    def probe(operation, headers, session):
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        def ask(case):
            if session and "sessionId" in case.path_parameters:
                case.path_parameters["sessionId"] = session
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS)
            seen.add((case.operation.label, answer.status_code))

        given(case=operation.as_strategy())(ask)()

    session = facility.session("dee")
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) > 40
    for operation in operations:
        # The session's own end would end the probing of all the rest.
        mine = facility.session("dee") if operation.label.startswith("DELETE") else session
        probe(operation, {"Authorization": f"Bearer {session}"}, mine)
        probe(operation, {}, None)
    facility.core.store.close()
    assert {200, 204, 400, 403, 404} <= {status for _, status in seen}
    assert {label for label, status in seen if status == 200} >= {
        "GET /catalogue/datasets",
        "GET /catalogue/{sessionId}/investigation",
        "GET /logbook/{sessionId}/event",
    }
