"""roc-validator without a network: judges a crate's document, with the context that the `rocrate` package carries."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

# What the validator may miss where the record has no ORCID iD, ROR id, affiliation or size: nobody invents them.
LACKING = (
    "A Person entity SHOULD have an ORCID",
    "An Organization entity SHOULD have a ROR",
    "An Organization's contactPoint SHOULD",
    "The organization SHOULD have a URL",
    "The author SHOULD have",
    "A License entity SHOULD have an absolute",
    "File Data Entities SHOULD have a `contentSize`",
    "Web-based Data Entities SHOULD have a `contentSize`",
)


class _Answer:
    status_code = 200
    headers = {"Content-Type": "application/ld+json"}  # noqa: RUF012

    def __init__(self, text: str) -> None:
        self.text = text
        self.content = text.encode()

    def raise_for_status(self) -> None:
        pass

    def json(self) -> Any:
        return json.loads(self.text)


@cache
def context() -> str:
    """RO-Crate's context (1.3, which has every term of 1.2), as text."""
    return (files("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8")


def _get(self: object, url: str, **options: Any) -> _Answer:
    if url.startswith("https://w3id.org/ro/crate/") and url.endswith("/context"):
        return _Answer(context())
    raise AssertionError(f"the judge asked the network for {url}")


def _head(self: object, url: str, **options: Any) -> _Answer:
    """Whether a file is there is for the link check to find out."""
    return _Answer("")


@contextmanager
def _offline() -> Iterator[None]:
    with patch.object(HttpRequester, "get", _get, create=True), patch.object(HttpRequester, "head", _head, create=True):
        yield


def issues_of_archive(path: Path, profile: str = "ro-crate-1.2") -> list[tuple[str, str, str]]:
    """What the validator finds wrong in an attached crate in a ZIP file, at REQUIRED and RECOMMENDED."""
    settings = ValidationSettings(
        rocrate_uri=str(path),
        profile_identifier=profile,
        requirement_severity=Severity.RECOMMENDED,
        skip_availability_check=True,
        validate_profile_checks=False,
        no_cache=True,
    )
    with _offline():
        return _listed(services.validate(settings))


def issues(document: dict[str, Any], profile: str = "ro-crate-1.2") -> list[tuple[str, str, str]]:
    """What the validator finds wrong at the levels REQUIRED and RECOMMENDED: (level, message, entity)."""
    settings = ValidationSettings(
        rocrate_uri="https://data.example.org/crate/",
        metadata_dict=document,
        metadata_only=False,
        packaging_mode="detached",
        profile_identifier=profile,
        requirement_severity=Severity.RECOMMENDED,
        skip_availability_check=True,
        validate_profile_checks=False,
        no_cache=True,
    )
    with _offline():
        return _listed(services.validate_metadata_as_dict(document, settings))


def _listed(result: Any) -> list[tuple[str, str, str]]:
    return sorted(
        {(issue.severity.name, str(issue.message), str(issue.violatingEntity or "")) for issue in result.get_issues()}
    )
