"""The site's OpenAPI document against the site itself, by schemathesis: no answer that it does not declare, no 500."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from panfair.site.serve.app import create_app
from support.records import a_publication
from support.site_run import SiteRun

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
EXAMPLES = 20


def test_no_generated_request_gets_an_answer_that_is_not_declared(tmp_path):
    run = SiteRun(tmp_path)
    run.put(a_publication())
    run.publish()
    app = create_app(run.config)
    document = app.openapi()
    assert not any("422" in one["responses"] for path in document["paths"].values() for one in path.values())
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    seen = set()

    def probe(operation):
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        def ask(case):
            answer = case.call()
            case.validate_response(answer, checks=CHECKS)
            seen.add((case.operation.label, answer.status_code))

        given(case=operation.as_strategy())(ask)()

    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) > 12
    for operation in operations:
        probe(operation)
    assert {label for label, status in seen if status == 200} >= {"GET /api/search", "GET /api/Documents"}
    assert {400, 404} <= {status for _, status in seen}
