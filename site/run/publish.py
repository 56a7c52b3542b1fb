"""The run: judge what was harvested, render what changed, fold it into all that is made from many records, commit.

It has two commits: the first only takes away (`closing`), the second, here, adds and changes. Killed at any instant,
output/ is the old site, the old one less what closed, or the new one, once the next run (or the server's start) has
replayed the list. The day and the moment of the run are parameters: same input, same bytes.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures.process import BrokenProcessPool
from copy import deepcopy

from panfair.builders import Artifact
from panfair.ontologies.errors import LeakError, NothingReadError, PanfairError, PublishError
from panfair.site.config.settings import Config
from panfair.site.run.changes import ChangeSet
from panfair.site.run.closing.commit import take_away
from panfair.site.run.context import Context
from panfair.site.run.day import Day
from panfair.site.run.indexes import Indexes, are_current, damage_line, damaged
from panfair.site.run.judge import Judging
from panfair.site.run.leaks.answering import FoundInLists, Withheld, answered
from panfair.site.run.leaks.held_back import HeldBack
from panfair.site.run.leaks.said import speakers
from panfair.site.run.leaks.scanner import Finding
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.products.product import Product
from panfair.site.run.products.sheets import Sheets
from panfair.site.run.progress import Progress
from panfair.site.run.records import render_records
from panfair.site.run.report import Report
from panfair.site.run.shelving import shelve_anew
from panfair.site.run.static_search.files import SearchFiles
from panfair.site.run.versions.families import Families
from panfair.site.state.harvest_file import has_harvest, records_in
from panfair.site.state.layout import LEDGER, STORE
from panfair.site.state.ledger import MEND, Ledger
from panfair.site.state.lock import locked
from panfair.site.state.manifest import MANIFEST
from panfair.site.state.recovery import faults, knows_none
from panfair.site.state.secret import site_key
from panfair.site.state.staging import (
    FOLDER,
    Staging,
    discard,
    disowned,
    refusal,
    replay,
    take_away_what_is_not_ours,
)

_STANDS = "the site stands as it was, less what had closed"
_STALE = f"a search index or store keeps what is closed, also where it is made anew; {_STANDS}"


def build(
    config: Config,
    day: Day,
    report: Report,
    progress: Progress,
    accept_shrink: bool = False,
    mirror: Callable[[], None] = lambda: None,
) -> None:
    """Brings output/ up to date with the last harvests, for a day; `mirror` is called after each of the two commits.

    Raises PublishError; then the site stands as it was, less what had closed.
    """
    with locked(config.state):
        ledger = Ledger.open(config.state / LEDGER)
        try:
            if ledger.is_empty() and not any(has_harvest(config, source.name) for source in config.sources):
                raise NothingReadError(
                    "no source was ever read to its end, so nothing is published; "
                    "`panfair harvest` reads them and says what is in the way"
                )
            if knows_none(ledger) and (config.output / MANIFEST).exists() and not config.preview:
                raise PublishError(
                    f"{LEDGER} is empty, but a site stands in {config.output}: {MEND}. To begin anew, delete that site"
                )
            config.output.mkdir(parents=True, exist_ok=True)
            replay(config.output, ledger)
            sick = take_away(config, ledger, day, report, progress, accept_shrink)
            mirror()
            _open_and_change(config, ledger, day, report, progress, sick)
            mirror()
        except BrokenProcessPool:
            raise PublishError(
                f"a rendering process was killed from outside, perhaps for want of memory; {_STANDS}. "
                "Run again, with fewer [run] processes if it happens again"
            ) from None
        except OSError as error:
            raise PublishError(f"{refusal(error, config.output)}; {_STANDS}") from error
        except sqlite3.OperationalError as error:  # of the ledger or the store: sqlite does not say which file
            raise PublishError(f"{refusal(error, config.state)}; {_STANDS}") from error
        except sqlite3.DatabaseError as error:
            raise PublishError(f"{LEDGER} or a store is damaged ({error}); {_STANDS}. {MEND}") from error
        except PanfairError:
            raise
        except Exception as error:  # a flipped bit may do anything
            ledger.rollback()
            if fault := next(faults(ledger), ""):
                raise PublishError(f"{LEDGER} is damaged ({fault}); {_STANDS}. {MEND}") from error
            raise
        finally:
            ledger.rollback()
            ledger.close()


def _open_and_change(
    config: Config, ledger: Ledger, day: Day, report: Report, progress: Progress, sick: Collection[str]
) -> None:
    """The second commit. Where a list would show something closed, it is tried again without the record that answers
    for it, until nothing is found. Raises LeakError when nobody does.
    """
    withheld = Withheld()
    while True:
        second = deepcopy(report)
        ledger.begin()
        try:
            _bring_up_to_date(config, ledger, day, second, progress, sick, withheld)
        except FoundInLists as found:
            ledger.rollback()
            if withheld.add(found):
                continue
            report.become(second)
            discard(config.output)
            raise LeakError(_STALE if found.stale else second.held[-1]) from None
        except BaseException:
            report.become(second)
            if ledger.connection.in_transaction:  # nothing is decided: what was staged may be what must not be shown
                discard(config.output)
            raise
        report.become(second)
        return


def _bring_up_to_date(
    config: Config,
    ledger: Ledger,
    day: Day,
    report: Report,
    progress: Progress,
    sick: Collection[str],
    withheld: Withheld,
) -> None:
    staging = Staging(config.output, ledger)
    harmed = take_away_what_is_not_ours(staging) if disowned(config.output, ledger) else set()
    standing = ledger.has_file(STORE) and "indexes" not in harmed
    anew = withheld.anew or not standing or not are_current(config.output, config.search.engine)
    if anew:
        ledger.forget_rendered()
    if anew and standing and not withheld.anew:
        report.notes.append("indexes and stores are missing, damaged or of another version: all of them are made anew")
    if withheld.anew:
        report.notes.append(
            "a search index or store still had what is closed, or was damaged: all of them are made anew"
        )
    context = Context(config, ledger, day, report, progress, LeakTables(ledger.connection, site_key(config)), anew)
    changes = ChangeSet(ledger.connection)
    judging = Judging(config, ledger, day, report, context.leaks, changes, sick)
    held = HeldBack(judging)
    judging.judge_all(lambda name, items: progress.count(f"judge {name}", items, records_in(config, name)))
    context.leaks.listen(speakers(config, ledger))
    context.scanner = context.leaks.scanner()
    shelve_anew(context, only_now=judging.first_run)
    context.families = Families(ledger)
    context.show_lists()
    to_do = changes or ledger.has_stale(context.fingerprint)
    if not anew and (harm := damaged(config.output, ledger, opened=bool(to_do))):
        report.notes.append(damage_line(harm))
        ledger.forget_rendered()
        context.anew = True
    products: tuple[Product, ...] = (Indexes(context, changes), Sheets(), SearchFiles(context))
    try:
        render_records(context, changes, products, staging, held, withheld.alarms)
        report.notes += context.gallery.lines()
        for product in products:
            product.fold(context, changes, staging)
        _delete_leftovers(ledger, products, staging)
        _scan(context, staging, held)
        report.moved(ledger.connection.execute("SELECT staged, target FROM redo"))
        report.outcomes.tell(ledger.connection, config.portal)
        staging.commit()
        held.tell()
    finally:
        context.gallery.close()
        for product in products:
            product.cancel()


def _delete_leftovers(ledger: Ledger, products: tuple[Product, ...], staging: Staging) -> None:
    """What stands in output/ and belongs to nobody any more."""
    known = {owner for product in products for owner in product.owners}
    found = ledger.connection.execute(
        "SELECT DISTINCT owner FROM file WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.key = file.owner)"
    ).fetchall()
    for (owner,) in found:
        if owner not in known:
            staging.accept(owner, (), staging.standing(owner))


def _scan(context: Context, staging: Staging, held: HeldBack) -> None:
    """The leak scan of all that was staged and not scanned by the workers: sheets, notices, lists."""
    folder = context.config.output / FOLDER
    by_record: dict[str, list[Finding]] = defaultdict(list)
    for path in staging.staged_for_all() if context.scanner else ():
        file = Artifact(path, (folder / path).read_bytes())
        if findings := list(context.scanner.findings(path, file.body)):
            for key, some in answered(context.ledger, context.scanner, file, findings).items():
                by_record[key] += some
            context.report.held.append(held.found(path, findings, "nothing new was published, what stood is there"))
    if by_record:
        held.tell()
        raise FoundInLists(by_record)
