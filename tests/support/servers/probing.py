"""Requests made up from an OpenAPI document by schemathesis, and what is said of the answers."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

_CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


def operations(app: Any) -> list[Any]:
    """All operations of the document of an application, which answers them."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    return [one.ok() for one in schema.get_all_operations()]


def probed(operation: Any, examples: int, headers: dict[str, str], fixed: dict[str, str]) -> set[tuple[str, int]]:
    """The operation's name and the status of each answer, all of them declared; `fixed` are parts of its path."""
    seen = set()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    def ask(case: Any) -> None:
        case.path_parameters.update({name: value for name, value in fixed.items() if name in case.path_parameters})
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=_CHECKS)
        seen.add((case.operation.label, answer.status_code))

    given(case=operation.as_strategy())(ask)()
    return seen
