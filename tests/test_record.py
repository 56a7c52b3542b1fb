"""ontologies/record.py: records are frozen, strict and have one canonical form."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Parameter, Publication, Record, Related, canonical, publication_from
from records import a_publication
from strategies import publications


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
