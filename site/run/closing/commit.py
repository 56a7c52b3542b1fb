"""The first commit of a run: what is closed leaves pages, formats, lists, indexes, stores and dumps, before all else.

It is made from what stands and from what may be said of closed records, and nothing can refuse it: no leak scan, no
record of others, no sick source. A product that cannot be changed, or would show something closed, is taken away whole
and made anew by the second commit; where even that fails, as on a full disk, only deletions are committed: smaller,
never wider.
"""

import logging
import shutil
import traceback

from panfair.builders import Artifact
from panfair.ontologies.errors import UnfinishedError
from panfair.site.config.settings import Config
from panfair.site.run.changes import ChangeSet
from panfair.site.run.closing.careful import Careful
from panfair.site.run.closing.judging import Closing, shut
from panfair.site.run.context import Context
from panfair.site.run.day import Day
from panfair.site.run.indexes import Indexes, are_current, damage_line, damaged
from panfair.site.run.leaks.said import speakers
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.products.sheets import Sheets
from panfair.site.run.progress import Progress
from panfair.site.run.records import accept_rendered, closed_pages, job_of, workshop_of
from panfair.site.run.render import Rendered
from panfair.site.run.report import Report
from panfair.site.run.similar.neighbours import forget, namers
from panfair.site.run.static_search.files import SearchFiles
from panfair.site.run.versions.families import Families
from panfair.site.state.layout import TODO
from panfair.site.state.ledger import Ledger, Row
from panfair.site.state.secret import site_key
from panfair.site.state.staging import Staging, disowned, take_away_what_is_not_ours

log = logging.getLogger(__name__)


def take_away(
    config: Config, ledger: Ledger, day: Day, report: Report, progress: Progress, accept_shrink: bool
) -> set[str]:
    """Commits what closes, if anything does; the answer is the sources that are not to be believed today."""
    if ledger.is_empty():
        return set()
    judged = _judged(config, ledger, day, report, accept_shrink)
    if not judged.changes:
        ledger.rollback()
    else:
        try:
            _commit(judged, Context(config, ledger, day, report, progress, judged.leaks, anew=False))
        except UnfinishedError:
            raise  # it is decided and committed: the next run moves the rest
        except Exception as error:
            log.warning(
                "what closed could not be folded in (%s); it is taken away bare, with all lists and indexes",
                type(error).__name__,
            )
            log.info("the way there:\n%s", "".join(traceback.format_list(traceback.extract_tb(error.__traceback__))))
            ledger.rollback()
            judged = _judged(config, ledger, day, Report(), accept_shrink)
            report.outcomes.tell(ledger.connection, config.portal, first_commit=True)
            _commit_deletions(judged)
            report.notes.append(
                f"the pages of what closed could not be made ({type(error).__name__}): they were taken away, with all "
                "lists and indexes, and are made anew"
            )
        # The curator's list names what was open when it was written; the next `panfair check` writes it again.
        shutil.rmtree(config.state / TODO, ignore_errors=True)
        ledger.compact()
    report.failed[:] = judged.report.failed
    report.withdrawn += judged.report.withdrawn
    return judged.sick


def _judged(config: Config, ledger: Ledger, day: Day, report: Report, accept_shrink: bool) -> Closing:
    ledger.begin()
    scratch = Report(failed=list(report.failed))  # the second commit counts all records again
    leaks = LeakTables(ledger.connection, site_key(config))
    judging = Closing(config, ledger, day, scratch, leaks, ChangeSet(ledger.connection))
    judging.close_all(accept_shrink, lambda name, items: items)
    return judging


def _commit(judged: Closing, context: Context) -> None:
    ledger, config, changes = context.ledger, context.config, judged.changes
    staging = Staging(config.output, ledger)
    harmed = take_away_what_is_not_ours(staging) if disowned(config.output, ledger) else set()
    context.leaks.listen(speakers(config, ledger))
    context.scanner = context.leaks.scanner()  # what it finds refuses nothing: it is taken away
    context.families = Families(ledger)
    context.show_lists()
    retold = context.families.forget_stale(context.day.on) | context.neighbours.take_in(changes.keys())
    indexes, search = Indexes(context, changes), SearchFiles(context)
    products = [Careful(product, context) for product in (indexes, Sheets(), search)]
    try:
        harm = damaged(config.output, ledger)
        if harm:
            context.report.notes.append(damage_line(harm))
        if harm or not (are_current(config.output, config.search.engine) and harmed.isdisjoint(indexes.owners)):
            products[0].give_up()
        _render_narrowed(judged, context, sorted({*changes.keys("narrowed"), *retold}), products, staging)
        for row in list(ledger.rows("state != 'open' AND key IN (SELECT key FROM temp.change)")):
            pages = _pages(row, context)
            staging.replace(row.key, pages)
            for product in products:
                product.remove(row)
            made_with = context.fingerprint if pages else f"not {context.fingerprint}"  # the second commit tries again
            ledger.mark_rendered(row.key, made_with, "", "", row.datestamp)
        for product in products:
            product.fold(context, changes, staging)
        context.report.moved(ledger.connection.execute("SELECT staged, target FROM redo"))
        context.report.outcomes.tell(ledger.connection, config.portal, first_commit=True)
        staging.commit()
    finally:
        context.gallery.close()
        for product in products:
            product.cancel()


def _render_narrowed(
    judged: Closing, context: Context, keys: list[str], products: list[Careful], staging: Staging
) -> None:
    """Stages the pages of open records that show less; one that cannot be made is shut until the second commit."""
    workshop = workshop_of(context, context.scanner)
    closed = set()
    for key in keys:
        row = context.ledger.row(key)
        if row is None or row.state != "open":
            continue
        try:
            done = workshop.render(job_of(row, context, staging, reading=False))
        except Exception as error:
            log.warning("%s cannot be rendered without what closed (%s)", key, type(error).__name__)
            done = None
        if isinstance(done, Rendered):
            accept_rendered(done, row, context, products, staging)
        else:
            judged.changes.add(key, "closed")
            shut(judged, row)
            closed.add(key)
    if closed and (again := context.neighbours.take_in(closed)):
        _render_narrowed(judged, context, sorted(again), products, staging)


def _pages(row: Row, context: Context) -> list[Artifact]:
    """The pages of a closed record; none when they cannot be made, or would show something closed."""
    try:
        pages = closed_pages(row, context)
    except Exception as error:
        log.warning("a notice or tombstone cannot be made (%s); nothing stands in its place", type(error).__name__)
        return []
    if any(True for page in pages for _ in context.scanner.findings(page.path, page.body)):
        log.warning("a notice or tombstone would show something closed; nothing stands in its place")
        return []
    return pages


def _commit_deletions(judged: Closing) -> None:
    """Takes away the files of all that closed, of what names them, and every product; makes nothing."""
    ledger = judged.ledger
    staging = Staging(judged.config.output, ledger)
    named = namers(ledger, judged.changes.keys())
    forget(ledger)
    for key in sorted({*judged.changes.keys(), *judged.versions_before, *named}):
        row = ledger.row(key)
        if row is not None and row.state == "open" and judged.changes.kind_of(key):
            shut(judged, row)
        for path in staging.standing(key):
            staging.drop(path)
    products = ledger.connection.execute(
        "SELECT path FROM file WHERE owner != 'texts'"
        " AND NOT EXISTS (SELECT 1 FROM record WHERE record.key = file.owner)"
    )
    for (path,) in products.fetchall():
        staging.drop(path)
    staging.commit_deletions()
