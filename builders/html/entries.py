"""Cards as lists show them, and the keys of pages that are made from many records."""

import hashlib
from dataclasses import dataclass

from panfair.builders.card import Card
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import and_more, counted, foreign, iso_day_in_words, size_words


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as a list shows it."""

    page: str
    title: str
    language: str
    """Of title and snippet, where it is not the site's own."""
    people: str
    facts: tuple[str, ...]
    snippet: str
    marks: tuple[str, ...]
    superseded: bool
    thumbnail: str = ""
    """The address of its picture."""


def card_view(card: Card) -> CardView:
    """The words of a card."""
    # A size or a count of nothing is a catalogue's way of not knowing.
    size = size_words(card.size_bytes) if card.size_bytes > 0 else ""
    datasets = counted(card.datasets, "dataset", "datasets") if card.datasets else ""
    day = iso_day_in_words(card.day) or str(card.year)
    facts = (day, ", ".join(card.instruments[:2]), datasets, size)
    return CardView(
        page=card.page,
        title=card.title,
        language=foreign(card.language),
        people=and_more(", ".join(card.creators), card.more),
        facts=tuple(fact for fact in facts if fact),
        snippet=card.snippet,
        marks=tuple(dict.fromkeys(card.techniques))[:4],
        superseded=card.superseded,
        thumbnail=card.thumbnail,
    )


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card as another record's page names it, in one line."""

    page: str
    title: str
    language: str
    """Of the title, where it is not the site's own."""
    people: str
    year: int


def card_line(card: Card) -> CardLine:
    """The one line of a card."""
    people = and_more(", ".join(card.creators), card.more)
    return CardLine(card.page, card.title, foreign(card.language), people, card.year)


def sheet_key(renderer: Renderer, *parts: object) -> str:
    """A digest of what a sheet is made from: the templates and the code, the portal, and these parts."""
    made_from = repr((renderer.fingerprint(), renderer.portal, *parts))
    return hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()
