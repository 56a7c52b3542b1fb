"""What the made-up facility of the demo does: its instruments, its people, and the questions that they ask.

Techniques carry real PaNET terms and parameters have plausible values, so that pages look as they would in earnest;
everything else is invented and says so.
"""

from dataclasses import dataclass

INSTRUMENTS: dict[str, tuple[str, str]] = {
    "EX01": ("Macromolecular crystallography", "Automated crystallography with a pixel detector and a sample changer."),
    "EX02": ("Serial crystallography", "Microfocus beam and injectors for crystals of a few micrometres."),
    "EX05": ("BioSAXS", "Solution scattering of proteins with on-line chromatography."),
    "EX07": ("X-ray absorption", "Absorption spectroscopy from 4 to 30 keV, in transmission and fluorescence."),
    "EX09": ("Nanoprobe", "Fluorescence mapping with a beam of 50 nm."),
    "EX11": ("Imaging", "Fast tomography of materials under load, flow and heat."),
    "EX12": ("Hierarchical tomography", "Whole organs, from the organ down to the cell."),
    "EX15": ("Powder diffraction", "High resolution, with furnaces, cryostats and gas cells."),
    "EX18": ("Ptychography", "Coherent imaging of catalysts, batteries and bone."),
    "EX21": ("Surface scattering", "Diffraction and reflectivity of surfaces in liquids and in vacuum."),
    "EX30": ("Cryo-electron microscopy", "Single particles and tilt series at 300 kV."),
    "EX31": ("Small-angle scattering", "Soft matter from 1 nm to 1 µm."),
}

_HERE, _THERE, _ELSEWHERE = "Example Photon Source", "University of Exampleton", "Institute for Made-up Materials"
PEOPLE: tuple[tuple[str, str, str, str | None], ...] = (
    ("Josiah", "Carberry", "Brown University (ORCID's fictitious researcher)", "0000-0002-1825-0097"),
    ("Ana", "Exemplar", _HERE, None),
    ("Bo", "Placeholder", _THERE, None),
    ("Chidi", "Testcase", _ELSEWHERE, None),
    ("Dora", "Madeup", _THERE, None),
    ("Emil", "Fictive", _HERE, None),
    ("Fatou", "Sampleson", _ELSEWHERE, None),
    ("Goro", "Dummyfield", _THERE, None),
    ("Hanna", "Specimen", _HERE, None),
    ("Ivo", "Mockwell", _ELSEWHERE, None),
    ("Jun", "Nonesuch", _THERE, None),
    ("Kirsi", "Invented", _HERE, None),
)

Value = tuple[str, str, float, float, int]
"""A parameter: name, unit, lowest and highest value, digits."""


@dataclass(frozen=True)
class Subject:
    """One kind of experiment."""

    title: str
    technique: tuple[str, str]
    """Label and PaNET id; empty where PaNET has no term."""
    instruments: tuple[str, ...]
    samples: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    keywords: tuple[str, ...]
    question: str
    outcome: str
    step: str
    program: str
    parameters: tuple[Value, ...]
    results: tuple[Value, ...]


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        title="Diffraction data",
        technique=("macromolecular crystallography", "PaNET01164"),
        instruments=("EX01", "EX02"),
        samples=(
            ("thaumatin", "C1028H1576N270O311S17"),
            ("lysozyme", "C613H951N193O185S10"),
            ("insulin", "C257H383N65O77S6"),
        ),
        conditions=("at 100 K", "at room temperature", "soaked with bromide"),
        keywords=("protein structure", "radiation damage"),
        question="How far does damage limit what a single crystal of {material} can tell?",
        outcome="Complete data sets were taken at six energies.",
        step="integrated",
        program="autoproc-example",
        parameters=(
            ("InstrumentMonochromator_energy", "keV", 6, 15, 3),
            ("MX_resolution", "Å", 1.1, 2.4, 2),
            ("MX_flux", "photons/s", 1e11, 9e12, 0),
            ("MX_exposureTime", "s", 0.005, 0.1, 3),
        ),
        results=(
            ("MXAutoprocIntegrationScaling_overall_completeness", "%", 91, 100, 1),
            ("MXAutoprocIntegrationScaling_overall_r_merge", "", 0.03, 0.2, 3),
            ("MXAutoprocIntegrationScaling_overall_multiplicity", "", 3, 14, 1),
        ),
    ),
    Subject(
        title="Solution scattering",
        technique=("small-angle X-ray scattering", "PaNET01188"),
        instruments=("EX05", "EX31"),
        samples=(("bovine albumin", "C2934H4615N781O897S39"), ("lipid discs", "C42H82NO8P"), ("gold nanorods", "Au")),
        conditions=("in flow", "at three concentrations", "during unfolding"),
        keywords=("soft matter", "shape"),
        question="Which shapes does {material} take in solution?",
        outcome="Curves at eleven concentrations are given with their buffers.",
        step="averaged",
        program="sas-example",
        parameters=(
            ("InstrumentMonochromator_energy", "keV", 10, 14, 2),
            ("sample temperature", "K", 277, 340, 1),
            ("SAXS_detector_distance", "m", 1, 6, 3),
        ),
        results=(
            ("SAXS_rg", "nm", 1.5, 9, 2),
            ("SAXS_d_max", "nm", 5, 30, 1),
            ("SAXS_mass", "kDa", 12, 400, 0),
        ),
    ),
    Subject(
        title="Absorption spectra",
        technique=("x-ray absorption spectroscopy", "PaNET01196"),
        instruments=("EX07",),
        samples=(("copper zeolite", "CuAlSi5O12"), ("iron oxide", "Fe2O3"), ("platinum on ceria", "PtCeO2")),
        conditions=("under hydrogen", "while heated to 700 K", "in operation"),
        keywords=("catalysis", "oxidation state"),
        question="What state is the metal of {material} in while it works?",
        outcome="Spectra were taken every two seconds through the switch of the gas.",
        step="normalised",
        program="xas-example",
        parameters=(
            ("edge energy", "eV", 7112, 11564, 0),
            ("sample temperature", "K", 300, 700, 0),
            ("exposure time", "s", 0.5, 4, 1),
        ),
        results=(("white line", "", 0.9, 1.8, 3),),
    ),
    Subject(
        title="Element maps",
        technique=("scanning x-ray fluorescence", "PaNET01288"),
        instruments=("EX09",),
        samples=(("wheat grain", "C6H10O5"), ("inclusions in quartz", "SiO2"), ("a pigment flake", "HgS")),
        conditions=("in cross section", "after weathering", "frozen"),
        keywords=("trace elements", "mapping"),
        question="Where do the trace elements of {material} sit?",
        outcome="Maps of nine elements share one grid.",
        step="fitted",
        program="xrf-example",
        parameters=(
            ("InstrumentMonochromator_energy", "keV", 12, 18, 1),
            ("FLUO_pixelSize", "µm", 0.05, 2, 2),
            ("FLUO_dwellTime", "ms", 5, 100, 0),
        ),
        results=(("elements fitted", "", 6, 14, 0),),
    ),
    Subject(
        title="Tomograms",
        technique=("x-ray tomography", "PaNET01207"),
        instruments=("EX11", "EX12"),
        samples=(
            ("silica foam", "SiO2"),
            ("aluminium dendrites", "Al"),
            ("a fossil seed", "CaCO3"),
            ("a made-up lung", "H2O"),
        ),
        conditions=("while draining", "under load", "from 20 µm to 1 µm voxels"),
        keywords=("microstructure", "in situ"),
        question="How does the inside of {material} change, and how fast?",
        outcome="A series of volumes covers the whole change without a gap.",
        step="reconstructed",
        program="tomo-example",
        parameters=(
            ("TOMOAcquisition_energy", "keV", 17, 90, 1),
            ("TOMOAcquisition_sample_pixel_size", "µm", 0.6, 20, 2),
            ("TOMOAcquisition_proj_n", "", 500, 6000, 0),
            ("TOMOAcquisition_sample_detector_distance", "mm", 20, 3000, 0),
        ),
        results=(("TOMOReconstruction_voxel_size_x", "µm", 0.6, 20, 2), ("volumes", "", 1, 120, 0)),
    ),
    Subject(
        title="Powder patterns",
        technique=("x-ray powder diffraction", "PaNET01101"),
        instruments=("EX15", "EX21"),
        samples=(("perovskite", "CsPbBr3"), ("nickel-rich cathode", "LiNiO2"), ("gypsum", "CaSO4H4O2")),
        conditions=("on heating", "on charge and discharge", "from 5 K to 300 K"),
        keywords=("phase transition", "refinement"),
        question="Which phases does {material} pass through?",
        outcome="Patterns every five kelvin allow a refinement at each step.",
        step="refined",
        program="rietveld-example",
        parameters=(("InstrumentBeam_incident_wavelength", "Å", 0.3, 0.8, 4), ("sample temperature", "K", 5, 900, 0)),
        results=(("lattice parameter a", "Å", 3.5, 12, 4), ("weighted R", "%", 2, 11, 2)),
    ),
    Subject(
        title="Ptychographic images",
        technique=("ptychography", "PaNET01212"),
        instruments=("EX18",),
        samples=(("a cracking catalyst", "Al2Si2O7"), ("osteonal bone", "Ca5P3O13H"), ("an integrated circuit", "Si")),
        conditions=("in three dimensions", "at 30 nm", "after ageing"),
        keywords=("nanostructure", "coherence"),
        question="What do pores and interfaces of {material} look like below 50 nm?",
        outcome="Phase and amplitude are given as reconstructed.",
        step="phased",
        program="ptycho-example",
        parameters=(
            ("InstrumentMonochromator_energy", "keV", 6, 9, 2),
            ("PTYCHO_stepSize", "µm", 0.3, 2, 2),
            ("PTYCHO_focusToDetectorDistance", "m", 2, 7, 2),
        ),
        results=(("resolution", "nm", 15, 60, 0),),
    ),
    Subject(
        title="Tilt series",
        technique=("cryo-electron tomography", ""),
        instruments=("EX30",),
        samples=(("ribosomes in a cell lysate", "C2H5NO2"), ("a phage", "C10H14N5O7P"), ("microtubules", "C2H5NO2")),
        conditions=("in vitreous ice", "after milling", "at two doses"),
        keywords=("structural biology", "cells"),
        question="How are {material} arranged where they work?",
        outcome="All frames come with their dose and defocus.",
        step="aligned",
        program="tilt-example",
        parameters=(
            ("EM_voltage", "kV", 300, 300, 0),
            ("EM_sampling_rate", "Å", 1.1, 3.4, 2),
            ("EM_total_dose", "e/Å²", 80, 140, 0),
        ),
        results=(("EMCTF_avg_defocus", "µm", 1.5, 6, 2), ("EMReconstruction3D_resolution", "Å", 7, 25, 1)),
    ),
)
