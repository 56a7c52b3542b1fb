"""Files of a base without some documents say what files say of documents that were empty from the beginning."""

import gzip
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.search.static import cut, shards
from panfair.builders.search.static.entry import entry_of
from panfair.builders.search.static.files import Scope, scope_files
from panfair.builders.search.static.revise import files_without
from support.search.cases import a_document


def _entries() -> list[dict]:
    random = Random(7)
    made = [entry_of(a_document(number, random)) for number in range(60)]
    made.append(entry_of({**a_document(60, random), "abstract": "xenopusword"}))
    for number in (3, 60):  # words of nobody else, one of them with a stem
        made[number]["fields"]["title"] = entry_of(_titled(f"zebrafish larvae {number} vorpally"))["fields"]["title"]
    return sorted(json.loads(json.dumps(made)), key=lambda entry: (-entry["day"], entry["key"]))


def _titled(title: str) -> dict:
    document = a_document(1, Random(1))
    return {**document, "text": {"title": title}}


_ALL = _entries()


@pytest.fixture(scope="module", autouse=True)
def small_files():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut, "_POSTINGS_A_SHARD", 90)
        patch.setattr(cut, "_ALONE_FROM", 60)
        patch.setattr(shards, "FREQUENT_FROM", 40)
        yield


def _files(entries: list[dict], frequent=None) -> dict[str, bytes]:
    by_key = {entry["key"]: entry for entry in entries}
    return dict(scope_files(Scope("publications", list(by_key), lambda keys: [by_key[key] for key in keys]), frequent))


def _plain(body: bytes) -> str:
    return gzip.decompress(body).partition(b"\0")[0].decode()


def _numbers(packed: bytes) -> list[int]:
    found, value, scale = [], 0, 1
    for byte in packed:
        value += (byte & 127) * scale
        scale *= 128
        if byte < 128:
            found.append(value)
            value, scale = 0, 1
    return found


def _told(files: dict[str, bytes]) -> dict[tuple, object]:
    """What the shards say, by term, field and document; and the families of stems."""
    told: dict[tuple, object] = {}
    for number in range(sum(name.startswith("words-") for name in files)):
        text, _, packed = gzip.decompress(files[f"words-{number}"]).partition(b"\0")
        places = iter(_numbers(gzip.decompress(files[f"places-{number}"])[1:]))
        found, groups, at = _numbers(packed), [], 0
        for line in text.decode().split("\n"):
            term, *family = line.split("\t")
            told[term,] = family
            for place in range(at + 1, at + 1 + 2 * found[at], 2):
                groups.append((term, found[place], found[place + 1]))
            at += 1 + 2 * found[at]
        size = sum(count for _, _, count in groups)
        documents, counts, codes = iter(found[at:]), iter(found[at + size :]), iter(packed[len(packed) - size :])
        for term, field, count in groups:
            document = 0
            for _ in range(count):
                document += next(documents)
                times, spots = next(counts), [0]
                for _ in range(0 if term[0] in "~=" else times):
                    spots.append(spots[-1] + next(places))
                told[term, field, document] = (times, next(codes), spots[1:])
    return told


def _labels(body: bytes) -> list[list]:
    text, _, packed = gzip.decompress(body).partition(b"\0")
    told = json.loads(text)
    assert {place for one in told["sets"] for place in one} == set(range(len(told["labels"])))  # none is left over
    return [[told["labels"][place] for place in told["sets"][number]] for number in _numbers(packed)]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 60), min_size=1, max_size=4))
def test_what_is_left_reads_as_if_the_documents_had_been_empty(gone):
    before = _files(_ALL)
    frequent = json.loads(_plain(before["index"]))["frequent"]
    assert frequent  # so that there are pairs
    empty = [
        {**entry, "fields": {}, "facets": {}, "numbers": {}, "size": 0} if number in gone else entry
        for number, entry in enumerate(_ALL)
    ]
    expected = _files(empty, frequent)
    made = files_without({number: _ALL[number] for number in gone}, before.__getitem__)
    assert made is not None
    after = before | made
    owners = {f"={_ALL[number]['owner']}" for number in gone}
    wanted = {key: value for key, value in _told(expected).items() if key[0] not in owners}
    assert _told(after) == wanted
    index, plain = json.loads(_plain(after["index"])), json.loads(_plain(expected["index"]))
    for number, first in enumerate(index["firsts"]):
        assert _plain(after[f"words-{number}"]).split("\n")[0].split("\t")[0] == first
    assert index["complete"] == plain["complete"] and index["spelling"] == plain["spelling"]
    for name in sorted(expected):
        if name.startswith(("spelling", "complete", "sizes")):
            assert after[name] == expected[name], name
        elif name.startswith(("facet", "number")):
            blank = [[] if at in gone else row for at, row in enumerate(_labels(before[name]))]
            assert _labels(after[name]) == blank, name
        elif name.startswith("cards"):
            for at, card in enumerate(json.loads(_plain(after[name]))):
                number = int(name.removeprefix("cards-")) * 4 + at
                assert card == (None if number in gone else _ALL[number]["card"])
    assert sum(count for _, count in json.loads(_plain(after["days"]))) == len(_ALL)


def test_no_file_keeps_a_word_that_nobody_else_has():
    before = _files(_ALL)
    gone = {number: entry for number, entry in enumerate(_ALL) if "zebrafish" in str(entry["fields"])}
    assert len(gone) == 2 and "vorpally" in "".join(map(_plain, before.values()))
    made = files_without(gone, before.__getitem__)
    assert made is not None and len(made) < len(before)
    after = "".join(map(_plain, (before | made).values()))
    assert not any(word in after for word in ("zebrafish", "larva", "vorpal", "xenopus"))


def test_where_a_file_would_be_empty_there_is_none():
    entries = _ALL[:1]
    assert files_without({0: entries[0]}, _files(entries).__getitem__) is None
