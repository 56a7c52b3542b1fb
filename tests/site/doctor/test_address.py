"""`panfair doctor` asks a real server of ours, and hosts that do what hosts must not do."""

import threading

import pytest

from panfair.ontologies.record import Withdrawal
from panfair.site.config.settings import read_config
from panfair.site.doctor.address import examine_address, samples_of
from panfair.site.doctor.finding import Level
from panfair.site.serve.app import create_app
from support.records import TODAY
from support.servers.answering import answering
from support.serving import a_free_port, ask, serving
from support.site_run import SiteRun, numbered


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A site with an open and a withdrawn record, published for an address of this machine."""
    run = SiteRun(tmp_path_factory.mktemp("doctor"))
    run.path.write_text(run.path.read_text().replace("https://data.example.org", f"http://127.0.0.1:{a_free_port()}"))
    run.put(numbered(1), numbered(2))
    run.publish()
    run.put(numbered(1), numbered(2, withdrawal=Withdrawal(on=TODAY, reason="Wrong sample")))
    run.publish()
    return run


def at(run, base):
    """The configuration with another address."""
    text = run.path.read_text().replace(run.config.site.base_url, base)
    other = run.folder / "at-another-address.toml"
    other.write_text(text)
    return read_config(other)


def found(config, resolver="http://127.0.0.1:9"):
    return {(one.part, one.text): one.level for one in examine_address(config, resolver)}


def levels(findings, part):
    return {level for (of, _), level in findings.items() if of == part}


def test_a_site_behind_our_server_has_no_fault(run):
    config = run.config
    port = int(config.site.base_url.rpartition(":")[2])
    landing = samples_of(run.output / "www").landing

    def doi_agency(path, query, host):
        return 404, b"", "text/plain"

    with serving(create_app(config), port) as base, answering(doi_agency) as resolver:
        findings = found(config, resolver)
        assert ask(base, landing).status == 200
    assert Level.FAULT not in findings.values(), findings
    for part in ("address", "clock", "pages", "forms", "negotiation", "parts", "states", "privacy", "OAI-PMH"):
        assert levels(findings, part) == {Level.OK}, part
    assert levels(findings, "DOI") == {Level.LOOK}, "a DOI that nobody registered"
    assert sum(part == "states" for part, _ in findings) == 2, "a missing page and a tombstone"


def test_a_host_that_answers_everything_with_its_front_page_is_found_out(run):
    home = (run.output / "www/index.html").read_bytes()
    with answering(lambda path, query, host: (200, home, "text/html")) as base:
        findings = found(at(run, base), base)
    for part in ("forms", "states", "privacy", "OAI-PMH", "DOI"):
        assert Level.FAULT in levels(findings, part), part
    assert levels(findings, "address") == {Level.OK}


def test_a_host_that_serves_what_stands_beside_the_settings_is_told_what_can_be_fetched(run):
    def answer(path, query, host):
        return (200 if path == "/.panfair/ledger.sqlite" else 404), b"", "text/plain"

    with answering(answer) as base:
        findings = found(at(run, base))
    assert [text for part, text in findings if part == "privacy"] == [
        "/.panfair/ledger.sqlite can be fetched by anybody: serve output/www and no folder above it"
    ]


def test_a_host_that_does_not_answer_is_one_fault_and_nothing_more_is_asked(run):
    findings = found(at(run, f"http://127.0.0.1:{a_free_port()}"))
    assert list(findings.values()) == [Level.FAULT]


def test_a_name_that_leads_nowhere_is_said_before_anything_is_asked(run):
    before = threading.active_count()
    findings = found(at(run, "http://panfair.invalid"))
    assert [part for part, _ in findings] == ["address"] and "has no address" in str(findings)
    assert threading.active_count() == before


def test_rubbish_for_an_answer_costs_one_line(run):
    answers = {"/oai": (200, b"<OAI-PMH", "text/xml"), "/": (500, b"\xff", "")}
    with answering(lambda path, query, host: answers.get(path, (404, b"\x00" * 100, "a b c"))) as base:
        findings = found(at(run, base))
    assert Level.FAULT in levels(findings, "OAI-PMH") and Level.FAULT in levels(findings, "address")


@pytest.mark.parametrize(
    ("led", "level"), [("page", Level.OK), ("elsewhere", Level.LOOK), ("https://old.example.org/1", Level.FAULT)]
)
def test_a_doi_that_leads_elsewhere_is_found(run, led, level):
    """The resolver is made of the same host, which sends a DOI on to an address of its own or of another."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    sample = samples_of(run.output / "www")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            base = f"http://{self.headers['Host']}"
            to = {"page": base + sample.landing, "elsewhere": f"{base}/old/"}.get(led, led)
            is_doi = self.path == f"/{sample.doi}"
            self.send_response(302 if is_doi else 404)
            if is_doi:
                self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        base = f"http://127.0.0.1:{server.server_address[1]}"
        assert levels(found(at(run, base), base), "DOI") == {level}
    finally:
        server.shutdown()
        server.server_close()
