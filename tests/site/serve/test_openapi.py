"""The site's OpenAPI document against the site itself, by schemathesis: no answer that it does not declare, no 500."""

from panfair.site.serve.app import create_app
from support.records import a_publication
from support.servers.probing import operations, probed
from support.site_run import SiteRun


def test_no_generated_request_gets_an_answer_that_is_not_declared(tmp_path):
    run = SiteRun(tmp_path)
    run.put(a_publication())
    run.publish()
    app = create_app(run.config)
    assert not any("422" in one["responses"] for path in app.openapi()["paths"].values() for one in path.values())
    every = operations(app)
    assert len(every) > 12
    seen = {answer for one in every for answer in probed(one, 20, {}, {})}
    assert {label for label, status in seen if status == 200} >= {"GET /api/search", "GET /api/Documents"}
    assert {400, 404} <= {status for _, status in seen}
