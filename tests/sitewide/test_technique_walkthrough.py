"""The walk-through for a new technique in docs/pages.md works as it stands there."""

import re

from click.testing import CliRunner
from starlette.testclient import TestClient

from panfair.builders.techniques.summary import blocks, column_cell, step_words, technique_columns
from panfair.ontologies import techniques
from panfair.ontologies.record import Parameter, Technique
from panfair.site.cli.main import main
from panfair.site.serve.app import create_app
from support.house import ROOT
from support.records import a_dataset, a_publication
from support.site_run import SiteRun

PAGE = (ROOT / "docs/pages.md").read_text(encoding="utf-8")


_CRYO_ET = PAGE.partition("### The same, from nothing")[2].partition("\n## ")[0]
TOML = "".join(re.findall(r"```toml\n(technique = .*?)```", PAGE, re.DOTALL))


def test_the_pages_technique_file_gives_summary_column_and_step(tmp_path):
    (tmp_path / "birefringence.toml").write_text(TOML, encoding="utf-8")
    profiles = techniques.load(tmp_path)
    technique = Technique(said="x", iri="http://purl.org/pan-science/PaNET/PaNET01327")
    found = profiles.of_all([technique])
    assert [profile.label for profile in found] == ["X-ray birefringence imaging"]
    raw = a_dataset(
        kind="raw",
        parameters=(
            Parameter(name="beam_energy", value=8048.0, unit="eV"),
            Parameter(name="analyser_angle", value=44.5, unit="deg"),
        ),
    )
    (block,) = blocks(found, [raw])
    assert [(label, cell.words) for label, cell in block.lines] == [
        ("Energy", "8.048 keV (1.5406 Å)"),
        ("Analyser angle", "44.5 deg"),
    ]
    assert [column_cell(profile, entry, raw).words for profile, entry in technique_columns(found)] == ["44.5 deg"]
    assert step_words(found, raw) == "Images"
    fitted = a_dataset(kind="processed", parameters=(Parameter(name="fit_quality", value=1),))
    assert step_words(found, fitted) == "Birefringence map"


def test_with_the_pages_file_summary_column_facet_range_and_page_appear_on_the_site(tmp_path):
    (tmp_path / "techniques").mkdir()
    (tmp_path / "techniques" / "birefringence.toml").write_text(TOML, encoding="utf-8")
    parameters = (
        Parameter(name="beam_energy", value=8048.0, unit="eV"),
        Parameter(name="analyser_angle", value=44.5, unit="deg"),
        Parameter(name="analyser_crystal", value="Si 555"),
    )
    technique = Technique(said="PaNET:PaNET01327")
    one = a_publication(
        techniques=(technique,),
        datasets=(a_dataset(kind="raw", techniques=(technique,), parameters=parameters),),
    )
    site = SiteRun(tmp_path, site='techniques = "techniques"')
    site.put(one)
    try:
        assert not site.publish().failed
        landing = site.page(one).decode()
        assert ">X-ray birefringence imaging</h2>" in landing and "8.048 keV" in landing
        assert re.search(r"<th[^>]*>Analyser angle</th>", landing) and "44.5 deg" in landing
        technique_page = (site.output / "www/techniques/panet01327/index.html").read_text(encoding="utf-8")
        assert "Analyser crystal" in technique_page and "Birefringence map" in technique_page
        with TestClient(create_app(site.config)) as client:
            found = client.get("/api/search", params={"q": "birefringence energy:8..9keV"}).json()
        assert found["total"] == 1
        assert [one["value"] for one in found["facets"]["detail"]] == ["Analyser crystal: Si 555"]
    finally:
        techniques.use(None)


def test_who_follows_the_page_for_cryo_electron_tomography_has_pages_of_it(tmp_path):
    """Three files as the page shows them, and the command that it names."""
    listings = re.findall(r"^```(toml|json)\n(.*?)^```", _CRYO_ET, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _text in listings] == ["toml", "toml", "json"]
    (tmp_path / "techniques").mkdir()
    for name, (_kind, text) in zip(("panfair.toml", "techniques/cryoet.toml", "cryoet.jsonl"), listings, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    try:
        done = CliRunner().invoke(main, ["publish", "--config", str(tmp_path / "panfair.toml")])
        assert done.exit_code == 0, done.output
        folder = tmp_path / "output/www/doi/10.5072/tilt-series-1"
        landing = (folder / "index.html").read_text(encoding="utf-8")
        assert ">Cryo-electron tomography at CM02</h2>" in landing
        for words in ("-60.0 deg", "300 kV", "1.35 Å", "12.4 pixel", "3.52 µm", "6.8 Å"):
            assert words.replace("-", "−") in landing or words in landing, words
        assert re.search(r"<th[^>]*>Defocus</th>", landing)
        steps = [page.read_text(encoding="utf-8") for page in sorted((folder / "datasets").glob("*/index.html"))]
        for step in ("Tilt", "Motion correction", "CTF"):
            assert sum(f">{step}</span>" in page for page in steps) == 1, step
    finally:
        techniques.use(None)
