"""A whole published site, served: pages, search, OAI-PMH and health from one address, while the site changes below."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from html import escape
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from lxml import etree
from signposting import find_signposting_html, find_signposting_http, find_signposting_linkset

from panfair.builders.metadata.format import all_formats
from panfair.ontologies.errors import ServeError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Withdrawal
from panfair.site.serve.app import create_app, serve
from support.records import TODAY, a_dataset
from support.serving import a_free_port, ask, serving
from support.site_run import SiteRun, numbered

HIDDEN = "zebrafishlarva"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> SiteRun:
    run = SiteRun(tmp_path_factory.mktemp("served"))
    later = TODAY + timedelta(days=300)
    closed = numbered(90, title=f"The {HIDDEN}", abstract=HIDDEN, release_date=later)
    odd = numbered(
        91, doi=Doi.parse("10.99999/Odd<name>;(1)%2Fx"), title=escape("An odd <script>alert(1)</script> & name")
    )
    run.put(*[numbered(number) for number in range(25)], closed, odd)
    run.publish()
    return run


@pytest.fixture(scope="module")
def site(run):
    with serving(create_app(run.config)) as base:
        yield base


def test_every_file_of_www_is_served_as_it_stands(site, run):
    for name, body in run.files("www").items():
        path = "/" + name.removeprefix("www/").replace("%", "%25").replace("<", "%3C")
        if path.startswith(("/search/", "/oai/", "/.nojekyll")):
            continue  # the server answers these by itself; the last is for another host
        reply = ask(site, path)
        assert reply.status == 200 and reply.body == body, path


def test_what_stands_beside_www_is_never_served(site, run):
    for name in run.files():
        if not name.startswith("www/"):
            assert ask(site, f"/{name}").status == 404
            assert ask(site, f"/../{name}").status == 404


def test_every_format_is_negotiated_and_typed(site, run):
    page = numbered(1).doi.page
    for form in all_formats():
        if form.applies and not (run.output / "www" / page.lstrip("/") / form.file).exists():
            continue  # a form that this record does not have
        beside = ask(site, page + form.file)
        kind = form.media_type.split(";")[0]
        assert beside.headers["content-type"].split(";")[0] == kind
        accept = f'{kind};profile="{form.profile}"' if form.profile else kind
        assert ask(site, page, accept=accept).body == beside.body


def test_the_official_client_reads_the_same_links_from_header_page_and_linkset(tmp_path):
    run, port = SiteRun(tmp_path), a_free_port()
    run.path.write_text(run.path.read_text().replace("https://data.example.org", f"http://127.0.0.1:{port}"))
    run.put(numbered(1, datasets=(a_dataset(),)))
    run.publish()
    with serving(create_app(run.config), port) as base:
        page = base + numbered(1).doi.page
        header, html = find_signposting_http(page), find_signposting_html(page)
        linkset = find_signposting_linkset(page + "linkset.json").for_context(page)

        def links(found):
            return {(str(link.rel), str(link.target), str(link.type or "")) for link in found}

        assert links(header) == links(html)
        assert len(header.describedBy) == sum(
            form.describes and form.file != "datacite-4.7.xml" for form in all_formats()
        )
        assert links(header) - links(linkset) == {("linkset", page + "linkset.json", "application/linkset+json")}
        assert links(linkset) <= links(header)


def test_search_answers_as_json(site):
    reply = ask(site, "/api/search?q=foam&limit=3&offset=2")
    assert reply.status == 200 and reply.headers["content-type"].startswith("application/json")
    answer = reply.json
    assert answer["total"] == 26 and len(answer["results"]) == 3
    for result in answer["results"]:
        assert {"doi", "title", "url", "score"} <= result.keys()
        assert result["url"] == "https://data.example.org" + Doi.parse(result["doi"]).page
    assert answer["facets"]["year"] == [{"value": "2026", "count": 26, "chosen": False}]
    assert answer["in"] == "publications" and answer["sort"] == "relevance"
    narrowed = ask(site, "/api/search?q=foam&technique=imaging&energy=20..22keV&element=Si&limit=1").json
    assert (
        narrowed["total"] == 26 and {"value": "imaging", "count": 26, "chosen": True} in narrowed["facets"]["technique"]
    )
    none = ask(site, "/api/search?technique=unheard+of&energy=oranges&colour=red").json
    assert none["total"] == 0 and {"value": "unheard of", "count": 0, "chosen": True} in none["facets"]["technique"]
    assert len(none["notes"]) == 2
    assert ask(site, "/api/search?q=foam&limit=3&offset=2", if_none_match=reply.headers["etag"]).status == 304
    assert ask(site, "/api/search", "HEAD").body == b""
    assert ask(site, "/api/search?q=number7").json["results"][0]["doi"] == "10.99999/EXAMPLE-7"


def test_closed_records_are_not_found(site):
    assert ask(site, f"/api/search?q={HIDDEN}").json["total"] == 0
    assert HIDDEN not in ask(site, "/search?q=larva").text
    assert ask(site, numbered(90).doi.page).status == 200  # the notice


_WRONG = [
    "limit=-1",
    "offset=-1",
    "limit=101",
    "offset=1000000000",
    "limit=ten",
    "sort=random",
    "in=files",
    "elements=some",
    "limit=9" + "9" * 400,
]


@pytest.mark.parametrize("query", [*_WRONG, "q=" + "a" * 20_000])
def test_numbers_out_of_bounds_are_refused_with_a_reason(site, query):
    reply = ask(site, f"/api/search?{query}")
    assert reply.status == 400 and reply.json["error"].startswith(query.split("=")[0])


@pytest.mark.parametrize("query", [*_WRONG, "q=" + "a" * 20_000])
def test_a_person_with_a_broken_link_gets_a_page_all_the_same(site, query):
    reply = ask(site, f"/search/?{query}")
    assert reply.status == 200 and "</html>" in reply.text


def test_a_query_beyond_all_measure_is_refused(site):
    long = ask(site, "/api/search?q=" + "a" * 40_000)
    assert long.status == 414 and "too long" in long.text
    assert ask(site, "/" + "a" * 100_000).status in (400, 414, 431)


def test_the_search_page_shows_results_safely(site):
    page = ask(site, "/search?q=foam")
    assert page.status == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<mark>foam</mark>" in page.text and "<strong>26</strong> publications" in page.text
    attack = ask(site, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in attack.text and "odd" in attack.text
    assert "<script>alert" not in ask(site, "/search?q=odd&sort=newest").text
    assert ask(site, "/search/").status == 200
    assert ask(site, "/search/?q=").headers["location"] == "/search/"
    assert ask(site, "/search?q=xyzzynothing").status == 200


def test_a_facet_on_the_search_page_narrows_and_widens(site):
    page = etree.HTML(ask(site, "/search/?q=foam").body)
    box = page.find(".//input[@name='instrument']")
    narrowed = etree.HTML(ask(site, f"/search/?q=foam&instrument={quote_plus(box.get('value'))}").body)
    assert narrowed.find(".//input[@name='instrument'][@checked]").get("value") == box.get("value")
    assert narrowed.find(".//ul[@class='chosen']//a").get("href") == "?q=foam"  # the way back
    assert narrowed.find(".//meta[@name='robots']").get("content") == "noindex"
    assert etree.HTML(ask(site, "/search/").body).find(".//meta[@name='robots']") is None


def test_a_form_without_a_script_is_sent_on_to_the_one_address_of_its_search(site):
    sent = "q=foam&energy.min=20&energy.max=&energy.unit=keV&size.min=&size.unit=GB&date.min=2020-01-01&date.max="
    reply = ask(site, f"/search/?{sent}")
    assert reply.status == 303
    assert reply.headers["location"] == "/search/?q=foam&energy=20..keV&date=2020-01-01.."
    assert ask(site, "/search/?energy.min=0.5&energy.max=1&energy.unit=%C3%85").headers["location"] == (
        "/search/?wavelength=0.5..1%C3%85"
    )


def test_a_slip_of_the_finger_gets_a_link_that_finds_something(site):
    page = etree.HTML(ask(site, "/search?q=drainege+%3Cfoam%3E").body)
    address = next(link.get("href") for link in page.iter("a") if (link.text or "").startswith("drainage"))
    assert address == "?q=drainage+%3Cfoam%3E"
    assert ask(site, "/api/search?q=drainege").json["suggestion"] == "drainage"
    assert "publications" in ask(site, "/search?q=drainage").text


def test_oai_answers_under_the_same_roof(site):
    root = etree.fromstring(ask(site, "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc").body)
    assert len(root.findall(".//{*}identifier")) == 26
    assert ask(site, "/oai", "OPTIONS").status == 204


def test_the_api_describes_itself_without_third_parties(site):
    described = ask(site, "/openapi.json").json
    named = {parameter["name"] for parameter in described["paths"]["/api/search"]["get"]["parameters"]}
    assert {"q", "technique", "energy", "elements", "in", "sort", "limit", "offset"} <= named
    assert ask(site, "/docs").status == ask(site, "/redoc").status == 404
    missing = ask(site, "/api/nothing")
    assert missing.status == 404 and missing.json == {"error": "Not Found"}


def test_health_is_told(site):
    assert ask(site, "/healthz").json == {"status": "ok", "publications": 26}


def test_a_new_run_is_seen_without_a_restart(tmp_path):
    run = SiteRun(tmp_path)
    with serving(create_app(run.config)) as site:
        empty = ask(site, "/healthz")
        assert empty.status == 503 and empty.json["status"] == "nothing is published yet"
        assert ask(site, "/api/search?q=foam").json["total"] == 0
        assert ask(site, "/").status == 404
        run.put(*[numbered(number) for number in range(12)])
        run.publish()
        assert ask(site, "/api/search?q=foam").json["total"] == 12
        page = numbered(3).doi.page
        first = ask(site, page)
        withdrawn = numbered(11, withdrawal=Withdrawal(on=TODAY, reason="Wrong sample"))
        run.put(*[numbered(number, title=f"Changed {number}") for number in range(11)], withdrawn)
        run.publish()
        assert b"Changed 3" in ask(site, page, if_none_match=first.headers["etag"]).body
        assert ask(site, "/api/search?q=changed").json["total"] == 11
        assert ask(site, numbered(11).doi.page).status == 410


def test_the_menu_of_the_search_page_is_that_of_the_site_as_it_stands(tmp_path):
    run = SiteRun(tmp_path)
    run.put(numbered(1, proposal=None))
    run.publish()
    with serving(create_app(run.config)) as site:
        assert b'href="/proposals/"' not in ask(site, "/search/").body
        run.put(numbered(1))
        run.publish()
        assert b'href="/proposals/"' in ask(site, "/").body
        assert b'href="/proposals/"' in ask(site, "/search/").body


def test_a_port_that_is_taken_is_one_line_and_not_a_traceback(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="choose another --port"):
            serve(run.config, "127.0.0.1", taken.getsockname()[1], ready=lambda: pytest.fail("it cannot answer"))


def test_the_command_serves_and_its_log_tells_no_queries(run):
    port = a_free_port()
    program = str(Path(sys.executable).with_name("panfair"))
    command = [program, "-v", "serve", "--config", str(run.path), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    base = f"http://127.0.0.1:{port}"
    try:
        assert process.stdout is not None
        assert base in process.stdout.readline()
        assert _health(base, process) == {"status": "ok", "publications": 26}
        ask(base, "/search?q=privatematter")
        ask(base, "/nothing?token=privatematter")
    finally:
        process.send_signal(signal.SIGINT)  # Ctrl-C
        told = process.communicate(timeout=15)[1]
    assert process.returncode == 0
    assert "GET /search 200" in told and "GET /nothing 404" in told
    assert "privatematter" not in told and "Traceback" not in told


def _health(base, process):
    for _ in range(400):
        try:
            return ask(base, "/healthz").json
        except ConnectionRefusedError:
            assert process.poll() is None
            time.sleep(0.05)
    raise AssertionError("the server did not answer")


def _ask_as_host(site, path):
    """Status, headers and body of an answer to who says that this is another host."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", path, headers={"Host": "evil.example"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/oai?verb=Identify", "/api/search?q=foam", "/api/Documents?filter={}", "/api/scoring/items", "/healthz",
             "/openapi.json", "/api/suggest?q=fo", "/api/Datasets/count"],
)  # fmt: skip
def test_a_route_is_the_same_with_a_slash_at_its_end_and_no_redirect_follows_the_host_header(site, path):
    plain, mark, query = path.partition("?")
    one, (status, headers, body) = ask(site, path), _ask_as_host(site, f"{plain}/{mark}{query}")
    assert (one.status, status) == (200, 200)
    assert "location" not in headers and b"evil" not in body
    assert b"responseDate" in body or one.body == body


@pytest.mark.parametrize("page", ["page-2", "2020-01-31-0123abcd", "undated-0123abcd"])
def test_a_page_of_a_list_that_is_there_no_more_leads_to_the_first(site, page):
    reply = ask(site, f"/publications/{page}/")
    assert (reply.status, reply.headers["location"]) == (302, "/publications/")
    for other in (f"/nothing/{page}/", f"/doi/10.99999/{page}/", "/publications/page-two/", f"/{page}/"):
        assert ask(site, other).status == 404, other


def test_a_redirect_to_a_folder_names_no_host(site):
    status, headers, _ = _ask_as_host(site, "/about")
    assert (status, headers["location"]) == (301, "/about/")
