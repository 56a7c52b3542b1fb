"""Records put on their shelves again when the code that says where they stand has changed: a list came, or one went.

Without this, a record that its source has not changed would keep its old shelves, and a new list stay empty for years.
"""

from dataclasses import replace

from panfair.builders.card import card_of
from panfair.builders.html.list_kind import shelves_of
from panfair.builders.html.renderer import fingerprint
from panfair.site.run.context import Context
from panfair.site.run.judge import released_from

_NOTE = "shelved with"


def shelve_anew(context: Context, only_now: bool) -> None:
    """Makes cards and shelves of all open records anew, unless they were made with the code that runs.

    `only_now`: every record came in this very run, so that none needs it.
    """
    ledger = context.ledger
    if ledger.note(_NOTE) == fingerprint():
        return
    ledger.answers.forget_all()
    for row in () if only_now else ledger.rows("state = 'open'"):
        released = released_from(row, context.day.on)
        shelves = shelves_of(released)
        card = card_of(released, row.changed, shelves)
        ledger.put(replace(row, card=card.to_json()))
        ledger.shelve(row.key, card.day, shelves)
    ledger.set_note(_NOTE, fingerprint())
