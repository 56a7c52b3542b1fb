"""Whether a search index or a store still has what this run took away: it would answer with it, whatever pages say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from panfair.builders.oai.store import open_in
from panfair.builders.panosc.store import panosc_open_in
from panfair.builders.search.index.writer import form_of
from panfair.builders.search.language.request import SCOPES
from panfair.site.run.leaks.scanner import Scanner
from panfair.site.state.layout import INDEX, PANOSC, STORE


def stale(place: Callable[[str], Path], closed: Sequence[str], narrowed: Sequence[str], scanner: Scanner) -> list[str]:
    """The indexes and stores that still have a closed record, or what a narrowed one lost, by their names.

    `place` tells where each lies, by its path below output/.
    """
    found = [
        name for name in (f"{INDEX}/{scope}" for scope in SCOPES) if _shows(place(name), closed, narrowed, scanner)
    ]
    found += [STORE] if open_in(place(STORE), closed) else []
    return found + ([PANOSC] if panosc_open_in(place(PANOSC), closed) else [])


def _shows(folder: Path, closed: Sequence[str], narrowed: Sequence[str], scanner: Scanner) -> bool:
    form = form_of(folder)
    if form is None:
        return False
    documents = _of_tantivy if form.startswith("tantivy") else _of_whoosh
    if any(True for _ in documents(folder, closed)):
        return True
    return any(True for _ in scanner.in_values(folder.name, documents(folder, narrowed))) if scanner else False


def _of_whoosh(folder: Path, owners: Iterable[str]) -> Iterator[str]:
    """The documents of some records as they are stored."""
    from panfair.builders.search.index.whoosh import open_index  # with Whoosh: a run without changes is short

    with open_index(folder).reader() as reader:
        for owner in owners:
            if ("owner", owner) in reader:
                for number in reader.postings("owner", owner).all_ids():
                    if not reader.is_deleted(number):
                        yield reader.stored_fields(number)["stored"]


def _of_tantivy(folder: Path, owners: Iterable[str]) -> Iterator[str]:
    import tantivy  # an extra

    from panfair.builders.search.index.tantivy import open_index

    index = open_index(folder)
    searcher = index.searcher()
    for owner in owners:
        query = tantivy.Query.term_query(index.schema, "owner", owner)
        for _score, address in searcher.search(query, limit=max(1, searcher.num_docs)).hits:
            yield bytes(searcher.doc(address)["stored"][0]).decode()
    for path in folder.glob(".tantivy-*.lock"):
        path.unlink()
