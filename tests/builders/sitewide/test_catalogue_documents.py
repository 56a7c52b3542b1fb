"""The catalogue as a whole is described for machines, and every address in it is one of the site's."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import html5lib
from rdflib import DCAT, DCTERMS, RDF, XSD, Graph, Literal, Namespace, URIRef

from panfair.builders.metadata.format import all_formats
from panfair.builders.sitewide.catalogue import catalogue_sheets
from panfair.builders.sitewide.rdf_dump import void_document
from panfair.ontologies.embargo import opening_day
from support.format_cases import rendered
from support.judges.dcat import remarks
from support.records import PORTAL, released
from support.small_site import MemoryListing, small_site, some_releases

FDP = Namespace("https://w3id.org/fdp/fdp-o#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LDP = Namespace("http://www.w3.org/ns/ldp#")


def _made(ones):
    return {sheet.path: sheet.render() for sheet in catalogue_sheets(MemoryListing(ones), PORTAL, "x")}


def test_the_dcat_catalogue_lists_every_publication():
    ones = some_releases()
    graph = Graph().parse(data=_made(ones)["catalog.ttl"], format="turtle")
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert {str(dataset) for dataset in graph.objects(catalogue, DCAT.dataset)} == {one.doi.url for one in ones}
    pages = {str(page) for page in graph.objects(None, DCAT.landingPage)}
    assert pages == {PORTAL.landing(one.doi) for one in ones}


def test_a_large_catalogue_goes_on_in_a_second_file(monkeypatch):
    from panfair.builders.sitewide import catalogue as catalogue_documents

    monkeypatch.setattr(catalogue_documents, "_ON_A_PAGE", 3)
    ones = some_releases()
    made = _made(ones)
    names = [path for path in made if path.startswith("catalog") and path.endswith(".ttl")]
    assert 3 * len(names) >= len(ones) > 3 * len(names) // 2 and len(names).bit_count() == 1
    listed = set()
    for name in names:
        listed |= set(Graph().parse(data=made[name], format="turtle").objects(None, DCAT.dataset))
    assert listed == {URIRef(one.doi.url) for one in ones}


def test_the_pages_of_a_large_catalogue_lead_to_each_other(monkeypatch):
    from panfair.builders.sitewide import catalogue as catalogue_documents

    monkeypatch.setattr(catalogue_documents, "_ON_A_PAGE", 3)
    ones = some_releases()
    made = _made(ones)
    walked, page = [], "catalog.ttl"
    while page:
        walked.append(page)
        graph = Graph().parse(data=made[page], format="turtle")
        this = URIRef(PORTAL.url(page))
        assert list(graph.objects(None, HYDRA.view)) == [this]
        assert [int(n) for n in graph.objects(None, HYDRA.totalItems)] == ([len(ones)] if page == "catalog.ttl" else [])
        page = next((str(after).removeprefix(PORTAL.url("/")) for after in graph.objects(this, HYDRA.next)), "")
    assert walked == [path for path in made if path.startswith("catalog") and path.endswith(".ttl")]


def test_a_record_that_goes_changes_its_own_page_and_the_first(monkeypatch):
    from panfair.builders.sitewide import catalogue as catalogue_documents

    monkeypatch.setattr(catalogue_documents, "_ON_A_PAGE", 3)
    ones = some_releases()
    whole, less = _made(ones), _made(ones[1:])
    changed = {path for path in whole if path.endswith(".ttl") and whole[path] != less.get(path)}
    assert "catalog.ttl" in changed and len(changed) <= 2


def test_a_fair_data_point_client_walks_from_the_service_to_every_dataset():
    ones = some_releases()
    graph = Graph().parse(data=_made(ones)["catalog.ttl"], format="turtle")
    (point,) = graph.subjects(RDF.type, FDP.FAIRDataPoint)
    (catalogue,) = graph.objects(point, FDP.metadataCatalog)
    assert (catalogue, DCTERMS.isPartOf, point) in graph
    (container,) = graph.subjects(LDP.membershipResource, catalogue)
    (relation,) = graph.objects(container, LDP.hasMemberRelation)
    members = set(graph.objects(container, LDP.contains))
    assert members == set(graph.objects(catalogue, relation)) == {URIRef(one.doi.url) for one in ones}
    assert all((member, DCTERMS.isPartOf, catalogue) in graph for member in members)


def test_every_layer_tells_what_a_fair_data_point_must_tell_once():
    ones = some_releases()
    licensed = replace(PORTAL, metadata_licence="https://creativecommons.org/publicdomain/zero/1.0/")
    made = {sheet.path: sheet.render() for sheet in catalogue_sheets(MemoryListing(ones), licensed, "x")}
    graph = Graph().parse(data=made["catalog.ttl"], format="turtle")
    (point,) = graph.subjects(RDF.type, FDP.FAIRDataPoint)
    (catalogue,) = graph.objects(point, FDP.metadataCatalog)
    # FAIR Data Point specification 1.2: what each layer has to have, and of what type.
    links = (DCTERMS.publisher, DCTERMS.license, DCTERMS.conformsTo, FDP.metadataIdentifier, DCAT.contactPoint)
    days = [str(opening_day(one.publication)) for one in ones]
    for layer in (point, catalogue):
        for term in links:
            assert isinstance(graph.value(layer, term, any=False), URIRef), (layer, term)
        assert graph.value(layer, DCTERMS.title, any=False)
        for term, day in ((FDP.metadataIssued, min(days)), (FDP.metadataModified, max(days))):
            assert graph.value(layer, term, any=False) == Literal(f"{day}T00:00:00Z", datatype=XSD.dateTime)
    assert graph.value(point, DCAT.endpointURL, any=False) and graph.value(point, FDP.conformsToFdpSpec, any=False)
    for one in ones:
        for term in (FDP.metadataIdentifier, FDP.metadataIssued, FDP.metadataModified):
            assert graph.value(URIRef(one.doi.url), term, any=False)
    assert remarks(graph) == ""


def test_a_catalogue_of_nothing_has_no_day():
    assert b"fdp-o:metadataIssued" not in _made([])["catalog.ttl"]


def test_the_shapes_of_dcat_ap_find_nothing_wrong_in_the_catalogue_nor_with_its_records():
    ones = some_releases()
    graph = Graph().parse(data=_made(ones)["catalog.ttl"], format="turtle")
    assert remarks(graph) == ""
    for one in ones[:3]:
        graph.parse(data=rendered(one, "dcat.ttl"), format="turtle")
    graph.parse(data=void_document(PORTAL, ["dump/catalogue.nq.gz"], len(ones)), format="turtle")
    assert remarks(graph) == ""


def test_the_json_says_what_the_turtle_says():
    made = _made(some_releases())
    turtle = Graph().parse(data=made["catalog.ttl"], format="turtle")
    assert set(Graph().parse(data=made["catalog.jsonld"], format="json-ld")) == set(turtle)


def test_the_front_page_describes_the_catalogue_to_search_engines():
    page = html5lib.parse(small_site(some_releases())["index.html"], namespaceHTMLElements=False)
    site, told = [json.loads(one.text) for one in page.iter("script") if one.get("type") == "application/ld+json"]
    assert site["@type"] == "WebSite" and told["@type"] == "DataCatalog" and told["@id"] == PORTAL.url("/#catalog")
    assert {term["name"] for term in told["measurementTechnique"]} and told["publisher"]["name"] == PORTAL.publisher


def test_every_address_that_machines_are_given_is_one_of_the_site():
    ones = some_releases()
    made = _made(ones)
    there = {*small_site(ones), *made, ".well-known/void", ".well-known/resourcesync", "oai", "openapi.json"}
    there |= {f"api/{name}" for name in ("search", "suggest", "search/export", "search/feed.atom")}
    there |= {f"api/{name}" for name in ("Documents", "Datasets", "Instruments")}
    given = re.findall(re.escape(PORTAL.base_url) + r"/([^\s)?#,\"<]*)", made["llms.txt"].decode())
    given += re.findall(re.escape(PORTAL.base_url) + r"/([^?#\"]*)\"", made[".well-known/api-catalog"].decode())
    given = [path for path in given if path != "doi/"]
    assert given and {path for path in given if path not in there and f"{path}index.html" not in there} == set()


def test_opensearch_leads_to_the_search_and_to_the_api():
    root = ElementTree.fromstring(_made([released()])["opensearch.xml"])
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{name}OpenSearchDescription"
    templates = {(url.get("type"), url.get("rel")): url.get("template") for url in root.iter(f"{name}Url")}
    paged = "q={searchTerms}&limit={count?}&offset={startIndex?}"
    assert templates == {
        ("text/html", "results"): PORTAL.url("/search/?q={searchTerms}&offset={startIndex?}"),
        ("application/json", "results"): PORTAL.url(f"/api/search?{paged}"),
        ("application/atom+xml", "results"): PORTAL.url("/api/search/feed.atom?q={searchTerms}"),
        ("application/opensearchdescription+xml", "self"): PORTAL.url("/opensearch.xml"),
    }
    assert {url.get("indexOffset") for url in root.iter(f"{name}Url")} == {"0"}
    assert root.find(f"{name}Query").get("role") == "example"
    assert len(root.findtext(f"{name}ShortName")) <= 16


def test_the_interfaces_are_listed_for_programs_and_in_plain_words():
    made = _made([released()])
    anchors = [entry["anchor"] for entry in json.loads(made[".well-known/api-catalog"])["linkset"]]
    names = ("search", "Documents", "Datasets", "Instruments")
    assert anchors == [
        PORTAL.url("/.well-known/api-catalog"),
        *(PORTAL.url(f"/api/{name}") for name in names),
        PORTAL.url("/oai"),
    ]
    items = {one["href"] for one in json.loads(made[".well-known/api-catalog"])["linkset"][0]["item"]}
    text = made["llms.txt"].decode()
    assert all(form.file in text for form in all_formats()) and PORTAL.url("/oai?verb=Identify") in text
    assert [address for address in items if address not in text] == [], "both lists name the same interfaces"
    assert {PORTAL.url(f"/api/{name}") for name in ("suggest", "search/export", "search/feed.atom")} <= items
    assert {PORTAL.url(f"/.well-known/{name}") for name in ("void", "resourcesync")} <= items


def test_hosts_that_read_a_file_of_headers_are_told_every_media_type():
    text = _made([released()])["_headers"].decode()
    for form in all_formats():
        assert f"/doi/*/{form.file}\n  Content-Type: {form.media_type}" in text


def test_the_front_page_tells_search_engines_where_the_site_is_searched():
    page = small_site([released()])["index.html"].decode()
    told, _ = map(json.loads, re.findall(r'<script type="application/ld\+json">(.*?)</script>', page))
    assert told["@type"] == "WebSite" and told["url"] == PORTAL.url("/") and told["name"] == PORTAL.title
    action = told["potentialAction"]
    assert action["target"]["urlTemplate"] == PORTAL.url("/search/?q={search_term_string}")
    assert action["query-input"] == "required name=search_term_string"
    hostile = replace(PORTAL, title="</script><script>alert(1)</script>")
    assert b"<script>alert" not in small_site([], portal=hostile)["index.html"]
