"""Technique files: ours are right, a facility's are used or refused with file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies import panet, techniques
from panfair.ontologies.errors import OntologyError
from panfair.ontologies.record import Parameter, Technique
from panfair.ontologies.techniques import found_parameter, keyed, parameter_key, read_profile
from support.records import a_dataset

PANET = "http://purl.org/pan-science/PaNET/"

GOOD = """# A made-up technique
technique = "PaNET01136"
label = "Diffraction imaging"
probe = "photon"

[[summary]]
label = "Energy"
from = ["beam energy", "energy"]
unit = "keV"
digits = 2

[datasets]
columns = ["Energy"]

[[step]]
label = "Scan"
kind = "raw"

[[step]]
label = "Fit"
marks = ["fit_*"]
after = ["Scan"]
"""


def _write(folder: Path, text: str, name: str = "ours.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _found(said: str, id: str = "", folder: Path | None = None) -> str | None:
    profile = techniques.load(folder).of(Technique(said=said, iri=PANET + id if id else None))
    return profile.label if profile else None


def test_every_technique_of_the_plan_has_its_file():
    labels = {profile.label for profile in techniques.load().all}
    assert labels >= {
        "Macromolecular crystallography",
        "Small-angle X-ray scattering",
        "Wide-angle X-ray scattering",
        "X-ray absorption spectroscopy",
        "X-ray fluorescence mapping",
        "Tomography",
        "Cryo-electron microscopy",
        "Cryo-electron tomography",
        "Powder diffraction",
        "Ptychography",
        "Holography",
        "Serial crystallography",
        "Neutron diffraction",
        "Small-angle neutron scattering",
        "X-ray imaging",
    }


@pytest.mark.parametrize("path", sorted(techniques.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_our_own_files_agree_with_panet_nexus_and_the_units(path):
    profile = read_profile(path)
    assert profile.summary
    assert profile.technique is None or panet.load().term(profile.technique).is_technique
    assert {step.kind for step in profile.step} >= {"raw"}


def test_a_file_holds_for_narrower_terms_without_their_own():
    assert _found("x", "PaNET01307") == "Macromolecular crystallography"
    assert _found("x", "PaNET01100") == "Neutron diffraction"
    assert _found("x", "PaNET01277") == "Small-angle neutron scattering"
    assert _found("x", "PaNET01310") == "Serial crystallography"


def test_a_term_outside_panet_is_found_by_its_name():
    assert _found("Cryo-ET") == "Cryo-electron tomography"
    assert _found("biosaxs") == "Small-angle X-ray scattering"
    assert _found("reading tea leaves") is None


@given(st.text())
def test_a_parameters_key_is_the_same_again_and_blind_to_case(name):
    assert parameter_key(parameter_key(name)) == parameter_key(name)
    assert parameter_key(f" {name}_-") == parameter_key(name)


def test_the_first_name_that_a_dataset_has_gives_the_value():
    profile = read_profile(techniques.FOLDER / "macromolecular_crystallography.toml")
    parameters = keyed([Parameter(name="energy", value=12.0, unit="keV"), Parameter(name="MX_wavelength", value=1.0)])
    found = found_parameter(profile.entry("Wavelength"), parameters)
    assert found is not None and found.name == "MX_wavelength"


def test_the_step_of_a_dataset_is_the_last_one_whose_marks_it_bears(tmp_path):
    profile = read_profile(_write(tmp_path, GOOD))
    raw = a_dataset(kind="raw", parameters=())
    fitted = a_dataset(kind="processed", parameters=(Parameter(name="fit_quality", value=1),))
    assert profile.step_of(raw).label == "Scan"
    assert profile.step_of(fitted).label == "Fit"
    assert profile.step_of(a_dataset(kind="processed", parameters=())) is None


def test_a_facilitys_file_is_added_to_ours(tmp_path):
    _write(tmp_path, GOOD)
    assert _found("x", "PaNET01136", tmp_path) == "Diffraction imaging"
    assert _found("x", "PaNET01164", tmp_path) == "Macromolecular crystallography"


def test_a_facilitys_file_replaces_ours_of_the_same_technique(tmp_path):
    _write(tmp_path, GOOD.replace("PaNET01136", "PaNET01164"))
    assert _found("x", "PaNET01164", tmp_path) == "Diffraction imaging"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"PaNET01136"', '"PaNET99999"', "ours.toml:2: PaNET has no term PaNET99999"),
        ('"PaNET01136"', '"PaNET00001"', "ours.toml:2: "),
        ('columns = ["Energy"]', 'columns = ["Size"]', "ours.toml:13: `columns` names 'Size'"),
        ('after = ["Scan"]', 'after = ["Merge"]', "ours.toml:22: step 'Fit' comes after 'Merge'"),
        ("digits = 2", 'digits = "two"', "ours.toml:10: `summary.0.digits`"),
        ('probe = "photon"', 'probe = "ghost"', "ours.toml:4: `probe`"),
        ("digits = 2", "colour = 2", "ours.toml:10: `summary.0.colour`"),
        ('label = "Energy"', 'label = "Energy', "not readable as TOML"),
        ('technique = "PaNET01136"', "", "needs `technique`"),
        ('unit = "keV"', 'unit = "keV"\nnexus = "NXbeam/colour"', "ours.toml:10: NeXus has no field NXbeam/colour"),
        ('unit = "keV"', 'unit = "furlongs per pixie"', "ours.toml:9: the unit furlongs per pixie"),
        (
            'unit = "keV"',
            'unit = "mbar"\nnexus = "NXbeam/incident_energy"',
            "ours.toml:9: NXbeam/incident_energy is no pr",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_line(tmp_path, old, new, said):
    assert old in GOOD
    path = _write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(OntologyError) as refused:
        read_profile(path)
    assert said in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OntologyError, match="not readable as TOML"):
        read_profile(path)


def test_two_files_of_one_technique_in_one_folder_are_refused(tmp_path):
    _write(tmp_path, GOOD)
    _write(tmp_path, GOOD, "theirs.toml")
    with pytest.raises(OntologyError, match=r"theirs\.toml: ours\.toml beside it"):
        techniques.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(OntologyError, match="no such folder"):
        techniques.load(tmp_path / "none")
