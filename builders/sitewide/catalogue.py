"""The catalogue as a whole, for machines: DCAT, OpenSearch, the list of interfaces (RFC 9727), llms.txt, `_headers`.

`catalog.ttl` and `catalog.jsonld` hold what `builders.catalogue_graph` says; above 250 publications they go on in
`catalog/2.ttl`…, cut by the digest of the DOI into a power of two of pages, so that one that comes or goes changes one
page beside the first. `_headers` is for hosts that read one (Netlify, Cloudflare Pages).
"""

from collections.abc import Callable, Iterator
from hashlib import sha256

import orjson

from panfair.builders import Sheet
from panfair.builders.card import Listing
from panfair.builders.metadata.catalogue_graph import CATALOGUE_PREFIXES, ON_A_PAGE, catalogue_graph, page_path
from panfair.builders.metadata.format import all_formats
from panfair.builders.portal import Portal
from panfair.builders.sitewide.rdf_dump import VOID
from panfair.builders.sitewide.resourcesync import DESCRIPTION as RESOURCESYNC
from panfair.builders.syntax.rdf import Graph, flat_jsonld, turtle
from panfair.builders.syntax.xml import DECLARATION, escaped

OPENSEARCH = "opensearch.xml"
API_CATALOG = ".well-known/api-catalog"
PANOSC = ("Documents", "Datasets", "Instruments")
_ON_A_PAGE = ON_A_PAGE


def catalogue_sheets(listing: Listing, portal: Portal, fingerprint: str) -> Iterator[Sheet]:
    """All of them."""
    yield _small(OPENSEARCH, opensearch(portal))
    yield _small(API_CATALOG, api_catalog(portal))
    yield _small("llms.txt", llms_txt(portal))
    yield _small("_headers", headers_file())
    count = listing.totals().publications
    pages = 1
    while pages * _ON_A_PAGE < count:
        pages *= 2
    span = listing.span()
    for page in range(1, pages + 1):

        def graph(page: int = page) -> Graph:
            return catalogue_graph(portal, listing.part(page - 1, pages), page, pages, count, span)

        def as_turtle(graph: Callable[[], Graph] = graph) -> bytes:
            return turtle(graph(), CATALOGUE_PREFIXES)

        def as_jsonld(graph: Callable[[], Graph] = graph) -> bytes:
            return flat_jsonld(graph(), CATALOGUE_PREFIXES)

        shown = listing.part_key(page - 1, pages)
        first = (count, span) if page == 1 else None
        key = sha256(repr((fingerprint, shown, page, pages, first, portal)).encode()).hexdigest()
        yield Sheet(page_path(page, "ttl"), key, as_turtle)
        yield Sheet(page_path(page, "jsonld"), key, as_jsonld)


def _small(path: str, body: bytes) -> Sheet:
    return Sheet(path, sha256(body).hexdigest(), lambda: body)


def opensearch(portal: Portal) -> bytes:
    """The OpenSearch 1.1 description: how a browser, a program and a feed reader search here.

    A parameter with `?` may be left empty, and our search takes an empty one as if it were not there; places are
    counted from 0 (`indexOffset`), not from 1 as usual.
    """
    paging = "&limit={count?}&offset={startIndex?}"
    addresses = (
        ("results", "text/html", "/search/?q={searchTerms}&offset={startIndex?}"),
        ("results", "application/json", "/api/search?q={searchTerms}" + paging),
        ("results", "application/atom+xml", "/api/search/feed.atom?q={searchTerms}"),
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
    names = ("search", *PANOSC)
    more = ("/api/suggest", "/api/search/export", "/api/search/feed.atom", "/oai", "/catalog.ttl", "/catalog.jsonld")
    interfaces = (*(f"/api/{name}" for name in names), *more, f"/{VOID}", f"/{RESOURCESYNC}")
    described = {
        "service-desc": [{"href": portal.url("/openapi.json"), "type": "application/json"}],
        "service-doc": [{"href": portal.url("/help/"), "type": "text/html"}],
    }
    anchors = [
        {"anchor": portal.url(f"/{API_CATALOG}"), "item": [{"href": portal.url(path)} for path in interfaces]},
        *({"anchor": portal.url(f"/api/{name}"), **described} for name in names),
        {"anchor": portal.url("/oai"), "service-doc": [{"href": portal.url("/about/oai/"), "type": "text/html"}]},
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
        f"- All results of a search (csv json bibtex ris dois): {portal.url('/api/search/export')}?q=…&format=csv",
        f"- The newest results of a search as a feed: {portal.url('/api/search/feed.atom')}?q=…",
        f"- Words that complete what was begun: {portal.url('/api/suggest')}?q=…",
        f"- PaNOSC search API, filters as in LoopBack: {', '.join(portal.url(f'/api/{name}') for name in PANOSC)}",
        f"- [OAI-PMH 2.0]({portal.url('/oai?verb=Identify')}), [ResourceSync]({portal.url('/' + RESOURCESYNC)})",
        f"- DCAT catalogue, with FAIR Data Point layers: [Turtle]({portal.url('/catalog.ttl')}), "
        f"[JSON-LD]({portal.url('/catalog.jsonld')})",
        f"- The whole as RDF, a graph for each record: [described by VoID]({portal.url('/' + VOID)})",
        f"- All of these for programs: [API catalogue]({portal.url('/' + API_CATALOG)}) (RFC 9727)",
        f"- [Sitemap]({portal.url('/sitemap.xml')}), [Atom feed]({portal.url('/feeds/all.atom')}), "
        f"[OpenSearch]({portal.url('/' + OPENSEARCH)})",
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
