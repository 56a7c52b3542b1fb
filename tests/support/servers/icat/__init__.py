"""An ICAT server for tests: REST sessions and queries over a catalogue from a dump, and the faults that a test plants.

What it answers to whom is held against a real server by tests/harvesters/icat/test_imitation.py.
"""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from support.servers.icat.catalogue import Catalogue
from support.servers.icat.jpql import BadParameterError

_KEYS = [{"name": "username"}, {"hide": True, "name": "password"}]
_PROPERTIES = {
    "authenticators": [
        {"keys": _KEYS, "mnemonic": "simple"},
        {"friendly": "Anonymous", "keys": [], "mnemonic": "anon"},
        {"keys": _KEYS, "mnemonic": "db"},
    ],
    "containerType": "Glassfish",
    "lifetimeMinutes": 120,
}


class IcatWorld:
    """A catalogue, its sessions, and the faults that a test plants."""

    def __init__(
        self, catalogue: Path | Catalogue, max_entities: int = 100, missing: frozenset[str] = frozenset()
    ) -> None:
        """A dump is open to any account; a catalogue opens what its rules open."""
        if isinstance(catalogue, Path):
            catalogue = Catalogue(catalogue, missing)
            catalogue.roots = frozenset({"anon/anon", "db/reader"})
        self.catalogue = catalogue
        self.max_entities = max_entities
        self.properties: dict[str, object] = dict(_PROPERTIES)
        self.sessions: dict[str, str] = {}
        """Session ids and whose they are."""
        self.password = "correct horse"
        self.sign_ins = 0
        self.queries: list[str] = []
        self.counts: list[str] = []
        """Queries for counts and sums by record; the places of planted faults do not count them."""
        self.dies_after: set[int] = set()  # the session ends before these queries
        self.sessions_always_die = False
        self.answers: dict[int, tuple[int, bytes]] = {}  # instead of the right answer to these queries

    def answer(self, query: str, account: str = "anon/anon") -> tuple[int, object]:
        """Status and JSON of a query."""
        try:
            return 200, self.catalogue.answer(query, account, self.max_entities)
        except BadParameterError as error:
            return 400, {"code": "BAD_PARAMETER", "message": str(error)}
        except ValueError as error:
            return 400, {"code": "VALIDATION", "message": str(error)}


class _Handler(BaseHTTPRequestHandler):
    world: IcatWorld

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path, world = urlsplit(self.path), self.world
        asked = {name: values[0] for name, values in parse_qs(path.query).items()}
        if path.path == "/icat/version":
            return self._say(200, {"version": "6.2.0"})
        if path.path == "/icat/properties":
            return self._say(200, world.properties | {"maxEntities": world.max_entities})
        if path.path.startswith("/icat/session/"):
            return self._say(200, {"remainingMinutes": 119.9, "userName": world.sessions[path.path.rsplit("/", 1)[-1]]})
        if path.path != "/icat/entityManager":
            return self._say(404, {"code": "NO_SUCH_OBJECT_FOUND", "message": path.path})
        session, query = asked.get("sessionId"), asked["query"]
        if query.startswith("SELECT i.id, COUNT(") and session in world.sessions:
            world.counts.append(query)
            return self._say(*world.answer(query, world.sessions[session]))
        number = len(world.queries)
        world.queries.append(query)
        if number in world.dies_after or world.sessions_always_die:
            world.sessions.clear()
        if number in world.answers:
            return self._send(*world.answers.pop(number))
        if session not in world.sessions:
            return self._say(403, {"code": "SESSION", "message": f"Unable to find user by sessionid: {session}"})
        return self._say(*world.answer(query, world.sessions[session]))

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = json.loads(sent["json"][0])
        given = {name: value for one in asked["credentials"] for name, value in one.items()}
        plugin, world = asked["plugin"], self.world
        world.sign_ins += 1
        if plugin not in {"anon", "simple", "db"}:
            return self._refuse(f"Authenticator mnemonic {plugin} not recognised")
        if plugin != "anon" and given.get("password") != world.password:
            return self._refuse("The username and password do not match ")
        session = str(uuid.uuid4())
        world.sessions[session] = f"{plugin}/{given.get('username', 'anon')}"
        return self._say(200, {"sessionId": session})

    def do_PUT(self) -> None:
        self._say(204, None)

    def do_DELETE(self) -> None:
        self.world.sessions.pop(self.path.rsplit("/", 1)[-1], None)
        self._say(204, None)

    def _refuse(self, message: str) -> None:
        self._say(403, {"code": "SESSION", "message": message})

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
