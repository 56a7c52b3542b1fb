"""`panfair ontology update` makes a table that a site can use, or refuses and leaves the old one."""

from click.testing import CliRunner

from panfair.ontologies import panet
from panfair.site.cli.main import main
from panfair.site.config.settings import read_config

CONFIG = """
[site]
title = "T"
base_url = "https://data.example.org"
contact = "data@example.org"
panet = "{table}"

[[source]]
name = "s"
kind = "records"
path = "r.jsonl"
"""


def test_a_release_becomes_a_table_that_the_site_reads(shared, tmp_path):
    table = tmp_path / "ours.ttl"
    owl = shared / "data/ontologies/PaNET.owl"
    result = CliRunner().invoke(main, ["ontology", "update", str(owl), "--output", str(table)])
    assert result.exit_code == 0, result.output
    assert "techniques" in result.output and '[site] panet = "ours.ttl"' in result.output
    (tmp_path / "panfair.toml").write_text(CONFIG.format(table="ours.ttl"), encoding="utf-8")
    try:
        config = read_config(tmp_path / "panfair.toml")
        assert config.portal.panet == table
        assert panet.load() is panet.load_table(table)
    finally:
        panet.use(panet.TABLE)
    assert panet.load() is panet.load_table(panet.TABLE)


def test_a_file_that_is_no_ontology_is_refused_and_the_old_table_stays(tmp_path):
    table, rubbish = tmp_path / "ours.ttl", tmp_path / "rubbish.owl"
    table.write_text("old", encoding="utf-8")
    rubbish.write_text("<rdf:RDF", encoding="utf-8")
    result = CliRunner().invoke(main, ["ontology", "update", str(rubbish), "--output", str(table)])
    assert result.exit_code == 2
    assert "rubbish.owl" in result.output
    assert table.read_text(encoding="utf-8") == "old"


def test_a_table_that_is_not_there_is_refused_by_name(tmp_path):
    (tmp_path / "panfair.toml").write_text(CONFIG.format(table="none.ttl"), encoding="utf-8")
    result = CliRunner().invoke(main, ["publish", "--config", str(tmp_path / "panfair.toml")])
    assert result.exit_code == 2
    assert "none.ttl" in result.output
