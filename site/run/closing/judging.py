"""Which records are not open any more, wholly or in part, or have vanished: the judging of a run's first commit.

It looks only at records that the ledger knows, and takes away only. What a catalogue says to be closed, restricted or
withdrawn goes whatever else is wrong. What vanishes from an answer without a word goes too, unless more of a source
would vanish at once than the operator allows: then that source is not believed, and no other is concerned.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import orjson

from panfair.builders.card import card_of
from panfair.builders.html.list_kind import shelves_of
from panfair.ontologies import mapping
from panfair.ontologies.embargo import (
    Notice,
    Released,
    Tombstone,
    bury,
    bury_notice,
    judge,
    reopen,
    restated,
    statement,
)
from panfair.ontologies.errors import GateError
from panfair.ontologies.record import Restriction, Withdrawal, canonical, publication_from
from panfair.site.config.settings import Config
from panfair.site.run.changes import ChangeSet
from panfair.site.run.closing.narrowing import shows_less, what_is_left
from panfair.site.run.day import Day
from panfair.site.run.judge import Judging, Watch, name_for_operator
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.plugin_faults import place_of
from panfair.site.run.report import Report
from panfair.site.run.verdicts.duplicate_dois import Counting
from panfair.site.run.versions.relations import relations_of
from panfair.site.state.harvest_file import Spooled, publication_in
from panfair.site.state.ledger import Ledger, Row

NOT_PUBLIC = "Not public now"


class Closing(Judging):
    """The same judging, of which only what takes away counts."""

    def __init__(
        self, config: Config, ledger: Ledger, day: Day, report: Report, leaks: LeakTables, changes: ChangeSet
    ) -> None:
        super().__init__(config, ledger, day, report, leaks, changes)
        self._seeing_open_only = {source.name for source in config.sources if source.vanished == "not public"}
        self.versions_before = {key for edge in ledger.version_relations() for key in (edge.key, edge.other)}
        """The records of whose versions some page may tell."""

    def close_all(self, accept_shrink: bool, watch: Watch) -> None:
        """Puts into the ledger what is closed; `changes` then has it, and `sick` the sources not to be believed."""
        found = self.ledger.connection.execute("SELECT source, count(*) FROM record WHERE state = 'open' GROUP BY 1")
        open_before = dict(found.fetchall())
        self._judge_sources(watch)
        self._bury_vanished(accept_shrink, open_before)
        self.bury_names()

    def _judge(self, source: str, item: Spooled) -> None:
        self._see(item.key)
        row = self.ledger.row(item.key)
        if row is not None and self.says_the_same(source, item, row):
            return
        publication = publication_in(source, item)
        verdict = self._verdict(publication, row)
        if not isinstance(verdict, Released):
            self._renamed.close(publication)
            if row is None or row.input != item.digest:
                self._close_words(publication, verdict)
        if row is None:
            return
        if isinstance(verdict, Notice | Tombstone):
            self._put_closed(item, verdict, row)
        elif isinstance(verdict, Released) and row.state == "open":
            self._narrow(item, row, verdict)
        if self.changes.kind_of(item.key):
            self._close_words(publication, verdict)

    def _cannot_be_judged(self, source: str, item: Spooled, error: Exception) -> None:
        """Shuts the record: what it says now may be that it is closed."""
        row = self.ledger.row(item.key)
        self._stays(item.key, row)
        if row is not None and row.state == "open":
            self.leaks.close_more(name_for_operator(row.source, row.source_id, row.key), _texts_of(row))
            self.changes.add(item.key, "closed")
            shut(self, row)

    def _passed_over(self, item: Spooled, counts: Counting) -> None:
        """The record that counts is judged; of this one nothing stands."""

    def _narrow(self, item: Spooled, row: Row, verdict: Released) -> None:
        probe = self._probes.get(verdict.publication.source)
        try:
            new = verdict.refined(lambda record: mapping.map_publication(record, self._note, probe)).publication
        except Exception as error:  # undescribed, it shows as much of it
            place_of(item.key, error)
            new = verdict.publication
        old = publication_from(row.content)
        if not shows_less(old, new):
            return
        left = what_is_left(old, new)
        content = canonical(left)
        self.changes.add(item.key, "narrowed")
        try:
            released = reopen(left, self.day.on)
        except GateError:  # by what both say of its days it is not open
            shut(self, row)
            return
        fresh = self.new_row(item, released, "open", content, row, self.day.on, self.day.instant)
        shelves = shelves_of(released)
        card = card_of(released, fresh.changed, shelves)
        self.ledger.put(replace(fresh, gate="", card=card.to_json()))  # the second commit judges it again
        self.ledger.relate(item.key, relations_of(left))
        self.ledger.shelve(item.key, card.day, shelves)

    def _bury_vanished(self, accept_shrink: bool, open_before: dict[str, int]) -> None:
        """Tombstones for the records that no source names any more."""
        unread = self._unread() | self.sick
        found = self.ledger.connection.execute(
            "SELECT key, source, state FROM record"
            " WHERE state != 'tombstone' AND key NOT IN (SELECT key FROM temp.seen)"
        )
        gone = [(key, source, state) for key, source, state in found.fetchall() if source not in unread]
        # What a catalogue itself tells to be withdrawn, by its DOI, is no sign that it is sick.
        lost = Counter(source for key, source, state in gone if state == "open" and key not in self.withdrawals)
        for source, number in sorted(lost.items()):
            total, limit = open_before.get(source, 0), self.config.run.shrink_limit
            if number > limit * total and not accept_shrink:
                self.sick.add(source)
                self.report.fail(
                    source,
                    f"{number} of its {total} open publications would vanish, more than the {limit:.0%} that "
                    "[run] shrink_limit allows; they stay, and nothing new of it is published. Is the catalogue well, "
                    "and does the reader still see it all? If this is right, run again with --accept-shrink",
                )
        unsaid = Withdrawal(on=self.day.on, reason="No longer in the facility's catalogue")
        for key, source, _state in gone:
            row = self.ledger.row(key)
            if row is None or (source in self.sick and key not in self.withdrawals):
                continue
            if key not in self.withdrawals and source in self._seeing_open_only:
                self._hide(row)
            else:
                self._bury(row, self.withdrawals.get(key, unsaid))

    def _hide(self, row: Row) -> None:
        """A notice for a record that its source's reader no longer sees: perhaps it has an embargo again."""
        hidden = Restriction(reason=NOT_PUBLIC)
        if row.state == "open":
            policy = replace(self.config.policy, page="notice")
            publication = publication_from(row.content).model_copy(update={"restriction": hidden})
            notice = judge(publication, self.day.on, policy, shown_before=True)
            assert isinstance(notice, Notice)
            self.leaks.close_more(name_for_operator(row.source, row.source_id, row.key), _texts_of(row))
        else:
            last = restated(row.content)
            assert isinstance(last, Notice)
            notice = replace(last, opens=None, restriction=hidden)
            if notice == last:
                return
        why = "its source's reader no longer sees it"
        self.report.hold(self.report.notices, row.source, why, "its release date, or the reader's rights")
        self.changes.add(row.key, "closed")
        _put_notice(self, row, notice)

    def _bury(self, row: Row, withdrawal: Withdrawal) -> None:
        if row.state == "open":
            last_open = publication_from(row.content)
            unsaid_name = self._renamed.stands_closed(row, last_open.title)
            policy = replace(self.config.policy, tombstone="bare") if unsaid_name else self.config.policy
            tombstone = bury(last_open, withdrawal, policy)
            name = name_for_operator(row.source, row.source_id, row.key)
            self.leaks.close_more(name, _texts_of(row))
        else:
            last = restated(row.content)
            assert isinstance(last, Notice)
            tombstone = bury_notice(last, withdrawal)
        self.report.withdrawn += 1
        self.changes.add(row.key, "gone")
        item = Spooled(row.key, row.input, b"")
        stone = self.new_row(item, tombstone, "tombstone", statement(tombstone), row, self.day.on, self.day.instant)
        self.ledger.put(stone)
        self.ledger.shelve(row.key, "", ())
        self.ledger.relate(row.key, ())

    def _unread(self) -> set[str]:
        names = {source.name for source in self.config.sources}
        return names - set(self._readable())


def _texts_of(row: Row) -> Iterator[tuple[str, str]]:
    return texts_of(orjson.loads(row.content))


def shut(judging: Judging, row: Row) -> None:
    """Puts a bare notice in the place of an open record that cannot be shown in part, until it is judged again."""
    policy = replace(judging.config.policy, page="notice")
    publication = publication_from(row.content).model_copy(update={"public": False})
    notice = judge(publication, judging.day.on, policy, shown_before=True)
    assert isinstance(notice, Notice)
    _put_notice(judging, row, notice)


def _put_notice(judging: Judging, row: Row, notice: Notice) -> None:
    """A notice in the place of a row, to be judged anew as soon as its source tells it again."""
    item, content = Spooled(row.key, "", b""), statement(notice)
    judging.ledger.put(judging.new_row(item, notice, "notice", content, row, judging.day.on, judging.day.instant))
    judging.ledger.shelve(row.key, "", ())
    judging.ledger.relate(row.key, ())
