"""Tests of the files that a browser searches in: packed numbers, shards, sets, and the same bytes every time."""

import gzip
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.search.documents.words import STEM_MARK, words
from panfair.builders.search.static.entry import FIELDS, entry_of, packed, unpacked
from panfair.builders.search.static.files import Scope, search_files
from panfair.builders.search.static.label_sets import Column
from panfair.builders.search.static.language import search_language
from panfair.builders.search.static.packing import varints
from panfair.builders.search.static.shards import KEY_FIELD, KEY_MARK, Postings, place_in_order
from support.records import PORTAL
from support.search.cases import a_document


def numbers_of(body: bytes) -> tuple[str, list[int], bytes]:
    """The text, the numbers and the bytes behind the text of a file."""
    text, _, packed_numbers = gzip.decompress(body).partition(b"\0")
    found, value, scale = [], 0, 1
    for byte in packed_numbers:
        value += (byte & 127) * scale
        scale *= 128
        if byte < 128:
            found.append(value)
            value, scale = 0, 1
    return text.decode(), found, packed_numbers


@given(st.lists(st.integers(0, 2**53)))
def test_numbers_come_back_as_they_were_packed(values):
    assert numbers_of(gzip.compress(b"\0" + varints(values)))[1] == values


@given(st.lists(st.lists(st.sampled_from("abcdé"), max_size=3, unique=True), max_size=30))
def test_a_column_tells_every_document_s_labels(rows):
    column = Column()
    for row in rows:
        column.add(row)
    text, numbers, _ = numbers_of(column.file())
    told = json.loads(text)
    assert [[told["labels"][place] for place in told["sets"][number]] for number in numbers] == [
        sorted(r) for r in rows
    ]


@pytest.fixture(scope="module")
def entries() -> list[dict]:
    random = Random(5)
    made = [entry_of(a_document(number, random)) for number in range(120)]
    return sorted(made, key=lambda entry: (-entry["day"], entry["key"]))


def test_an_entry_comes_back_as_it_was_kept(entries):
    assert [unpacked(packed(entry)) for entry in entries] == json.loads(json.dumps(entries))


def _read(shards) -> tuple[dict[str, dict[int, dict[int, object]]], dict[str, list[str]]]:
    """All shards read back: word to field to document to its places (its count, of what has none); stems' words."""
    found: dict[str, dict[int, dict[int, object]]] = {}
    families = {}
    for shard in shards:
        text, numbers, _ = numbers_of(shard.words)
        _, places, _ = numbers_of(shard.places)
        lists, at = [], 0
        for term, *family in (line.split("\t") for line in text.split("\n")):
            assert term not in families
            families[term] = family
            fields, at = numbers[at], at + 1
            for _ in range(fields):
                lists.append((term, numbers[at], numbers[at + 1]))
                at += 2
        total = sum(count for _, _, count in lists)
        steps, counts = numbers[at : at + total], numbers[at + total : at + 2 * total]
        row = place = 0
        for term, field, count in lists:
            number = 0
            for _ in range(count):
                number += steps[row]
                here: object = counts[row]
                if not term.startswith((STEM_MARK, KEY_MARK)):
                    run = places[place : place + counts[row]]
                    place += counts[row]
                    here = [sum(run[: end + 1]) for end in range(len(run))]
                found.setdefault(term, {}).setdefault(field, {})[number] = here
                row += 1
        assert place == len(places)
    return found, families


@pytest.mark.parametrize("at_once", [50, 2_000_000])
def test_every_word_of_every_document_is_in_a_shard_with_its_places(entries, monkeypatch, at_once):
    monkeypatch.setattr("panfair.builders.search.static.shards._POSTINGS_AT_ONCE", at_once)
    monkeypatch.setattr("panfair.builders.search.static.cut._POSTINGS_A_SHARD", 40)
    with Postings() as postings:
        for number, entry in enumerate(entries):
            postings.add(number, entry)
        found, families = _read(postings.shards())
    assert list(families) == sorted(families, key=place_in_order)
    expected: dict[str, dict[int, dict[int, object]]] = {}
    for number, entry in enumerate(entries):
        expected.setdefault(KEY_MARK + entry["owner"], {}).setdefault(KEY_FIELD, {})[number] = 1
        for name, (_, places, _) in entry["fields"].items():
            for word, here in places.items():
                expected.setdefault(word, {}).setdefault(FIELDS.index(name), {})[number] = here
    assert {word: here for word, here in found.items() if word[0] != STEM_MARK} == expected
    for number, entry in enumerate(entries):
        for name, (_, places, stems) in entry["fields"].items():
            field = FIELDS.index(name)
            for stem, count in stems.items():
                whole = found.get(stem, {}).get(field, {}).get(number, 0)
                assert sum(len(places.get(word, ())) for word in families[stem]) - whole == count, (stem, name)


def test_pairs_of_frequent_words_stand_where_the_two_stand_side_by_side(entries, monkeypatch):
    monkeypatch.setattr("panfair.builders.search.static.shards.FREQUENT_FROM", 60)
    with Postings() as postings:
        for number, entry in enumerate(entries):
            postings.add(number, entry)
        frequent = postings.add_pairs()
        found, _ = _read(postings.shards())
    expected: dict[str, dict[int, dict[int, object]]] = {}
    for number, entry in enumerate(entries):
        for name, (_, places, _) in entry["fields"].items():
            for one in frequent:
                for other in frequent:
                    here = sorted(set(places.get(one, ())) & {place - 1 for place in places.get(other, ())})
                    if here:
                        expected.setdefault(f"&{one} {other}", {}).setdefault(FIELDS.index(name), {})[number] = here
    assert "x" in frequent and "&x ray" in expected
    assert {word: here for word, here in found.items() if word[0] == "&"} == expected


def test_words_that_stand_nowhere_letter_by_letter_are_told():
    random = Random(1)
    document = {**a_document(1, random), "text": {"title": "Müller’s X-ray tomographies of foam in EX-01"}}
    assert entry_of(document)["derived"] == ["ex01", "mueller", "muellers", "muller", "mullers", "tomographi", "xray"]


def test_the_same_documents_give_the_same_bytes(entries):
    def files(order):
        by_key = {entry["key"]: entry for entry in order}
        keys = [entry["key"] for entry in entries]
        scope = Scope("publications", keys, lambda wanted: [by_key[key] for key in wanted])
        return {artifact.path: artifact.body for artifact in search_files([scope], search_language(PORTAL), "g")}

    assert files(entries) == files(list(reversed(entries)))


def test_no_documents_are_a_search_that_finds_nothing():
    paths = [file.path for file in search_files([Scope("datasets", [], lambda _: [])], search_language(PORTAL), "g")]
    assert "search/data/g/datasets/index.bin" in paths and len(paths) == len(set(paths))
    assert list(words("")) == []
