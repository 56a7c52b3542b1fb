"""The search for programs over HTTP: completions, whole results as files, feeds, and rubbish that is answered soon."""

import csv
import io
import time
from html import escape
from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from panfair.builders.search.language.query import parse
from panfair.ontologies.record import Agent, Technique
from panfair.site.search.export import MOST
from panfair.site.search.highlight import excerpt, highlighted, wanted
from panfair.site.serve.app import create_app
from support.records import a_dataset
from support.serving import ask, serving
from support.site_run import SiteRun, numbered

SAXS = Technique(
    said="SAXS",
    iri="http://purl.org/pan-science/PaNET/PaNET01188",
    label="small angle x-ray scattering",
)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def site(request, tmp_path_factory):
    run = SiteRun(tmp_path_factory.mktemp("api"), run=f'[search]\nengine = "{request.param}"')
    odd = numbered(30, title=escape('=HYPERLINK("x"), an <b>odd</b> "title"; of foam'), techniques=(SAXS,))
    two = (a_dataset(id="a", name="first scan"), a_dataset(id="b", name="second scan"))
    run.put(*[numbered(number) for number in range(28)], odd, numbered(31, datasets=two))
    run.publish()
    with serving(create_app(run.config)) as base:
        yield base


def _suggested(site, typed):
    groups = ask(site, "/api/suggest?" + urlencode({"q": typed})).json["groups"]
    return {group["name"]: [item["label"] for item in group["items"]] for group in groups}


def test_what_is_typed_is_completed_in_groups(site):
    assert _suggested(site, "tomo") == {"techniques": ["tomography"]}
    assert _suggested(site, "saxs")["techniques"] == ["small angle x-ray scattering"]
    assert "small angle x-ray scattering" in _suggested(site, "SMALL ang")["techniques"]
    assert _suggested(site, "mad") == {"people": ["Testa Madeup"]}
    assert _suggested(site, "imag")["instruments"] == ["EX01 - Imaging"]
    assert _suggested(site, "foam 3")["samples"] == ["Foam 3"]
    assert "Drainage of foam number7" in _suggested(site, "drainage number7")["titles"]
    assert _suggested(site, "") == _suggested(site, "?!") == _suggested(site, "qqqq") == {}
    for typed in ("f", "fo", "foam", "e", "a" * 500):
        assert sum(map(len, _suggested(site, typed).values())) <= 8


def test_every_completion_finds_something(site):
    for typed in ("tomo", "saxs", "mad", "ex01", "foam", "inv"):
        for group in ask(site, f"/api/suggest?q={typed}").json["groups"]:
            for item in group["items"]:
                assert ask(site, "/api/search?" + urlencode({"q": item["query"]})).json["total"] > 0, item
                if item["url"]:
                    address = item["url"].removeprefix("https://data.example.org")
                    assert ask(site, address).status == 200, item


def test_the_whole_of_a_search_comes_as_a_file(site):
    reply = ask(site, "/api/search/export?q=foam&format=csv&sort=title")
    assert reply.headers["content-type"].startswith("text/csv") and reply.headers["x-total-count"] == "30"
    assert "search.csv" in reply.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert len(rows) == 30 and {row["creators"] for row in rows} == {"Testa Madeup; Invented Person"}
    assert any(row["title"] == '\'=HYPERLINK("x"), an <b>odd</b> "title"; of foam' for row in rows)
    told = ask(site, "/api/search/export?q=foam&format=json&technique=small+angle+x-ray+scattering").json
    assert told["total"] == 1 and told["most"] == MOST and told["results"][0]["doi"] == "10.99999/EXAMPLE-30"
    dois = ask(site, "/api/search/export?q=number3&format=dois").text.split()
    assert dois == ["10.99999/EXAMPLE-3"]
    bib = ask(site, "/api/search/export?q=foam&format=bibtex").text
    assert bib.count("@misc{") == 30
    assert ask(site, "/api/search/export?q=foam&format=ris").text.count("TY  - ") == 30
    assert ask(site, "/api/search/export?in=datasets&q=scan&format=dois").text.count("\n") == 30
    assert len(list(csv.DictReader(io.StringIO(ask(site, "/api/search/export?in=datasets&format=csv").text)))) == 31


def test_who_reads_a_few_of_many_people_is_told_how_many_there_are(tmp_path):
    run = SiteRun(tmp_path)
    run.put(numbered(1, creators=tuple(Agent(name=f"Madeup, Number{number}") for number in range(70))))
    run.publish()
    with serving(create_app(run.config)) as base:
        result = ask(base, "/api/search").json["results"][0]
        assert len(result["creators"]) == 6 and result["creator_count"] == 70
        assert "Number3</span> and 66 more" in ask(base, "/search/").text
        listed = next(csv.DictReader(io.StringIO(ask(base, "/api/search/export?format=csv").text)))["creators"]
        assert len(listed.split("; ")) == 61 and listed.endswith("; et al.")


def test_the_facet_of_formats_can_stand_beside_the_form(site):
    assert ask(site, "/api/search/export?format=json&format=HDF5").json["total"] == 1
    assert ask(site, "/api/search?format=json").json["total"] == 0


_SENSELESS = ["q=foam", "format=xml", "format=CSV", "format=csv&format=json"]
_SENSELESS += ["format=csv&sort=colour", "format=csv&limit=x"]


@pytest.mark.parametrize("query", _SENSELESS)
def test_an_export_without_sense_is_refused(site, query):
    reply = ask(site, f"/api/search/export?{query}")
    assert reply.status == 400 and reply.json["error"]


def test_a_search_is_a_feed(site):
    reply = ask(site, "/api/search/feed.atom?q=foam&technique=imaging")
    assert reply.status == 200 and reply.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(reply.body)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 30 and len({entry.findtext(f"{ATOM}id") for entry in entries}) == 30
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("/api/search/feed.atom?q=foam&technique=imaging")
    assert ask(site, "/api/search/feed.atom?q=foam", if_none_match=reply.headers["etag"]).status in (200, 304)
    datasets = etree.fromstring(ask(site, "/api/search/feed.atom?in=datasets&q=scan").body)
    names = [entry.findtext(f"{ATOM}id") for entry in datasets.findall(f"{ATOM}entry")]
    assert len(names) == len(set(names)) == 31
    odd = etree.fromstring(ask(site, "/api/search/feed.atom?q=fo%00am%01%EF%BF%BE%0B").body)
    assert odd.findtext(f"{ATOM}title").startswith("foam | ")


_RUBBISH = [
    "year=9999999999",
    f"year={'9' * 30}&year=2020",
    "q=" + "a*+" * 5_000,
    "q=" + "a" * 16_000,
    "q=" + quote("(" * 900 + "foam" + ")" * 900),
    "q=" + quote('"' * 999),
    "q=" + quote("(a+)+$ " * 100),
    "q=" + quote("energy:NaN..inf energy:1e999 size:-1..NaN year:9999999999"),
    "energy=NaN..NaN&pressure=1e400..&size=-inf..inf&date=99999",
    "energy=" + "9" * 5000,
    "q=a*&technique=" + "x" * 400 + "&year=%D9%A3&element=%00",
    "&".join(f"technique=t{number}" for number in range(900)),
    "&".join(f"p{number}=1" for number in range(900)),
    "q=%FF%FE%00&in=datasets",
    "q=doi:10.1/*+OR+doi:10.99999/((((",
    "year=-99999999&year=1e5&kind=&has=",
    "sort=title&elements=only&element=Zz",
]


@pytest.mark.parametrize("query", _RUBBISH, ids=range(len(_RUBBISH)))
@pytest.mark.parametrize("path", ["/api/search", "/search", "/api/search/feed.atom", "/api/suggest"])
def test_rubbish_costs_little_and_never_ends_in_a_failure(site, path, query):
    begun = time.process_time()
    reply = ask(site, f"{path}?{query}")
    assert time.process_time() - begun < 1  # of the processor, the server's threads included
    assert reply.status in (200, 303, 400), reply.text[:300]  # 303: a page without the empty choices of a form


@pytest.mark.parametrize(
    "query", ["q=" + "a" * 100_000, "q=foam&offset=1000000000", "q=foam&limit=1e9", "q=" + "*" * 17_000]
)
def test_what_is_beyond_all_measure_is_refused(site, query):
    assert ask(site, f"/api/search?{query}").status in (400, 414, 431)


_MARKUP = ["<script>", "</mark>", "<img src=x onerror=alert(1)>", "&lt;", '"', "'", "foam", " "]
_nasty = st.one_of(st.sampled_from(_MARKUP), st.text(max_size=8))


@settings(max_examples=150, deadline=None)
@given(st.lists(_nasty, max_size=20).map("".join), st.lists(_nasty, max_size=6).map(" ".join))
def test_no_text_and_no_query_lets_markup_through(text, query):
    marks = wanted(parse(query).node)
    for html in (highlighted(text, marks), excerpt(text, marks)):
        bare = html.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare and ">" not in bare and '"' not in bare and "'" not in bare
        assert html.count("<mark>") == html.count("</mark>")


def test_the_interfaces_are_described(site):
    paths = ask(site, "/openapi.json").json["paths"]
    assert {"/api/search", "/api/search/export", "/api/search/feed.atom", "/api/suggest"} <= paths.keys()
    orjson.dumps(paths)
