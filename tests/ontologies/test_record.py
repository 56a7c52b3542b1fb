"""ontologies/record.py: records are frozen, strict and have one canonical form."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Parameter, Publication, Record, Related, canonical, publication_from
from support.records import a_publication
from support.strategies import publications


@given(publications)
@settings(max_examples=100)
def test_the_canonical_form_is_read_back_to_the_same_record(publication):
    data = canonical(publication)
    assert publication_from(data) == publication
    assert canonical(publication_from(data)) == data


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (2**63 - 1, 2**63 - 1),
        (2**63, "9223372036854775808"),
        (-(10**20), "-100000000000000000000"),
        (inf, "inf"),
        ((1.5, nan), "1.5, nan"),
        ((1, 10**400), f"1, {10**400}"),
        ((1, 2), (1.0, 2.0)),
        (True, True),
    ],
)
def test_a_value_that_no_number_of_json_can_tell_is_kept_as_text(value, kept):
    parameter = Parameter(name="exposure", value=value)
    assert parameter.value == kept and type(parameter.value) is type(kept)
    publication = a_publication(parameters=(parameter,))
    assert publication_from(canonical(publication)) == publication


@pytest.mark.parametrize("said", [0, 1924992000, 1.5, "0", "1924992000", "2026-11-28T00:00:00-06:00", "28.11.2026", ""])
def test_a_day_is_never_guessed_from_a_number_or_a_moment(said):
    for field in ("release_date", "publication_date"):
        with pytest.raises(ValidationError):
            Publication.model_validate({**a_publication().model_dump(), field: said})


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_moment_that_utc_does_not_have_is_refused(said):
    with pytest.raises(ValidationError):
        Publication.model_validate({**a_publication().model_dump(), "start": said})


def test_an_identifier_holds_no_character_that_xml_forbids():
    assert Identifier(scheme="local", value=" a\x01b\n").value == "ab"
    with pytest.raises(ValidationError):
        Identifier(scheme="local", value="\x00 ")


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError):
        Publication.model_validate({**a_publication().model_dump(), "ownerEmail": "a@example.org"})


def test_a_record_cannot_be_changed():
    with pytest.raises(ValidationError):
        a_publication().title = "another"


def test_every_field_of_every_model_says_what_it_means():
    silent = [
        f"{model.__name__}.{name}"
        for model in Record.__subclasses__()
        if model.__module__ == Record.__module__
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert silent == []


def test_a_newer_version_is_found_among_the_related_works():
    newer = Related(relation="IsPreviousVersionOf", identifier=Identifier(scheme="DOI", value="10.99999/v2"))
    assert a_publication(related=(newer,)).superseded_by == "10.99999/v2"
    assert a_publication().superseded_by is None
