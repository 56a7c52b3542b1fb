"""docs/nginx.conf in a real nginx, with the server behind it: the same answers, whoever of the two gives them."""

import gzip
import re
from datetime import timedelta

import pytest

from panfair.builders.metadata import media_types, terms
from panfair.builders.metadata.format import all_formats
from panfair.builders.metadata.media_types import media_type
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Withdrawal
from panfair.site.serve.app import create_app
from support.house import ROOT
from support.nginx import filled, nginx
from support.records import TODAY, a_dataset
from support.serving import ask, serving
from support.site_run import SiteRun, numbered

PAGE = numbered(1).doi.page
ODD = Doi.parse("10.99999/Odd<name>(1)%2Fx")
GONE, CLOSED = numbered(2), numbered(3)
SECURITY = ("content-security-policy", "access-control-allow-origin", "cache-control", "x-content-type-options")
SPECIAL = {"date", "server", "connection", "etag", "last-modified", "keep-alive", "transfer-encoding", "accept-ranges"}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> SiteRun:
    run = SiteRun(tmp_path_factory.mktemp("behind"))
    run.put(numbered(1, datasets=(a_dataset(),)), GONE, numbered(4, doi=ODD))
    run.publish()
    gone = numbered(2, withdrawal=Withdrawal(on=TODAY, reason="Wrong sample"))
    closed = numbered(3, release_date=TODAY + timedelta(days=90))
    run.put(numbered(1, datasets=(a_dataset(),)), gone, closed, numbered(4, doi=ODD))
    run.publish(accept_shrink=True)
    (run.output / "www" / "scan.nxs").write_bytes(bytes(range(256)) * 5000)
    (run.output / "www" / "out.json").symlink_to(run.output / "manifest.json")
    (run.output / "www" / ".hidden").write_text("hidden")
    return run


@pytest.fixture(scope="module")
def server(run):
    with serving(create_app(run.config)) as base:
        yield base


@pytest.fixture(scope="module")
def front(run, server, tmp_path_factory):
    """nginx with the documented file, its placeholders replaced as its head says."""
    text = (ROOT / "docs" / "nginx.conf").read_text()
    with nginx(filled(text, ("127.0.0.1:8000", server.removeprefix("http://"))), run, tmp_path_factory) as base:
        yield base


@pytest.fixture(scope="module")
def alone(run, tmp_path_factory):
    """nginx without a server behind it, the file changed as its head says."""
    text = (ROOT / "docs" / "nginx.conf").read_text()
    text = re.sub(r"upstream panfair \{.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"(location @panfair \{).*?\n    \}", r"\1 return 404; }", text, flags=re.DOTALL)
    text = filled(text, (".ask-the-server;\n}", "index.html;\n}"))
    with nginx(text, run, tmp_path_factory) as base:
        yield base


def test_every_file_comes_as_the_server_would_send_it(front, server, run):
    for name in run.files("www"):
        path = "/" + name.removeprefix("www/").replace("%", "%25").replace("<", "%3C")
        if path.startswith("/search/") or "/." in path.replace("/.well-known", "") or "out.json" in path:
            continue
        one, other = ask(front, path), ask(server, path)
        assert (one.status, one.body) == (other.status, other.body) == (200, one.body), path
        for header in ("content-type", "cache-control", "content-security-policy", "x-content-type-options"):
            assert one.headers[header] == other.headers[header], (path, header)


def test_nginx_and_the_server_know_the_same_endings():
    block = (ROOT / "docs" / "nginx.conf").read_text().split("types {\n")[1].split("}")[0]
    listed = {ending: line.split()[0] for line in block.split(";") for ending in line.split()[1:]}
    assert listed == {ending: media_type(f"file.{ending}") for ending in listed}
    assert listed.keys() == terms._MEDIA_TYPES.keys() | media_types._PAGES.keys()


def test_every_format_has_its_media_type(front):
    for form in all_formats():
        reply = ask(front, PAGE + form.file)
        if form.applies and reply.status == 404:
            continue  # a form that this record does not have
        assert reply.headers["content-type"].replace("; charset=utf-8", "") == form.media_type


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]
    + [form.media_type.split(";")[0] for form in all_formats()]
    + ["text/html;q=0.1, text/turtle", "text/turtle;q=0.2, application/ld+json;q=0.9", "application/*", "image/png"]
    + ['application/ld+json;profile="https://w3id.org/ro/crate"', "application/xhtml+xml, text/turtle;q=0.5"]
    + ["application/citeproc+json", "application/rdf+xml", "application/n-triples", "text/x-bibliography"]
    + ["text/x-bibliography; style=ieee; locale=de-DE", "text/x-bibliography;q=0.5, application/rdf+xml;q=0.4"],
)  # fmt: skip
def test_negotiation_ends_where_the_server_would_end(front, server, accept):
    for page in (PAGE, ODD.page, CLOSED.doi.page, PAGE + "datasets/scan-0001/"):
        one, other = ask(front, page, accept=accept), ask(server, page, accept=accept)
        assert (one.status, one.body) == (other.status, other.body), page
        assert one.headers["content-type"].split(";")[0] == other.headers["content-type"].split(";")[0]
        if page in (PAGE, ODD.page):
            assert "Accept" in one.headers["vary"].replace("Accept-Encoding", "")
            assert 'rel="linkset"' in one.headers["link"] or accept == "image/png"


def test_no_header_comes_twice(front):
    for path in ("/", PAGE, "/search?q=foam", "/oai?verb=Identify", "/nothing", GONE.doi.page):
        for name in (
            "content-security-policy",
            "access-control-allow-origin",
            "cache-control",
            "x-content-type-options",
        ):
            value = ask(front, path).headers[name]
            assert value.count("default-src") <= 1 and value.count("*") <= 1, (path, name, value)
            assert value.count("no-cache") <= 1 and value.count("nosniff") <= 1, (path, name, value)


@pytest.mark.parametrize("accept", ["", "text/html", "application/ld+json", "text/turtle;q=0.2, application/json"])
def test_withdrawn_pages_are_gone_and_notices_are_there(front, server, alone, accept):
    for base in (front, server):
        gone = ask(base, GONE.doi.page, accept=accept)
        assert gone.status == 410 and b"Wrong sample" in gone.body
        assert ask(base, CLOSED.doi.page, accept=accept).status == 200
    for page in (GONE, CLOSED):
        one, other = ask(front, page.doi.page, accept=accept), ask(server, page.doi.page, accept=accept)
        assert (one.status, one.body) == (other.status, other.body)
    assert ask(alone, GONE.doi.page, accept=accept).status == 410


def test_a_profile_is_the_servers_to_choose(front, server):
    for wish in ("<http://datacite.org/schema/kernel-4.5>", "<urn:nobody>", "<https://schema.org/>, <urn:x>;q=0.1"):
        one, other = ask(front, PAGE, accept_profile=wish), ask(server, PAGE, accept_profile=wish)
        assert (one.status, one.body) == (other.status, other.body)
        assert one.headers.get("content-profile") == other.headers.get("content-profile")


def test_without_a_server_nginx_still_negotiates_redirects_and_says_gone(alone, run):
    page = (run.output / "www" / PAGE[1:] / "index.html").read_bytes()
    turtle = ask(alone, PAGE, accept="text/turtle")
    assert turtle.headers["content-type"].startswith("text/turtle") and b"@prefix dcat:" in turtle.body
    assert ask(alone, PAGE, accept="image/png, text/turtle;q=0.1").body == page
    assert 'rel="linkset"' in ask(alone, PAGE, method="HEAD").headers["link"]
    assert b"Wrong sample" in ask(alone, GONE.doi.page).body
    assert b"data open on" in ask(alone, CLOSED.doi.page).body
    for page_of in (PAGE, ODD.page):
        for asked in (page_of.removeprefix("/doi"), page_of.removeprefix("/doi")[:-1]):
            reply = ask(alone, asked)
            assert reply.status == 301 and ask(alone, reply.headers["location"]).status == 200, asked
            assert reply.headers["location"].lower() == page_of.lower()
    missing = ask(alone, "/doi/10.99999/nothing/")
    assert (missing.status, missing.body) == (404, (run.output / "www" / "404.html").read_bytes())
    assert ask(alone, "/oai?verb=Identify").status == 404
    assert ask(alone, PAGE + "metadata.jsonld").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/doi/10.99999/EXAMPLE-1", "/10.99999/example-1", "/doi/10.99999%2FExample-1/"])
def test_any_spelling_of_a_doi_is_sent_on(front, path):
    reply = ask(front, path)
    assert (reply.status, reply.headers["location"]) == (301, PAGE)


def test_a_page_of_a_list_that_is_there_no_more_leads_to_the_first(front, alone):
    for base in (front, alone):
        reply = ask(base, "/publications/2020-01-31-0123abcd/")
        assert (reply.status, reply.headers["location"]) == (302, "/publications/")
        assert ask(base, "/publications/page-two/").status == 404


def test_what_is_not_there_shows_our_page(front, run):
    expected = (run.output / "www" / "404.html").read_bytes()
    for path in ("/nothing", "/about/nothing/", "/doi/10.99999/nothing/", "/doi/10.99999/", "/.hidden", "/out.json"):
        reply = ask(front, path)
        assert (reply.status, reply.body) == (404, expected), path
    for path in ("/../manifest.json", "/..%2fmanifest.json", "/doi/..%2f..%2fmanifest.json", "/%00"):
        reply = ask(front, path)
        assert reply.status in (400, 404) and b"sha256" not in reply.body, path


def test_ranges_tags_and_gzip_work(front, run):
    body = (run.output / "www" / "scan.nxs").read_bytes()
    part = ask(front, "/scan.nxs", range="bytes=1000-1999")
    assert (part.status, part.body) == (206, body[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(body)}"
    assert part.headers["content-type"] == "application/x-hdf5"
    whole = ask(front, PAGE)
    assert ask(front, PAGE, if_none_match=whole.headers["etag"]).status == 304
    zipped = ask(front, PAGE, accept_encoding="gzip")
    assert zipped.headers["content-encoding"] == "gzip" and gzip.decompress(zipped.body) == whole.body
    assert "Accept-Encoding" in zipped.headers["vary"]


def test_search_api_and_oai_come_from_the_server(front, server):
    for path in ("/search?q=foam", "/search/", "/api/search?q=foam&limit=2", "/openapi.json", "/healthz", "/api/none"):
        one, other = ask(front, path), ask(server, path)
        assert (one.status, one.body) == (other.status, other.body), path
        kept = {name: value for name, value in one.headers.items() if name not in SPECIAL}
        assert kept == {name: value for name, value in other.headers.items() if name not in SPECIAL}, path
    assert b"<Identify>" in ask(front, "/oai?verb=Identify").body


def test_a_folder_sends_on_to_its_slash(front):
    reply = ask(front, "/about")
    assert (reply.status, reply.headers["location"]) == (301, "/about/")
