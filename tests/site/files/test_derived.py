"""What DOI clients ask for by Accept: written citations, CSL as one object, plain forms of RDF; gone when gone."""

import json
from datetime import date

import pytest
import rdflib

from panfair.builders.metadata.closed_states import state_metadata
from panfair.builders.metadata.crosswalk import render_formats
from panfair.ontologies.embargo import GatePolicy, bury, judge
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Withdrawal
from panfair.site.files.site import StaticSite
from panfair.site.serve.middleware import SiteMiddleware
from support.records import PORTAL, TODAY, a_publication, released
from support.serving import ask, serving

OPEN, GONE, CLOSED = "10.99999/open", "10.99999/gone", "10.99999/closed"


async def _no_app(scope, receive, send):
    assert scope["type"] == "lifespan"
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    output = tmp_path_factory.mktemp("doi") / "output"
    gone = bury(a_publication(doi=Doi.parse(GONE)), Withdrawal(on=date(2025, 3, 1)))
    closed = judge(a_publication(doi=Doi.parse(CLOSED), release_date=date(2027, 6, 1)), TODAY, GatePolicy())
    files = render_formats(released(a_publication(doi=Doi.parse(OPEN))), PORTAL)
    files += [*state_metadata(gone, PORTAL), *state_metadata(closed, PORTAL)]
    for file in files:
        path = output / "www" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
    for doi in (OPEN, GONE, CLOSED):
        (output / "www/doi" / doi / "index.html").write_bytes(f"<!doctype html><title>{doi}</title>".encode())
    (output / "tombstones.json").write_bytes(json.dumps([f"/doi/{GONE}/"]).encode())
    with serving(SiteMiddleware(_no_app, StaticSite(output, PORTAL.base_url))) as base:
        yield base


def _asked(site, accept, doi=OPEN):
    return ask(site, f"/doi/{doi}/", accept=accept)


@pytest.mark.parametrize("kind", ["application/vnd.citationstyles.csl+json", "application/citeproc+json"])
def test_csl_is_one_object_under_both_its_names(site, kind):
    reply = _asked(site, kind)
    assert reply.headers["content-type"].partition(";")[0] == kind
    told = json.loads(reply.body)
    assert (told["type"], told["DOI"]) == ("dataset", OPEN)


@pytest.mark.parametrize(
    ("asked", "told", "words"),
    [
        ("text/x-bibliography", "style=apa; locale=en-US", "Madeup, T., & Person, I. (2026)."),
        ("text/x-bibliography; style=ieee", "style=ieee; locale=en-US", "T. Madeup and I. Person"),
        ("text/x-bibliography;style=Vancouver", "style=nlm-citation-sequence; locale=en-US", "Madeup T, Person I."),
        ("text/x-bibliography; style=nobody-knows; locale=xx", "style=apa; locale=en-US", "Madeup, T., & Person, I."),
        ("text/x-bibliography; style=apa; locale=de", "style=apa; locale=de-DE", "Madeup, T., & Person, I. (2026)."),
        ("text/x-bibliography; style=mla; locale=de-DE", "locale=de-DE", "und Invented Person"),
    ],
)
def test_a_citation_is_written_in_the_style_and_language_that_are_asked_for(site, asked, told, words):
    reply = _asked(site, asked)
    assert reply.status == 200 and words in reply.text and OPEN in reply.text
    assert reply.headers["content-type"].startswith("text/x-bibliography; charset=utf-8; style=")
    assert reply.headers["content-type"].endswith(told) and "Accept" in reply.headers["vary"]


@pytest.mark.parametrize("doi", [OPEN, GONE, CLOSED])
@pytest.mark.parametrize(("kind", "form"), [("application/rdf+xml", "xml"), ("application/n-triples", "nt")])
def test_rdf_says_what_the_json_ld_says(site, kind, form, doi):
    reply = _asked(site, kind, doi)
    assert reply.headers["content-type"].partition(";")[0] == kind
    graph = rdflib.Graph().parse(data=reply.body, format=form)
    subject = rdflib.URIRef(f"https://doi.org/{doi}")
    assert (subject, rdflib.RDF.type, rdflib.URIRef("http://schema.org/Dataset")) in graph
    names = list(graph.objects(subject, rdflib.URIRef("http://schema.org/name")))
    assert bool(names) == (doi != CLOSED)


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/turtle", "text/x-bibliography", "application/citeproc+json", "application/rdf+xml", "*/*",
     "application/vnd.datacite.datacite+json", "nonsense", "*/*;q=0"],
)  # fmt: skip
def test_what_is_withdrawn_is_gone_whatever_is_asked_for(site, accept):
    assert _asked(site, accept, GONE).status == 410


def test_what_cannot_be_told_of_a_closed_record_is_refused(site):
    refused = _asked(site, "text/x-bibliography", CLOSED)
    assert refused.status == 406 and "Testa" not in refused.text
    told = _asked(site, "application/vnd.datacite.datacite+json", CLOSED)
    assert told.status == 200 and json.loads(told.body)["titles"] == [{"title": ":unal"}]


def test_a_made_form_is_tagged_and_unchanged_as_long_as_its_source(site):
    first = _asked(site, "application/n-triples")
    again = ask(site, f"/doi/{OPEN}/", accept="application/n-triples", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert first.headers["etag"] != _asked(site, "application/ld+json").headers["etag"]
