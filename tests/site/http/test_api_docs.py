"""The page of an API runs no script but its own, and sends nothing to anybody."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from panfair.site.http.api_docs import add_api_docs


@pytest.fixture(scope="module")
def client():
    app = FastAPI(title="A <made-up> API", docs_url=None, redoc_url=None)
    add_api_docs(app, "/api/docs")
    return TestClient(app)


def test_the_page_names_nothing_of_another_host_and_every_file_it_names_is_here(client):
    page = client.get("/api/docs")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert "A &lt;made-up&gt; API" in page.text and not re.search(r"(?:https?:)?//", page.text.replace("<!doctype", ""))
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=", page.text), "a script inside the page"
    named = [address for address in re.findall(r'(?:src|href)="([^"]+)"', page.text) if address != "data:,"]
    assert len(named) == 4
    for address in named:
        assert client.get(address).status_code == 200, address


def test_the_files_are_sent_as_gzip_to_who_takes_it(client):
    address = "/api/docs/swagger-ui-bundle.js"
    plain, zipped = (client.get(address, headers={"Accept-Encoding": way}) for way in ("identity", "gzip"))
    assert plain.content == zipped.content and b"SwaggerUIBundle" in plain.content
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert "validatorUrl: null" in client.get("/api/docs/start.js").text
