"""mlcroissant as a judge: reads a croissant.json and its tables without a remark."""

import logging
from pathlib import Path

import mlcroissant


def check_croissant(path: Path, caplog) -> None:
    """Fails where mlcroissant has something to say, or finds no row in a table of datasets."""
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(jsonld=str(path))
    assert not dataset.metadata.ctx.issues.errors
    # What the source does not say is not made up: a version, a date of the citation.
    said = [warning for warning in dataset.metadata.ctx.issues.warnings if "recommended" not in warning.lower()]
    assert said == [] and [record.message for record in caplog.records if "context" in record.message] == []
    assert dataset.metadata.record_sets
    for table in dataset.metadata.record_sets:
        rows = list(dataset.records(table.uuid))
        assert rows and all(row[f"{table.uuid}/dataset"] != b"" for row in rows)
