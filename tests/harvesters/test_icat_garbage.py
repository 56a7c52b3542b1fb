"""Whatever the ICAT family puts into its fields, a record comes out, or a refusal: never another error."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from panfair.harvesters import Context, Refused, SourceOptions
from panfair.harvesters.icat.entities import publications_of
from panfair.harvesters.icat.pages import investigations, publications
from panfair.harvesters.icatplus.documents import Parts, Reader, collection_of, session_of
from panfair.ontologies.errors import RecordError
from panfair.ontologies.record import Publication

_NAMES = re.findall(
    r"\w+",
    """
    name title summary doi pid visitId startDate endDate releaseDate publicationDate content investigation dataset
    sample type user study datafile dataCollection inputDataCollection outputDataCollection sourceDatafile
    destDatafile instrument technique facility application funding publication dataPublication parameters
    numericValue stringValue fileSize fileCount complete location investigationUsers users dates techniques
    sampleId sampleName orcidId affiliations meta isReleased value units authors titles creators subjects keywords
    related publicationYear
    """,
)
_TEXTS = st.sampled_from(
    ["10.99999/a", "2020-01-01T00:00:00Z", "x", "", "N/A", "0000-0002-1825-0097", "1e999", "\x00 y"]
)
_LEAVES = st.none() | st.booleans() | st.integers(-2, 10**20) | st.floats() | _TEXTS | st.text(max_size=5)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", *_NAMES]), inner, max_size=4),
    max_leaves=8,
)
_ROWS = st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=12)
_TOLD = {
    "doi": "10.99999/a",
    "pid": "10.99999/b",
    "title": "t",
    "releaseDate": "2020-01-01",
    "publicationDate": "2020-01-01",
}
_OPTIONS = SourceOptions(name="one", kind="icat", publisher="Example Source")


class Garbage:
    """An ICAT whose every answer is the same few rows."""

    max_entities = 100

    def __init__(self, rows: list[dict]) -> None:
        self.rows = [{**row, "id": number} for number, row in enumerate(rows, 1)]

    def ask(self, query: str) -> list[dict]:
        return [dict(row) for row in self.rows]

    def ask_children(self, query: str, place: str) -> list[dict]:
        return self.ask(query)

    def knows(self, entity: str) -> bool:
        return True


@settings(max_examples=150, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=3), st.booleans())
def test_any_fields_of_icats_entities_give_records_or_refusals(rows, told):
    rows = [{**row, **_TOLD} if told else row for row in rows]
    context = Context(root=Path("/"), contact="data@example.org")
    for assemble in (investigations, publications):
        icat = Garbage(rows)
        entities = assemble(icat, icat.ask(""))
        for item in publications_of(entities, _OPTIONS, context, lambda text: None):
            assert isinstance(item, Publication | Refused)


@settings(max_examples=150, deadline=None)
@given(_ROWS, _ROWS, st.lists(_ROWS, max_size=2), st.booleans())
def test_any_fields_of_icatplus_documents_give_records_or_a_reason(raw, datacite, others, told):
    raw = {**raw, **_TOLD, "id": 1} if told else {**raw, "id": 1}
    rows = [{**row, "id": number} for number, row in enumerate(others, 1)]
    parts = Parts(datasets=rows, samples=rows, files={1: rows}, users=rows)
    reader = Reader(_OPTIONS, (), lambda text: None)
    for make in (lambda: session_of(raw, parts, reader, True), lambda: collection_of(raw, datacite, parts, reader)):
        try:
            assert isinstance(make(), Publication)
        except (RecordError, ValidationError):
            pass
