"""The OpenAPI document as it is answered: without FastAPI's own 422, for what cannot be read gets status 400."""

from typing import Any

from fastapi import FastAPI


def describe_answers(app: FastAPI) -> None:
    """Takes 422 out of the app's document, and the shapes that only it had."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            document.get("components", {}).get("schemas", {}).pop(name, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
