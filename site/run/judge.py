"""From harvested records to the ledger: each is judged by the gate, compared with what stands, and put down.

What the source says again in the same words, and the gate cannot judge otherwise today, is not even parsed. A record
that the source no longer has becomes a tombstone; when too many would go at once, the run stops and asks.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import orjson

from panfair.builders.card import card_of
from panfair.builders.html.list_kind import shelves_of
from panfair.builders.package_files import package_digest
from panfair.harvesters import Refused, Withdrawn
from panfair.ontologies import mapping, panet
from panfair.ontologies.embargo import (
    Notice,
    Released,
    Tombstone,
    Verdict,
    Withheld,
    bury,
    bury_notice,
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
from panfair.ontologies.errors import ShrinkError
from panfair.ontologies.mapping import facility as facility_mappings
from panfair.ontologies.record import Publication, Withdrawal, canonical, publication_from
from panfair.site.config.settings import Config
from panfair.site.run.changes import ChangeSet
from panfair.site.run.confirmed import Confirmed
from panfair.site.run.duplicate_dois import Counting, counting
from panfair.site.run.leaks.closings import closed_texts
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.renamed_dois import RenamedDois
from panfair.site.run.report import Report
from panfair.site.run.version_relations import relations_of
from panfair.site.state.ledger import Ledger, Row, State, content_hash
from panfair.site.state.spool import Spooled, has_harvest, read_harvest


@dataclass(frozen=True)
class Day:
    """When the run takes place: the day that the gate asks for, and the moment that OAI-PMH tells."""

    on: date
    instant: datetime
    live: bool = False
    """Whether the moment is now: then what changed is stamped when the run ends, and not when it began."""
    ahead: bool = False
    """Whether the day is still to come: a preview, which takes every harvest as confirmed."""


def day_of(on: date | None) -> Day:
    """The day of a run: a given one begins at midnight UTC, so that it gives the same bytes whenever it is run."""
    if on is not None:
        return Day(on, datetime.combine(on, time(), UTC), ahead=on > datetime.now(UTC).date())
    now = datetime.now(UTC).replace(microsecond=0)
    return Day(now.date(), now, live=True)


class Judging:
    """One run's judging of all sources; it writes to the ledger's open transaction only."""

    def __init__(
        self, config: Config, ledger: Ledger, day: Day, report: Report, leaks: LeakTables, changes: ChangeSet
    ) -> None:
        self.config = config
        self.ledger = ledger
        self.day = day
        self.report = report
        self.leaks = leaks
        self.changes = changes
        self.gate = _gate_digest(config)
        self._probes = {source.name: source.probe for source in config.sources}
        self.first_run = ledger.is_empty()
        self._noted = set(report.notes)
        self._withdrawals: dict[str, Withdrawal] = {}
        self._last_open: dict[str, int] = {}
        self._lost: dict[str, int] = defaultdict(int)
        self._opened_now: dict[str, bool] = {}  # opened by this run, with whether they were ever listed before it
        self._confirmed = Confirmed(config, day.on, day.ahead)
        self._renamed = RenamedDois(ledger)
        ledger.connection.execute("DROP TABLE IF EXISTS temp.seen")
        ledger.connection.execute("CREATE TEMP TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID")

    def judge_all(self, accept_shrink: bool, watch: Callable[[str, Iterator[object]], Iterator[object]]) -> None:
        """Judges every source's last finished harvest, then what has vanished. Raises ShrinkError."""
        found = self.ledger.connection.execute("SELECT source, count(*) FROM record WHERE state = 'open' GROUP BY 1")
        self._last_open = dict(found.fetchall())
        sources = [source.name for source in self.config.sources if has_harvest(self.config, source.name)]
        twins = counting(self.config, sources, lambda one: isinstance(self._verdict(one, None), Released))
        for source in self.config.sources:
            if source.name not in sources:
                if not self.report.has_failed(source.name):
                    self.report.fail(source.name, "never harvested; run `panfair harvest`")
                continue
            for place, item in enumerate(watch(source.name, read_harvest(self.config, source.name))):
                self.report.read += 1
                if isinstance(item, Refused):
                    self.report.refused.append(f"{source.name}: {item.key}: {item.reason}")
                elif isinstance(item, Withdrawn):
                    self.report.read -= 1
                    self._withdrawals[item.key] = item.withdrawal
                elif isinstance(item, Spooled):
                    counts = twins.get(item.key)
                    if counts is None or (counts.source, counts.place) == (source.name, place):
                        self._judge(source.name, item)
                    else:
                        self._passed_over(item, counts)
        self._judge_vanished(accept_shrink)
        self._bury_names()
        self._confirmed.tell(self._note)
        self.leaks.forget_others()

    def _judge(self, source: str, item: Spooled) -> None:
        row = self.ledger.row(item.key)
        today = self.day.on.isoformat()
        unchanged = row is not None and row.state == "open" and row.source == source and row.input == item.digest
        if row is not None and unchanged and row.gate == self.gate and row.judged_on <= today < row.judged_until:
            self._see(item.key)
            self.leaks.keep(name_for_operator(source, row.source_id, row.key))
            self.report.released += 1
            self.report.unchanged += 1
            return
        publication = publication_from(item.body)
        verdict = self._verdict(publication, row)
        self._close_words(publication, verdict)
        if not isinstance(verdict, Released):
            self._renamed.close(publication)
        match verdict:
            case Released():
                self.report.take_out(verdict.taken_out.paths, verdict.taken_out.emails)
                self._put_open(item, publication, verdict, row)
            case Notice() | Tombstone():
                if isinstance(verdict, Notice):
                    why = why_closed(publication, self.config.policy)
                    if is_open(publication, self.day.on) and verdict.restriction is None:
                        self._confirmed.waits(source)
                        why = "its day came after its source was last read"
                    self.report.notices[why] += 1
                self._put_closed(item, verdict, row)
            case Withheld():
                self.report.withheld[verdict.reason] += 1

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
        if isinstance(verdict, Released) and not counts.is_open:
            why = "too and not open there; held back"
        self.report.refused.append(f"{here}: its DOI {publication.doi} is in {there} {why}")

    def _put_open(self, item: Spooled, publication: Publication, verdict: Released, row: Row | None) -> None:
        probe = self._probes.get(publication.source)
        described = verdict.refined(lambda record: mapping.map_publication(record, self._note, probe))
        content = canonical(described.publication)
        withheld_parts = len(described.publication.datasets) < len(publication.datasets)
        until = self.day.on if withheld_parts else next_change(publication, self.day.on)
        self.report.released += 1
        if clash := self._clash(item.key):
            self.report.released -= 1
            self.report.refused.append(f"{publication.source}: {publication.source_id}: {clash}")
            return
        self._see(item.key)
        self.ledger.relate(item.key, relations_of(described.publication))
        if self._stand(item, verdict, "open", content, row, until) and row is not None:
            self.report.unchanged += 1
            return
        if row is None or row.state != "open":
            self._opened_now[item.key] = row is not None and row.listed
            due = row is not None and row.state == "notice" and row.input == item.digest
            self.changes.add(item.key, "due" if due else "new")
        else:
            narrowed = row.gate != self.gate or _lost_datasets(publication_from(row.content), described.publication)
            self.changes.add(item.key, "narrowed" if narrowed else "changed")
        known = max(filter(None, (publication.modified, _midnight(opening_day(publication)))), default=self.day.instant)
        fresh = self._new_row(item, verdict, "open", content, row, until, known)
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
        if state == "notice" and row is not None and row.state == "open" and item.key not in self._opened_now:
            self._lost[row.source] += 1
        if self._stand(item, verdict, state, content, row, self.day.on):
            return
        self.changes.add(item.key, "closed" if state == "notice" else "gone")
        self.ledger.put(self._new_row(item, verdict, state, content, row, self.day.on, self.day.instant))
        self.ledger.shelve(item.key, "", ())

    def _stand(
        self, item: Spooled, verdict: object, state: State, content: bytes, row: Row | None, until: date
    ) -> bool:
        """Whether what may be shown is what stands already; then only the judgement is dated anew."""
        if row is None or row.state != state or row.hash != content_hash(state, content):
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

    def _new_row(
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
        # The first run takes the source's dates, so that two fresh sites are alike; later, a harvester that was here
        # yesterday must find what came or changed today, so the moment of the run counts (OAI-PMH 2.0, section 2.5).
        stamp = known if self.first_run else max(known, self.day.instant)
        if row is not None:
            stamp = max(stamp, self.day.instant, datetime.fromisoformat(row.datestamp) + timedelta(seconds=1))
        stamp = stamp.astimezone(UTC).replace(microsecond=0)
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
            listed=state == "open" or (row is not None and self._opened_now.get(item.key, row.listed)),
            payload="",
            words="",
            rendered="",
            card=b"",
        )

    def _judge_vanished(self, accept_shrink: bool) -> None:
        """Tombstones for records that no source names any more, unless too many open ones would go."""
        read = {source.name for source in self.config.sources if has_harvest(self.config, source.name)}
        unread = {source.name for source in self.config.sources} - read
        gone = [
            row
            for row in self.ledger.rows("state != 'tombstone' AND key NOT IN (SELECT key FROM temp.seen)")
            if row.source not in unread
        ]
        for row in gone:
            # What a catalogue itself tells to be withdrawn, by its DOI and with a reason, is no sign that it is sick.
            self._lost[row.source] += row.state == "open" and row.key not in self._withdrawals
        limit = self.config.run.shrink_limit
        for source, lost in sorted(self._lost.items()):
            total = self._last_open.get(source, 0)
            if lost > limit * total and not accept_shrink:
                raise ShrinkError(
                    f"{source}: {lost} of its {total} open publications would vanish, more than the {limit:.0%} that "
                    "[run] shrink_limit allows; nothing was changed. Is the catalogue well, and does the reader still "
                    "see it all? If this is right, run again with --accept-shrink"
                )
        unsaid = Withdrawal(on=self.day.on, reason="No longer in the facility's catalogue")
        for row in self.ledger.rows("state = 'tombstone' OR key NOT IN (SELECT key FROM temp.seen)"):
            self.leaks.keep(_name(row))
        for row in gone:
            withdrawal = self._withdrawals.get(row.key, unsaid)
            if row.state == "open":
                last_open = publication_from(row.content)
                unsaid_name = self._renamed.stands_closed(row, last_open.title)
                policy = replace(self.config.policy, tombstone="bare") if unsaid_name else self.config.policy
                tombstone = bury(last_open, withdrawal, policy)
                self.leaks.close_more(_name(row), texts_of(orjson.loads(row.content)))
            else:
                last = restated(row.content)
                assert isinstance(last, Notice)
                tombstone = bury_notice(last, withdrawal)
            self.report.withdrawn += 1
            self.changes.add(row.key, "gone")
            item = Spooled(row.key, row.input, b"")
            self.ledger.put(
                self._new_row(item, tombstone, "tombstone", statement(tombstone), row, self.day.on, self.day.instant)
            )
            self.ledger.shelve(row.key, "", ())
            self.ledger.relate(row.key, ())

    def _bury_names(self) -> None:
        """Takes title and people from tombstones of DOIs whose record stands closed under another DOI now."""
        for row in list(self._renamed.tombstones()):
            shown = without_citation(restated(row.content))
            self.changes.add(row.key, "gone")
            item = Spooled(row.key, row.input, b"")
            self.ledger.put(
                self._new_row(item, shown, "tombstone", statement(shown), row, self.day.on, self.day.instant)
            )

    def _clash(self, key: str) -> str | None:
        """Why a DOI's page cannot lie below another DOI's page, or None; such DOIs are rare and must not overwrite."""
        parts = key.split("/")
        for end in range(2, len(parts)):
            parent = "/".join(parts[:end])
            if self.ledger.row(parent) is not None and (parts[end] == "datasets" or "." in parts[end]):
                return f"its page would lie among the files of {parent}"
        return None

    def _close_words(self, publication: Publication, verdict: Verdict) -> None:
        if closed := closed_texts(publication, verdict, self.config.policy.server_paths):
            self.leaks.close(name_for_operator(publication.source, publication.source_id, publication.doi.key), closed)

    def _see(self, key: str) -> None:
        self.ledger.connection.execute("INSERT OR IGNORE INTO temp.seen VALUES (?)", (key,))

    def _note(self, text: str) -> None:
        if text not in self._noted:
            self._noted.add(text)
            self.report.notes.append(text)


def released_from(row: Row, on: date) -> Released:
    """The release that an open row of the ledger stands for; it is judged again."""
    return reopen(publication_from(row.content), on)


def _is_cited(row: Row) -> bool:
    return cast(Tombstone, restated(row.content)).citation is not None


def _lost_datasets(before: Publication, now: Publication) -> set[str]:
    return {dataset.id for dataset in before.datasets} - {dataset.id for dataset in now.datasets}


def name_for_operator(source: str, source_id: str, key: str) -> str:
    """A record as the report names it: where to find it in which catalogue, and its DOI."""
    return f"{source}: {source_id} ({key})"


def _name(row: Row) -> str:
    return name_for_operator(row.source, row.source_id, row.key)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _gate_digest(config: Config) -> str:
    return hashlib.sha256(
        "\n".join(
            (
                repr((config.policy, config.harvest.grace_days)),
                package_digest("panfair.ontologies"),
                repr([(source.name, source.probe) for source in config.sources]),
                panet.load().digest,
                facility_mappings.chosen().digest,
            )
        ).encode()
    ).hexdigest()
