"""What is left of an open record when some of it may not be shown any more: what stood and is still said.

The first commit of a run takes away and adds nothing: so a record that lost a dataset stands there in its old words,
less all that the new release does not have. The second commit brings the new words.
"""

from collections.abc import Iterator

from panfair.ontologies.record import Dataset, Publication, Record


def shows_less(old: Publication, new: Publication) -> bool:
    """Whether the new release lacks a dataset, a link to one, or a server path that the old one shows."""
    return bool(set(_parts(old)) - set(_parts(new)))


def what_is_left(old: Publication, new: Publication) -> Publication:
    """The old publication less what the new one does not have: no text in it that did not stand."""
    return old.model_copy(update=_less(old, new))


def _parts(publication: Publication) -> Iterator[tuple[str, str]]:
    for dataset in publication.datasets:
        yield "dataset", dataset.id
        yield from (("input", f"{dataset.id} {link.id}") for link in dataset.inputs)
        if dataset.server_path:
            yield "path", dataset.server_path
        yield from (("path", file.server_path) for file in dataset.files if file.server_path)
    yield from (("path", file.server_path) for file in publication.files if file.server_path)


def _less(old: Record, new: Record) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name, value in old:
        other = getattr(new, name)
        if value is None or value == other:
            continue
        if name == "datasets":
            changes[name] = tuple(_datasets(value, other))
        elif isinstance(value, tuple):
            kept = set(other)
            changes[name] = tuple(item for item in value if item in kept)
        elif other is None:
            changes[name] = None
    return changes


def _datasets(old: tuple[Dataset, ...], new: tuple[Dataset, ...]) -> Iterator[Dataset]:
    by_id = {dataset.id: dataset for dataset in new}
    for dataset in old:
        if found := by_id.get(dataset.id):
            yield dataset.model_copy(update=_less(dataset, found))
