"""ontologies/record.py: records are frozen, strict and have one canonical form."""

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Publication, Record, Related, canonical, publication_from
from records import a_publication
from strategies import publications


@given(publications)
@settings(max_examples=100)
def test_the_canonical_form_is_read_back_to_the_same_record(publication):
    data = canonical(publication)
    assert publication_from(data) == publication
    assert canonical(publication_from(data)) == data


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
