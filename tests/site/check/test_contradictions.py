"""The curator's list names what a record says against itself, and nothing of a record that does not."""

import json
from datetime import date, datetime

import pytest

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Agent, OtherDate, Related
from panfair.site.check.completeness import criteria, lacks
from panfair.site.check.formats import faulty_forms
from support.records import a_dataset, a_publication

_KEYS = {"forwards", "dated_once", "contributors", "handles", "sizes"}
_BACK = {"start": datetime(2024, 5, 9), "end": datetime(2024, 5, 2)}
_ISSUED_TWICE = tuple(OtherDate(kind="Issued", day=date(2024, 1, day)) for day in (1, 2))
_TESTA = Agent(name="Testa Madeup", given_name="Testa", family_name="Madeup")


def _found(**changes):
    return {lack.criterion.key: lack.words for lack in lacks(a_publication(**changes))} | {}


def test_a_record_without_contradictions_has_none_named():
    assert _KEYS.isdisjoint(_found()) and {one.key for one in criteria()} > _KEYS


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("forwards", {**_BACK, "datasets": (a_dataset(), a_dataset(id="2", **_BACK))}, "2 of 3"),
        ("dated_once", {"other_dates": _ISSUED_TWICE}, "missing"),
        ("contributors", {"creators": (_TESTA,), "contributors": (_TESTA, Agent(name="Invented Person"))}, "1 of 2"),
        ("handles", {"related": tuple(
            Related(relation="References", identifier=Identifier(scheme="Handle", value=value))
            for value in ("20.500.99999/x", "just words")
        )}, "1 of 2"),
        ("sizes", {"datasets": (a_dataset(size_bytes=0), a_dataset(id="2"))}, "1 of 2"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named_with_how_many(key, changes, words):
    assert _found(**changes)[key] == words


def test_who_may_be_asked_may_be_a_creator_and_an_empty_dataset_may_have_no_bytes():
    contact = _TESTA.model_copy(update={"contributor_type": "ContactPerson"})
    empty = a_dataset(size_bytes=0, file_count=0, files=())
    found = _found(creators=(_TESTA,), contributors=(contact,), datasets=(empty,))
    assert {"contributors", "sizes"}.isdisjoint(found)


def test_a_link_header_that_no_proxy_passes_is_named(tmp_path):
    long = "https://data.example.org/" + "x" * 4000
    linkset = {"linkset": [{"anchor": "a", "cite-as": [{"href": long}]}]}
    (tmp_path / "linkset.json").write_text(json.dumps(linkset))
    (line,) = faulty_forms(tmp_path)
    assert "linkset.json makes a Link header of" in line
