"""`panfair harvest --show`: of every kind of source the document, the record, the verdict, and what would change it."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from panfair.ontologies.embargo import GatePolicy, why_closed
from panfair.ontologies.record import Restriction
from panfair.site.cli.main import main
from panfair.site.run.verdicts.releasing import field_for
from panfair.site.run.verdicts.show import show
from support.records import TODAY, a_dataset, a_publication
from support.servers.datacite import document
from support.servers.icat import IcatWorld, icat_serving
from support.servers.oai_provider import Item, Provider
from support.servers.oai_provider import served as oai_served
from support.site_run import SiteRun, numbered


def _shown(site: SiteRun, *options: str):
    return CliRunner().invoke(main, ["harvest", "--config", str(site.path), "--show", "3", *options])


def test_the_document_the_record_and_the_verdict_stand_together(tmp_path):
    site = SiteRun(tmp_path)
    closed = a_dataset(id="ds-2", public=False)
    site.put(numbered(1, datasets=(a_dataset(), closed)), numbered(2, release_date=date(2090, 1, 1)))
    done = _shown(site)
    assert done.exit_code == 0, done.output
    assert "open since 2026-06-01; 1 of its 2 datasets are held back" in done.output
    assert "held back because its day has not come (it opens on 2090-01-01); what would release it" in done.output
    assert done.output.count("─── what the catalogue says") == done.output.count("─── what panfair read") == 2
    assert not (tmp_path / ".panfair/harvest").exists()


def test_one_record_is_found_by_its_doi_in_any_case_or_by_its_key(tmp_path):
    site = SiteRun(tmp_path)
    site.put(*(numbered(n) for n in range(5)))
    for key in ("10.99999/example-3", "inv-3"):
        done = _shown(site, "--source", "made-up", "--key", key)
        assert done.output.count("═══") == 1 and "number3" in done.output
    done = _shown(site, "--key", "inv-9")
    assert done.exit_code == 1 and "no record is of that key" in done.output


def test_a_refused_record_is_shown_with_the_reason(tmp_path):
    site = SiteRun(tmp_path)
    (tmp_path / "made-up.jsonl").write_text('{"source_id": "odd-1", "title": "Foam"}\n')
    done = _shown(site)
    assert "═══ made-up: odd-1" in done.output and "refused a value cannot be read: doi" in done.output
    assert '"title": "Foam"' in done.output


def test_what_cannot_be_is_said(tmp_path):
    site = SiteRun(tmp_path)
    site.put(numbered(1))
    assert "there is no source called 'theirs'; there are: made-up" in _shown(site, "--source", "theirs").output
    done = CliRunner().invoke(main, ["harvest", "--config", str(site.path), "--key", "inv-1"])
    assert done.exit_code == 2 and "--show" in done.output


def _of_kind(folder, table: str) -> list[tuple[str, ...]]:
    site = SiteRun(folder, tables=f'[[source]]\nname = "one"\nextra = 1\n{table}'.replace("extra = 1\n", ""))
    return list(show(site.config, 2, TODAY))


def test_every_kind_shows_what_its_catalogue_says(tmp_path, shared):
    shown = {}
    dump = shared / "data/icat/icatdump-6.2.yaml"
    shown["dump"] = _of_kind(tmp_path / "a", f'kind = "dump"\npath = "{dump}"\nlicence = "CC0-1.0"\n')
    scicat = shared / "data/scicat/PublishedData.json"
    shown["scicat"] = _of_kind(tmp_path / "b", f'kind = "dump"\npath = "{scicat}"\n')
    (tmp_path / "dois.json").write_text(json.dumps([document(1), document(2)]))
    shown["datacite"] = _of_kind(tmp_path / "c", f'kind = "datacite"\npath = "{tmp_path / "dois.json"}"\n')
    with oai_served(Provider([Item("oai:e:1", "2024-01-01T00:00:00Z", b"<odd>Zebrafish</odd>")])) as url:
        shown["oai"] = _of_kind(tmp_path / "d", f'kind = "oai"\nurl = "{url}"\n')
    with icat_serving(IcatWorld(dump)) as url:
        shown["icat"] = _of_kind(tmp_path / "e", f'kind = "icat"\nurl = "{url}"\nplugin = "anon"\n')
    for kind, records in shown.items():
        assert records, kind
        assert all("─── what the catalogue says" in lines for lines in records), kind
    assert any("Zebrafish" in line for line in shown["oai"][0])


@pytest.mark.parametrize("kind", ["icat", "icatplus", "scicat", "datacite", "oai", "records", "theirs"])
@pytest.mark.parametrize(
    "closing",
    [
        {"release_date": None, "publication_date": None},
        {"release_date": date(2090, 1, 1)},
        {"registered": False},
        {"public": False},
        {"public": False, "release_date": None, "publication_date": None},
        {"restriction": Restriction()},
        {"rights": [{"said": "under embargo"}]},
    ],
)
def test_for_every_reason_of_the_gate_every_kind_names_what_would_release_the_record(kind, closing):
    assert field_for(why_closed(a_publication(**closing), GatePolicy()), kind)
