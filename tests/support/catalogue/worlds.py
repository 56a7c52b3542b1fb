"""Generated catalogues, and a plain reading of who may see what in them: the judge of `access.py`.

The reading is written from the rules' words, row by row, in Python over the generated values: it shares no line and no
query with the core.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.entries import (
    DataPublicationEntry,
    DatasetEntry,
    FacilityEntry,
    FileEntry,
    InstrumentEntry,
    InvestigationEntry,
    LogbookEntry,
    MemberEntry,
    ParameterEntry,
    SampleEntry,
    TechniqueEntry,
    UserEntry,
)

DAY = date(2026, 6, 15)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
USERS = 4
INSTRUMENTS = 2

OFFSETS = (None, -2, -1, 0, 1, 2)
"""Days from DAY, or no day at all."""


def day(offset):
    return None if offset is None else DAY + timedelta(days=offset)


@dataclass(frozen=True)
class User:
    administrator: bool
    lister: bool
    disabled: bool
    scientist_of: frozenset


@dataclass(frozen=True)
class Session:
    opens: int | None
    withdrawn: int | None
    minted: bool
    reserved: bool
    members: frozenset
    instruments: frozenset


@dataclass(frozen=True)
class Dataset:
    session: int
    complete: bool
    withdrawn: bool
    has_sample: bool
    inputs: frozenset


@dataclass(frozen=True)
class Publication:
    minted: bool
    date: int | None
    withdrawn: int | None
    creator: int
    datasets: frozenset


@dataclass(frozen=True)
class World:
    users: tuple
    sessions: tuple
    datasets: tuple
    publications: tuple


def world_of(seed: int) -> World:
    """The world of a seed. Drawn by dice of our own: hypothesis's draws are mostly small and empty, and a rule shows
    only where several things come together."""
    dice = random.Random(seed)

    def some(count, most):
        return frozenset(dice.sample(range(count), min(count, dice.randint(0, most))))

    users = tuple(
        User(
            administrator=dice.random() < 0.15,
            lister=dice.random() < 0.25,
            disabled=dice.random() < 0.2,
            scientist_of=some(INSTRUMENTS, 1),
        )
        for _ in range(USERS)
    )
    sessions = tuple(
        Session(
            opens=dice.choice(OFFSETS),
            withdrawn=dice.choice((None, None, None, -1, 0, 1)),
            minted=(minted := dice.random() < 0.6),
            reserved=not minted and dice.random() < 0.5,
            members=some(USERS, 2),
            instruments=some(INSTRUMENTS, 2),
        )
        for _ in range(dice.randint(1, 5))
    )
    count = dice.randint(1, 9)
    datasets = tuple(
        Dataset(
            session=dice.randrange(len(sessions)),
            complete=dice.random() < 0.75,
            withdrawn=dice.random() < 0.2,
            has_sample=dice.random() < 0.7,
            inputs=some(number, 2),
        )
        for number in range(count)
    )
    publications = tuple(
        Publication(
            minted=dice.random() < 0.75,
            date=dice.choice(OFFSETS),
            withdrawn=dice.choice((None, None, None, -1, 0, 1)),
            creator=dice.randrange(USERS),
            datasets=some(count, 3) or frozenset({0}),
        )
        for _ in range(dice.randint(0, 4))
    )
    return World(users, sessions, datasets, publications)


def worlds() -> st.SearchStrategy[World]:
    return st.integers(0, 2**32).map(world_of)


def fill(store: Store, world: World) -> None:
    """Puts a world into an empty store; row numbers are the places in the world, counted from 1."""
    with store.writing() as w:
        w.put_facility(FacilityEntry(name="EPS"))
        for number in range(INSTRUMENTS):
            w.put_instrument(InstrumentEntry(facility="EPS", name=f"ID{number}"))
        for number in range(USERS):
            w.put_user(UserEntry(name=f"user{number}", full_name=f"Person {number}", email=f"user{number}@example.org"))
        for number in range(INSTRUMENTS):
            of = [u + 1 for u, user in enumerate(world.users) if number in user.scientist_of]
            w.set_instrument_scientists(number + 1, of)
        for number, session in enumerate(world.sessions):
            entry = InvestigationEntry(
                facility="EPS",
                name=f"MA-{number}",
                visit_id="1",
                title=f"Session {number}",
                type=f"type {number}",
                release_date=day(session.opens),
                doi=Doi.parse(f"10.5072/S-{number}") if session.minted else None,
                instruments=tuple(f"ID{one}" for one in sorted(session.instruments)),
                members=tuple(MemberEntry(user=f"user{one}") for one in sorted(session.members)),
                parameters=(ParameterEntry(name=f"of_session{number}", value="1"),),
            )
            assert w.put_investigation(entry, NOW).id == number + 1
            if session.reserved:
                w.set_investigation_doi(number + 1, Doi.parse(f"10.5072/S-{number}"), False, NOW)
            assert w.put_sample(number + 1, SampleEntry(name="sample"), NOW).id == number + 1
            assert w.add_logbook(number + 1, LogbookEntry(content=(("plainText", "note"),)), NOW) == number + 1
        for number, dataset in enumerate(world.datasets):
            entry = DatasetEntry(
                name=f"dataset {number}",
                complete=dataset.complete,
                sample="sample" if dataset.has_sample else None,
                location=f"/data/{number}",
                techniques=(TechniqueEntry(name=f"technique {number}"),),
                parameters=(ParameterEntry(name=f"of_dataset{number}", value="1"),),
                files=(FileEntry(name="a.h5", location=f"{number}/a.h5", size=1, resource=True),),
                inputs=tuple(one + 1 for one in sorted(dataset.inputs)),
            )
            assert w.put_dataset(dataset.session + 1, entry, NOW).id == number + 1
        for number, one in enumerate(world.publications):
            doi, datasets = Doi.parse(f"10.5072/P-{number}"), tuple(d + 1 for d in sorted(one.datasets))
            if one.minted:
                entry = DataPublicationEntry(title=f"P {number}", publication_date=day(one.date), datasets=datasets)
                row = w.put_data_publication(doi, entry, NOW, one.creator + 1).id
            else:
                row = w.reserve(doi, datasets, NOW, one.creator + 1)
            assert row == number + 1
        _withdraw(w, world)
    with store.accounts() as accounts:
        for number, user in enumerate(world.users):
            for right in ("administrator", "lister", "disabled"):
                accounts.set_right(f"user{number}", right, getattr(user, right))


def _withdraw(writer, world):
    def at(offset):
        return datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC) + timedelta(days=offset)

    for entity, rows in (("investigation", world.sessions), ("data_publication", world.publications)):
        for number, one in enumerate(rows):
            if one.withdrawn is not None:
                writer.withdraw(entity, number + 1, "wrong sample", at(one.withdrawn))
    for number, dataset in enumerate(world.datasets):
        if dataset.withdrawn:
            writer.withdraw("dataset", number + 1, "wrong sample", at(0))


class Reading:
    """What one user (None: anonymous) may see of a world on a day, read from the rules' words."""

    def __init__(self, world: World, user: int | None, today: date) -> None:
        self.world, self.today = world, today
        self.who = None if user is None or world.users[user].disabled else world.users[user]
        self.number = user if self.who else None

    def reached(self, offset):
        return offset is not None and day(offset) <= self.today

    def in_team(self, s):
        if self.who is None:
            return False
        session = self.world.sessions[s]
        return (
            self.who.administrator
            or self.number in session.members
            or bool(self.who.scientist_of & session.instruments)
        )

    def session_public(self, s):
        session = self.world.sessions[s]
        return self.reached(session.opens) and session.withdrawn is None

    def publication_public(self, p):
        one = self.world.publications[p]
        return one.minted and self.reached(one.date) and one.withdrawn is None

    def dataset_public(self, d):
        dataset = self.world.datasets[d]
        if not dataset.complete or dataset.withdrawn or self.world.sessions[dataset.session].withdrawn is not None:
            return False
        published = any(
            d in one.datasets and self.publication_public(p) for p, one in enumerate(self.world.publications)
        )
        return self.session_public(dataset.session) or published

    @property
    def sessions(self):
        return {s for s in range(len(self.world.sessions)) if self.session_public(s) or self.in_team(s)}

    @property
    def team(self):
        return {s for s in range(len(self.world.sessions)) if self.in_team(s)}

    @property
    def datasets(self):
        return {
            d
            for d, dataset in enumerate(self.world.datasets)
            if self.dataset_public(d) or self.in_team(dataset.session)
        }

    @property
    def samples(self):
        with_dataset = {self.world.datasets[d].session for d in self.datasets if self.world.datasets[d].has_sample}
        return self.sessions | with_dataset

    @property
    def publications(self):
        seen = set()
        for p, one in enumerate(self.world.publications):
            team = self.who is not None and (
                self.who.administrator
                or one.creator == self.number
                or any(self.in_team(self.world.datasets[d].session) for d in one.datasets)
            )
            if team or self.publication_public(p):
                seen.add(p)
        return seen

    @property
    def links(self):
        """(dataset, input) that both are seen."""
        return {(d, i) for d in self.datasets for i in self.world.datasets[d].inputs if i in self.datasets}

    @property
    def notices(self):
        lists = self.who is not None and (self.who.lister or self.who.administrator)
        answer = set()
        for kind, rows in (("S", self.world.sessions), ("P", self.world.publications)):
            for number, one in enumerate(rows):
                opens = one.opens if kind == "S" else one.date
                was_public = (
                    one.withdrawn is not None
                    and opens is not None
                    and opens <= one.withdrawn
                    and day(one.withdrawn) <= self.today
                )
                if one.minted and (lists or was_public):
                    answer.add(f"10.5072/{kind}-{number}")
        return answer


def rows(places):
    """Row numbers of places."""
    return sorted(place + 1 for place in places)
