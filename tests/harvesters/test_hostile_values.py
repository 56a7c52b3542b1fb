"""A value that no record can hold costs its record, which the report names with the field, and never the source."""

from pathlib import Path

import orjson
import pytest
from pydantic import BaseModel, ValidationError

from panfair.harvesters import Context, Finished, Refused, fields_in, made, records
from panfair.ontologies.errors import RecordError
from panfair.ontologies.record import File, Publication, canonical
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from support.records import a_publication
from support.site_run import SiteRun, numbered


def _line(number: int, **changes) -> bytes:
    return orjson.dumps({**orjson.loads(canonical(numbered(number))), **changes})


ODD = {
    "a lone surrogate": _line(2).replace(b'"title":"', b'"title":"\\ud800 '),
    "infinity": _line(2).replace(b'"publication_year":2026', b'"publication_year":Infinity'),
    "a number beyond a double": _line(2).replace(b'"publication_year":2026', b'"publication_year":1e999'),
    "a number of 5000 digits": _line(2).replace(b'"publication_year":2026', b'"publication_year":' + b"9" * 5000),
    "an id of 100,000 letters": _line(2, datasets=[{"id": "x" * 100_000, "name": "scan"}]),
    "a key of 100,000 letters": _line(2, source_id="x" * 100_000),
    "a null dataset": _line(2, datasets=[None]),
    "an odd id": _line(2, doi={"not": "a doi"}),
    "a bare value": b"7",
    "a doi of 100,000 letters": _line(2, doi="10.5072/" + "x" * 100_000),
}


def _records(options, root):
    """What a harvest gives, but for its end."""
    given = records.harvest(options, Context(root=root, contact="data@example.org"))
    return [one for one in given if not isinstance(one, Finished)]


@pytest.mark.parametrize("what", ODD)
def test_of_lines_with_an_odd_one_only_that_is_refused(tmp_path, what):
    (tmp_path / "made-up.jsonl").write_bytes(b"\n".join((_line(1), ODD[what], _line(3))))
    options = records.Options(name="made-up", kind="records", path="made-up.jsonl")
    one, refused, other = _records(options, tmp_path)
    assert isinstance(one, Publication) and isinstance(other, Publication)
    assert isinstance(refused, Refused) and len(refused.key) <= 200 and refused.reason


@pytest.mark.parametrize("said", ["Infinity", "-Infinity", "NaN", "1e999", "9" * 400])
def test_a_parameter_that_is_no_number_of_json_is_kept_as_it_is_told(tmp_path, said):
    line = _line(1, parameters=[{"name": "gain", "value": "HERE"}]).replace(b'"HERE"', said.encode())
    (tmp_path / "made-up.jsonl").write_bytes(line)
    options = records.Options(name="made-up", kind="records", path="made-up.jsonl")
    (record,) = _records(options, tmp_path)
    assert isinstance(record, Publication) and isinstance(record.parameters[0].value, str)


def test_a_refusal_names_record_and_field_in_the_catalogues_words_and_no_value():
    def refuse() -> Publication:
        return a_publication(publication_year="Zebrafish", title="")

    refused = made("MA-1", refuse, {"publication_year": "publicationYear"})
    assert refused == Refused("MA-1", "a value cannot be read: publicationYear, title")

    def in_a_part() -> Publication:
        return a_publication(files=(File(name=""),))

    assert made("MA-1", in_a_part, {"File.name": "path"}) == Refused("MA-1", "a value cannot be read: path")

    def by_itself() -> Publication:
        raise RecordError("it has no DOI")

    assert made("MA-1", by_itself) == Refused("MA-1", "it has no DOI")
    assert made("MA-1", a_publication) == a_publication()


class _Part(BaseModel):
    number: int


def test_a_plug_in_that_lets_a_models_refusal_through_is_told_which_field_it_is(tmp_path: Path, monkeypatch):
    def harvest_badly(options, context):
        yield numbered(1)
        _Part.model_validate({"number": "Zebrafish"})

    site = SiteRun(tmp_path / "site")
    site.put(numbered(1))
    monkeypatch.setattr(records, "harvest", harvest_badly)
    report = Report()
    harvest(site.config, report, Silence())
    (line,) = map(str, report.failed)
    assert "_Part.number" in line and "Zebrafish" not in line


def test_at_most_five_fields_are_named():
    with pytest.raises(ValidationError) as caught:
        Publication.model_validate(dict.fromkeys("abcdefgh", 1))
    assert len(fields_in(caught.value).split(", ")) == 5
