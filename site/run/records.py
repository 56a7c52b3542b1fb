"""The records of a run: those that must be rendered, each handed on to every derived product.

An open record whose page was made with other code, or that changed, goes to the workers; a notice and a tombstone are
small and made here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from panfair.builders import Artifact
from panfair.builders.card import Card
from panfair.builders.gallery.shown import NO_PICTURES
from panfair.builders.pages.closed_states import notice_page, tombstone_page
from panfair.ontologies.embargo import Notice, restated
from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import publication_from
from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.leaks.held_back import HeldBack
from panfair.site.run.leaks.scanner import Scanner
from panfair.site.run.plugin_faults import place_of
from panfair.site.run.products.product import Product
from panfair.site.run.render import Alarm, Job, Rendered, Workshop, render_all
from panfair.site.run.versions.families import Families
from panfair.site.state.layout import COMPILED, LEDGER
from panfair.site.state.ledger import MEND, Row
from panfair.site.state.staging import Staging


def render_records(
    context: Context,
    changes: ChangeSet,
    products: Sequence[Product],
    staging: Staging,
    held: HeldBack,
    withheld: Mapping[str, Alarm],
) -> None:
    """Stages the files of all records that need it and may be shown, and tells the products.

    `withheld` are those of which it is known that they may not.
    """
    context.families.forget_stale(context.day.on)
    closed = held.hold_all(withheld.values(), context.anew)
    context.neighbours.take_in([*changes.keys(), *withheld])
    stale = "state = 'open' AND rendered != ?", (context.fingerprint,)
    count = context.ledger.connection.execute(f"SELECT count(*) FROM record WHERE {stale[0]}", stale[1]).fetchone()[0]  # noqa: S608
    rows = (row for row in context.ledger.rows(*stale) if row.key not in withheld)
    refused = _render_open(context, rows, count, products, staging, held)
    if held:
        context.families = Families(context.ledger)  # no page of a version may lead to what is held back
    while refused:  # and no page that was made before they were may name them as they are not
        again = [
            row for key in sorted(context.neighbours.take_in(refused) - refused) if (row := context.ledger.row(key))
        ]
        refused = _render_open(context, iter(again), len(again), products, staging, held)
    _render_closed(context, products, staging, held, closed)


def _render_open(
    context: Context,
    rows: Iterator[Row],
    count: int,
    products: Sequence[Product],
    staging: Staging,
    held: HeldBack,
) -> set[str]:
    """Renders open records; the answer is the keys of those that were held back."""
    config, refused = context.config, set()
    workshop = workshop_of(context, context.scanner)
    jobs = (job_of(row, context, staging) for row in rows)
    rendered = render_all(jobs, count, workshop, config.run.processes, config.state)
    for done in context.progress.bar("render", rendered, count):
        row = context.ledger.row(done.key)
        assert row is not None
        if isinstance(done, Alarm):
            held.hold(done, context.anew)
            refused.add(done.key)
        else:
            accept_rendered(done, row, context, products, staging)
    return refused


def workshop_of(context: Context, scanner: Scanner) -> Workshop:
    """Who renders open records in this process; what is rendered is scanned by this scanner."""
    config = context.config
    return Workshop(
        context.portal,
        config.output,
        context.day.on,
        scanner,
        config.search.static,
        config.search.engine,
        config.state / COMPILED,
    )


def job_of(row: Row, context: Context, staging: Staging, reading: bool = True) -> Job:
    """What it takes to render an open record; without `reading`, no file of its data is opened for a picture.

    Raises PublishError when its row is not as it was put down.
    """
    _must_be_sound(row)
    families, album = context.families, NO_PICTURES
    if row.source in context.gallery.sources:
        album = context.gallery.album(row.key, row.source, publication_from(row.content), reading)
    told, near, given = families.named_by_others(row.key), context.neighbours.of(row.key), context.given(row)
    return Job(row.key, row.content, staging.standing(row.key), families.of(row.key), told, album, near, given)


def accept_rendered(done: Rendered, row: Row, context: Context, products: Sequence[Product], staging: Staging) -> None:
    """Takes the files of a rendered record into the staging, and the record into the products."""
    stamped = _stamped(context, row, done.payload)
    staging.accept(done.key, done.staged, staging.standing(done.key))
    for product in products:
        product.put(done, row, stamped.datestamp)
    if done.scanned:
        context.scanner.vouch(done.scanned)
    if (card := Card.from_json(row.card)).thumbnail != done.thumbnail:
        context.ledger.set_card(done.key, replace(card, thumbnail=done.thumbnail))
    # Where files were left for the next run, it renders the record again.
    made_with = f"not {context.fingerprint}" if done.key in context.gallery.unfinished else context.fingerprint
    context.ledger.mark_rendered(done.key, made_with, done.payload, done.words, stamped.datestamp)


def _render_closed(
    context: Context, products: Sequence[Product], staging: Staging, held: HeldBack, withheld: Collection[str]
) -> None:
    """Stages the notices and tombstones that need it, and takes their records out of the products."""
    ledger = context.ledger
    for row in list(ledger.rows("state != 'open' AND rendered != ?", (context.fingerprint,))):
        _must_be_sound(row)
        made_with, pages = context.fingerprint, []
        if row.key in withheld:
            made_with = f"not {made_with}"  # tried again by the next run
        else:
            try:
                pages = closed_pages(row, context)
            except Exception as error:
                made_with = f"not {made_with}"
                held.without_page(row, place_of(row.key, error))
        staging.replace(row.key, pages)
        if context.anew or not row.rendered:
            for product in products:
                product.remove(row)
        ledger.mark_rendered(row.key, made_with, "", "", row.datestamp)


def closed_pages(row: Row, context: Context) -> list[Artifact]:
    """The files of a record that is not open: those of its notice or of its tombstone."""
    shown = restated(row.content)
    if isinstance(shown, Notice):
        pages = notice_page(shown, context.renderer)
    else:
        pages = tombstone_page(shown, context.renderer)
    return [Artifact(f"www/{page.path}", page.body) for page in pages]


def _must_be_sound(row: Row) -> None:
    if not row.is_sound:
        raise PublishError(f"{LEDGER} is damaged: {row.key} is not what was put down. {MEND}")


def _stamped(context: Context, row: Row, payload: str) -> Row:
    """The row with a new datestamp when new code says something else of an unchanged record by OAI-PMH."""
    if not row.payload or row.payload == payload:
        return row
    later = max(context.day.instant, datetime.fromisoformat(row.datestamp) + timedelta(seconds=1))
    return replace(row, datestamp=later.isoformat())
