"""Tests of linkset.json: read by the official Signposting client from a local server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import signposting
from hypothesis import given, settings

from panfair.builders.metadata.crosswalk import describe, items_of, links_without_items
from panfair.builders.metadata.format import formats_of
from panfair.ontologies.record import File
from support.format_cases import PORTAL, releases, rendered
from support.records import a_publication, released


@contextmanager
def served(body: bytes) -> Iterator[str]:
    """The address at which the body is served as a linkset."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/linkset+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/linkset.json"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_signposting_client_reads_every_link():
    one = released(a_publication(files=tuple(File(name=f"{n}.h5", url=f"https://x.example/{n}.h5") for n in range(60))))
    d = describe(one, PORTAL)
    with served(rendered(one, "linkset.json")) as address:
        found = signposting.find_signposting_linkset(address).for_context(d.landing)
    assert str(found.citeAs.target) == "https://doi.org/10.99999/EXAMPLE-1"
    assert {str(each.target) for each in found.types} == {"https://schema.org/AboutPage", "https://schema.org/Dataset"}
    assert {str(each.target) for each in found.authors} == {"https://orcid.org/0000-0002-1825-0097"}
    assert str(found.license.target) == "https://creativecommons.org/licenses/by/4.0/"
    assert {(str(each.target), str(each.type)) for each in found.describedBy} == {
        (d.landing + form.file, form.media_type.partition(";")[0]) for form in formats_of(d) if form.describes
    }
    assert len(found.items) == 61
    with served(rendered(one, "linkset.json")) as address:
        everywhere = signposting.find_signposting_linkset(address).for_context(None)
    back = [each for each in everywhere.signposts if str(each.rel) == "collection"]
    assert [(str(each.context), str(each.target)) for each in back] == [
        ("https://data.example.org/files/scan_0001.h5", d.landing)
    ]


@given(releases)
@settings(max_examples=60, deadline=None)
def test_a_linkset_has_the_form_of_rfc_9264_and_all_typed_links(one):
    document = json.loads(rendered(one, "linkset.json"))
    assert list(document) == ["linkset"]
    d = describe(one, PORTAL)
    page, *others = document["linkset"]
    assert page["anchor"] == d.landing
    said = {(rel, target["href"]) for rel, targets in page.items() if rel != "anchor" for target in targets}
    assert said == {(link.rel, link.href) for link in [*links_without_items(d), *items_of(d)]}
    for context in others:
        anchor, (relation, targets) = context.pop("anchor"), *context.items()
        assert relation in {"describes", "collection"} and anchor.startswith(PORTAL.url("/"))
        assert targets == [{"href": d.landing, "type": "text/html"}]
