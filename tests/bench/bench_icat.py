"""Benchmark of the harvesters `icat` and `icatplus` over HTTP, with flat memory in view. Run it by hand; it is no test.

    python tests/bench/bench_icat.py [--sessions 2000] [--datasets 50] [--without-files]

A server in a process of its own makes up sessions with datasets and four parameters each, without keeping any. Told
are datasets a second, requests, and the harvester's resident memory after a tenth, after half and at the end.
"""

import argparse
import json
import multiprocessing
import re
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from panfair.harvesters import Context, icat, icatplus
from panfair.ontologies.record import Publication
from support.servers.icatplus import answering

_QUERY = re.compile(
    r"SELECT a FROM (\w+) a WHERE (?:a\.(\w+)\.id IN \(([\d,]+)\) AND )?a\.id > (\d+) ORDER BY a\.id LIMIT 0,(\d+)"
)
_DAY = "2020-02-01T08:00:00.000Z"
_ROOM = 1000  # numbers kept free for the children of one entity


class World:
    """A catalogue that is a formula."""

    def __init__(self, sessions: int, datasets: int) -> None:
        self.sessions = sessions
        self.datasets = datasets

    def __call__(self, path: str, query: dict[str, str]) -> object:
        if path == "POST /session":
            return {"sessionId": "a"}
        if path == "GET /properties":
            return {"maxEntities": 10_000, "lifetimeMinutes": 120}
        if path == "GET /entityManager":
            return self._icat(query["query"])
        if path.endswith("/investigation"):
            numbers = range(1, self.sessions + 1) if query["filter"] == "released" else range(0)
            return [self._session(number) for number in self._cut(numbers, query)]
        if path == "GET /catalogue/datasets":
            number = int(query["investigationIds"])
            return [self._dataset(one) for one in self._cut(self._children(number, self.datasets), query)]
        if path.endswith("/datafile"):
            number = int(query["datasetId"])
            return [{"Datafile": {"id": number, "name": f"{number}.h5", "fileSize": 9}}] if query["skip"] == "0" else []
        return []

    @staticmethod
    def _cut(numbers: range, query: dict[str, str]) -> range:
        skip, limit = int(query["skip"]), int(query["limit"])
        return numbers[skip : skip + limit]

    @staticmethod
    def _children(number: int, count: int) -> range:
        return range(number * _ROOM + 1, number * _ROOM + 1 + count)

    @staticmethod
    def _session(number: int) -> dict[str, object]:
        return {
            "id": number, "name": f"HG-{number}", "visitId": "1", "title": f"A made-up session {number}",
            "summary": "words " * 100, "startDate": _DAY, "releaseDate": _DAY, "doi": f"10.99999/es-{number}",
            "investigationUsers": [{"role": "Investigator", "user": {"id": 1, "name": "x", "fullName": "Xu Example"}}],
        }  # fmt: skip

    @staticmethod
    def _dataset(number: int) -> dict[str, object]:
        parameters = [{"name": f"parameter{one}", "value": str(number + one), "units": "mm"} for one in range(4)]
        return {"id": number, "name": f"scan {number}", "type": "raw", "startDate": _DAY, "parameters": parameters}

    def _icat(self, query: str) -> object:
        found = _QUERY.match(query)
        if found is None:
            return []
        entity, ids, after, limit = found[1], found[3], int(found[4]), int(found[5])
        rows: list[dict[str, object]] = []
        if entity == "Investigation":
            rows = [self._session(number) for number in range(after + 1, min(after + limit, self.sessions) + 1)]
            for row in rows:
                del row["investigationUsers"]
        elif entity in {"Dataset", "DatasetParameter"} and ids:
            parent, count = ("investigation", self.datasets) if entity == "Dataset" else ("dataset", 4)
            for one in map(int, ids.split(",")):
                for number in self._children(one, count):
                    if number > after and len(rows) < limit:
                        rows.append({"id": number, "name": f"scan {number}", parent: {"id": one}, "complete": True})
                        if entity == "DatasetParameter":
                            rows[-1] |= {"type": {"id": 1, "name": f"p{number % _ROOM}"}, "numericValue": 1.5}
        return [{entity: row} for row in rows]


def serve(pipe: Connection, world: World) -> None:
    asked: list[str] = []
    with answering(world, asked) as url:
        pipe.send(url)
        while pipe.recv() == "count":
            pipe.send(len(asked))
            asked.clear()


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def measure(kind: str, url: str, pipe: Connection, sessions: int, files: bool) -> dict[str, object]:
    context = Context(root=Path("/"), contact="data@example.org")
    common = {"name": kind, "kind": kind, "url": url, "publisher": "Example", "facility": "EPS"}
    begin, datasets, records, memory = time.perf_counter(), 0, 0, {}
    if kind == "icat":
        stream = icat.harvest(icat.Options.model_validate(common), context)
    else:
        stream = icatplus.harvest(icatplus.Options.model_validate(common | {"files": files}), context)
    for item in stream:
        if isinstance(item, Publication):
            records += 1
            datasets += len(item.datasets)
            if records in {sessions // 10, sessions // 2, sessions}:
                memory[f"{100 * records // sessions} %"] = round(resident_mib(), 1)
    seconds = time.perf_counter() - begin
    pipe.send("count")
    return {
        "kind": kind, "sessions": records, "datasets": datasets, "seconds": round(seconds, 1),
        "datasets a second": round(datasets / seconds), "requests": pipe.recv(), "resident MiB after": memory,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--datasets", type=int, default=50)
    parser.add_argument("--without-files", action="store_true")
    asked = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs, World(asked.sessions, asked.datasets)), daemon=True)
    server.start()
    url = ours.recv()
    for kind in ("icat", "icatplus"):
        print(json.dumps(measure(kind, url, ours, asked.sessions, not asked.without_files)), flush=True)
    ours.send("stop")
    server.join(10)


if __name__ == "__main__":
    main()
