"""Which open records are versions of one work, in which order: read from the ledger, for the pages of all of them.

Two records belong together when one names the other, or both name one concept DOI, by a relation of versions. A newer
one is known for certain by its relation or by its version's number; the day it opened only orders what is left.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from panfair.builders.card import Card
from panfair.builders.html.words import day_in_words
from panfair.builders.pages.versions import Version, Versions
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Related, publication_from
from panfair.site.run.versions.relations import NEWER, OLDER, named_by_others, with_relations
from panfair.site.state.ledger import Edge, Ledger

_NOTE = "versions"
_TOLD = "version relations"


class _Member(NamedTuple):
    key: str
    card: Card
    number: str
    hash: str


class Families:
    """All works with several versions, or with a concept DOI."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._of: dict[str, Versions] = {}
        self._named: dict[str, tuple[Related, ...]] = {}
        self.works: list[tuple[Versions, str]] = []
        """Each with a digest of its records."""
        edges = ledger.version_relations()
        if edges:
            self._gather(edges)

    def of(self, key: str) -> Versions | None:
        return self._of.get(key)

    def named_by_others(self, key: str) -> tuple[Related, ...]:
        """The relations that other records name of this one, and it does not."""
        return self._named.get(key, ())

    def forget_stale(self, on: date) -> set[str]:
        """Has those pages rendered again whose versions are others, or say other things, than at the last run.

        The answer is their keys.

        A record of which others say something else than before has changed on this day, though nobody touched it.
        """
        stale = self._other_than(_NOTE, self._of)
        retold = self._other_than(_TOLD, self._named)
        self._ledger.connection.executemany(
            "UPDATE record SET rendered = '' WHERE key = ? AND state = 'open'", [(key,) for key in stale | retold]
        )
        # The card of a record that changed itself was made without a look at the others.
        known = self._ledger.connection.execute(
            "SELECT key FROM record WHERE state = 'open' AND CAST(card AS TEXT) ->> '$.superseded'"
        )
        older = {key for key, relations in self._named.items() if any(one.relation in OLDER for one in relations)}
        for key in sorted(retold | (older - {key for (key,) in known})):
            self._redate(key, on.isoformat() if key in retold else "")
        return stale | retold

    def _other_than(self, name: str, things: Mapping[str, object]) -> set[str]:
        """The keys of which other things are known than when a note of this name was taken; takes it anew."""
        digests = {key: hashlib.sha256(repr(thing).encode()).hexdigest()[:16] for key, thing in things.items()}
        before = dict(line.rsplit(" ", 1) for line in self._ledger.note(name).splitlines())
        self._ledger.set_note(name, "\n".join(f"{key} {digest}" for key, digest in sorted(digests.items())))
        return {key for key in {*before, *digests} if before.get(key) != digests.get(key)}

    def _redate(self, key: str, day: str) -> None:
        """Has lists tell whether a record is superseded, and, where it was published before, the day of its change."""
        row = self._ledger.row(key)
        if row is None or row.state != "open":
            return
        card = Card.from_json(row.card)
        newer = with_relations(publication_from(row.content), self.named_by_others(key)).superseded_by is not None
        changed = max(day, row.changed) if row.payload else row.changed
        dated = replace(card, superseded=newer, changed=changed)
        if dated != card:
            self._ledger.put(replace(row, changed=changed, card=dated.to_json()))

    def _gather(self, edges: list[Edge]) -> None:
        open_records = self._open_records()
        by_key: dict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            by_key[edge.key].append(edge)
        for names in _components(edges):
            within = [edge for name in names for edge in by_key.get(name, ())]
            concepts = [edge.other for edge in within if edge.relation == "IsVersionOf"]
            concepts += [edge.key for edge in within if edge.relation == "HasVersion"]
            concept = max(sorted(set(concepts)), key=concepts.count) if concepts else None
            members = [open_records[name] for name in names if name in open_records and name != concept]
            if len(members) > 1 or (concept and members):
                self._put(within, concept, members)
                dois = {name: open_records[name].card.doi for name in names if name in open_records}
                spelt = (concept, _spelt(within, concept)) if concept else None
                self._named |= named_by_others(within, dois, [one.key for one in members], spelt)

    def _put(self, edges: list[Edge], concept: str | None, members: list[_Member]) -> None:
        rank = _ranks(edges)

        def certain(member: _Member) -> tuple[int, tuple[int, ...]]:
            return rank.get(member.key, 0), _numbers(member.number)

        members = sorted(members, key=lambda one: (certain(one), one.card.day, one.key), reverse=True)
        newest = members[0]
        own_page = bool(concept) and self._is_free(concept or "", newest.key)
        doi = Doi(_spelt(edges, concept)) if concept else None
        versions = Versions(
            page=doi.page if doi and own_page else f"{newest.card.page}versions.html",
            concept=doi,
            own_page=own_page,
            all=tuple(
                Version(
                    doi=Doi(one.card.doi),
                    title=one.card.title,
                    number=one.number,
                    day=_day(one.card.day),
                    superseded=certain(one) < certain(newest),
                )
                for one in members
            ),
        )
        self.works.append((versions, " ".join(f"{one.key} {one.hash}" for one in members)))
        for one in members:
            self._of[one.key] = versions
        if concept:
            self._of.setdefault(concept, versions)

    def _open_records(self) -> dict[str, _Member]:
        found = self._ledger.connection.execute(
            "SELECT key, card, CAST(content AS TEXT) ->> '$.version', hash FROM record WHERE state = 'open'"
            " AND key IN (SELECT key FROM version UNION SELECT other FROM version)"
        )
        return {key: _Member(key, Card.from_json(card), number or "", digest) for key, card, number, digest in found}

    def _is_free(self, concept: str, member: str) -> bool:
        """Whether the concept's page is ours to make: of the same registrant, without a page, in nobody's way."""
        if concept.split("/", 1)[0] != member.split("/", 1)[0] or self._ledger.row(concept) is not None:
            return False
        parts = concept.split("/")
        parents = ["/".join(parts[:end]) for end in range(2, len(parts))]
        below = self._ledger.connection.execute(
            "SELECT 1 FROM record WHERE key = ? OR key LIKE ? ESCAPE '\\'",
            (f"{concept}/index.html", _escaped(f"{concept}/index.html/") + "%"),
        ).fetchone()
        return below is None and not any(self._ledger.row(parent) is not None for parent in parents)


def _spelt(edges: list[Edge], concept: str) -> str:
    """The concept's DOI as it is spelt where it is named first."""
    return next((edge.doi for edge in edges if edge.other == concept), concept)


def _components(edges: list[Edge]) -> list[list[str]]:
    """The names that hang together, each group in the order of the alphabet."""
    beside: dict[str, set[str]] = defaultdict(set)
    for key, _relation, other, _doi in edges:
        beside[key].add(other)
        beside[other].add(key)
    groups: list[list[str]] = []
    seen: set[str] = set()
    for name in sorted(beside):
        if name in seen:
            continue
        group: set[str] = set()
        left = [name]
        while left:
            here = left.pop()
            if here not in group:
                group.add(here)
                left.extend(beside[here])
        seen |= group
        groups.append(sorted(group))
    return groups


def _ranks(edges: Iterable[Edge]) -> dict[str, int]:
    """How many versions are known to come before each; a circle, which is a mistake in the source, ends somewhere."""
    older: dict[str, set[str]] = defaultdict(set)
    for key, relation, other, _doi in edges:
        if relation in NEWER:
            older[key].add(other)
        elif relation in OLDER:
            older[other].add(key)
    rank: dict[str, int] = defaultdict(int)
    for _ in range(len(older)):
        before = dict(rank)
        for newer, those in sorted(older.items()):
            rank[newer] = min(len(older), max(rank[one] + 1 for one in sorted(those)))
        if rank == before:
            break
    return rank


def _numbers(number: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d{1,9}", number)[:4])


def _day(day: str) -> str:
    return day_in_words(date.fromisoformat(day)) if day else ""


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
