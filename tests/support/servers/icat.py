"""An ICAT server for tests: it answers from a python-icat dump in ICAT's REST shapes, errors and limits included.

It understands the queries of paging and of changes: `SELECT a FROM E a WHERE … a.id > n … ORDER BY a.id LIMIT 0,n
INCLUDE …`; an entity that it does not know is BAD_PARAMETER, too many entities in an answer VALIDATION.
"""

import json
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

_QUERY = re.compile(
    r"SELECT a FROM (?P<entity>\w+) a WHERE (?:a\.(?P<path>[\w.]+)\.id IN \((?P<ids>[\d,]+)\) AND |"
    r"a\.id IN \((?P<own>[\d,]+)\) AND |a\.(?P<stamped>(?:\w+\.)?)modTime >= '(?P<since>[^']+)' AND )?"
    r"a\.id (?P<sign>[<>]) (?P<after>\d+) ORDER BY a\.id LIMIT 0,(?P<limit>\d+)"
    r"(?: INCLUDE (?P<include>.+))?"
)
_SUMS = re.compile(
    r"SELECT i\.id, COUNT\(a\), SUM\(a\.id\) FROM (?P<entity>\w+) a (?P<joins>(?:JOIN \w+\.\w+ \w+ )+)"
    r"WHERE i\.id > (?P<after>\d+) GROUP BY i\.id ORDER BY i\.id LIMIT 0,(?P<limit>\d+)"
)
_BACK = {
    "dataCollectionDatasets": ("dataCollectionDataset", "dataset"),
    "dataCollectionDatafiles": ("dataCollectionDatafile", "datafile"),
    "dataCollectionInvestigations": ("dataCollectionInvestigation", "investigation"),
    "dataPublications": ("dataPublication", "content"),
}
"""Lists that a query of sums goes along: the entity in the list, and its way back."""
# Lists of an entity: the entity in the list, and what it calls the one that holds it.
_LISTS = {
    ("investigation", "investigationUsers"): ("InvestigationUser", "investigation"),
    ("investigation", "investigationInstruments"): ("InvestigationInstrument", "investigation"),
    ("investigation", "parameters"): ("InvestigationParameter", "investigation"),
    ("investigation", "fundingReferences"): ("InvestigationFunding", "investigation"),
    ("investigation", "keywords"): ("Keyword", "investigation"),
    ("investigation", "publications"): ("Publication", "investigation"),
    ("dataset", "parameters"): ("DatasetParameter", "dataset"),
    ("dataset", "datasetInstruments"): ("DatasetInstrument", "dataset"),
    ("dataset", "datasetTechniques"): ("DatasetTechnique", "dataset"),
    ("sample", "parameters"): ("SampleParameter", "sample"),
    ("dataPublication", "dates"): ("DataPublicationDate", "publication"),
    ("dataPublication", "fundingReferences"): ("DataPublicationFunding", "dataPublication"),
    ("dataPublication", "relatedItems"): ("RelatedItem", "publication"),
    ("dataPublication", "subjects"): ("Subject", "dataPublication"),
    ("dataPublicationUser", "affiliations"): ("Affiliation", "user"),
    ("dataCollection", "dataCollectionDatasets"): ("DataCollectionDataset", "dataCollection"),
    ("dataCollection", "dataCollectionDatafiles"): ("DataCollectionDatafile", "dataCollection"),
    ("dataCollection", "dataCollectionInvestigations"): ("DataCollectionInvestigation", "dataCollection"),
    ("study", "studyInvestigations"): ("StudyInvestigation", "study"),
}
_ALONG = _LISTS | {
    ("investigation", "samples"): ("Sample", "investigation"),
    ("investigation", "studyInvestigations"): ("StudyInvestigation", "investigation"),
    ("dataPublication", "users"): ("DataPublicationUser", "publication"),
}
_REFERENCES = {
    "content": "dataCollection", "publication": "dataPublication", "inputDataCollection": "dataCollection",
    "outputDataCollection": "dataCollection", "sourceDatafile": "datafile", "destDatafile": "datafile",
    "funding": "fundingReference",
}  # fmt: skip
_STAMP = "%Y-%m-%d %H:%M:%S %z"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_TYPES = {"dataset": "datasetType", "investigation": "investigationType", "sample": "sampleType"}
_TYPES |= {"dataPublication": "dataPublicationType"}


class IcatWorld:
    """The entities of a dump, numbered, and the faults that a test plants."""

    def __init__(self, path: Path, max_entities: int = 100, missing: frozenset[str] = frozenset()) -> None:
        self.max_entities = max_entities
        self.properties: dict[str, object] = {"lifetimeMinutes": 120, "containerType": "x"}
        self.rows: dict[str, dict[int, dict[str, object]]] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.missing = missing
        self.modified: dict[int, datetime] = {}
        """When rows were modified; others long ago."""
        self.sessions: set[str] = set()
        self.password = "correct horse"
        self.sign_ins = 0
        self.queries: list[str] = []
        self.counts: list[str] = []
        """Queries for counts and sums by record; the places of planted faults do not count them."""
        self.only_along: frozenset[str] = frozenset()
        """Entities that the account is shown along INCLUDE from a visible parent only (ICAT's PublicStep)."""
        self.dies_after: set[int] = set()  # the session ends before these queries
        self.sessions_always_die = False
        self.answers: dict[int, tuple[int, bytes]] = {}  # instead of the right answer to these queries
        self._next = 0
        tables: dict[str, dict[str, dict[str, object]]] = {}
        for chunk in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for table, members in chunk.items():
                tables.setdefault(table, {}).update(members)
        for table, members in tables.items():
            for key in members:
                self.numbers[table, key] = self._number()
        for table, members in tables.items():
            for key, values in members.items():
                self._put(table, self.numbers[table, key], values)

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _put(self, table: str, number: int, values: dict[str, object]) -> None:
        row: dict[str, object] = {"id": number}
        for name, value in values.items():
            if (table, name) in _LISTS:
                entity, parent = _LISTS[table, name]
                inner = entity[0].lower() + entity[1:]
                for child in value:  # type: ignore[attr-defined]
                    made = self._number()
                    self._put(inner, made, child)
                    self.rows[inner][made][parent] = (table, number)
            elif isinstance(value, list):
                continue
            else:
                target = _TYPES.get(table, "parameterType") if name == "type" else _REFERENCES.get(name, name)
                known = isinstance(value, str) and (target, value) in self.numbers
                row[name] = (target, self.numbers[target, str(value)]) if known else value
        self.rows.setdefault(table, {})[number] = row

    def answer(self, query: str) -> tuple[int, object]:
        """Status and JSON of a query."""
        if counted := _SUMS.fullmatch(query):
            return self._sums(counted)
        found = _QUERY.fullmatch(query)
        if found is None:
            return 400, {"code": "BAD_PARAMETER", "message": "the query cannot be parsed"}
        entity = found["entity"]
        if entity in self.missing:
            return 400, {"code": "BAD_PARAMETER", "message": f"{entity} is not an entity type"}
        name = entity[0].lower() + entity[1:]
        table = {} if entity in self.only_along else self.rows.get(name, {})
        ids = {int(one) for one in (found["ids"] or found["own"] or "").split(",") if one}
        include = self._include(found["include"])
        if include is None:
            return 400, {"code": "BAD_PARAMETER", "message": "INCLUDE cannot be parsed"}
        rows = []
        for number, row in sorted(table.items()):
            if found["sign"] == "<" or number <= int(found["after"]):
                continue
            if ids and self._end(row, found["path"]) not in ids:
                continue
            if found["since"]:
                stamped = self._end(row, found["stamped"].rstrip(".") or None)
                if self.modified.get(stamped, _LONG_AGO) < datetime.strptime(found["since"], _STAMP):
                    continue
            rows.append({entity: self._shown(name, row, include)})
        rows = rows[: int(found["limit"])]
        if max(len(rows) * (1 + len(include)), sum(map(_entities, rows))) > self.max_entities:
            return 400, {"code": "VALIDATION", "message": "attempt to return more entities than are allowed"}
        return 200, rows

    def _sums(self, found: re.Match[str]) -> tuple[int, object]:
        entity = found["entity"]
        if entity in self.missing:
            return 400, {"code": "BAD_PARAMETER", "message": f"{entity} is not an entity type"}
        table = entity[0].lower() + entity[1:]
        pairs: dict[int, list[int]] = {}
        for number in self.rows.get(table, {}):
            here = [(table, number)]
            for step in re.findall(r"JOIN \w+\.(\w+) \w+", found["joins"]):
                here = [there for one in here for there in self._along(*one, step)]
            for _, record in here:
                pairs.setdefault(record, []).append(number)
        after = int(found["after"])
        rows = [[record, len(each), sum(each)] for record, each in sorted(pairs.items()) if record > after]
        return 200, rows[: int(found["limit"])]

    def _along(self, table: str, number: int, step: str) -> list[tuple[str, int]]:
        if step in _BACK:
            other, way = _BACK[step]
            return [(other, one) for one, row in self.rows.get(other, {}).items() if row.get(way) == (table, number)]
        reference = self.rows[table][number].get(step)
        return [reference] if isinstance(reference, tuple) else []

    def _end(self, row: dict[str, object], path: str | None) -> int:
        for step in path.split(".") if path else ():
            reference = row.get(step)
            if not isinstance(reference, tuple):
                return 0
            row = self.rows[reference[0]][reference[1]]
        return int(str(row["id"]))

    @staticmethod
    def _include(text: str | None) -> dict[tuple[str, ...], None] | None:
        paths: dict[tuple[str, ...], None] = {}
        aliases: dict[str, tuple[str, ...]] = {"a": ()}
        for part in text.split(", ") if text else ():
            found = re.fullmatch(r"(\w+)\.(\w+)(?: (\w+))?", part)
            if not found or found[1] not in aliases:
                return None
            path = (*aliases[found[1]], found[2])
            paths[path] = None
            if found[3]:
                aliases[found[3]] = path
        return paths

    def _shown(
        self, table: str, row: dict[str, object], include: dict[tuple[str, ...], None], at: tuple[str, ...] = ()
    ) -> dict[str, object]:
        shown: dict[str, object] = {}
        for name, value in row.items():
            if not isinstance(value, tuple):
                shown[name] = value
            elif (*at, name) in include:
                shown[name] = self._shown(value[0], self.rows[value[0]][value[1]], include, (*at, name))
        for path in include:
            if path[:-1] == at and (listed := _ALONG.get((table, path[-1]))):
                inner, back = listed[0][0].lower() + listed[0][1:], (table, row["id"])
                children = [one for one in self.rows.get(inner, {}).values() if one.get(listed[1]) == back]
                shown[path[-1]] = [self._shown(inner, child, include, path) for child in children]
        return shown


def _entities(shown: object) -> int:
    """How many entities an answer holds, descendants included."""
    if isinstance(shown, list):
        return sum(map(_entities, shown))
    return ("id" in shown) + sum(map(_entities, shown.values())) if isinstance(shown, dict) else 0


class _Handler(BaseHTTPRequestHandler):
    world: IcatWorld

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path, world = urlsplit(self.path), self.world
        asked = {name: values[0] for name, values in parse_qs(path.query).items()}
        if path.path == "/icat/properties":
            return self._say(200, world.properties | {"maxEntities": world.max_entities})
        if path.path != "/icat/entityManager":
            return self._say(404, {"code": "NO_SUCH_OBJECT_FOUND", "message": path.path})
        if _SUMS.fullmatch(asked["query"]) and asked.get("sessionId") in world.sessions:
            world.counts.append(asked["query"])
            return self._say(*world.answer(asked["query"]))
        number = len(world.queries)
        world.queries.append(asked["query"])
        if number in world.dies_after or world.sessions_always_die:
            world.sessions.clear()
        if number in world.answers:
            status, body = world.answers.pop(number)
            return self._send(status, body)
        if asked.get("sessionId") not in world.sessions:
            return self._say(403, {"code": "SESSION", "message": f"no session {asked.get('sessionId')}"})
        return self._say(*world.answer(asked["query"]))

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = json.loads(sent["json"][0])
        given = {name: value for one in asked["credentials"] for name, value in one.items()}
        self.world.sign_ins += 1
        if asked["plugin"] != "anon" and given != {"username": "reader", "password": self.world.password}:
            return self._say(403, {"code": "SESSION", "message": f"wrong password {given.get('password')}"})
        session = str(uuid.uuid4())
        self.world.sessions.add(session)
        return self._say(200, {"sessionId": session})

    def do_PUT(self) -> None:
        self._say(204, None)

    def do_DELETE(self) -> None:
        self.world.sessions.discard(self.path.rsplit("/", 1)[-1])
        self._say(204, None)

    def _say(self, status: int, value: object) -> None:
        self._send(status, b"" if value is None else json.dumps(value).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def icat_serving(world: IcatWorld) -> Iterator[str]:
    """The address of the REST interface while it answers."""
    handler = type("Handler", (_Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/icat"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
