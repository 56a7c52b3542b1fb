"""The files of a base without some of its documents: no word, label, number or card of theirs stays in any.

What closes must leave the base at once, and a new base costs as much as the whole site has words. So the files that
hold something of it are written anew, and only those: the shards with its words, the vocabulary that slips are mended
by, completed labels, its block of cards, and the columns. Its number stays, and names nobody; the delta tells that it
does not count. What is left reads as if the document had been empty from the beginning.
"""

import gzip
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, product
from typing import Any

import orjson

from panfair.builders.search.documents.facets import FACETS
from panfair.builders.search.documents.fields import TEXT_FIELDS
from panfair.builders.search.documents.labels import COMPLETED, spelt
from panfair.builders.search.documents.words import STEM_MARK, stem_of
from panfair.builders.search.static.cut import OpenShard, Shard
from panfair.builders.search.static.entry import Entry
from panfair.builders.search.static.files import CARDS_A_BLOCK
from panfair.builders.search.static.label_sets import column_without
from panfair.builders.search.static.packing import as_json, packed_file, unvarints, varints
from panfair.builders.search.static.pairs import PAIR_MARK
from panfair.builders.search.static.shards import KEY_MARK, place_in_order

Read = Callable[[str], bytes]
"""The body of a file of the scope, by its name without `.bin`."""
_NO_WORDS = (STEM_MARK, KEY_MARK, PAIR_MARK)


def files_without(gone: Mapping[int, Entry], read: Read) -> dict[str, bytes] | None:
    """The files of a scope that are others without these documents, told by their numbers in the base.

    None where a file would be left with nothing in it: then the base is to be made anew.
    """
    index = orjson.loads(_text(read("index")))
    made = dict(_cards(gone, read))
    shards = _shards(gone, index, read)
    spelling = _spelling(gone, index, shards.values(), read)
    completed = _completed(gone, index, read)
    if not all(shard.terms for shard in shards.values()) or None in (spelling, completed):
        return None
    for number, shard in shards.items():
        made |= {f"words-{number}": shard.words, f"places-{number}": shard.places}
        index["firsts"][number] = shard.terms[0]
    index["alone"] = sorted({*index["alone"], *(number for number, one in shards.items() if len(one.terms) == 1)})
    made |= {**(spelling or {}), **(completed or {})}
    for name in (
        *(f"facet-{one}" for one in (*FACETS, "year", "told")),
        *(f"number-{one}" for one in index["numbers"]),
    ):
        made[name] = column_without(gone, read(name))
    made["days"] = _days(gone, read("days"))
    sizes = unvarints(gzip.decompress(read("sizes")).partition(b"\0")[2])
    sizes[list(gone)] = 0
    made["sizes"] = packed_file("", varints(sizes))
    made["index"] = packed_file(as_json(index))
    return {name: body for name, body in made.items() if body != read(name)}


def _text(body: bytes) -> bytes:
    return gzip.decompress(body).partition(b"\0")[0]


def _cards(gone: Iterable[int], read: Read) -> Iterator[tuple[str, bytes]]:
    for block, numbers in groupby(sorted(gone), lambda number: number // CARDS_A_BLOCK):
        cards = orjson.loads(_text(read(f"cards-{block}")))
        for number in numbers:
            cards[number % CARDS_A_BLOCK] = None
        yield f"cards-{block}", packed_file(as_json(cards))


def _shards(gone: Mapping[int, Entry], index: Mapping[str, Any], read: Read) -> dict[int, Shard]:
    """The shards that hold a word of these documents, without them, by their numbers."""
    places = [place_in_order(first) for first in index["firsts"]]
    terms = set().union(*(_terms(entry, set(index["frequent"])) for entry in gone.values()))
    numbers = {max(0, bisect_right(places, place_in_order(term)) - 1) for term in terms}
    opened = {
        number: OpenShard(read(f"words-{number}"), read(f"places-{number}"), (KEY_MARK, STEM_MARK))
        for number in sorted(numbers)
    }
    lost: set[str] = set()
    for shard in opened.values():
        lost.update(term for term in shard.drop(sorted(gone)) if term in terms and not term.startswith(_NO_WORDS))
    return {number: shard.closed(lost) for number, shard in opened.items()}


def _terms(entry: Entry, frequent: set[str]) -> Iterator[str]:
    """All under which a document may stand in the shards."""
    yield KEY_MARK + entry["owner"]
    for name, (_, places, _) in entry["fields"].items():
        yield from places
        if name in TEXT_FIELDS:
            yield from (STEM_MARK + stem for word in places if (stem := stem_of(word)) is not None)
        often = frequent & places.keys()
        yield from (f"{PAIR_MARK}{first} {second}" for first, second in product(often, often))


def _spelling(
    gone: Mapping[int, Entry], index: Mapping[str, Any], shards: Iterable[Shard], read: Read
) -> dict[str, bytes] | None:
    """The vocabulary's files that are others now."""
    now: dict[str, list[int]] = {}
    for shard in shards:
        now.update(zip(shard.terms, _split(shard.entries, len(shard.terms)), strict=True))
    letters = [place_in_order(first) for first in index["spelling"]]
    files: dict[int, set[str]] = defaultdict(set)
    for entry in gone.values():
        for _, places, _ in entry["fields"].values():
            for word in places:
                files[bisect_right(letters, place_in_order(word[0])) - 1].add(word)
    made = {}
    for number, words in files.items():
        text, _, packed = gzip.decompress(read(f"spelling-{number}")).partition(b"\0")
        standing = text.decode("utf-8", "surrogatepass").split("\n")
        entries = dict(zip(standing, _split(unvarints(packed).tolist(), len(standing)), strict=True))
        for word in words:
            if word in now:
                entries[word] = now[word]
            else:
                entries.pop(word, None)
        if not entries:
            return None
        body = varints([value for entry in entries.values() for value in entry])
        made[f"spelling-{number}"] = packed_file("\n".join(entries), body)
    return made


def _split(entries: Sequence[int], count: int) -> Iterator[list[int]]:
    """The entry of each word: how many fields have it, then of each the field and how many documents."""
    at = 0
    for _ in range(count):
        end = at + 1 + 2 * entries[at]
        yield list(entries[at:end])
        at = end


def _completed(gone: Mapping[int, Entry], index: dict[str, Any], read: Read) -> dict[str, bytes] | None:
    """The files of completed labels that are others now; their first words in the index are brought up to date."""
    made = {}
    for column in COMPLETED:
        fewer = Counter(label for entry in gone.values() for label in entry["facets"].get(column, ()))
        firsts = index["complete"][column]
        places = [place_in_order(first) for first in firsts]
        numbers: set[int] = set()
        for word in {word for label in fewer for word in spelt(label, column)}:
            place = place_in_order(word)  # of one word there may be more labels than a file holds
            numbers.update(range(max(0, bisect_left(places, place) - 1), bisect_right(places, place)))
        for number in numbers:
            entries = orjson.loads(_text(read(f"complete-{column}-{number}")))
            for entry in entries:
                entry[2] -= fewer[entry[1]]
            left = [entry for entry in entries if entry[2] > 0]
            if not left:
                return None
            firsts[number] = left[0][0]
            made[f"complete-{column}-{number}"] = packed_file(as_json(left))
    return made


def _days(gone: Iterable[int], body: bytes) -> bytes:
    """The days, where one that no other document has is that of the document before it."""
    days = [day for day, count in orjson.loads(_text(body)) for _ in range(count)]
    left = set(range(len(days))).difference(gone)
    for number in sorted(gone):
        days[number] = days[number - 1] if number else next((days[other] for other in sorted(left)), 0)
    return packed_file(as_json([[day, len(list(run))] for day, run in groupby(days)]))
