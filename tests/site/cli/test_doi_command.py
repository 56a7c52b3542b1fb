"""`panfair doi`: a site's DOIs at DataCite, from the first run on through all that happens to a record."""

from contextlib import contextmanager
from datetime import date

import pytest
from click.testing import CliRunner

from panfair.ontologies.record import Withdrawal
from panfair.site.cli.main import main
from panfair.site.registrar.table import alone
from panfair.site.serve.app import create_app
from support.records import TODAY
from support.servers.doi_registry import Registry, serving_registry
from support.serving import a_free_port, serving
from support.site_run import SiteRun, numbered

_REGISTRAR = """
[registrar]
account = "EPS.DATA"
prefix = "10.99999"
url = "{url}"
requests = 3000
"""
_CLOSED = {"title": "vorpalclosed", "release_date": date(2031, 1, 1), "publication_date": None}


def _doi(site, *arguments):
    command = ["doi", *arguments, "--config", str(site.path)]
    return CliRunner().invoke(main, command, env={"DATACITE_PASSWORD": Registry().password})


def _moved_to(site, url):
    text = site.path.read_text()
    old = text.split('base_url = "')[1].split('"')[0]
    site.path.write_text(text.replace(old, url))


@contextmanager
def _standing(site):
    """The site served at its base_url, on a new port of its own."""
    port = a_free_port()
    _moved_to(site, f"http://127.0.0.1:{port}")
    assert site.publish(accept_shrink=True).all_well
    with serving(create_app(site.config), port) as url:
        yield url


@pytest.fixture
def registry():
    return Registry(prefixes=("10.99999",))


@pytest.fixture
def site(tmp_path, registry):
    with serving_registry(registry) as url:
        made = SiteRun(tmp_path / "site", ["made-up"], tables=_REGISTRAR.format(url=url))
        made.put(numbered(1), numbered(2), numbered(3, **_CLOSED))
        yield made


def test_what_happens_to_records_happens_to_their_dois_and_no_closed_word_is_sent(site, registry):
    with _standing(site) as url:
        before = _doi(site, "sync", "--dry-run")
        assert before.exit_code == 1 and registry.writes() == []
        assert "10.99999/example-1: DataCite does not have it; here it is findable: reserve" in before.output
        told = _doi(site, "sync")
        assert told.output == "2 made findable; 3 reserved; 0 as they should be\n", told.output
        assert told.exit_code == 0
        states = {doi: one["state"] for doi, one in registry.dois.items()}
        assert states == {
            "10.99999/example-1": "findable",
            "10.99999/example-2": "findable",
            "10.99999/example-3": "draft",
        }
        assert registry.dois["10.99999/example-1"]["url"] == f"{url}/doi/10.99999/example-1/"
        status = _doi(site, "status")
        assert (status.exit_code, status.output) == (0, "0 differ, 3 are as they should be\n")
        gone = Withdrawal(on=TODAY, reason="Wrong sample")
        site.put(numbered(1, title="Other foam"), numbered(2, withdrawal=gone), numbered(3, **_CLOSED))
        site.publish(accept_shrink=True)
        assert _doi(site, "sync").output == "1 hidden; 1 updated; 1 as they should be\n"
        assert registry.dois["10.99999/example-1"]["titles"][0]["title"] == "Other foam"
        hidden = registry.dois["10.99999/example-2"]
        assert (hidden["state"], hidden["reason"]) == ("registered", "Wrong sample")
    waits = _doi(site, "sync")
    assert waits.exit_code == 0, "a site that is down and has not changed is not asked"
    with _standing(site) as moved:
        assert _doi(site, "sync").output == "2 updated; 1 as they should be\n"
        assert registry.dois["10.99999/example-1"]["url"].startswith(moved)
        assert registry.dois["10.99999/example-2"]["url"].startswith(moved)
    assert b"vorpalclosed" not in bytes(registry.words)


def test_one_doi_may_be_told_alone_and_a_strange_one_is_shown_and_may_be_deleted(site, registry):
    registry.dois["10.99999/nobody"] = {"doi": "10.99999/nobody", "state": "draft", "url": None, "registered": None}
    with _standing(site):
        assert _doi(site, "sync", "10.99999/EXAMPLE-1").output.startswith("1 made findable; 1 reserved")
        assert set(registry.dois) == {"10.99999/nobody", "10.99999/example-1"}
        shown = _doi(site, "status").output
        assert "10.99999/nobody: DataCite has it draft; here nobody knows it" in shown
        assert "2 differ, 1 are as they should be" in shown
        assert "is the DOI of a record here" in _doi(site, "delete", "10.99999/example-3").output
        assert _doi(site, "delete", "10.99999/nobody").exit_code == 0
        assert "10.99999/nobody" not in registry.dois
        assert "none of the DOIs" in _doi(site, "sync", "10.99999/else").output


def test_nothing_is_told_without_a_password_or_to_datacite_itself_for_a_site_of_examples(site, registry):
    command = ["doi", "sync", "--config", str(site.path)]
    missing = CliRunner().invoke(main, command, env={"DATACITE_PASSWORD": ""})
    assert "DATACITE_PASSWORD is not set" in missing.output and missing.exit_code == 2
    url = site.config.registrar.url
    site.path.write_text(site.path.read_text().replace(url, "https://api.datacite.org"))
    refused = _doi(site, "sync")
    assert "https://data.example.org is where nobody else gets to" in refused.output and refused.exit_code == 2
    site.path.write_text(
        site.path.read_text().split("[registrar]")[0] + '[[source]]\nname="a"\nkind="records"\npath="a"\n'
    )
    assert "no table [registrar]" in _doi(site, "status").output
    assert registry.log == []


def test_two_syncs_at_once_are_one(site):
    with alone(site.config.state / "registrar.sqlite"):
        refused = _doi(site, "sync")
    assert "another `panfair doi sync` is at work" in refused.output and refused.exit_code == 2
