"""How fast the live core takes and gives 100,000 datasets, and how much memory its harvest needs.

Run by hand: `python tests/bench/bench_catalogue.py [datasets]`. It fills a core in a temporary folder, serves it in a
process of its own on a free port, reads everything as a stranger does, page by page and session by session, and prints
rates and the serving process's peak memory.
"""

import json
import multiprocessing
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvicorn

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.app.app import create_core
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import ANONYMOUS
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.entries import (
    DatasetEntry,
    FacilityEntry,
    FileEntry,
    InstrumentEntry,
    InvestigationEntry,
    MemberEntry,
    ParameterEntry,
    SampleEntry,
    TechniqueEntry,
    UserEntry,
)
from panfair.site.catalogue.store.query import DatasetQuery, Page

PER_SESSION = 100
PARAMETERS = 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def fill(store: Store, datasets: int) -> None:
    """Sessions of 100 datasets each; one in ten is closed."""
    with store.writing() as w:
        w.put_facility(FacilityEntry(name="EPS"))
        for number in range(12):
            w.put_instrument(InstrumentEntry(facility="EPS", name=f"ID{number:02}"))
        for number in range(50):
            w.put_user(UserEntry(name=f"user{number}", full_name=f"Person {number}"))
    for number in range(datasets // PER_SESSION):
        start = NOW - timedelta(days=number % 2000 + 10)
        with store.writing() as w:
            row = w.put_investigation(
                InvestigationEntry(
                    facility="EPS",
                    name=f"MA-{number}",
                    visit_id="1",
                    title=f"Drainage of foam {number}",
                    start=start,
                    end=start + timedelta(days=1),
                    release_date=date(2031, 1, 1) if number % 10 == 7 else date(2025, 1, 1),
                    doi=Doi.parse(f"10.5072/BENCH-{number}"),
                    instruments=(f"ID{number % 12:02}",),
                    members=(MemberEntry(user=f"user{number % 50}"), MemberEntry(user=f"user{(number + 7) % 50}")),
                ),
                NOW,
            ).id
            w.put_sample(row, SampleEntry(name="foam"), NOW)
            for scan in range(PER_SESSION):
                w.put_dataset(row, _dataset(number, scan, start), NOW)


def _dataset(number: int, scan: int, start: datetime) -> DatasetEntry:
    return DatasetEntry(
        name=f"scan {scan}",
        sample="foam",
        instrument=f"ID{number % 12:02}",
        start=start + timedelta(minutes=scan),
        end=start + timedelta(minutes=scan + 1),
        techniques=(TechniqueEntry(name="SAXS", pid="PaNET:PaNET01188"),),
        parameters=tuple(
            ParameterEntry(name=f"parameter{n}", value=str(scan + n), units="mm") for n in range(PARAMETERS)
        ),
        files=tuple(FileEntry(name=f"scan{n}.h5", size=1000) for n in range(3)),
    )


def serve(database: Path, port: "multiprocessing.Queue[int]") -> None:
    """Serves until it is told to stop."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    port.put(sock.getsockname()[1])
    app = create_core(CoreSettings(database=database, secure_cookies=False), lambda: NOW)
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[sock])


def peak_mb(pid: int) -> int:
    """The most memory that a process has had so far (Linux)."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(text.split("VmHWM:")[1].split()[0]) // 1024


def timed(what: str, count: int, work: Callable[[], int]) -> None:
    began = time.perf_counter()
    got = work()
    spent = time.perf_counter() - began
    print(f"{what:<46} {got:>8} in {spent:7.1f} s  {got / spent:>9.0f}/s")
    assert got == count, (got, count)


def pages(client: httpx2.Client, size: int) -> Iterator[int]:
    """How many datasets each page brings, until one is short."""
    skip = 0
    while True:
        found = json.loads(client.get("/catalogue/datasets", params={"limit": size, "skip": skip}).content)
        yield len(found)
        if len(found) < size:
            return
        skip += size


def main() -> None:
    datasets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seen = datasets - sum(PER_SESSION for n in range(datasets // PER_SESSION) if n % 10 == 7)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "core.sqlite"
        with Store(database) as store:
            timed("datasets taken (20 parameters, 3 files each)", datasets, lambda: fill(store, datasets) or datasets)
            timed("the same again, nothing changed", datasets, lambda: fill(store, datasets) or datasets)
            with store.seen_by(ANONYMOUS, NOW.date()) as view:
                timed("rows counted by a stranger", seen, lambda: view.datasets(DatasetQuery(), Page(0))[1])
        print(f"{'database':<46} {database.stat().st_size / 1e6:8.0f} MB")
        port: multiprocessing.Queue[int] = multiprocessing.Queue()
        server = multiprocessing.Process(target=serve, args=(database, port))
        server.start()
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port.get()}", timeout=120) as client:
                for _ in range(100):
                    try:
                        client.get("/facilities")
                        break
                    except httpx2.TransportError:
                        time.sleep(0.1)
                timed("harvested by pages of 1000", seen, lambda: sum(pages(client, 1000)))
                timed("harvested session by session", seen, lambda: by_session(client))
            print(f"{'peak memory of the serving process':<46} {peak_mb(server.pid or 0):8} MB")
        finally:
            server.terminate()
            server.join()


def by_session(client: httpx2.Client) -> int:
    """All datasets, asked for the way a harvester of sessions does."""
    asked = {"filter": "released", "limit": 10_000}
    sessions = json.loads(client.get("/catalogue/anonymous/investigation", params=asked).content)
    total = 0
    for one in sessions:
        answer = client.get("/catalogue/datasets", params={"investigationIds": one["id"]})
        total += len(json.loads(answer.content))
    return total


if __name__ == "__main__":
    main()
