"""Records that would show something of a closed one, or cannot be rendered: each is held back, and no other.

What stands of it is kept where it shows nothing of the kind: the ledger gets its row of before back. Else a notice
takes its place, as for data that are not open. Either way the next run judges it again.
"""

from collections.abc import Iterable

from panfair.builders.card import Card
from panfair.builders.html.list_kind import shelves_of
from panfair.builders.html.words import number
from panfair.ontologies.errors import GateError
from panfair.site.run.closing.judging import shut
from panfair.site.run.judge import Judging, name_for_operator, released_from
from panfair.site.run.leaks.findings import FINDINGS, write_findings
from panfair.site.run.leaks.scanner import Finding
from panfair.site.run.render import Alarm
from panfair.site.run.versions.relations import relations_of
from panfair.site.state.ledger import Row

_KEPT = "what stands of it is kept"
_SHUT = "a notice stands in its place"
_NOTHING = "nothing stands under its DOI until it can"


class HeldBack:
    """What one run holds back; how open records stood before it, the change set remembers."""

    def __init__(self, judging: Judging) -> None:
        self._judging = judging
        self._found: dict[str, list[Finding]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def hold_all(self, alarms: Iterable[Alarm], anew: bool) -> set[str]:
        """As `hold`, for all; the answer is the records that are not open anyway: nothing may stand under their DOI."""
        closed = set()
        for alarm in alarms:
            row = self._judging.ledger.row(alarm.key)
            if row is not None and row.state == "open":
                self.hold(alarm, anew)
            elif row is not None:
                closed.add(row.key)
                what = self.found(f"the page of {_name(row)}, which is not open,", alarm.findings, _NOTHING)
                self._judging.report.held.append(what)
        return closed

    def hold(self, alarm: Alarm, anew: bool) -> None:
        """Keeps what stands of a record, or puts a notice in its place; says so in the report.

        `anew`: indexes and stores are made from nothing, so that nothing of it stands there.
        """
        judging = self._judging
        row = judging.ledger.row(alarm.key)
        assert row is not None
        lost_something = judging.changes.kind_of(row.key) == "narrowed"
        judging.changes.forget(row.key)
        kept = alarm.standing_is_clean and not anew and not lost_something and _restored(judging, row)
        if not kept:
            shut(judging, row)
            judging.changes.add(row.key, "closed")
        judging.report.released -= 1
        outcome = _KEPT if kept else _SHUT
        if alarm.error:
            judging.report.held.append(f"{_name(row)} cannot be rendered ({alarm.error}); {outcome}")
        else:
            judging.report.held.append(self.found(_name(row), alarm.findings, outcome))

    def without_page(self, row: Row, error: str) -> None:
        """Says in the report that the notice or tombstone of a record cannot be made."""
        self._judging.report.held.append(f"{_name(row)}: its {row.state} cannot be made ({error}); {_NOTHING}")

    def found(self, where: str, findings: list[Finding], outcome: str) -> str:
        """Puts findings down for the operator; the line for the report, which quotes none of them."""
        what = f"{where} would show {number(len(findings))} words or names of closed records"
        line = f"{what}; {outcome}. What they are stands in {FINDINGS} in the state folder"
        self._found[line] = findings
        return line

    def tell(self) -> None:
        """Writes down what was found, for the operator alone; takes the last run's away when nothing was."""
        write_findings(self._judging.config.state, self._found, self._judging.leaks.name_of)


def _name(row: Row) -> str:
    return name_for_operator(row.source, row.source_id, row.key)


def _restored(judging: Judging, row: Row) -> bool:
    """Puts the row of before back, with its shelves and relations; False when it may not stand today."""
    ledger = judging.ledger
    ledger.connection.execute("INSERT OR REPLACE INTO record SELECT * FROM temp.before WHERE key = ?", (row.key,))
    before = ledger.row(row.key)
    assert before is not None
    try:
        released = released_from(before, judging.day.on)
    except GateError:
        ledger.put(row)
        return False
    ledger.shelve(row.key, Card.from_json(before.card).day, shelves_of(released))
    ledger.relate(row.key, relations_of(released.publication))
    return True
