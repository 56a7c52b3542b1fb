"""A made-up facility in a live core for tests: two sessions, one open and one closed, with people of every kind."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.accounts.core import Core
from panfair.site.catalogue.accounts.sign_in import hash_password
from panfair.site.catalogue.app.app import create_core
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.entries import (
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

TODAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
PEOPLE = ("ada", "ben", "cho", "dee", "eve", "lis")
"""ada: member of the closed session; ben: of the open one; cho: scientist of ID02; dee: administrator; eve: nothing
but an account, and a minter; lis: lister."""


class Clock:
    """The moment that a core believes it is."""

    def __init__(self, now: datetime = TODAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Rows:
    """The numbers of what is in the facility."""

    users: dict[str, int] = field(default_factory=dict)
    open: int = 0
    closed: int = 0
    open_raw: int = 0
    open_processed: int = 0
    open_unfinished: int = 0
    closed_raw: int = 0
    closed_published: int = 0
    publication: int = 0


@dataclass
class Facility:
    """A core with its application, clock and rows."""

    app: FastAPI
    clock: Clock
    rows: Rows
    folder: Path

    @property
    def core(self) -> Core:
        core: Core = self.app.state.core
        return core

    def session(self, name: str) -> str:
        """The id of a new session of somebody."""
        return self.core.sign_in.for_user(self.rows.users[name]).session_id


_HASHED = hash_password(PASSWORD)


def a_facility(folder: Path, clock: Clock | None = None, **settings: object) -> Facility:
    """A core in a folder, filled. Close it by `facility.core.store.close()`."""
    clock = clock or Clock()
    files = folder / "files"
    (files / "open").mkdir(parents=True, exist_ok=True)
    (files / "closed").mkdir(exist_ok=True)
    (files / "open" / "scan.h5").write_bytes(bytes(range(256)) * 40)
    (files / "closed" / "scan.h5").write_bytes(b"closed bytes")
    values: dict[str, object] = {"database": folder / "core.sqlite", "files": files, "secure_cookies": False}
    app = create_core(CoreSettings.model_validate(values | settings), clock)
    facility = Facility(app, clock, Rows(), folder)
    _fill(facility)
    return facility


def _fill(facility: Facility) -> None:
    rows, now, store = facility.rows, facility.clock.now, facility.core.store
    with store.writing() as w:
        w.put_facility(FacilityEntry(name="EPS", full_name="Example Photon Source", url="https://www.example.org/"))
        w.put_instrument(InstrumentEntry(facility="EPS", name="ID01"))
        id02 = w.put_instrument(InstrumentEntry(facility="EPS", name="ID02", full_name="SAXS"))
        for name in PEOPLE:
            rows.users[name] = w.put_user(
                UserEntry(name=name, full_name=f"{name.title()} Example", email=f"{name}@example.org")
            )
        w.set_instrument_scientists(id02, [rows.users["cho"]])
        rows.open = w.put_investigation(_session("MA-1", "ID01", "ben", date(2026, 1, 1), "10.5072/OPEN-1"), now).id
        rows.closed = w.put_investigation(_session("MA-2", "ID02", "ada", date(2027, 1, 1), "10.5072/CLOSED-2"), now).id
        for session in (rows.open, rows.closed):
            w.put_sample(
                session,
                SampleEntry(name="foam", formula="C2H4", parameters=(ParameterEntry(name="Sample_mass", value="3"),)),
                now,
            )
            w.add_logbook(session, LogbookEntry(content=(("plainText", "beam is back"),)), now, rows.users["dee"])
        rows.open_raw = w.put_dataset(rows.open, _dataset("scan 1", "ID01", "open"), now).id
        rows.open_processed = w.put_dataset(
            rows.open, DatasetEntry(name="volume", type="processed", inputs=(rows.open_raw,), sample="foam"), now
        ).id
        rows.open_unfinished = w.put_dataset(rows.open, DatasetEntry(name="scan 2", complete=False), now).id
        rows.closed_raw = w.put_dataset(rows.closed, _dataset("scan 3", "ID02", "closed"), now).id
        rows.closed_published = w.put_dataset(rows.closed, DatasetEntry(name="scan 4"), now).id
    with store.accounts() as accounts:
        for name in PEOPLE:
            accounts.set_password(name, _HASHED)
        accounts.set_right("dee", "administrator", True)
        accounts.set_right("eve", "minter", True)
        accounts.set_right("ada", "minter", True)
        accounts.set_right("lis", "lister", True)


def _session(name: str, instrument: str, member: str, opens: date, doi: str) -> InvestigationEntry:
    return InvestigationEntry(
        facility="EPS",
        name=name,
        visit_id="1",
        title=f"Drainage of foam, {name}",
        type="user beamtime",
        start=datetime(2025, 5, 1, 8, tzinfo=UTC),
        end=datetime(2025, 5, 3, 8, tzinfo=UTC),
        release_date=opens,
        doi=Doi.parse(doi),
        instruments=(instrument,),
        members=(MemberEntry(user=member, role="Principal investigator"),),
        parameters=(ParameterEntry(name="proposal_panel", value="soft matter"),),
    )


def _dataset(name: str, instrument: str, folder: str) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        sample="foam",
        instrument=instrument,
        location=f"/data/visitor/{folder}",
        start=datetime(2025, 5, 1, 9, tzinfo=UTC),
        end=datetime(2025, 5, 1, 10, tzinfo=UTC),
        techniques=(TechniqueEntry(name="SAXS", pid="PaNET:PaNET01188"),),
        parameters=(
            ParameterEntry(name="InstrumentMonochromator_energy", value="12.4", units="keV"),
            ParameterEntry(name="scanType", value="fasttomo"),
        ),
        files=(FileEntry(name="scan.h5", location=f"{folder}/scan.h5", size=10240, media_type="application/x-hdf5"),),
    )


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of a core while uvicorn serves it on a free port."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="info", access_log=True, log_config=None))
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    try:
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.01)
        assert server.started
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()
