"""Search on a plain file host: all files that the script in the browser searches in, for both scopes.

Below `search/data/`: `manifest.json` names the generation; in the generation's folder stand `tables.bin` (letters,
units, weights) and for each scope `index.bin` (what there is), the shards of words and of their places, a column for
each facet, quantity, day, size and title, the cards of the results in blocks, the labels that are completed while
a person types, and the vocabulary by first letters for spelling. A generation is named by all that it is made from,
so no visitor ever mixes two. What has changed since may stand in one more file (`builders.search.static.delta`).

Documents are numbered by their newest day, then by key: the order in which equal results are listed needs no column.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import orjson

from panfair.builders import Artifact
from panfair.builders.search.documents.facets import FACETS
from panfair.builders.search.documents.fields import COUNTED
from panfair.builders.search.documents.labels import COMPLETED
from panfair.builders.search.static.completion import Completion
from panfair.builders.search.static.entry import Entry
from panfair.builders.search.static.form import FOLDER, MANIFEST
from panfair.builders.search.static.label_sets import Column
from panfair.builders.search.static.packing import as_json, packed_file, varints
from panfair.builders.search.static.shards import Postings
from panfair.builders.search.static.spelling import Spelling
from panfair.builders.search.static.tables import search_tables
from panfair.ontologies.quantities import quantities

CARDS_A_BLOCK = 4
"""So that a page of results fetches little beside its own cards."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents of one index."""

    name: str
    keys: Sequence[str]
    """In the order of their numbers: by newest day, then by key."""
    read: Callable[[Sequence[str]], Iterable[Entry]]
    """The entries of these keys, in their order."""


def search_files(scopes: Sequence[Scope], language: Mapping[str, Any], generation: str) -> Iterator[Artifact]:
    """All files, one after the other, the manifest last. `language` is for `search_tables`."""
    folder = f"{FOLDER}/{generation}"
    yield Artifact(f"{folder}/tables.bin", packed_file(as_json(search_tables(language))))
    for scope in scopes:
        for name, body in scope_files(scope):
            yield Artifact(f"{folder}/{scope.name}/{name}.bin", body)
    counts = {scope.name: len(scope.keys) for scope in scopes}
    yield manifest(generation, counts)


def manifest(
    generation: str, counts: Mapping[str, int], delta: str | None = None, revised: str | None = None
) -> Artifact:
    """What the script reads first: where the files of a base stand, and the names of two more: what changed since, and
    which files have another name since they were written anew without a document (`builders.search.static.revise`).
    """
    content: dict[str, Any] = {"generation": generation, "block": CARDS_A_BLOCK, "counts": counts, "delta": delta}
    if revised:
        content["revised"] = revised
    return Artifact(MANIFEST, orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))


def scope_files(scope: Scope, frequent: Collection[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """The name (without `.bin`) and the body of each file of a scope; `frequent` as for `Postings.add_pairs`."""
    facets = {name: Column() for name in (*FACETS, "year", "told")}
    numbers = {name: Column() for name in (*quantities(), *COUNTED)}
    completed = {name: Completion(name) for name in COMPLETED}
    days, sizes, titles = array("q"), array("q"), []
    with Postings() as postings:
        for block in range(0, len(scope.keys), CARDS_A_BLOCK):
            cards = []
            for number, entry in enumerate(scope.read(scope.keys[block : block + CARDS_A_BLOCK]), start=block):
                cards.append(entry["card"])
                postings.add(number, entry)
                for name in FACETS:
                    facets[name].add(entry["facets"].get(name, ()))
                facets["year"].add([entry["year"]])
                facets["told"].add([name for name in entry["numbers"] if name not in COUNTED])
                for name, labels in completed.items():
                    labels.add(entry["facets"].get(name, ()))
                for name, column in numbers.items():
                    column.add(entry["numbers"].get(name, ()))
                days.append(entry["day"])
                sizes.append(entry["size"])
                titles.append((entry["title"], entry["key"]))
            yield f"cards-{block // CARDS_A_BLOCK}", packed_file(as_json(cards))
        frequent_words = postings.add_pairs(frequent)
        firsts, alone, spelling = [], [], Spelling()
        for number, shard in enumerate(postings.shards()):
            firsts.append(shard.terms[0])
            alone += [number] if len(shard.terms) == 1 else []
            yield f"words-{number}", shard.words
            yield f"places-{number}", shard.places
            yield from spelling.add(shard)
        yield from spelling.rest()
    labelled = [name for name, column in numbers.items() if column.has_labels]
    for name, column in facets.items():
        yield f"facet-{name}", column.file()
    for labels in completed.values():
        yield from labels.files()
    for name in labelled:
        yield f"number-{name}", numbers[name].file()
    yield "days", packed_file(as_json([[day, len(list(run))] for day, run in groupby(days)]))
    yield "sizes", packed_file("", varints(sizes))
    yield "titles", packed_file("", varints(_ranks(titles)))
    yield (
        "index",
        packed_file(
            as_json(
                {
                    "count": len(scope.keys),
                    "firsts": firsts,
                    "alone": alone,
                    "frequent": frequent_words,
                    "complete": {name: labels.firsts for name, labels in completed.items()},
                    "spelling": spelling.firsts,
                    "numbers": labelled,
                }
            )
        ),
    )


def _ranks(keys: Sequence[tuple[str, str]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place of each in the order of all."""
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return ranks
