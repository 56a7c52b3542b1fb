"""What is closed of a record on a day: all of it, or the datasets and server paths that its page does not show."""

import orjson

from panfair.ontologies.embargo import Released, Verdict
from panfair.ontologies.record import Publication, Record, canonical
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.values import readings_of


def closed_texts(publication: Publication, verdict: Verdict, server_paths: bool) -> list[tuple[str, str]]:
    """The texts that may not be shown, each with its field; `server_paths`: whether those are shown."""
    return [(field, reading) for field, text in _texts(publication, verdict, server_paths) for reading in _spelt(text)]


def all_texts(record: Record) -> list[tuple[str, str]]:
    """The texts of what is closed as a whole, each with its field."""
    found = texts_of(orjson.loads(canonical(record)))
    return [(field, reading) for field, text in found for reading in _spelt(text)]


def _spelt(text: str) -> list[str]:
    return list(dict.fromkeys((text, *readings_of(text))))


def _texts(publication: Publication, verdict: Verdict, server_paths: bool) -> list[tuple[str, str]]:
    if not isinstance(verdict, Released):
        return list(texts_of(orjson.loads(canonical(publication))))
    opened = {dataset.id for dataset in verdict.publication.datasets}
    closed = [dataset for dataset in publication.datasets if dataset.id not in opened]
    texts = [text for dataset in closed for text in texts_of(orjson.loads(canonical(dataset)), "datasets")]
    if not server_paths:
        texts += _paths_of(publication)
    return texts


def _paths_of(publication: Publication) -> list[tuple[str, str]]:
    paths = [("files.server_path", file.server_path) for file in publication.files]
    for dataset in publication.datasets:
        paths.append(("datasets.server_path", dataset.server_path))
        paths += [("datasets.files.server_path", file.server_path) for file in dataset.files]
    return [(field, path) for field, path in paths if path]
