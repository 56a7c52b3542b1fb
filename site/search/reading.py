"""What a query means to an index: a sentence is read with the names that its records have, then parsed."""

from dataclasses import dataclass

import numpy as np

from panfair.builders.search.documents.words import words
from panfair.builders.search.language.known_names import NAMED, KnownNames, known_names
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import SearchRequest
from panfair.builders.search.language.sentence import Reading, read_sentence
from panfair.builders.search.language.tree import And, Most, Node, Phrase, Word
from panfair.site.search.columns import Mask
from panfair.site.search.evaluate import Narrowed, matching
from panfair.site.search.index import SearchIndex

IN_WORDS = "No record has what is in quotation marks as it stands; its words were searched."


@dataclass(frozen=True)
class Meaning:
    """What a query means."""

    reading: Reading
    node: Node
    notes: tuple[str, ...]
    base: Mask
    """The live documents that match."""


def meaning(index: SearchIndex, query: str) -> Meaning:
    """What a query means to this index; where a guess finds nothing, its words are words."""
    reading = read_sentence(query, _names(index))
    found = _parsed(index, reading)
    guesses = [one for one in reading.conditions if one.guessed]
    if guesses and not np.any(found.base):
        plain = _parsed(index, read_sentence(query, _names(index), guessing=False))
        told = ", ".join(f"“{one.typed}”" for one in guesses)
        undone = f"Nothing is found with {told} as a condition; it was searched as words."
        return Meaning(plain.reading, plain.node, (undone, *plain.notes), plain.base)
    return found


def _not_all(node: Node) -> Node:
    """The tree with keywords of which a document need not have all."""
    match node:
        case And(nodes):
            return And(tuple(map(_not_all, nodes)))
        case Most(nodes, True):
            return Most(nodes)
    return node


def _in_words(node: Node) -> Node:
    """The tree with the words of its quoted phrases in any place and order; of a field they stay as they are."""
    match node:
        case And(nodes):
            return And(tuple(map(_in_words, nodes)))
        case Phrase(text, ()):
            some = tuple(Word(piece) for piece in text.split() if any(True for _ in words(piece)))
            return And(some) if len(some) > 1 else node
    return node


def narrowed(index: SearchIndex, request: SearchRequest) -> Narrowed:
    """What a request means to this index."""
    meant = meaning(index, request.query)
    return Narrowed(index.table, request, meant.node, meant.base)


def _parsed(index: SearchIndex, reading: Reading) -> Meaning:
    parsed = parse(reading.query)
    notes = dict.fromkeys(parsed.notes)
    for one in reading.conditions:
        if one.as_range:
            notes[f"“{one.typed}” was read as {one.as_range}; in quotation marks it is searched as words."] = None
    node = parsed.node
    base = matching(index, node, notes)
    if reading.conditions and not np.any(base):  # what has all the words may not be what the conditions leave
        node = _not_all(node)
        base = matching(index, node, notes)
    if not np.any(base) and (loose := _in_words(node)) != node:
        found = matching(index, loose, {})
        if np.any(found):
            notes[IN_WORDS] = None
            node, base = loose, found
    return Meaning(reading, node, tuple(notes), base)


def _names(index: SearchIndex) -> KnownNames:
    """The names of what the live documents of an index have, made once for each of its states."""
    table = index.table
    known: KnownNames | None = table.memo.get(("names", ""))
    if known is None:
        labels = {
            name: [
                label
                for label, times in zip(table.columns.facets[name].labels, table.totals(name).tolist(), strict=True)
                if times
            ]
            for name in NAMED
        }
        known = table.memo["names", ""] = known_names(labels)
    return known
