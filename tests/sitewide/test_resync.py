"""The published site against the client of ResourceSync's authors: it finds, copies and follows every record."""

import pytest
from lxml import etree
from resync.client import Client

from panfair.site.serve.app import create_app
from support.serving import a_free_port, serving
from support.site_run import SiteRun, numbered


@pytest.fixture
def published(tmp_path, monkeypatch):
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path)  # the client keeps its state beside itself
    run, port = SiteRun(tmp_path / "site"), a_free_port()
    run.path.write_text(run.path.read_text().replace("https://data.example.org", f"http://127.0.0.1:{port}"))
    run.put(*map(numbered, range(4)))
    run.publish()
    with serving(create_app(run.config), port) as base:
        yield run, base


def _client(base, copy):
    client = Client()
    client.set_mappings([base, str(copy)])
    return client


def _copied(copy):
    return {path.parent.name: path.read_bytes() for path in copy.rglob("datacite.xml")}


def test_a_client_copies_every_record_and_follows_what_changes(published, tmp_path):
    run, base = published
    copy = tmp_path / "copy"
    copy.mkdir()
    client = _client(base, copy)
    client.baseline_or_audit()
    assert set(_copied(copy)) == {numbered(n).doi.key.partition("/")[2] for n in range(4)}
    for body in _copied(copy).values():
        assert etree.fromstring(body).tag == "{http://datacite.org/schema/kernel-4}resource"
    run.put(numbered(0, title="Another title"), numbered(1), numbered(2), numbered(4))
    run.publish(accept_shrink=True)
    again = _client(base, copy)
    again.baseline_or_audit(allow_deletion=True)
    found = _copied(copy)
    assert set(found) == {numbered(n).doi.key.partition("/")[2] for n in (0, 1, 2, 4)}
    assert b"Another title" in found[numbered(0).doi.key.partition("/")[2]]
