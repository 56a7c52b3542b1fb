"""The site's files over HTTP: GET and HEAD with ranges, tags, gzip, negotiation on DOI addresses, 404 and 410.

An ASGI application of its own, asked before the framework: most requests are for a small file that lies in memory.
"""

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import orjson
from starlette.types import Receive, Scope, Send

from panfair.builders.html.renderer import NEAREST
from panfair.builders.metadata.media_types import is_compressible
from panfair.builders.stretches import PAGE_NAME
from panfair.site.files.derived import DERIVED, derived
from panfair.site.files.given import FOLDER, HEADERS, GivenFiles
from panfair.site.files.link_header import NAME as LINKSET
from panfair.site.files.link_header import link_header
from panfair.site.files.nearest_dois import Folders, nearest
from panfair.site.files.paths import LONGEST, address, below, decoded, doi_candidates
from panfair.site.files.representations import PAGE, answered_profile, chosen, menu, profile_of
from panfair.site.files.www import FoundFile, Www
from panfair.site.http.coding import zipped_tag
from panfair.site.http.conditional import fails, http_date, is_unchanged, part, range_holds
from panfair.site.http.negotiation import accepts_gzip

_PIECE = 256 << 10  # bytes read at a time of a large file
_ALLOW = b"GET, HEAD, OPTIONS"
_DESCRIBED = b'"describedby"'
"""In the linkset of every page whose record may be described."""
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"no-cache"  # may be kept, but must be asked after: a record can be withdrawn any night
_NAMED_BY_DIGEST = "_panfair/"
_OPEN_HAVE = "dcat.ttl"
_OF_A_LIST = re.compile(rf"(/(?!doi/).+/)(?:{PAGE_NAME}|page-\d+)/")
"""The page of a list but its first, before it: such pages come and go with the records on them."""

Headers = list[tuple[bytes, bytes]]
_T = TypeVar("_T")


class StaticSite:
    """Serves `www/` of an output folder, and the data files that the run says it may give out; `tombstones.json` beside
    it says which pages answer with status 410.
    """

    def __init__(self, output: Path, base_url: str) -> None:
        self._www = Www(output / "www")
        self._folders = Folders(output / "www")
        self._given = GivenFiles(output)
        self._tombstones = _Tombstones(output / "tombstones.json")
        self._base = base_url.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            if method == "OPTIONS":
                await _plain(send, 204, b"", [(b"allow", _ALLOW)])
            else:
                await _plain(send, 405, b"Only GET, HEAD and OPTIONS are answered here.\n", [(b"allow", _ALLOW)])
            return
        request = _Request(scope, receive, send, method == "HEAD")
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        if len(raw) > LONGEST:
            await request.plain(414, b"The address is too long.\n")
            return
        text = decoded(raw)
        if text is None:
            await self._missing(request)
            return
        path = below(text)
        if path is not None:
            if path.startswith("doi/") and path.endswith("/" + PAGE) and text.endswith("/"):
                if await self._landing(request, text, path):
                    return
            else:
                file = await self._file(path)
                if file is not None:
                    await self._send(request, file, self._beside(text, path))
                    return
                if FOLDER in path and (given := await _in_thread(self._given.load, path)) is not None:
                    await self._send(request, given, list(HEADERS))
                    return
                if not text.endswith("/") and await self._exists(f"{path}/{PAGE}"):
                    await request.redirect(address(path) + "/")
                    return
        for other in doi_candidates(text):
            target = below(decoded(other.encode()) or "")
            if target is not None and await self._exists(target):
                await request.redirect(other)
                return
        if (page := _OF_A_LIST.fullmatch(text)) and await self._exists(below(page[1]) or ""):
            await request.redirect(address(page[1][1:]), status=302)  # its records stand on other pages now
            return
        await self._missing(request, text)

    async def _landing(self, request: "_Request", text: str, path: str) -> bool:
        """Answers for a page below /doi/ in the form that is asked for; False when there is no such page."""
        page = await self._file(path)
        if page is None:
            return False
        folder = path[: -len(PAGE)]
        linkset = await self._file(folder + LINKSET)
        status = 410 if self._tombstones.holds(address(folder)) else 200
        if linkset is None:  # a page of a dataset has one form only
            await self._send(request, page, [], status)
            return True
        accept, profile = request.header(b"accept") or "", request.header(b"accept-profile") or ""
        headers = self._links(linkset, address(folder))
        absent: frozenset[str] = frozenset()
        while True:
            form = chosen(accept, absent, profile)
            if form is None and _DESCRIBED not in (linkset.body or b""):
                # A notice or a tombstone that may not describe anything has the page alone.
                await self._send(request, page, headers, status)
                return True
            if form is None and status == 410:
                # Whatever was asked for: it is gone, which the tombstone says.
                await self._send(request, page, headers, status, varies=b"Accept, Accept-Profile, Accept-Encoding")
                return True
            if form is None:
                varying = [*headers, (b"vary", b"Accept, Accept-Profile")]
                await request.plain(406, menu(self._base + address(folder)).encode(), varying)
                return True
            file = page if form.file == PAGE else await self._file(folder + form.file)
            if file is not None and (form.media_type not in DERIVED or file.body is not None):
                break
            absent |= {form.file}
        if form.media_type in DERIVED:
            file = await _in_thread(derived, form.media_type, file, accept)
        elif form.file != PAGE:
            headers.append((b"content-location", address(folder + form.file).encode()))
            headers = _with_profile(headers, answered_profile(form, profile))
        await self._send(request, file, headers, status, varies=b"Accept, Accept-Profile, Accept-Encoding")
        return True

    def _beside(self, text: str, path: str) -> Headers:
        """The Link header of a file beside a landing page, when its linkset lies in memory or is quickly read."""
        if not path.startswith("doi/"):
            return []
        named = profile_of(path.rpartition("/")[2])
        profile: Headers = [(b"content-profile", f"<{named}>".encode())] if named else []
        name = path.rpartition("/")[0] + "/" + LINKSET
        linkset = self._www.cached(name)
        if linkset is None:
            linkset = self._www.load(name)
            if linkset is None:
                return []
            linkset.close()
            self._www.keep(linkset)
        return [*self._links(linkset, address(path)), *profile]

    def _links(self, linkset: FoundFile, page: str) -> Headers:
        anchor = self._base + page
        value = linkset.links.get(anchor)
        if value is None:
            value = linkset.links[anchor] = link_header(linkset.body or b"", anchor)
        return [(b"link", value)] if value else []

    async def _file(self, path: str) -> FoundFile | None:
        file = self._www.cached(path)
        if file is None:
            file = await _in_thread(self._www.load, path)
            if file is not None:
                self._www.keep(file)
        return file

    async def _exists(self, path: str) -> bool:
        return self._www.cached(path) is not None or await _in_thread(self._www.has, path)

    async def _missing(self, request: "_Request", text: str = "") -> None:
        page = await self._file("404.html")
        near = await _in_thread(nearest, text, self._folders.now(), self._is_open) if text else []
        if page is None:
            await request.plain(404, b"There is no such page.\n")
        elif near and page.body is not None:
            links = " ".join(f'<a href="{address(one[1:])}">{one[5:-1]}</a>' for one in near)
            said = f'<p class="lead">Did you mean {links}?</p>'.encode()
            await request.plain(404, page.body.replace(NEAREST, said), [], b"text/html; charset=utf-8")
        else:
            await self._send(request, page, [], 404)

    def _is_open(self, page: str) -> bool:
        """Whether the page of an open DOI is there: what only open ones have stands beside it."""
        folder = below(page)
        return folder is not None and Path(self._www.root, folder[: -len(PAGE)], _OPEN_HAVE).is_file()

    async def _send(
        self, request: "_Request", file: FoundFile, extra: Headers, status: int = 200, varies: bytes | None = None
    ) -> None:
        try:
            await request.file(file, extra, status, varies)
        finally:
            file.close()


class _Request:
    """One request's headers, and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, head: bool) -> None:
        self._headers: Headers = scope["headers"]
        self._receive = receive
        self._send = send
        self._head = head

    def header(self, name: bytes) -> str | None:
        values = [value for key, value in self._headers if key == name]
        return b", ".join(values).decode("latin-1") if values else None

    async def plain(
        self, status: int, body: bytes, extra: Headers | None = None, kind: bytes = b"text/plain; charset=utf-8"
    ) -> None:
        await _plain(self._send, status, body, extra or [], self._head, kind)

    async def redirect(self, target: str, status: int = 301) -> None:
        """Status 301, moved for good, or another to an address on this site, which begins with one slash."""
        await self.plain(status, f"Moved to {target}\n".encode(), [(b"location", target.encode())])

    async def file(self, file: FoundFile, extra: Headers, status: int, varies: bytes | None) -> None:
        """The file or the part of it that is asked for."""
        forever = file.path.startswith(_NAMED_BY_DIGEST)
        headers: Headers = [
            (b"content-type", file.content_type.encode()),
            (b"cache-control", _FOREVER if forever else _ASK_AGAIN),
            *extra,
        ]
        if varies or is_compressible(file.content_type):
            headers.append((b"vary", varies or b"Accept-Encoding"))
        etag, body, size = file.etag, file.body, file.size
        wanted = self.header(b"range") if status == 200 else None
        if wanted is not None and not range_holds(self.header(b"if-range"), etag, file.modified):
            wanted = None
        if wanted is None and file.compressible and accepts_gzip(self.header(b"accept-encoding")):
            zipped = file.zipped if file.zipped is not None else await _in_thread(file.zip)
            if zipped:
                etag, body, size = zipped_tag(etag), zipped, len(zipped)
                headers.append((b"content-encoding", b"gzip"))
        start, end = 0, size
        if status == 200:
            headers += [
                (b"etag", etag.encode()),
                (b"last-modified", http_date(file.modified).encode()),
                (b"accept-ranges", b"bytes"),
            ]
            if fails(self.header(b"if-match"), etag):
                await self.plain(412, b"The file is another one now.\n")
                return
            if is_unchanged(self.header(b"if-none-match"), self.header(b"if-modified-since"), etag, file.modified):
                kept = [pair for pair in headers if pair[0] not in (b"content-type", b"content-encoding")]
                await self._begin(304, kept)
                await self._end()
                return
            try:
                byte_range = part(wanted, size)
            except ValueError:
                unsatisfied = (b"content-range", b"bytes */%d" % size)
                await self.plain(416, b"The range lies outside of the file.\n", [unsatisfied])
                return
            if byte_range is not None:
                status, (start, end) = 206, byte_range
                headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))
        headers.append((b"content-length", b"%d" % (end - start)))
        await self._begin(status, headers)
        if self._head:
            await self._end()
        elif body is not None:
            await self._end(body if end - start == len(body) else body[start:end])
        else:
            await self._pieces(file, start, end)

    async def _pieces(self, file: FoundFile, start: int, end: int) -> None:
        """A large file, piece by piece, while the client is there; a file that was cut short ends the connection."""
        assert file.descriptor is not None
        gone = asyncio.ensure_future(self._disconnected())  # a server may take what nobody reads any more in silence
        try:
            while start < end and not gone.done():
                piece = await _in_thread(os.pread, file.descriptor, min(_PIECE, end - start), start)
                if not piece:
                    raise OSError(f"{file.path} became shorter while it was sent")
                start += len(piece)
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            await self._end()
        finally:
            gone.cancel()

    async def _disconnected(self) -> None:
        """Ends when the client has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _begin(self, status: int, headers: Headers) -> None:
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _end(self, body: bytes = b"") -> None:
        await self._send({"type": "http.response.body", "body": body})


class _Tombstones:
    """The addresses of withdrawn pages, read again when their list has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._pages: frozenset[str] = frozenset()

    def holds(self, page: str) -> bool:
        try:
            found = self._path.stat()
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if seen != self._seen:
                self._pages = frozenset(map(str, orjson.loads(self._path.read_bytes())))
                self._seen = seen
        except (OSError, ValueError, TypeError):
            self._seen, self._pages = None, frozenset()
        return page in self._pages


def _with_profile(headers: Headers, profile: str | None) -> Headers:
    """The headers with the profile that the answer follows, in Content-Profile and in the one Link header."""
    if profile is None or not profile.isascii():
        return headers
    link = f'<{profile}>;rel="profile"'.encode()
    linked = [(name, value + b", " + link if name == b"link" else value) for name, value in headers]
    return [*linked, (b"content-profile", f"<{profile}>".encode())]


async def _plain(
    send: Send,
    status: int,
    body: bytes,
    extra: Headers,
    head: bool = False,
    kind: bytes = b"text/plain; charset=utf-8",
) -> None:
    headers: Headers = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", _ASK_AGAIN),
        *extra,
    ]
    if status == 204:
        headers = [*extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def _in_thread(work: Callable[..., _T], *arguments: object) -> _T:
    """What a function that may wait for the disk answers, without the other requests waiting too."""
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)
