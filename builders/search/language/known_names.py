"""Names in a sentence: techniques, instruments, facilities and licences that the site has; people, proposals, formulae
and unwanted words by the words in front of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from panfair.builders.search.documents.words import words
from panfair.builders.search.language.condition import Condition
from panfair.builders.search.language.phrases import FACILITIES, pattern, technique_names
from panfair.builders.search.language.question import CARRIED_FROM, CARRIERS, STOP_WORDS

NAMED = ("technique", "instrument", "facility", "licence")
"""The facets whose labels are looked for."""
LONGEST_NAME = 10  # words
CODE = re.compile(r" [-–—] | ?[:(]")
"""Ends the short name that a long one of an instrument may begin with: `EX07 – X-ray absorption`."""
_PEOPLE = frozenset({"author", "first", "pi"})
_SHORTEST_UNWANTED = 3
_VERSION = re.compile(r"[0-9.]+")

Parts = tuple[str, ...]


@dataclass(frozen=True)
class KnownNames:
    """The names of what a site has, each by its words."""

    by_words: Mapping[Parts, tuple[str, tuple[str, ...]]]
    """To the facet and the labels that are meant."""


NO_NAMES = KnownNames({})


def known_names(labels: Mapping[str, Sequence[str]]) -> KnownNames:
    """The names by the labels of the facets `NAMED` that a site's records have."""
    found: dict[Parts, tuple[str, tuple[str, ...]]] = {}

    def add(name: str, facet: str, *meant: str) -> None:
        parts = parts_of(name)
        if 0 < len(parts) <= LONGEST_NAME and parts not in found and not any('"' in label for label in meant):
            found[parts] = (facet, meant)

    has = {facet: sorted(labels.get(facet, ())) for facet in NAMED}
    for label in has["technique"]:
        add(label, "technique", label)
    for name, label in technique_names().items():
        if label in has["technique"]:
            add(name, "technique", label)
    for label in has["instrument"]:
        add(label, "instrument", label)
    for label in has["instrument"]:
        add(CODE.split(label)[0], "instrument", label)
    for names in FACILITIES:
        own = [label for label in has["facility"] if parts_of(label) in {parts_of(name) for name in names}]
        for name in names if own else ():
            add(name, "facility", own[0])
    for label in has["facility"]:
        add(label, "facility", label)
    licences: dict[Parts, list[str]] = {}
    for label in has["licence"]:
        parts = parts_of(label)
        while parts:
            licences.setdefault(parts, []).append(label)
            if not _VERSION.fullmatch(parts[-1]):
                break
            parts = parts[:-1]
    for parts, some in licences.items():
        add(" ".join(parts), "licence", *some)
    return KnownNames(found)


def parts_of(text: str) -> Parts:
    """The words of a name, compounds in their parts."""
    return tuple(word.text for word in words(text) if not word.whole)


def named(rest: str, sentence: str, known: KnownNames) -> Iterator[Condition]:
    """The names in `rest` that a site knows, the longest first; those of one word where a word before or capitals say
    that it is a name."""
    found = [word for word in words(rest) if not word.whole]
    at = 0
    while at < len(found):
        for length in range(min(LONGEST_NAME, len(found) - at), 0, -1):
            meant = known.by_words.get(tuple(word.text for word in found[at : at + length]))
            condition = meant and _named(rest, sentence, found[at].start, found[at + length - 1].end, *meant)
            if condition:
                yield condition
                at += length - 1
                break
        at += 1


def _named(rest: str, sentence: str, start: int, end: int, facet: str, labels: tuple[str, ...]) -> Condition | None:
    typed = sentence[start:end]
    cue = pattern(f"cue.{facet}").search(rest[:start])
    capitals = sum(letter != letter.lower() for letter in typed)
    several = " " in typed or (facet != "technique" and "-" in typed)
    if not cue and len(sentence.split()) < CARRIED_FROM:
        return None
    if (
        not cue
        and not several
        and capitals < 2
        and not (facet == "instrument" and any("0" <= letter <= "9" for letter in typed))
    ):
        return None
    if facet == "licence" and not cue and capitals < 2:
        return None
    begin = cue.start() if cue else start
    if facet == "technique":
        exact = f'(technique:="{labels[0]}" OR "{typed}")'
    elif facet == "facility":
        exact = f'facility:"{labels[0]}"'
    else:
        exact = " OR ".join(f'{facet}:="{label}"' for label in labels)
        exact = f"({exact})" if len(labels) > 1 else exact
    value = labels[0] if len(labels) == 1 else typed
    return Condition(facet, value, False, exact, sentence[begin:end], begin, end, guessed=facet != "licence")


def said(rest: str, sentence: str, known: KnownNames) -> Iterator[Condition]:
    """People, proposals, formulae and unwanted words, by what is said in front of them."""
    taken: list[tuple[int, int]] = []
    for name, key in (
        ("first", "first"),
        ("pi", "pi"),
        ("author", "author"),
        ("by", "author"),
        ("proposal", "proposal"),
        ("formula", "sample"),
        ("without", "word"),
    ):
        for found in pattern(name).finditer(rest):
            value = found["value"]
            if key in _PEOPLE:
                value = _person(value, sure=name != "by")
            if not value or (key == "word" and not _unwanted(value)):
                continue
            end = found.start("value") + len(value)
            if any(found.start() < last and first < end for first, last in taken):
                continue
            taken.append((found.start(), end))
            exact = f"{key}:({value})" if key in _PEOPLE else f"-{value}" if key == "word" else f'{key}:"{value}"'
            typed = sentence[found.start() : end]
            yield Condition(
                key, value, key == "word", exact, typed, found.start(), end, guessed=name in {"by", "first", "pi"}
            )


def _person(text: str, *, sure: bool) -> str:
    """The words of a name that a text begins with: those with a capital; one without it where somebody said so."""
    names: list[str] = []
    for word in text.split():
        bare = word.strip(".,;:")
        if not bare[:1].isalpha() or bare[0] == bare[0].lower() or (len(bare) > 2 and bare == bare.upper()):
            break
        names.append(word)
    if not names and sure and text.split()[0].lower() not in CARRIERS | STOP_WORDS:
        names = text.split()[:1]
    if not names or (not sure and len(names) == 1 and len(names[0].strip(".")) < 3):
        return ""
    return " ".join(names).rstrip(".,;:")


def _unwanted(word: str) -> bool:
    return len(word) >= _SHORTEST_UNWANTED and word.lower() not in CARRIERS | STOP_WORDS and word[0] not in "-+\ufffc"
