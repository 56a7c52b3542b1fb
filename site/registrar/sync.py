"""Brings DataCite in line with what the site or the core has, one DOI after the other; or only says what differs.

Every DOI is read before it is changed, the answer is compared with what was asked, and what came of it is kept before
the next one begins. A refusal concerns one DOI; only when DataCite cannot be reached, or lets nobody in, all of it ends
there, and the next sync goes on.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from panfair.ontologies.identifiers import Doi
from panfair.site.registrar.datacite import Datacite, Refused, Taken, Told, Values
from panfair.site.registrar.page import PageNotReady, Pages
from panfair.site.registrar.plan import EVENTS, STATES, Known, Step, Wanted, next_step
from panfair.site.registrar.rules import attributes_of, cannot_be_made, digest_of, problems
from panfair.site.registrar.table import Table

_FIRST_WAIT_S = 60.0
_LONGEST_WAIT_S = 86_400.0
_MOST_STEPS = 4
_DONE: dict[Step, str] = {
    "reserve": "reserved",
    "register": "registered",
    "publish": "made findable",
    "hide": "hidden",
    "update": "updated",
}


class Difference(NamedTuple):
    """Where DataCite says another thing than the site."""

    doi: Doi
    said: str
    """DataCite's state; empty: it has no such DOI."""
    wanted: str
    step: Step
    error: str
    """What is in the way."""

    def __str__(self) -> str:
        here = f"DataCite has it {self.said}" if self.said else "DataCite does not have it"
        if self.step == "leave":
            words = "closed here, and registered by somebody else: left alone"
        else:
            words = f"here it is {self.wanted}: {self.step}"
        return f"{self.doi}: {here}; {words}{f' ({self.error})' if self.error else ''}"


@dataclass
class Report:
    """What a sync came to."""

    done: Counter[Step] = field(default_factory=Counter)
    same: int = 0
    left: int = 0
    """DOIs that are closed here, and were registered by somebody else."""
    waiting: int = 0
    """DOIs that failed before and whose time has not come."""
    unready: list[str] = field(default_factory=list)
    """DOIs whose pages do not stand yet, a line each."""
    failed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield from self.notes
        yield from (f"waits: {line}" for line in self.unready)
        yield from (f"FAILED: {line}" for line in self.failed)
        told = [f"{count} {_DONE[step]}" for step, count in sorted(self.done.items()) if count]
        rest = [f"{self.same} as they should be"]
        rest += [f"{self.left} closed here and left alone, as others registered them"] if self.left else []
        rest += [f"{self.waiting} tried again later"] if self.waiting else []
        yield "; ".join([*(told or ["nothing had to be told"]), *rest])


class Registrar:
    """One account at DataCite with its table and the way to the public pages."""

    def __init__(self, datacite: Datacite, pages: Pages, table: Table, clock: Callable[[], float] = time.time) -> None:
        self.datacite = datacite
        self._pages = pages
        self._table = table
        self._clock = clock

    @cached_property
    def _told(self) -> dict[str, Told]:
        return {one.doi.key: one for one in self.datacite.all()}

    def differences(self, wanted: Iterable[Wanted]) -> Iterator[Difference]:
        """Where DataCite says another thing; nothing is changed anywhere."""
        for one in self._ours(wanted):
            known, here = self._table.known(one.doi), self._told.get(one.doi.key)
            step = next_step(one, here, known)
            if step is None:
                continue
            try:
                if step == "update" and self._is_same(one, here, known):
                    continue
                error = known.error
            except PageNotReady as reason:
                error = str(reason)
            yield Difference(one.doi, here.state if here else "", one.aim, step, error)

    def strangers(self, wanted: Iterable[Wanted]) -> list[Told]:
        """DOIs of the prefix that DataCite has in this account, and nobody wants here."""
        ours = {one.doi.key for one in wanted}
        return [told for key, told in self._told.items() if self.datacite.table.may_touch(told.doi) and key not in ours]

    def sync(self, wanted: Iterable[Wanted], named: Collection[str] = ()) -> Report:
        """Tells DataCite what differs. `named` are keys of DOIs that alone are looked at, whenever their time is.

        Raises Unreachable or NotLetIn; what was told before is kept.
        """
        report = Report()
        for one in self._ours(wanted):
            if named and one.doi.key not in named:
                continue
            known = self._table.known(one.doi)
            if not named:
                if self._clock() < known.next_try and known.tried == _tried(one):
                    report.waiting += 1
                    continue
                here = self._told.get(one.doi.key)
                if next_step(one, here, known) == "leave":
                    report.left += 1
                    continue
                if self._stands(one, here, known):
                    report.same += 1
                    continue
                self.settle(one, report, is_new=here is None and not known.state)
            else:
                self.settle(one, report)
        return report

    def settle(self, wanted: Wanted, report: Report, is_new: bool = False) -> Known:
        """Brings one DOI as far as it can be brought, told by DataCite itself; what is known of it then.

        With `is_new` DataCite is not asked first: neither its index nor the table has the DOI.
        """
        known = self._table.known(wanted.doi)
        try:
            before = report.done.total()
            known = self._bring(wanted, known, report, is_new)
            report.same += report.done.total() == before and not known.error
        except PageNotReady as reason:
            # It costs DataCite nothing to look again, so there is no wait.
            known = self._table.known(wanted.doi)._replace(aim=wanted.aim, tried=_tried(wanted), error=str(reason))
            report.unready.append(f"{wanted.doi}: {reason}")
            self._table.put(known)
        except Refused as reason:
            known = self._put_off(wanted, str(reason))
            report.failed.append(f"{wanted.doi}: {reason}{_again(known)}")
        return known

    def _bring(self, wanted: Wanted, known: Known, report: Report, is_new: bool) -> Known:
        told = None if is_new else self.datacite.read(wanted.doi)
        for _ in range(_MOST_STEPS):
            step = next_step(wanted, told, known)
            if step is None or step == "leave":
                return self._keep(wanted, known, told)
            if told is None:
                told = self._reserve(wanted)
                report.done["reserve"] += told.created
                known = self._keep(wanted, known._replace(sent="", version="", gist=""), told)
                continue
            attributes = self._attributes(wanted, step)
            sent = digest_of(attributes)
            if step == "update" and sent == known.sent and _leads_there(told, wanted) and told.gist == known.gist:
                return self._keep(wanted, known._replace(version=wanted.version), told)
            told = self._put(wanted, step, attributes, report)
            report.done[step] += 1
            known = known._replace(sent=sent, version=wanted.version, gist=told.gist)
            if not told.registered:
                known = self._keep(wanted, known, told)
                raise Refused(f"it is {told.state}, but the Handle server has not taken it, so it does not resolve")
            known = self._keep(wanted, known, told)
        raise Refused("DataCite says another state each time it is asked")

    def _reserve(self, wanted: Wanted) -> Told:
        if reason := cannot_be_made(wanted.doi):
            raise Refused(reason)
        try:
            return self.datacite.reserve(wanted.doi)
        except Taken as reason:
            found = self.datacite.read(wanted.doi)  # who reserved it meanwhile may have been us, killed
            if found is None:
                raise Refused(f"{reason}, and not in this account") from None
            return found

    def _put(self, wanted: Wanted, step: Step, attributes: Values, report: Report) -> Told:
        event = {"event": EVENTS[step]} if step in EVENTS else {}
        told = self.datacite.put(wanted.doi, attributes | event)
        if told.created:
            report.notes.append(f"{wanted.doi}: DataCite did not have it any more and made it anew")
        expected = "registered" if step == "hide" else STATES[wanted.aim]
        if step != "update" and told.state != expected:
            raise Refused(f"DataCite took “{step}” without a word, and still has it {told.state}")
        return told

    def _attributes(self, wanted: Wanted, step: Step) -> Values:
        try:
            description = self._pages.description(wanted)
        except PageNotReady:
            if step != "hide":
                raise
            description = None  # what closed is hidden, whatever its page says
        if description is None:
            if step in ("register", "publish"):
                raise PageNotReady("its page has no description that could be registered")
            return {"url": wanted.url}
        attributes = attributes_of(description, wanted.url)
        if wrong := problems(attributes):
            if step == "hide":
                return {"url": wanted.url}
            raise Refused("; ".join(wrong))
        return attributes

    def _ours(self, wanted: Iterable[Wanted]) -> Iterator[Wanted]:
        return (one for one in wanted if self.datacite.table.may_touch(one.doi))

    def _stands(self, wanted: Wanted, told: Told | None, known: Known) -> bool:
        """Whether nothing is to be done, as far as DataCite's index knows."""
        step = next_step(wanted, told, known)
        if step is None:
            return not known.error
        try:
            return step == "update" and self._is_same(wanted, told, known)
        except PageNotReady:
            return False  # told when it is settled

    def _is_same(self, wanted: Wanted, told: Told | None, known: Known) -> bool:
        if told is None or not _leads_there(told, wanted) or told.gist != known.gist:
            return False
        description = self._pages.description(wanted)
        attributes = {"url": wanted.url} if description is None else attributes_of(description, wanted.url)
        return digest_of(attributes) == known.sent

    def _keep(self, wanted: Wanted, known: Known, told: Told | None) -> Known:
        state, url, registered = (told.state, told.url, told.registered) if told else ("", "", False)
        kept = known._replace(
            aim=wanted.aim, state=state, url=url, registered=registered, tried=_tried(wanted), error="", attempts=0,
            next_try=0.0,
        )  # fmt: skip
        self._table.put(kept)
        return kept

    def _put_off(self, wanted: Wanted, reason: str) -> Known:
        known = self._table.known(wanted.doi)
        attempts = known.attempts + 1 if known.tried == _tried(wanted) else 1
        wait = min(_FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20), _LONGEST_WAIT_S)
        kept = known._replace(
            aim=wanted.aim, tried=_tried(wanted), error=reason, attempts=attempts, next_try=self._clock() + wait
        )
        self._table.put(kept)
        return kept


def delete_draft(datacite: Datacite, table: Table, doi: Doi) -> None:
    """Takes a reserved DOI away from DataCite. Raises Refused for one that is not a draft: a DOI is for ever."""
    told = datacite.read(doi)
    if told is not None:
        if told.state != "draft":
            raise Refused(f"{doi} is {told.state}: a DOI is for ever, only drafts can be deleted")
        datacite.delete(doi)
    table.forget(doi)


def _tried(wanted: Wanted) -> str:
    return f"{wanted.aim} {wanted.url} {wanted.version}"


def _leads_there(told: Told, wanted: Wanted) -> bool:
    return told.url == wanted.url and told.registered


def _again(known: Known) -> str:
    return f"; tried again after {datetime.fromtimestamp(known.next_try, UTC):%Y-%m-%d %H:%M} UTC"
