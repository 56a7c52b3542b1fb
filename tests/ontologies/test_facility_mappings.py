"""A facility's own tables of mappings: read in the forms that SSSOM has, asked first, refused with file and line."""

import csv
import logging

import pytest

from panfair.ontologies import mapping
from panfair.ontologies.errors import ConfigError, OntologyError
from panfair.ontologies.mapping import facility as facility_mappings
from panfair.ontologies.mapping import map_term
from panfair.ontologies.record import Technique
from panfair.site.config.settings import read_config
from support.gold_mappings import gold_of
from support.records import a_publication
from support.site_run import SiteRun

OURS = (
    "# curie_map:\n#   ours: https://example.org/methods/\n"
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\n"
    "ours:7\tBeam of many colours\tskos:exactMatch\tpanet:PaNET01196\tx-ray absorption spectroscopy\n"
    "ours:8\tTomo-cube\tskos:broadMatch\tpanet:PaNET01207\t\n"
    "ours:9\tSAXS\tskos:closeMatch\tpanet:PaNET01184\tx-ray scattering\n"
    "ours:10\tWhole\tskos:narrowMatch\tpanet:PaNET01188\t\n"
)


@pytest.fixture
def used(tmp_path):
    """Puts a table into use for one test."""

    def use(text, name="ours.sssom.tsv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        mapping.use([tmp_path / name])

    yield use
    mapping.use([])


@pytest.mark.parametrize(
    ("said", "term", "kind"),
    [
        ("beam of  many COLOURS", "PaNET01196", "exact"),
        ("ours:7", "PaNET01196", "exact"),
        ("https://example.org/methods/7", "PaNET01196", "exact"),
        ("Tomo‑Cube", "PaNET01207", "broad"),
        ("SAXS", "PaNET01184", "close"),
        ("Whole", None, "none"),
        ("PaNET:PaNET01188", "PaNET01188", "exact"),
    ],
)
def test_a_facilitys_words_mean_what_its_table_says(used, said, term, kind):
    used(OURS)
    found = map_term(said)
    assert (found.term and found.term.id, found.kind) == (term, kind)


def test_without_the_table_our_rules_are_back(used):
    used(OURS)
    assert map_term("SAXS").term.id == "PaNET01184"
    mapping.use([])
    assert map_term("SAXS").term.id == "PaNET01188"


def test_the_projects_own_tables_can_be_used_as_they_are(used, shared, tmp_path, caplog):
    caplog.set_level(logging.WARNING)
    folder = shared / "data/ontologies"
    gold = gold_of(folder / "PaNET-mapping_WFL.csv", 4)
    mapping.use([folder / "PaNET-mapping_WFL.csv"])
    wrong = {said for said, terms in gold.items() if map_term(said).term.id not in terms}
    assert wrong == set()
    assert map_term("https://www.wayforlight.eu/technique/1392").term.id == "PaNET01093"
    mapping.use([folder / "PaNET-mapping_IUCr.csv"])
    assert map_term("Multiwavelength anomalous diffraction (MAD)").term.id == "PaNET01165"
    left_out = [record.getMessage() for record in caplog.records]
    assert left_out and all("left out" in line and ".csv:" in line for line in left_out)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("panet:PaNET01196", "panet:PaNET99999", ":4: PaNET has no term panet:PaNET99999"),
        ("panet:PaNET01196", "ours:6", ":4: one of subject_id and object_id must be a PaNET term"),
        ("skos:broadMatch", "skos:relatedMatch", ":5: relatedMatch is no exact"),
        ("predicate_id", "predicate", "no column predicate_id"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_file_and_line(tmp_path, old, new, said):
    path = tmp_path / "ours.sssom.tsv"
    path.write_text(OURS.replace(old, new), encoding="utf-8")
    with pytest.raises(OntologyError) as refused:
        facility_mappings.read([path])
    assert said in str(refused.value) and "ours.sssom.tsv" in str(refused.value)


def test_two_mappings_that_differ_are_none(tmp_path, used):
    used(OURS + "ours:11\tTomo-cube\tskos:broadMatch\tpanet:PaNET01188\t\n")
    assert map_term("Tomo-cube").term is None


def test_a_record_that_the_source_says_again_is_mapped_anew_when_the_table_changes(tmp_path):
    one = a_publication(techniques=(Technique(said="Tomo-cube"),), datasets=())
    try:
        site = SiteRun(tmp_path, site='mappings = ["ours.sssom.tsv"]')
        site.put(one)
        (tmp_path / "ours.sssom.tsv").write_text(OURS.replace("Tomo-cube", "Something else"), encoding="utf-8")
        site.publish()
        assert b"panet01207" not in site.page(one)
        (tmp_path / "ours.sssom.tsv").write_text(OURS, encoding="utf-8")
        site.publish()
        assert b"panet01207" in site.page(one)
    finally:
        mapping.use([])


def test_the_configuration_names_the_tables(tmp_path):
    (tmp_path / "ours.csv").write_text(
        "\n".join(",".join(cells) for cells in csv.reader(OURS.splitlines(), delimiter="\t")), encoding="utf-8"
    )
    config = tmp_path / "panfair.toml"
    config.write_text(
        '[site]\ntitle = "T"\nbase_url = "https://data.example.org"\ncontact = "data@example.org"\n'
        'mappings = ["ours.csv"]\n[[source]]\nname = "s"\nkind = "records"\npath = "r.jsonl"\n',
        encoding="utf-8",
    )
    try:
        read_config(config)
        assert map_term("Tomo-cube").term.id == "PaNET01207"
        (tmp_path / "ours.csv").unlink()
        with pytest.raises((ConfigError, OntologyError), match=r"ours\.csv"):
            read_config(config)
    finally:
        mapping.use([])
