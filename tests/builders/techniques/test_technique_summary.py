"""A technique's summary shows what its file names, in its unit, and says what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.techniques.summary import blocks, column_cell, shown_value, step_words, technique_columns
from panfair.ontologies import techniques
from panfair.ontologies.record import Parameter
from panfair.ontologies.techniques import read_profile
from support.records import a_dataset, a_publication
from support.strategies import datasets

MX = read_profile(techniques.FOLDER / "macromolecular_crystallography.toml")
NEUTRONS = read_profile(techniques.FOLDER / "neutron_diffraction.toml")
CRYO = read_profile(techniques.FOLDER / "cryo_electron_tomography.toml")


def _shown(label, profile=MX, **parameter):
    return shown_value(profile.entry(label), Parameter(**parameter), profile)


def test_a_value_stands_in_the_files_unit_and_the_written_one_is_said():
    shown = _shown("Detector distance", name="MX_detectorDistance", value=0.2503, unit="m")
    assert shown.words == "250.3 mm"
    assert shown.written == "MX_detectorDistance = 0.2503 m"


def test_a_photons_wavelength_is_told_from_its_energy():
    assert _shown("Wavelength", name="energy", value=12398.42, unit="eV").words == "1.0000 Å (12.398 keV)"


def test_a_neutrons_energy_is_not_a_photons():
    shown = shown_value(NEUTRONS.entry("Wavelength"), Parameter(name="wavelength", value=1.8, unit="Å"), NEUTRONS)
    assert shown.words == "1.800 Å (25.25 meV)"


def test_a_number_kept_as_text_is_a_number():
    assert _shown("Resolution", name="MX_resolution", value="1.8").words == "1.80 Å"


def test_an_unknown_unit_is_shown_as_it_was_written():
    assert _shown("Resolution", name="resolution", value=3.0, unit="furlongs per pixie").words == "3 furlongs per pixie"


def test_a_unit_of_the_wrong_kind_is_shown_as_it_was_written():
    assert _shown("Flux", name="flux", value=3.0, unit="kg").words == "3 kg"


def test_a_small_number_is_never_rounded_to_nothing():
    assert _shown("R merge", name="R merge", value=0.00004).words == "4 × 10⁻⁵"


def test_words_of_many_datasets_become_a_range_in_one_unit():
    parts = [
        a_dataset(parameters=(Parameter(name="resolution", value=number, unit=unit),))
        for number, unit in ((1.5, "Å"), (0.21, "nm"))
    ]
    (block,) = blocks((MX,), parts)
    assert [(label, cell.words) for label, cell in block.lines] == [("Resolution", "1.50 to 2.10 Å")]
    assert block.used == {"resolution"}


def test_a_technique_whose_parameters_nobody_gives_has_no_block():
    assert blocks((MX, CRYO), [a_dataset(parameters=())]) == ()


def test_the_tables_columns_are_those_that_the_files_name():
    assert [entry.label for _, entry in technique_columns((MX,))] == list(MX.datasets.columns)
    dataset = a_dataset(parameters=(Parameter(name="space_group", value="P 21 21 21"),))
    cells = {entry.label: column_cell(profile, entry, dataset).words for profile, entry in technique_columns((MX,))}
    assert cells["Space group"] == "P 21 21 21"
    assert cells["Resolution"] == ""


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("EMMotionCorrection_total_motion", "Motion correction"),
        ("EMCTF_avg_defocus", "CTF estimation"),
        ("EMReconstruction3D_resolution", "Reconstruction"),
    ],
)
def test_a_processed_dataset_is_named_by_its_step(name, step):
    assert step_words((CRYO,), a_dataset(kind="processed", parameters=(Parameter(name=name, value=1.0),))) == step


@given(st.lists(datasets, max_size=4) if not callable(datasets) else st.lists(datasets(), max_size=4))
def test_every_dataset_can_be_summed_up_by_every_file(parts):
    for block in blocks(techniques.load().all, parts):
        assert block.lines and all(cell.words for _, cell in block.lines)
        assert block.used <= {parameter.name for part in parts for parameter in part.parameters}


def test_a_publications_own_parameters_count_too():
    publication = a_publication(parameters=(Parameter(name="MX_flux", value=1.2e12, unit="photons/s"),), datasets=())
    (block,) = blocks((MX,), [publication])
    assert block.lines[0][1].words == "1.2 × 10¹² photons/s"
