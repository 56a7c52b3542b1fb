"""Tests of site/oai/http.py and site/oai/html.py: OAI-PMH over HTTP, its limits, its encodings, its page for people."""

import asyncio
import gzip
import threading
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import FastAPI
from lxml import etree, html

from panfair.builders.oai.store import StoreWriter
from panfair.site.oai.html import page
from panfair.site.oai.provider import router
from panfair.site.oai.store import StoreBroken
from support.servers.oai_harness import (
    ALL,
    DC,
    HOST,
    OAI,
    a_provider,
    a_store,
    errors_of,
    identifier,
    payload,
    put_in_place,
    schemas,
    token_of,
)


def _client(provider, **limits) -> httpx2.AsyncClient:
    app = FastAPI()
    app.include_router(router(provider, **limits))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test")


def _ask(provider, method="GET", path="/oai", **request) -> httpx2.Response:
    async def once() -> httpx2.Response:
        async with _client(provider) as client:
            return await client.request(method, path, **request)

    return asyncio.run(once())


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    return a_provider(a_store(tmp_path_factory.mktemp("oai") / "oai.sqlite"))


LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def _body_of(response: httpx2.Response) -> bytes:
    """The answer without the moment it was made."""
    root = etree.fromstring(response.content)
    root.remove(root.find(f"{OAI}responseDate"))
    return etree.tostring(root)


def test_get_and_post_say_the_same(provider):
    got = _ask(provider, params=LIST)
    posted = _ask(provider, "POST", data=LIST)
    assert got.status_code == posted.status_code == 200
    assert got.headers["content-type"] == posted.headers["content-type"] == "text/xml; charset=utf-8"
    assert _body_of(got) == _body_of(posted)
    assert token_of(etree.fromstring(got.content)) is not None


def test_arguments_in_address_and_body_of_a_post_are_taken_together(provider):
    response = _ask(provider, "POST", path="/oai?verb=ListRecords", data={"metadataPrefix": "oai_dc"})
    assert not errors_of(etree.fromstring(response.content))
    response = _ask(provider, "POST", path="/oai?verb=ListRecords", data=LIST)
    assert errors_of(etree.fromstring(response.content)) == ["badVerb"]


def test_head_has_the_headers_of_get_and_no_body(provider):
    head, got = (_ask(provider, method, params=LIST, headers={"accept-encoding": ""}) for method in ("HEAD", "GET"))
    assert head.content == b""
    for name in ("content-length", "content-type", "vary"):
        assert head.headers[name] == got.headers[name]
    assert int(got.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize(
    ("accept", "zipped"),
    [
        ("gzip", True), ("GZIP, deflate", True), ("*", True), ("x-gzip", True), ("gzip;q=0.1", True), ("", False),
        ("deflate", False), ("gzip;q=0", False), ("gzip;q=0, *", False), ("identity", False), ("gzip;q=x", False),
    ],
)  # fmt: skip
def test_gzip_goes_to_those_who_take_it(provider, accept, zipped):
    response = _ask(provider, params=LIST, headers={"accept-encoding": accept})
    assert (response.headers.get("content-encoding") == "gzip") is zipped
    assert "Accept-Encoding" in response.headers["vary"]
    assert _body_of(response) == _body_of(_ask(provider, params=LIST, headers={"accept-encoding": "identity"}))


HOSTILE_QUERIES = (
    b"", b"verb", b"verb=", b"verb=%00", b"verb=Identify&%ff=1", b"verb=ListRecords&metadataPrefix=%ff",
    b"verb=ListRecords&metadataPrefix=oai_dc&from=%C3%28", b"verb=%E2%82", b"verb=Identify&verb=Identify",
    b"&&&&", b"=", b"%", b"%zz=%zz", b"verb=Identify;verb=Identify", b"a=1&" * 40,
    b"verb=GetRecord&identifier=%EF%BF%BE", b"\x80\xff", b"verb=Identify#x", b"verb=Identify%20",
    "verb=ListRecords&metadataPrefix=oai_dc&from=٢٠٢٤-٠١-٠١".encode(),
    b"verb=ListRecords&resumptionToken=" + b"A" * 9000,
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE_QUERIES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_broken_requests_get_a_valid_error(provider, shared, query, method):
    oai_pmh, _ = schemas(shared)
    status, _, content = asyncio.run(_raw(provider, method, query))
    root = etree.fromstring(content)
    assert status == 200
    assert oai_pmh.validate(root), oai_pmh.error_log
    assert errors_of(root)


def test_very_many_arguments_are_bad_arguments_of_a_good_verb(provider):
    _, _, content = asyncio.run(_raw(provider, "GET", b"verb=Identify" + b"&more=1" * 1000))
    assert set(errors_of(etree.fromstring(content))) == {"badArgument"}


async def _raw(provider, method: str, query: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    """One request below HTTP, so that bytes go in which no client would send."""
    app = FastAPI()
    app.include_router(router(provider))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": "/oai",
        "raw_path": b"/oai", "root_path": "", "scheme": "http", "server": ("test", 80), "client": ("test", 1),
        "query_string": query if method == "GET" else b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.request", "body": query if method == "POST" else b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_requests_that_http_forbids_get_a_plain_refusal(provider):
    assert _ask(provider, "PUT").status_code == 405
    assert _ask(provider, "PUT").headers["allow"] == "GET, HEAD, POST"
    assert _ask(provider, path="/oai?verb=" + "x" * 20_000).status_code == 414
    assert _ask(provider, "POST", data={"verb": "x" * 1_000_000}).status_code == 413
    assert _ask(provider, "POST", json={"verb": "Identify"}).status_code == 415
    assert _ask(provider, "DELETE", path="/oai/style.css").status_code == 405


def test_endless_body_is_not_read_to_its_end(provider):
    given = 0

    async def endless():
        nonlocal given
        while given < 10_000_000:
            given += 4096
            yield b"verb=Identify&" * 292

    async def once() -> int:
        async with _client(provider) as client:
            headers = {"content-type": "application/x-www-form-urlencoded"}
            return (await client.post("/oai", content=endless(), headers=headers)).status_code

    assert asyncio.run(once()) == 413
    assert given < 100_000


class _Slow:
    """A provider that answers when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes:
        self.go.wait(10)
        return b"<done/>"

    def zipped_answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes:
        return gzip.compress(self.answer(arguments, now))


def test_too_many_requests_at_a_time_are_sent_away_and_later_ones_are_taken():
    slow = _Slow()

    async def story() -> None:
        async with _client(slow, most_in_flight=2) as client:
            waiting = [asyncio.create_task(client.get("/oai")) for _ in range(2)]
            await asyncio.sleep(0.1)
            refused = await client.get("/oai")
            assert refused.status_code == 503
            assert int(refused.headers["retry-after"]) > 0
            slow.go.set()
            assert [response.status_code for response in await asyncio.gather(*waiting)] == [200, 200]
            assert (await client.get("/oai")).status_code == 200

    asyncio.run(story())


def test_broken_store_is_503_with_a_time_to_come_back(tmp_path):
    (tmp_path / "oai.sqlite").write_bytes(b"not a database, by any means, however long one looks at it" * 20)
    provider = a_provider(tmp_path / "oai.sqlite")
    with pytest.raises(StoreBroken):
        provider.answer([("verb", "Identify")], datetime(2026, 1, 1, tzinfo=UTC))
    response = _ask(provider, params={"verb": "Identify"})
    assert (response.status_code, "retry-after" in response.headers) == (503, True)
    assert b"sqlite" not in response.content
    (tmp_path / "oai.sqlite").unlink()
    a_store(tmp_path / "oai.sqlite")
    assert _ask(provider, params={"verb": "Identify"}).status_code == 200


def test_many_threads_get_whole_answers_while_stores_are_replaced(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=30, deleted=())
    provider = a_provider(store, page_size=30)
    faults: list[str] = []
    stop = threading.Event()

    def ask_on() -> None:
        while not stop.is_set():
            root = etree.fromstring(provider.answer(list(LIST.items()), datetime(2026, 1, 1, tzinfo=UTC)))
            count = len(root.findall(f".//{OAI}record"))
            if count not in {20, 30}:
                faults.append(f"{count} {errors_of(root)}")

    threads = [threading.Thread(target=ask_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(12):
        put_in_place(a_store(tmp_path / "next", count=20 if turn % 2 else 30, deleted=()), store)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


# ---- the page for people


BROWSER = {"sec-fetch-dest": "document", "accept": "text/html"}


@pytest.mark.parametrize(
    "query",
    [
        {"verb": "Identify"}, {"verb": "ListSets"}, {"verb": "ListMetadataFormats"}, LIST, {"verb": "nonsense"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}, {"verb": "ListRecords", "metadataPrefix": "made_up"},
        {"verb": "GetRecord", "identifier": identifier(3), "metadataPrefix": "oai_dc"},
    ],
)  # fmt: skip
def test_browser_gets_a_page_whose_links_lead_to_answers(provider, query):
    response = _ask(provider, params=query, headers=BROWSER)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "Sec-Fetch-Dest" in response.headers["vary"]
    tree = html.document_fromstring(response.content)
    assert query["verb"] in tree.findtext(".//h1") or query["verb"] == "nonsense"
    links = {link for _, attribute, link, _ in tree.iterlinks() if attribute == "href"}
    asked = {link for link in links if link.startswith("/oai?")}
    assert len(asked) >= 5
    for link in sorted(asked)[:40]:
        assert not errors_of(etree.fromstring(_ask(provider, path=link).content)), link
    assert _ask(provider, path="/oai/style.css").headers["content-type"].startswith("text/css")


def test_programs_get_xml_even_when_they_would_take_html(provider):
    response = _ask(provider, params=LIST, headers={"accept": "text/html, image/gif, *; q=.2, */*; q=.2"})
    assert response.headers["content-type"] == "text/xml; charset=utf-8"


def test_stylesheet_that_answers_name_is_there_and_makes_the_page(provider):
    answer = _ask(provider, params=LIST)
    (instruction,) = etree.fromstring(answer.content).xpath("preceding-sibling::processing-instruction()")
    style = _ask(provider, path=instruction.get("href"))
    assert style.headers["content-type"].startswith("application/xslt+xml")
    made = bytes(etree.XSLT(etree.fromstring(style.content))(etree.fromstring(answer.content)))
    assert made == page(answer.content)
    assert b"Title 7 &amp; more" in made


def test_identifier_with_query_characters_survives_the_page(tmp_path):
    with StoreWriter(tmp_path / "oai.sqlite", HOST, [DC]) as writer:
        writer.put("10.99999/a&b;c=d+e%f<script>", datetime(2026, 1, 1, tzinfo=UTC), [ALL], {"oai_dc": payload("<i>")})
    provider = a_provider(tmp_path / "oai.sqlite")
    content = _ask(provider, params=LIST, headers=BROWSER).content
    assert b"<script" not in content
    (link,) = html.document_fromstring(content).xpath("//h2/a/@href")
    root = etree.fromstring(_ask(provider, path=link).content)
    assert root.findtext(".//{*}title") == "<i>"
