"""The catalogue as a whole, for machines: DCAT, OpenSearch, the list of interfaces (RFC 9727), llms.txt, `_headers`.

`catalog.ttl` is a dcat:Catalog with links to its datasets (DCAT-AP 3), a FAIR Data Point's layers with it: the
catalogue's own metadata say where it is and what conforms to what. Above a thousand publications it goes on in
`catalog/2.ttl`… (Hydra, `hydra:next`). `_headers` is for hosts that read one (Netlify, Cloudflare Pages).
"""

from collections.abc import Iterator
from hashlib import sha256

import orjson

from panfair.builders import Sheet
from panfair.builders.card import Listing
from panfair.builders.formats import all_formats
from panfair.builders.portal import Portal
from panfair.builders.rdf import TYPE, Graph, Iri, Literal, add, expanded, turtle
from panfair.builders.rdf_dump import VOID
from panfair.builders.terms import EU_PUBLIC
from panfair.builders.xml import DECLARATION, escaped
from panfair.ontologies.identifiers import Doi

OPENSEARCH = "opensearch.xml"
API_CATALOG = ".well-known/api-catalog"
PANOSC = ("Documents", "Datasets", "Instruments")
_ON_A_PAGE = 1000
_FDP = "https://w3id.org/fdp/fdp-o#"
_HYDRA = "http://www.w3.org/ns/hydra/core#"


def catalogue_sheets(listing: Listing, portal: Portal, fingerprint: str) -> Iterator[Sheet]:
    """All of them."""
    yield _small(OPENSEARCH, opensearch(portal))
    yield _small(API_CATALOG, api_catalog(portal))
    yield _small("llms.txt", llms_txt(portal))
    yield _small("_headers", headers_file())
    count = listing.totals().publications
    pages = max(1, -(-count // _ON_A_PAGE))
    for page in range(1, pages + 1):
        path = "catalog.ttl" if page == 1 else f"catalog/{page}.ttl"

        def render(page: int = page) -> bytes:
            return turtle(_graph(listing, portal, page, pages, count))

        shown = listing.shelf_key(offset=(page - 1) * _ON_A_PAGE, limit=_ON_A_PAGE)
        yield Sheet(path, sha256(repr((fingerprint, shown, page, pages, portal)).encode()).hexdigest(), render)


def _small(path: str, body: bytes) -> Sheet:
    return Sheet(path, sha256(body).hexdigest(), lambda: body)


def _graph(listing: Listing, portal: Portal, page: int, pages: int, count: int) -> Graph:
    graph: Graph = {}
    here = portal.url("/#catalog")
    for kind in (expanded("dcat:Catalog"), f"{_FDP}MetadataService"):
        add(graph, here, TYPE, Iri(kind))
    add(graph, here, "dct:title", Literal(portal.title))
    add(graph, here, "dct:description", Literal(portal.description or portal.title))
    publisher = portal.publisher_ror or portal.url("/#contact")
    add(graph, here, "dct:publisher", Iri(publisher))
    add(graph, publisher, TYPE, Iri(expanded("foaf:Agent")))
    add(graph, publisher, "foaf:name", Literal(portal.publisher))
    add(graph, here, "foaf:homepage", Iri(portal.url("/")))
    add(graph, portal.url("/"), TYPE, Iri(expanded("foaf:Document")))
    add(graph, here, "dct:accessRights", Iri(EU_PUBLIC))
    add(graph, EU_PUBLIC, TYPE, Iri(expanded("dct:RightsStatement")))
    add(graph, here, "void:documents", Literal(str(count), "xsd:integer"))
    service = portal.url("/oai")
    add(graph, here, "dcat:service", Iri(service))
    add(graph, service, TYPE, Iri(expanded("dcat:DataService")))
    add(graph, service, "dct:title", Literal("OAI-PMH 2.0"))
    add(graph, service, "dcat:endpointURL", Iri(service))
    if page < pages:
        following = portal.url(f"/catalog/{page + 1}.ttl")
        add(graph, here, "rdfs:seeAlso", Iri(following))
        add(graph, following, TYPE, Iri(f"{_HYDRA}PartialCollectionView"))
    for card in listing.cards(offset=(page - 1) * _ON_A_PAGE, limit=_ON_A_PAGE):
        doi = Doi(card.doi).url
        add(graph, here, "dcat:dataset", Iri(doi))
        add(graph, doi, TYPE, Iri(expanded("dcat:Dataset")))
        add(graph, doi, "dct:title", Literal(card.title))
        add(graph, doi, "dcat:landingPage", Iri(portal.url(card.page)))
        add(graph, doi, "rdfs:seeAlso", Iri(portal.url(f"{card.page}dcat.ttl")))
    return graph


def opensearch(portal: Portal) -> bytes:
    """The OpenSearch 1.1 description: how a browser, a program and a feed reader search here.

    A parameter with `?` may be left empty, and our search takes an empty one as if it were not there; places are
    counted from 0 (`indexOffset`), not from 1 as usual.
    """
    paging = "&limit={count?}&offset={startIndex?}"
    addresses = (
        ("results", "text/html", "/search?q={searchTerms}&offset={startIndex?}"),
        ("results", "application/json", "/api/search?q={searchTerms}" + paging),
        ("results", "application/atom+xml", "/api/search/feed.atom?q={searchTerms}" + paging),
        ("self", "application/opensearchdescription+xml", f"/{OPENSEARCH}"),
    )
    urls = "".join(
        f'<Url type="{kind}" rel="{relation}" indexOffset="0" template="{escaped(portal.url(path))}"/>'
        for relation, kind, path in addresses
    )
    return (
        f'{DECLARATION}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escaped(portal.title[:16].strip())}</ShortName>"
        f"<Description>{escaped((portal.description or portal.title)[:1024])}</Description>"
        f"{urls}<LongName>{escaped(portal.title[:48].strip())}</LongName>"
        '<Query role="example" searchTerms="tomography"/><Language>en</Language>'
        "<OutputEncoding>UTF-8</OutputEncoding><InputEncoding>UTF-8</InputEncoding></OpenSearchDescription>\n"
    ).encode()


def api_catalog(portal: Portal) -> bytes:
    """The interfaces as a linkset (RFC 9727, RFC 9264)."""
    described = {
        "service-desc": [{"href": portal.url("/openapi.json"), "type": "application/json"}],
        "service-doc": [{"href": portal.url("/help/"), "type": "text/html"}],
    }
    anchors = [
        *({"anchor": portal.url(f"/api/{name}"), **described} for name in ("search", *PANOSC)),
        {"anchor": portal.url("/oai"), "service-doc": [{"href": portal.url("/about/oai"), "type": "text/html"}]},
    ]
    return orjson.dumps({"linkset": anchors}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def llms_txt(portal: Portal) -> bytes:
    """The addresses of all interfaces for machines, in plain words."""
    lines = [
        f"# {portal.title}",
        "",
        f"> {portal.description or 'Open data from experiments, each with a DOI.'}",
        "",
        "Everything below is open and needs no account. A record is named by its DOI; its page is",
        f"{portal.url('/doi/<DOI in lower case>/')} and the files below stand beside it.",
        "",
        "## Beside every record",
        "",
        *(f"- {form.file}: {form.name}" for form in all_formats()),
        "",
        "## The whole catalogue",
        "",
        f"- [Search]({portal.url('/api/search')}?q=…&limit=…&offset=…): JSON; OpenAPI at {portal.url('/openapi.json')}",
        f"- PaNOSC search API, filters as in LoopBack: {', '.join(portal.url(f'/api/{name}') for name in PANOSC)}",
        f"- [OAI-PMH 2.0]({portal.url('/oai?verb=Identify')})",
        f"- [DCAT catalogue]({portal.url('/catalog.ttl')}), [RDF dump]({portal.url('/' + VOID)})",
        f"- [Sitemap]({portal.url('/sitemap.xml')}), [Atom feed]({portal.url('/feeds/all.atom')})",
        f"- [Help on the search language]({portal.url('/help/')})",
        "",
    ]
    return "\n".join(lines).encode()


def headers_file() -> bytes:
    """Media types and cross-origin access for hosts that read `_headers`."""
    lines = ["/doi/*", "  Access-Control-Allow-Origin: *"]
    for form in all_formats():
        lines += [f"/doi/*/{form.file}", f"  Content-Type: {form.media_type}"]
    lines += ["/.well-known/void", "  Content-Type: text/turtle", "/.well-known/api-catalog"]
    lines += ['  Content-Type: application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"']
    lines += ["/_panfair/*", "  Cache-Control: public, max-age=31536000, immutable", ""]
    return "\n".join(lines).encode()
