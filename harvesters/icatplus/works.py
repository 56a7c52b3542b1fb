"""Who paid for a session or a collection, and its other works, out of ICAT+'s documents.

ICAT+ itself tells a collection's `related` alone; panfair's core tells the rest too, by ICAT's own words.
"""

from collections.abc import Iterator

from pydantic import ValidationError

from panfair.harvesters.icat.entities import identifier_written
from panfair.harvesters.icat.store import Raw
from panfair.harvesters.reading.values import Note, objects, text_in, text_of, texts_of
from panfair.ontologies.record import Funding, Related


def related_texts(raw: Raw) -> Iterator[Related]:
    """The works of a list of mere texts; those without an identifier are none."""
    for text in texts_of(raw.get("related") or []):
        if found := identifier_written(text):
            yield Related(relation="IsSupplementTo" if found.scheme == "DOI" else "References", identifier=found)


def funding_references(raw: Raw) -> Iterator[Funding]:
    """Who paid, as panfair's core tells it."""
    for one in objects(raw.get("fundingReferences")):
        if funder := text_in(one.get("funderName")):
            yield Funding(
                funder=funder,
                funder_id=identifier_written(one.get("funderIdentifier")),
                award_number=text_in(one.get("awardNumber")),
                award_title=text_in(one.get("awardTitle")),
                acknowledgement=text_in(one.get("acknowledgement")),
            )


def related_items(raw: Raw, note: Note) -> Iterator[Related]:
    """Other works with their relation, as panfair's core tells them."""
    for one in objects(raw.get("relatedItems")):
        try:
            yield Related.model_validate(
                {
                    "relation": text_of(one.get("relationType")),
                    "identifier": identifier_written(one.get("identifier")) or identifier_written(one.get("url")),
                    "citation": text_in(one.get("fullReference")),
                    "title": text_in(one.get("title")),
                    "kind": text_in(one.get("relatedItemType")),
                }
            )
        except ValidationError:
            note("a related item was dropped: its relation is none that DataCite knows")
