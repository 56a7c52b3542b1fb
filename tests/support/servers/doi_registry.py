"""DataCite's registry for tests, imitated over HTTP after its own code (lupo 2.3.0), with what is odd about it.

An event that does not fit the state is ignored without a word. PUT makes what is not there. What a request does not
say stays, a list replaces a list. What may not be said is dropped without a word. A Handle server that is down leaves
`registered` empty under an answer of 200. Lists come from an index that lags behind. The refusals have two shapes.
"""

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
from lxml import etree

from panfair.builders.metadata.datacite_xml import datacite_xml
from support.judges.datacite import xsd

Values = dict[str, Any]

_DOI = re.compile(r"10\.\d{4,5}/[-._;()/:a-zA-Z0-9*~$=]+")
_URL = re.compile(r"(ftp|http|https)://\S+")
_MOVES = {
    ("draft", "register"): "registered",
    ("draft", "publish"): "findable",
    ("registered", "publish"): "findable",
    ("registered", "show"): "findable",
    ("findable", "hide"): "registered",
}
_LISTS = frozenset(
    word
    for line in (
        "alternateIdentifiers contributors creators dates descriptions formats fundingReferences geoLocations",
        "identifiers relatedIdentifiers relatedItems rightsList sizes subjects titles",
    )
    for word in line.split()
)
_PERMITTED = _LISTS | {"language", "publicationYear", "publisher", "reason", "schemaVersion", "types", "url", "version"}

_NOTHING: Values = {
    "creators": [],
    "titles": [],
    "publisher": {"name": ""},
    "publicationYear": "",
    "types": {"resourceType": "", "resourceTypeGeneral": ""},
    "rightsList": [],
}


@dataclass
class Registry:
    """What the server holds, and how it misbehaves."""

    account: str = "EPS.DATA"
    password: str = "made-up password"
    prefixes: tuple[str, ...] = ("10.5072",)
    domains: tuple[str, ...] = ("127.0.0.1", "data.example.org")
    dois: dict[str, Values] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    """DOIs of other accounts."""
    handle_is_down: bool = False
    index_lags: bool = False
    deaf: int = 0
    """So many events to come are ignored."""
    troubles: list[int] = field(default_factory=list)
    """Statuses that the next requests get, whatever they ask; 429 comes from the firewall, as HTML."""
    page: int = 1000
    log: list[tuple[str, str, Values]] = field(default_factory=list)
    """Method, path and attributes of all that was asked with a login."""
    words: bytearray = field(default_factory=bytearray)
    """Every byte that was ever sent in a body."""
    _index: dict[str, Values] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def state(self, doi: str) -> str | None:
        found = self.dois.get(doi.lower())
        return found["state"] if found else None

    def index(self) -> None:
        """Has the lists tell what stands now."""
        self._index = {doi: dict(one) for doi, one in self.dois.items()}

    def writes(self) -> list[tuple[str, str, Values]]:
        return [entry for entry in self.log if entry[0] != "GET"]

    def answer(self, method: str, target: str, login: str, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers."""
        with self._lock:
            self.words += body
            if self.troubles:
                status = self.troubles.pop(0)
                headers = {"Content-Type": "text/html"} | ({"Retry-After": "7"} if status == 429 else {})
                return status, b"<html>slow down</html>", headers
            wanted = "Basic " + base64.b64encode(f"{self.account}:{self.password}".encode()).decode()
            if login != wanted:
                return _json(401, {"errors": [{"status": "401", "title": "Bad credentials."}]})
            parts = urlsplit(target)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            path = unquote(parts.path)
            try:
                attributes = _attributes(method, body)
            except ValueError as error:
                return _json(400, {"errors": [{"status": "400", "title": str(error)}]})
            self.log.append((method, path, attributes))
            if path == "/dois":
                return self._make(attributes) if method == "POST" else self._list(query)
            doi = path.removeprefix("/dois/").lower()
            return {"GET": self._get, "PUT": self._put, "DELETE": self._delete}[method](doi, attributes)

    def _get(self, doi: str, _attributes: Values) -> tuple[int, bytes, dict[str, str]]:
        if doi in self.strangers or doi not in self.dois:
            return _refused(404, "The resource you are looking for doesn't exist.")
        return _json(200, {"data": _document(self.dois[doi])})

    def _list(self, query: Values) -> tuple[int, bytes, dict[str, str]]:
        if query.get("client-id") != self.account.lower():
            return _json(200, {"data": [], "links": {}})
        rows = self._index if self.index_lags else self.dois
        found = sorted(doi for doi in rows if doi.startswith(query["prefix"] + "/"))
        size = min(int(query["page[size]"]), self.page)
        after = "" if query["page[cursor]"] == "1" else query["page[cursor]"]
        page = [doi for doi in found if doi > after][:size]
        more = bool(page) and page[-1] != found[-1]
        links = {"next": f"https://api.example.org/dois?page%5Bcursor%5D={page[-1]}"} if more else {}
        return _json(200, {"data": [_document(rows[doi]) for doi in page], "links": links})

    def _make(self, attributes: Values) -> tuple[int, bytes, dict[str, str]]:
        doi = str(attributes.get("doi", "")).lower()
        if doi in self.dois or doi in self.strangers:
            return _json(422, {"errors": [{"source": "doi", "title": "This DOI has already been taken", "uid": doi}]})
        return self._write(doi, None, attributes)

    def _put(self, doi: str, attributes: Values) -> tuple[int, bytes, dict[str, str]]:
        if doi in self.strangers:
            return _refused(403, "You are not authorized to access this resource.")
        return self._write(doi, self.dois.get(doi), attributes)

    def _delete(self, doi: str, _attributes: Values) -> tuple[int, bytes, dict[str, str]]:
        if self.state(doi) is None:
            return _refused(404, "The resource you are looking for doesn't exist.")
        if self.state(doi) != "draft":
            return _refused(405, "Method not allowed")
        del self.dois[doi]
        return 204, b"", {}

    def _write(self, doi: str, old: Values | None, attributes: Values) -> tuple[int, bytes, dict[str, str]]:
        if doi.split("/")[0] not in self.prefixes:
            return _refused(403, "You are not authorized to access this resource.")
        if old is None and not _DOI.fullmatch(doi):
            return _json(422, {"errors": [{"source": "doi", "title": "is invalid", "uid": doi}]})
        new = dict(old or {"doi": doi, "state": "draft", "registered": None, "url": None})
        for name, value in attributes.items():
            if name in _PERMITTED:
                new[name] = value or ([] if name in _LISTS else None)
        new["state"] = self._moved(new["state"], attributes.get("event"))
        if new["state"] != "draft" and (errors := self._faults(new)):
            return _json(422, {"errors": errors})
        if new["state"] != "draft" and not self.handle_is_down:
            new["registered"] = new["registered"] or "2026-03-01T12:00:00.000Z"
        self.dois[doi] = new
        return _json(200 if old else 201, {"data": _document(new)})

    def _moved(self, state: str, event: object) -> str:
        if event and self.deaf:
            self.deaf -= 1
            return state
        return _MOVES.get((state, str(event)), state)

    def _faults(self, new: Values) -> list[Values]:
        if not new.get("url"):
            return [{"source": "url", "title": "Can't be blank", "uid": new["doi"]}]
        if not _URL.fullmatch(new["url"]) or (urlsplit(new["url"]).hostname not in self.domains):
            return [{"source": "url", "title": "URL is not allowed by repository domain settings.", "uid": new["doi"]}]
        values = {name: value for name, value in new.items() if value not in (None, [])}
        document = etree.fromstring(datacite_xml(_NOTHING | values).encode())
        schema = xsd()
        if schema.validate(document):
            return []
        first = schema.error_log[0]
        source = re.sub(r"^.*\}", "", first.path.rsplit("/", 1)[-1]).split("[")[0]
        return [
            {"source": source, "title": f"DOI {new['doi']}: {first.message} at line 4, column 0", "uid": new["doi"]}
        ]


@contextmanager
def serving_registry(registry: Registry) -> Iterator[str]:
    """The address at which a registry answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer, headers = registry.answer(
                self.command, self.path, self.headers.get("Authorization", ""), body
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _attributes(method: str, body: bytes) -> Values:
    if method not in ("POST", "PUT"):
        return {}
    data = orjson.loads(body or b"{}").get("data")
    if not isinstance(data, dict):
        raise ValueError("You need to provide a payload following the JSONAPI spec")
    return dict(data["attributes"])


def _document(values: Values) -> Values:
    """As DataCite tells it: some things in its own words."""
    told = {"isActive": values["state"] == "findable", "version": 7} | values
    if isinstance(told.get("publisher"), dict):
        told["publisher"] = told["publisher"]["name"]
    told["rightsList"] = [one | {"rightsIdentifier": "x"} for one in told.get("rightsList") or ()]
    year = told.get("publicationYear")
    told["publicationYear"] = int(year) if year else None
    return {"id": values["doi"], "type": "dois", "attributes": told}


def _json(status: int, body: Values) -> tuple[int, bytes, dict[str, str]]:
    return status, orjson.dumps(body), {"Content-Type": "application/vnd.api+json; charset=utf-8"}


def _refused(status: int, title: str) -> tuple[int, bytes, dict[str, str]]:
    return _json(status, {"errors": [{"status": str(status), "title": title}]})
