"""The README's walk-through for a new technique works as it stands there."""

import re
from pathlib import Path

from panfair.builders.technique_summary import blocks, column_cell, step_words, technique_columns
from panfair.ontologies import techniques
from panfair.ontologies.record import Parameter, Technique
from records import a_dataset

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_readmes_technique_file_gives_summary_column_and_step(tmp_path):
    (text,) = re.findall(r"```toml\n(technique = .*?)```", README, re.DOTALL)
    (tmp_path / "birefringence.toml").write_text(text, encoding="utf-8")
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
