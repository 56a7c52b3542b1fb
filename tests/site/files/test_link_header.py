"""Tests of site/files/link_header.py: what a proxy can carry, and what a machine cannot do without."""

import subprocess
import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies.record import File
from panfair.site.files.link_header import link_header
from panfair.site.serve.app import create_app
from support.nginx import program
from support.records import a_dataset
from support.serving import a_free_port, ask, serving
from support.site_run import SiteRun, numbered

PAGE = "https://data.example.org/doi/10.99999/example-1/"
ROOM = 3_500
"""Bytes of the whole line that a proxy with nginx's own defaults still carries beside our other headers."""


def _linkset(**relations: list[str]) -> bytes:
    context = {"anchor": PAGE, "cite-as": [{"href": "https://doi.org/10.99999/EXAMPLE-1"}]}
    context |= {name: [{"href": href, "type": "text/plain"} for href in hrefs] for name, hrefs in relations.items()}
    return orjson.dumps({"linkset": [context]})


@given(
    st.dictionaries(
        st.sampled_from(["item", "author", "describedby", "license", "collection", "type"]),
        st.lists(st.integers(0, 400).map(lambda n: "https://data.example.org/" + "a" * n), max_size=40),
    )
)
@settings(max_examples=100, deadline=None)
def test_no_linkset_makes_a_header_that_is_too_long_or_loses_the_doi_or_the_linkset(relations):
    header = link_header(_linkset(**relations), PAGE)
    assert len(b"Link: " + header) < ROOM
    assert b'<https://doi.org/10.99999/EXAMPLE-1>;rel="cite-as"' in header
    assert f'<{PAGE}linkset.json>;rel="linkset"'.encode() in header


def test_files_go_before_people_and_people_before_forms():
    many = {name: [f"https://data.example.org/{name}/{n:060}" for n in range(18)] for name in ("item", "author")}
    header = link_header(_linkset(**many, describedby=[PAGE + "datacite.xml"]), PAGE)
    assert header.count(b'rel="author"') == 18 and 0 < header.count(b'rel="item"') < 18
    assert header.count(b'rel="describedby"') == 1


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory):
    """A server with records of many long file names, behind an nginx that nobody has configured."""
    files = tuple(
        File(name=f"{n:03}.h5", url=f"https://data.example.org/{'folder/' * 20}{n:03}.h5", size_bytes=1)
        for n in range(25)
    )
    run = SiteRun(tmp_path_factory.mktemp("links"))
    run.put(numbered(1, datasets=(a_dataset(files=files),)), numbered(2))
    run.publish()
    folder, port = tmp_path_factory.mktemp("nginx"), a_free_port()
    temporary = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    with serving(create_app(run.config)) as base:
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; "
            f"location / {{ proxy_pass {base}; }} }} }}\n"
        )
        process = subprocess.Popen([program(), "-p", str(folder), "-c", str(folder / "nginx.conf")])
        try:
            for _ in range(200):
                try:
                    ask(f"http://127.0.0.1:{port}", "/robots.txt")
                    break
                except ConnectionRefusedError:
                    assert process.poll() is None
                    time.sleep(0.02)
            yield f"http://127.0.0.1:{port}", base
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.mark.parametrize("number", [1, 2])
def test_a_page_comes_through_a_proxy_as_it_is_with_all_that_names_it(behind_a_proxy, number):
    proxy, base = behind_a_proxy
    page = f"/{numbered(number).doi.page.strip('/')}/"
    through, itself = ask(proxy, page), ask(base, page)
    assert (through.status, itself.status) == (200, 200)
    assert through.headers["link"] == itself.headers["link"]
    assert len("Link: " + through.headers["link"]) < ROOM
    assert through.headers["link"].count('rel="describedby"') >= 10
