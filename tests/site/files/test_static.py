"""The files of a site over real HTTP: whole, in parts, compressed, unchanged, gone, and never from outside of www/."""

import asyncio
import gzip
import os
import threading
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.site.files.site import StaticSite
from panfair.site.files.www import SMALL, Www
from panfair.site.serve.middleware import SiteMiddleware
from support.serving import ask, serving

BASE = "https://data.example.org"
PAGE = b"<!doctype html><title>Foam</title>" + b"<p>draining foam</p>" * 100
BIG = bytes(range(256)) * (SMALL // 256 + 300)
DOI = "doi/10.99999/foam-1"


async def _no_app(scope, receive, send):
    if scope["type"] != "lifespan":
        raise AssertionError("the framework was asked for a file")
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


@pytest.fixture(scope="module")
def output(tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("site") / "output"
    www = output / "www"
    linkset = {"linkset": [
        {"anchor": f"{BASE}/{DOI}/", "cite-as": [{"href": "https://doi.org/10.99999/FOAM-1"}],
         "describedby": [{"href": f"{BASE}/{DOI}/dcat.ttl", "type": "text/turtle"}],
         "item": [{"href": f"{BASE}/files/{i}.h5", "type": "application/x-hdf5"} for i in range(500)]},
        {"anchor": f"{BASE}/{DOI}/dcat.ttl", "describes": [{"href": f"{BASE}/{DOI}/", "type": "text/html"}]},
    ]}  # fmt: skip
    files = {
        "index.html": PAGE,
        "404.html": b"<!doctype html><title>Nothing here</title><!-- nearest -->" + b"<p>nothing</p>" * 100,
        "about/index.html": PAGE,
        "a b/ü.txt": b"odd names",
        "empty.txt": b"",
        "scan.nxs": BIG,
        "_panfair/style-1a2b3c4d.css": b"p{}" * 500,
        ".hidden": b"hidden",
        ".git/config": b"hidden",
        ".well-known/security.txt": b"Contact: mailto:data@example.org\n",
        f"{DOI}/index.html": PAGE,
        f"{DOI}/dcat.ttl": b"<https://doi.org/10.99999/FOAM-1> a <http://www.w3.org/ns/dcat#Dataset> .\n" * 20,
        f"{DOI}/metadata.jsonld": b'{"name": "foam"}',
        f"{DOI}/datacite-4.5.xml": b"<resource>4.5</resource>",
        f"{DOI}/linkset.json": orjson.dumps(linkset),
        f"{DOI}/datasets/scan-1/index.html": PAGE,
        "doi/10.99999/gone/index.html": b"<!doctype html><title>Withdrawn</title>",
        "doi/10.99999/a%3Cb%2F..%2Fc/index.html": PAGE,
        "doi/10.99999/.dot/index.html": PAGE,
    }
    for name, body in files.items():
        (www / name).parent.mkdir(parents=True, exist_ok=True)
        (www / name).write_bytes(body)
    (output / "manifest.json").write_bytes(b'{"secret": "outside"}')
    (output / "tombstones.json").write_bytes(b'["/doi/10.99999/gone/"]')
    (www / "out.json").symlink_to(output / "manifest.json")
    (www / "outside").symlink_to(output)
    (www / "inside.html").symlink_to(www / "index.html")
    os.mkfifo(www / "pipe.txt")
    return output


@pytest.fixture(scope="module")
def site(output):
    with serving(SiteMiddleware(_no_app, StaticSite(output, BASE))) as base:
        yield base


def test_a_page_comes_with_its_type_its_tag_and_its_length(site):
    reply = ask(site, "/")
    assert (reply.status, reply.body) == (200, PAGE)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-length"] == str(len(PAGE))
    assert reply.headers["etag"].startswith('"') and reply.headers["accept-ranges"] == "bytes"
    assert reply.headers["cache-control"] == "no-cache"


def test_every_answer_is_guarded(site):
    for path, method in [("/", "GET"), ("/nothing", "GET"), ("/about", "GET"), ("/", "OPTIONS"), ("/", "POST")]:
        headers = ask(site, path, method).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["access-control-allow-origin"] == "*"


def test_head_says_what_get_would_and_sends_nothing(site):
    for path in ("/", "/scan.nxs", "/nothing", f"/{DOI}/", "/about"):
        whole, head = ask(site, path), ask(site, path, "HEAD")
        without_date = [{k: v for k, v in reply.headers.items() if k != "date"} for reply in (whole, head)]
        assert without_date[0] == without_date[1]
        assert head.status == whole.status and head.body == b""


def test_nothing_can_be_written(site):
    for method in ("POST", "PUT", "DELETE", "PATCH", "PROPFIND"):
        reply = ask(site, "/", method)
        assert reply.status == 405 and reply.headers["allow"] == "GET, HEAD, OPTIONS"
    assert ask(site, "/", "OPTIONS").status == 204


def test_a_folder_sends_on_to_its_slash(site):
    reply = ask(site, "/about")
    assert (reply.status, reply.headers["location"]) == (301, "/about/")
    assert ask(site, "/about/").body == PAGE
    assert ask(site, f"/{DOI}").headers["location"] == f"/{DOI}/"


def test_odd_names_are_found_by_their_encoded_address(site):
    assert ask(site, "/a%20b/%C3%BC.txt").body == b"odd names"
    assert ask(site, "/.well-known/security.txt").status == 200
    assert ask(site, "/doi/10.99999/.dot/").status == 200


def test_an_empty_file_is_a_file(site):
    reply = ask(site, "/empty.txt")
    assert (reply.status, reply.body, reply.headers["content-length"]) == (200, b"", "0")
    assert ask(site, "/empty.txt", range="bytes=0-").status == 416


OUTSIDE = [
    "/../manifest.json", "/..%2fmanifest.json", "/%2e%2e/manifest.json", "/%2e%2e%2fmanifest.json", "/./index.html",
    "/about/../../manifest.json", "/about/..%2f..%2fmanifest.json", "/..%5cmanifest.json", "/%00", "/index.html%00.txt",
    "/out.json", "/outside/manifest.json", "/.hidden", "/.git/config", "//manifest.json", "//example.org/", "/about//",
    "/%ff%fe", "/%c0%ae%c0%ae/manifest.json", "/..;/manifest.json", "/pipe.txt", "/index.html/", "/index.html/x",
    "/doi/../../manifest.json", "/doi/%2e%2e/%2e%2e/manifest.json", "/" + "a" * 300, "/" + "a/" * 500,
    "/%0d%0aX-A:%20b",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_of_www_is_served(site, path):
    reply = ask(site, path)
    assert reply.status == 404 and b"Nothing here" in reply.body
    assert b"secret" not in reply.body and b"hidden" not in reply.body and "location" not in reply.headers


_PIECES = [
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "/",
    "%2f",
    "\\",
    "%5c",
    "doi",
    "about",
    "outside",
    "manifest.json",
    "%00",
    "%25",
]
_PIECES += ["%25", "10.1234", "index.html", ";", ":", "%ff", "~"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_no_mixture_of_dots_and_slashes_leaves_www(site, path):
    reply = ask(site, "/" + path)
    assert reply.status in (200, 301, 404)
    assert b"secret" not in reply.body
    if reply.status == 301:
        assert reply.headers["location"].startswith("/") and not reply.headers["location"].startswith("//")


def test_a_link_inside_www_is_followed(site):
    assert ask(site, "/inside.html").body == PAGE


def test_a_path_beyond_all_measure_is_refused(site):
    assert ask(site, "/" + "a" * 5000).status == 414


def test_a_tag_saves_the_body_until_the_file_changes(site, output):
    path = output / "www" / "changing.txt"
    path.write_bytes(b"first " * 200)
    first = ask(site, "/changing.txt")
    again = ask(site, "/changing.txt", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"") and again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    assert ask(site, "/changing.txt", if_modified_since=first.headers["last-modified"]).status == 304
    fresh = output / "www" / "changing.new"
    fresh.write_bytes(b"other " * 200)
    fresh.replace(path)
    changed = ask(site, "/changing.txt", if_none_match=first.headers["etag"])
    assert (changed.status, changed.body) == (200, b"other " * 200)
    assert ask(site, "/changing.txt", if_match=first.headers["etag"]).status == 412
    path.unlink()
    assert ask(site, "/changing.txt").status == 404


def test_text_is_compressed_where_that_is_welcome(site):
    plain, zipped = ask(site, "/"), ask(site, "/", accept_encoding="gzip")
    assert gzip.decompress(zipped.body) == plain.body and len(zipped.body) < len(plain.body)
    assert zipped.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert zipped.headers["etag"] != plain.headers["etag"]  # two representations (RFC 9110, section 8.8.3.3)
    for reply in (plain, zipped):
        assert "Accept-Encoding" in reply.headers["vary"]
    again = ask(site, "/", accept_encoding="gzip", if_none_match=zipped.headers["etag"])
    assert again.status == 304
    assert "content-encoding" not in ask(site, "/scan.nxs", accept_encoding="gzip").headers
    assert "content-encoding" not in ask(site, "/", accept_encoding="gzip;q=0").headers


@pytest.mark.parametrize("path", ["/", "/scan.nxs"])
def test_a_part_of_a_file_is_that_part(site, path):
    whole = ask(site, path).body
    size = len(whole)
    for header, first, end in [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, size),
        ("bytes=-7", size - 7, size),
        (f"bytes={size - 1}-99999999", size - 1, size),
    ]:
        reply = ask(site, path, range=header, accept_encoding="gzip")
        assert (reply.status, reply.body) == (206, whole[first:end])
        assert reply.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
    outside = ask(site, path, range=f"bytes={len(whole)}-")
    assert (outside.status, outside.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    assert ask(site, path, range="bytes=0-1,5-6").body == whole


def test_a_download_goes_on_only_with_the_same_file(site):
    etag = ask(site, "/scan.nxs").headers["etag"]
    assert ask(site, "/scan.nxs", range="bytes=10-19", if_range=etag).body == BIG[10:20]
    assert ask(site, "/scan.nxs", range="bytes=10-19", if_range='"older"').body == BIG


def test_hdf5_is_told_as_such_and_sent_whole(site):
    reply = ask(site, "/scan.nxs")
    assert reply.headers["content-type"] == "application/x-hdf5" and reply.body == BIG


def test_many_can_load_a_large_file_at_once(site):
    wrong = []
    threads = [
        threading.Thread(target=lambda: wrong.append(1) if ask(site, "/scan.nxs").body != BIG else None)
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_large_file_is_not_read_on_for_a_client_that_has_gone(output):
    sent = 0
    left = asyncio.Event()

    arriving = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        if arriving:
            return arriving.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        nonlocal sent
        sent += len(message.get("body", b""))
        if sent:
            left.set()
        await asyncio.sleep(0)

    huge = output / "www" / "huge.h5"
    with huge.open("wb") as file:
        file.truncate(2 << 30)  # a hole: it takes no room on the disk
    scope = {"type": "http", "method": "GET", "path": "/huge.h5", "raw_path": b"/huge.h5", "headers": []}
    asyncio.run(StaticSite(output, BASE)(scope, receive, send))
    huge.unlink()
    assert 0 < sent < 50 << 20


def test_what_is_named_by_its_digest_is_kept_for_ever(site):
    assert "immutable" in ask(site, "/_panfair/style-1a2b3c4d.css").headers["cache-control"]


def test_a_doi_address_answers_in_the_form_that_is_asked_for(site, output):
    page = ask(site, f"/{DOI}/", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    turtle = ask(site, f"/{DOI}/", accept="text/turtle, text/html;q=0.5")
    assert page.body == PAGE and "content-location" not in page.headers
    assert turtle.body == (output / "www" / DOI / "dcat.ttl").read_bytes()
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert turtle.headers["content-location"] == f"/{DOI}/dcat.ttl"
    for reply in (page, turtle):
        assert reply.headers["vary"] == "Accept, Accept-Profile, Accept-Encoding"
    assert ask(site, f"/{DOI}/", accept="application/x-bibtex, text/html;q=0.1").body == PAGE
    refused = ask(site, f"/{DOI}/", accept="image/png")
    assert refused.status == 406 and f"text/turtle  {BASE}/{DOI}/dcat.ttl" in refused.text
    assert "Accept" in refused.headers["vary"]


def test_a_profile_is_answered_and_named(site, output):
    kernel = "http://datacite.org/schema/kernel-4"
    asked = ask(site, f"/{DOI}/", accept_profile=f"<{kernel}.5>", accept="text/html, */*;q=0.1")
    assert asked.body == (output / "www" / DOI / "datacite-4.5.xml").read_bytes()
    assert asked.headers["content-profile"] == f"<{kernel}.5>"
    assert asked.headers["link"].endswith(f', <{kernel}.5>;rel="profile"')
    nearer = ask(site, f"/{DOI}/", accept_profile=f"<urn:none>, <{kernel}.5>;q=0.2, <https://schema.org/>;q=0.9")
    assert nearer.headers["content-profile"] == "<https://schema.org/>"
    named = ask(site, f"/{DOI}/datacite-4.5.xml", "HEAD")
    assert named.headers["content-profile"] == f"<{kernel}.5>" and named.body == b""
    refused = ask(site, f"/{DOI}/", accept_profile="<urn:nobody>")
    assert refused.status == 406 and f"<{kernel}.5>" in refused.text
    assert "Accept-Profile" in refused.headers["vary"]


@pytest.mark.parametrize("slip", ["foam-11", "foam1", "foam-2", "faom-1", "FOAM-2"])
def test_a_slip_in_a_doi_is_met_with_the_nearest_one(site, slip):
    reply = ask(site, f"/doi/10.99999/{slip}/")
    assert reply.status == 404 and f'Did you mean <a href="/{DOI}/">10.99999/foam-1</a>?' in reply.text
    assert "Did you mean" not in ask(site, "/doi/10.99999/gonn/").text  # a tombstone is nobody's wish
    for other in ("/doi/10.99999/nothing/", "/nothing", "/doi/10.99999/" + "f" * 3000):
        assert "Did you mean" not in ask(site, other).text


def test_a_page_of_a_dataset_has_one_form(site):
    assert ask(site, f"/{DOI}/datasets/scan-1/", accept="text/turtle").body == PAGE


def test_the_link_header_is_the_linksets_and_ends_in_time(site):
    link = ask(site, f"/{DOI}/").headers["link"]
    assert '<https://doi.org/10.99999/FOAM-1>;rel="cite-as"' in link
    assert f'<{BASE}/{DOI}/linkset.json>;rel="linkset";type="application/linkset+json"' in link
    assert link.count('rel="item"') == 20
    beside = ask(site, f"/{DOI}/dcat.ttl").headers["link"]
    assert beside == f'<{BASE}/{DOI}/>;rel="describes";type="text/html"'
    assert "link" not in ask(site, "/").headers


def test_a_withdrawn_page_says_gone_and_shows_its_tombstone(site):
    reply = ask(site, "/doi/10.99999/gone/", accept="text/turtle")
    assert reply.status == 410 and b"Withdrawn" in reply.body
    assert ask(site, "/doi/10.99999/GONE").headers["location"] == "/doi/10.99999/gone/"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/doi/10.99999/FOAM-1/", f"/{DOI}/"),
        ("/doi/10.99999/Foam-1", f"/{DOI}/"),
        ("/doi/10.99999%2FFoam-1", f"/{DOI}/"),
        ("/10.99999/FOAM-1", f"/{DOI}/"),
        ("/10.99999/foam-1/", f"/{DOI}/"),
        ("/doi/https://doi.org/10.99999/foam-1", f"/{DOI}/"),
        ("/doi/10.99999/FOAM-1/dcat.ttl", f"/{DOI}/dcat.ttl"),
        ("/doi/10.99999/A%3CB/../C", "/doi/10.99999/a%253Cb%252F..%252Fc/"),
        ("/doi/10.99999/a%3Cb%2f..%2fc/", "/doi/10.99999/a%253Cb%252F..%252Fc/"),
    ],
)
def test_any_spelling_of_a_doi_leads_to_its_one_address(site, asked, answer):
    reply = ask(site, asked)
    assert (reply.status, reply.headers.get("location")) == (301, answer)
    assert ask(site, answer).status == 200


def test_memory_holds_no_more_than_its_budget(tmp_path):
    for number in range(30):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * 10_000)
    www = Www(tmp_path, budget=100_000)
    for number in range(30):
        file = www.load(f"{number}.txt")
        assert file is not None
        www.keep(file)
    kept = [number for number in range(30) if www.cached(f"{number}.txt")]
    assert 1 <= len(kept) <= 5 and kept[-1] == 29
