"""A page is the same, with the same links, from `panfair serve`, from nginx, and from `python -m http.server`."""

import subprocess
import sys
import time
from urllib.parse import urljoin, urlsplit

import pytest

from panfair.site.serve.app import create_app
from support.every_state import (
    ALL_VERSIONS,
    BY_NAME,
    DRAFT,
    EMBARGOED,
    NEW,
    OLD,
    OPEN,
    RESTRICTED,
    TAPE,
    WITHDRAWN,
    every_state,
)
from support.house import ROOT
from support.nginx import filled, nginx
from support.page_checks import links_of, parsed
from support.serving import a_free_port, ask, serving

_ANSWERED = ("/search", "/api/", "/oai", "/openapi.json")
"""What a server answers and no file does; a page that leads there has a form or a word beside it that does without."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return every_state(tmp_path_factory.mktemp("three"), "citation")


@pytest.fixture(scope="module")
def servers(run, tmp_path_factory):
    """The addresses of the three."""
    with serving(create_app(run.config)) as ours:
        text = filled((ROOT / "docs" / "nginx.conf").read_text(), ("127.0.0.1:8000", ours.removeprefix("http://")))
        with nginx(text, run, tmp_path_factory) as front:
            port = a_free_port()
            command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
            plain = subprocess.Popen(
                [*command, "--directory", str(run.output / "www")], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            try:
                for _ in range(250):
                    try:
                        ask(f"http://127.0.0.1:{port}", "/robots.txt")
                        break
                    except ConnectionRefusedError:
                        time.sleep(0.02)
                yield ours, front, f"http://127.0.0.1:{port}"
            finally:
                plain.terminate()
                plain.wait(10)


def _kinds(run) -> list[str]:
    """A page of every kind, and the files that are not pages."""
    www = run.output / "www"
    pages = [path.relative_to(www) for path in sorted(www.rglob("*.html"))]
    shelves = {page.parts[0]: page for page in reversed(pages) if page.parts[0] != "doi"}
    deeper = {page.parts[0]: page for page in reversed(pages) if page.parts[0] != "doi" and len(page.parts) > 2}
    paths = {f"/{page}".removesuffix("index.html") for page in (*shelves.values(), *deeper.values())}
    for doi in (OPEN, EMBARGOED, RESTRICTED, BY_NAME, DRAFT, WITHDRAWN, TAPE, OLD, NEW, ALL_VERSIONS):
        paths |= {doi.page} | {doi.page + path.name for path in (www / "doi" / doi.path).iterdir() if path.is_file()}
    paths |= {f"{OPEN.page}datasets/{path.name}/" for path in (www / "doi" / OPEN.path / "datasets").iterdir()}
    return sorted(paths | {"/", "/404.html", "/robots.txt", "/sitemap.xml", "/feeds/all.atom"})


def test_pages_of_every_kind_are_the_same_from_all_three(servers, run):
    paths = [path for path in _kinds(run) if not path.startswith(_ANSWERED)]
    assert len(paths) > 60
    for path in paths:
        replies = [ask(base, path) for base in servers]
        assert len({reply.body for reply in replies}) == 1, path
        gone = path == WITHDRAWN.page
        # A plain file host cannot say that something is gone; the page says it.
        assert [reply.status for reply in replies] == ([410, 410, 200] if gone else [200, 200, 200]), path


def test_every_link_of_every_page_leads_to_the_same_on_all_three(servers, run):
    targets = set()
    for path in _kinds(run):
        if path.endswith(("/", ".html")) and not path.startswith(_ANSWERED):
            told = [links_of(parsed(ask(base, path).body)) for base in servers]
            assert told[0] == told[1] == told[2], path
            targets |= {urlsplit(urljoin(path, link)).path for link in told[0]}
    for target in sorted(targets):
        if not target.startswith(_ANSWERED):
            bodies = set()
            for base in servers:
                reply = ask(base, target)
                if reply.status == 301:
                    reply = ask(base, urlsplit(reply.headers["location"]).path)
                assert reply.status in (200, 410), (base, target, reply.status)
                bodies.add(reply.body)
            assert len(bodies) == 1, target
