"""From harvested records to the ledger: each is judged by the gate, compared with what stands, and put down.

A record that its source has not changed, and that no day concerns, is not parsed again. What only takes away was done
before, in a commit of its own (`closings`): nothing here has to close anything.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import cast

from panfair.builders.card import card_of
from panfair.builders.html.list_kind import shelves_of
from panfair.harvesters import Refused, Withdrawn
from panfair.ontologies import mapping
from panfair.ontologies.embargo import (
    Notice,
    Released,
    Tombstone,
    Verdict,
    Withheld,
    is_open,
    judge,
    next_change,
    opening_day,
    reopen,
    restated,
    statement,
    why_closed,
    without_citation,
)
from panfair.ontologies.errors import DamagedHarvestError, HarvestError
from panfair.ontologies.mapping.hints import hints
from panfair.ontologies.record import Publication, canonical, publication_from
from panfair.site.config.settings import Config
from panfair.site.run.changes import ChangeSet
from panfair.site.run.day import Day, is_ahead, stamp_of
from panfair.site.run.leaks.closings import closed_texts
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.plugin_faults import place_of
from panfair.site.run.report import Report
from panfair.site.run.verdicts.additions import NOT_RELEASED, hold
from panfair.site.run.verdicts.confirmed import Confirmed
from panfair.site.run.verdicts.duplicate_dois import Counting, DuplicateRecords, counting
from panfair.site.run.verdicts.gate import gate_digest
from panfair.site.run.verdicts.harvests import Closed, Harvests
from panfair.site.run.verdicts.nested_dois import clash_of
from panfair.site.run.verdicts.nexus_share import NexusShare
from panfair.site.run.verdicts.releasing import field_for
from panfair.site.run.verdicts.renamed_dois import RenamedDois
from panfair.site.run.verdicts.withdrawals import Withdrawals
from panfair.site.run.versions.relations import relations_of
from panfair.site.state.harvest_file import Added, Spooled, has_harvest, publication_in
from panfair.site.state.ledger import REPAIRED, Ledger, Row, State, content_hash

_Harvested = Iterator[tuple[int, Spooled | Added | Refused | Withdrawn]]
Watch = Callable[[str, _Harvested], _Harvested]
"""Wraps the records of a source, each with its place, to show progress."""


class Judging:
    """One run's judging of all sources; it writes to the ledger's open transaction only."""

    def __init__(
        self,
        config: Config,
        ledger: Ledger,
        day: Day,
        report: Report,
        leaks: LeakTables,
        changes: ChangeSet,
        sick: Collection[str] = (),
    ) -> None:
        self.config = config
        self.ledger = ledger
        self.day = day
        self.report = report
        self.leaks = leaks
        self.changes = changes
        self.sick = set(sick)
        """Sources whose answer is not to be believed today: nothing opens or changes by it."""
        self.gate = gate_digest(config)
        self._kinds = {source.name: source.kind for source in config.sources}
        self._probes = {source.name: source.probe for source in config.sources}
        self.first_run = ledger.is_empty() and not ledger.note(REPAIRED)
        self._noted = set(report.notes)
        self.withdrawals = Withdrawals()
        self._confirmed = Confirmed(config, day.on, day.ahead)
        self._renamed = RenamedDois(ledger, leaks.digests)
        self._harvests = Harvests(config, ledger.connection, day, self.gate)
        self._nexus = NexusShare()
        self._twice = DuplicateRecords()

    def judge_all(self, watch: Watch) -> None:
        """Judges every source's last finished harvest. A source whose harvest is damaged stops, and no other."""
        self._judge_sources(watch)
        self.withdrawals.bury_unseen(self.config, self.ledger, self.sick, self._put_closed)
        for source, source_id, key in self._harvests.names() if self.leaks.knows_any() else ():
            self.leaks.keep(name_for_operator(source, source_id, key))
        self.bury_names()
        for verdict in (self._confirmed, self._nexus, self._twice):
            verdict.tell(self._note)
        if not self.sick:  # else what is closed there, and was not read, is so still
            self.leaks.forget_others()
            self._harvests.forget_others()

    def _judge_sources(self, watch: Watch) -> None:
        sources = self._readable()
        duplicates = self._duplicates(sources)
        for source in sources:
            try:
                self._pass_by(source)
                for place, item in watch(source, self._harvests.others(source)):
                    self._take(source, place, item, duplicates)
            except HarvestError as error:
                self._fall_sick(source, error)

    def _pass_by(self, source: str) -> None:
        """Counts the records of a source that need no judging, and sees them."""
        unchanged, notices, withheld = self._harvests.pass_by(source, self._confirmed.day(source))
        self.report.read += unchanged + notices.total() + withheld.total()
        self.report.released += unchanged
        self.report.unchanged += unchanged
        for counts, found in ((self.report.notices, notices), (self.report.withheld, withheld)):
            for why, number in found.items():
                self.report.hold(counts, source, why, field_for(why, self._kinds[source]), number)
        for key, names in self._harvests.closed_names(source):
            self._renamed.close_names(key, names)

    def _readable(self) -> list[str]:
        """The sources that were ever read to their end, those that are not to be believed left out."""
        found = []
        for source in self.config.sources:
            if has_harvest(self.config, source.name):
                found.append(source.name)
            elif not self.report.has_failed(source.name):
                self.report.fail(source.name, "never harvested; run `panfair harvest`")
        return found

    def _duplicates(self, sources: list[str]) -> dict[str, Counting]:
        """The records that count where several name one DOI; a source whose harvest is damaged is left out."""
        while True:
            try:
                return counting(self._harvests, sources, self._would_be_open)
            except DamagedHarvestError as error:
                self._fall_sick(error.source, error)
                sources.remove(error.source)

    def _would_be_open(self, publication: Publication) -> bool:
        """Whether a record would be open if nothing stood of it; one that cannot be judged would not."""
        try:
            return isinstance(self._verdict(publication, None), Released)
        except Exception as error:
            place_of(publication.doi.key, error)  # in the log; judging it tells the operator
            return False

    def _fall_sick(self, source: str, error: HarvestError) -> None:
        if source not in self.sick:
            self.report.fail(source, str(error))
        self.sick.add(source)

    def _take(
        self, source: str, place: int, item: Spooled | Added | Refused | Withdrawn, duplicates: dict[str, Counting]
    ) -> None:
        self.report.read += not isinstance(item, Withdrawn)
        if isinstance(item, Refused):
            self.report.refused.append(f"{source}: {item.key}: {item.reason}")
        elif isinstance(item, Withdrawn):
            self.withdrawals.tell(source, item)
        elif isinstance(item, Added):
            hold(source, item, field_for(NOT_RELEASED, self._kinds[source]), self.report, self.leaks)
        else:
            counts = duplicates.get(item.key)
            try:
                if counts is None or (counts.source, counts.place) == (source, place):
                    self._judge(source, item)
                else:
                    self._passed_over(item, counts)
            except (HarvestError, OSError, MemoryError, sqlite3.Error):
                raise  # of the whole source or the machine: no record is at fault
            except Exception as error:
                self._cannot_be_judged(source, item, error)

    def _cannot_be_judged(self, source: str, item: Spooled, error: Exception) -> None:
        """Keeps what the first commit left of a record; the error's own words may be those of a closed one."""
        row = self.ledger.row(item.key)
        self._stays(item.key, row)
        stands = "what stands of it stays" if row is not None and row.state == "open" else "nothing of it is shown"
        self.report.refused.append(f"{source}: {item.key}: cannot be judged ({place_of(item.key, error)}); {stands}")

    def _judge(self, source: str, item: Spooled) -> None:
        row = self.ledger.row(item.key)
        if row is not None and self.says_the_same(source, item, row):
            self._see(item.key)
            self.leaks.keep(name_for_operator(source, row.source_id, row.key))
            self.report.released += 1
            self.report.unchanged += 1
            return
        if source in self.sick or (row is not None and row.state != "open" and row.source in self.sick):
            self._stays(item.key, row)  # what else is named by its DOI, and perhaps closed, cannot be read
            return
        publication = publication_in(source, item)
        verdict = self._verdict(publication, row)
        self._close_words(publication, verdict)
        if not isinstance(verdict, Released):
            self._renamed.close(publication)
        match verdict:
            case Released():
                self._harvests.forget(item.key)
                self._nexus.count(verdict.publication)
                self.report.take_out(verdict.taken_out.paths, verdict.taken_out.emails)
                self._put_open(item, publication, verdict, row)
            case Notice() | Tombstone():
                if isinstance(verdict, Notice):
                    why = why_closed(publication, self.config.policy)
                    if is_open(publication, self.day.on) and verdict.restriction is None:
                        self._confirmed.waits(source)
                        why = "its day came after its source was last read"
                    self.report.hold(self.report.notices, source, why, field_for(why, self._kinds[source]))
                    self._remember(source, item, publication, why, noticed=True)
                self._put_closed(item, verdict, row)
            case Withheld():
                why = verdict.reason
                self.report.hold(self.report.withheld, source, why, field_for(why, self._kinds[source]))
                self._remember(source, item, publication, why, noticed=False)

    def _remember(self, source: str, item: Spooled, publication: Publication, reason: str, noticed: bool) -> None:
        """Lets the next runs pass a closed record by, until its day comes or its source says something else."""
        on = self._confirmed.day(source)
        names, until = self._renamed.names_of(publication), next_change(publication, on)
        self._harvests.remember(source, item, on, Closed(publication.source_id, until, noticed, reason, names))

    def _stays(self, key: str, row: Row | None) -> None:
        """The record stays as it stands, and what is closed of it too."""
        self._see(key)
        if row is not None:
            self.leaks.keep(name_for_operator(row.source, row.source_id, row.key))

    def says_the_same(self, source: str, item: Spooled, row: Row) -> bool:
        """Whether an open record is said in the same words as before, and the gate cannot judge otherwise today."""
        if row.state != "open" or row.source != source or row.input != item.digest or is_ahead(row, self.day):
            return False
        return row.gate == self.gate and row.judged_on <= self.day.on.isoformat() < row.judged_until

    def _verdict(self, publication: Publication, row: Row | None) -> Verdict:
        """What may be shown of a record on the day that its source's last harvest speaks for."""
        on = self._confirmed.day(publication.source)
        was_open = row is not None and (row.state == "open" or (row.state == "tombstone" and _is_cited(row)))
        return judge(publication, on, self.config.policy, shown_before=row is not None, was_open=was_open)

    def _passed_over(self, item: Spooled, counts: Counting) -> None:
        """A record whose DOI another record names that counts: it is reported, and nothing of it is shown."""
        publication = publication_from(item.body)
        verdict = self._verdict(publication, None)
        self._close_words(publication, verdict)
        here, there = f"{publication.source}: {publication.source_id}", f"{counts.source}: {counts.source_id}"
        why = "already; the first counts"
        if isinstance(verdict, Released) and counts.is_open and counts.source != publication.source:
            self._twice.add(counts.source, publication.source, str(publication.doi))
            return
        if isinstance(verdict, Released) and not counts.is_open:
            why = "too and not open there; held back"
        self.report.refused.append(f"{here}: its DOI {publication.doi} is in {there} {why}")

    def _put_open(self, item: Spooled, publication: Publication, verdict: Released, row: Row | None) -> None:
        probe = self._probes.get(publication.source)
        described = verdict.refined(lambda record: mapping.map_publication(record, self._note, probe))
        for line in hints(described.publication):
            self._note(line)
        content = canonical(described.publication)
        withheld_parts = len(described.publication.datasets) < len(publication.datasets)
        until = self.day.on if withheld_parts else next_change(publication, self.day.on)
        self.report.released += 1
        if clash := clash_of(item.key, self.ledger):
            self.report.released -= 1
            self.report.refused.append(f"{publication.source}: {publication.source_id}: {clash}")
            return
        self._see(item.key)
        self.ledger.relate(item.key, relations_of(described.publication))
        if self._stand(item, verdict, "open", content, row, until) and row is not None:
            self.report.unchanged += 1
            return
        if row is None or row.state != "open":
            due = row is not None and row.state == "notice" and row.input == item.digest
            self.changes.add(item.key, "due" if due else "new")
        else:
            # By another gate, some words may not be shown any more.
            self.changes.add(item.key, "narrowed" if row.gate != self.gate else "changed")
        known = max(filter(None, (publication.modified, _midnight(opening_day(publication)))), default=self.day.instant)
        fresh = self.new_row(item, verdict, "open", content, row, until, known)
        shelves = shelves_of(described)
        card = card_of(described, fresh.changed, shelves)
        self.ledger.put(replace(fresh, card=card.to_json()))
        self.ledger.shelve(item.key, card.day, shelves)

    def _put_closed(self, item: Spooled, verdict: Notice | Tombstone, row: Row | None) -> None:
        content = statement(verdict)
        state: State = "notice" if isinstance(verdict, Notice) else "tombstone"
        self._see(item.key)
        self.ledger.relate(item.key, ())
        if state == "tombstone" and (row is None or row.state != "tombstone"):
            self.report.withdrawn += 1
        if self._stand(item, verdict, state, content, row, self.day.on):
            return
        self.changes.add(item.key, "closed" if state == "notice" else "gone")
        self.ledger.put(self.new_row(item, verdict, state, content, row, self.day.on, self.day.instant))
        self.ledger.shelve(item.key, "", ())

    def _stand(
        self, item: Spooled, verdict: object, state: State, content: bytes, row: Row | None, until: date
    ) -> bool:
        """Whether what may be shown is what stands already; then only the judgement is dated anew."""
        if row is None or row.state != state or row.hash != content_hash(state, content) or is_ahead(row, self.day):
            return False
        judged = replace(
            row,
            source=verdict.publication.source if isinstance(verdict, Released) else row.source,
            input=item.digest,
            gate=self.gate,
            judged_on=self.day.on.isoformat(),
            judged_until=until.isoformat(),
        )
        if judged != row:
            self.ledger.put(judged)
        return True

    def new_row(
        self,
        item: Spooled,
        verdict: Released | Notice | Tombstone,
        state: State,
        content: bytes,
        row: Row | None,
        until: date,
        known: datetime,
    ) -> Row:
        source = verdict.publication if isinstance(verdict, Released) else verdict
        stamp = stamp_of(self.day, row, known if self.first_run else self.day.instant)
        return Row(
            key=item.key,
            source=source.source,
            source_id=source.source_id,
            state=state,
            content=content,
            hash=content_hash(state, content),
            input=item.digest,
            gate=self.gate,
            judged_on=self.day.on.isoformat(),
            judged_until=until.isoformat(),
            datestamp=stamp.isoformat(),
            changed=stamp.date().isoformat(),
            listed=state == "open" or (row is not None and row.listed),
            payload="",
            words="",
            rendered="",
            card=b"",
        )

    def bury_names(self) -> None:
        """Takes title and people from tombstones of DOIs whose record stands closed under another DOI now."""
        for row in list(self._renamed.tombstones()):
            shown = without_citation(restated(row.content))
            self.changes.add(row.key, "gone")
            item = Spooled(row.key, row.input, b"")
            self.ledger.put(
                self.new_row(item, shown, "tombstone", statement(shown), row, self.day.on, self.day.instant)
            )

    def _close_words(self, publication: Publication, verdict: Verdict) -> None:
        if closed := closed_texts(publication, verdict, self.config.policy.server_paths):
            self.leaks.close(name_for_operator(publication.source, publication.source_id, publication.doi.key), closed)

    def _see(self, key: str) -> None:
        self._harvests.see(key)

    def _note(self, text: str) -> None:
        if text not in self._noted:
            self._noted.add(text)
            self.report.notes.append(text)


def released_from(row: Row, on: date) -> Released:
    """The release that an open row of the ledger stands for; it is judged again."""
    return reopen(publication_from(row.content), on)


def _is_cited(row: Row) -> bool:
    return cast(Tombstone, restated(row.content)).citation is not None


def name_for_operator(source: str, source_id: str, key: str) -> str:
    """A record as the report names it: where to find it in which catalogue, and its DOI."""
    return f"{source}: {source_id} ({key})"


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
