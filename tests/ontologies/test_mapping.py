"""What catalogues say is tied to PaNET surely or not at all, and agrees with the project's own mappings."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies import panet
from panfair.ontologies.mapping import Mapping, map_publication, map_term, sssom
from panfair.ontologies.record import Technique
from support.gold_mappings import gold_of
from support.records import a_dataset, a_publication

TERMS = [term for term in panet.load().techniques if not term.deprecated]

DISPUTED = {
    # What was said is another PaNET term's own label, letter by letter.
    "Photoelectron emission": "PaNET01269",
}
"""Where the project's mapping and PaNET's own labels part: we follow the label. They count as wrong below."""


def _score(gold: dict[str, set[str]], probe: str | None) -> tuple[float, float, list[str]]:
    """Precision, recall, and the terms that we map otherwise or not at all."""
    answers = {said: map_term(said, probe=probe).term for said in gold}
    given = {said: term.id for said, term in answers.items() if term}
    right = [said for said, answer in given.items() if answer in gold[said]]
    return len(right) / len(given), len(right) / len(gold), sorted(set(gold) - set(right))


def test_the_mapping_of_wayforlight_is_met(shared):
    gold = gold_of(shared / "data/ontologies/PaNET-mapping_WFL.csv", 4)
    precision, recall, missed = _score(gold, "x-ray")
    assert len(gold) > 50
    assert set(missed) == set(DISPUTED), missed
    assert all(map_term(said, probe="x-ray").term.id == ours for said, ours in DISPUTED.items())
    assert precision >= 0.98 and recall >= 0.98


def test_the_mapping_of_the_iucr_is_met(shared):
    gold = gold_of(shared / "data/ontologies/PaNET-mapping_IUCr.csv", 3)
    precision, recall, missed = _score(gold, None)
    assert len(gold) >= 5
    assert (precision, recall, missed) == (1.0, 1.0, [])


def test_every_technique_is_found_by_its_id_its_address_and_its_label():
    for term in TERMS:
        for said in (term.iri, term.id, f"PaNET:{term.id}"):
            assert map_term(said) == Mapping(term, "exact")
        assert map_term(term.label).term == term


@settings(max_examples=60)
@given(st.sampled_from(TERMS), st.sampled_from("-‐‑‒–—―"), st.booleans(), st.sampled_from([" ", "  ", "\u00a0"]))
def test_case_hyphens_and_spaces_change_nothing(term, hyphen, upper, space):
    said = term.label.replace("x-ray", f"x{hyphen}ray").replace(" ", space)
    assert map_term(said.upper() if upper else said).term == term


@given(st.text(alphabet="bcdfghjklmnpqrstvwz", min_size=12, max_size=30))
def test_a_random_word_is_never_mapped(word):
    for probe in (None, "x-ray", "neutron"):
        assert map_term(word, probe=probe).term is None


@given(st.text(max_size=60))
def test_no_text_makes_mapping_fail_and_a_mapped_term_is_a_living_technique(said):
    mapping = map_term(said, probe="x-ray")
    assert mapping.term is None or (mapping.term.is_technique and not mapping.term.deprecated)
    assert (mapping.term is None) == (mapping.kind == "none")


@pytest.mark.parametrize(
    ("said", "term", "kind"),
    [
        ("SAXS", "PaNET01188", "exact"),
        ("small-angle x-ray scattering", "PaNET01188", "exact"),
        ("X-Ray Fluorescence (XRF)", "PaNET01095", "close"),
        ("X-ray diffraction (XRD)", "PaNET01216", "close"),
        ("macromolecular crystallography experiments", "PaNET01164", "close"),
        ("Reflectrometry", "PaNET01121", "close"),
        ("cryo-ET", "PaNET01145", "broad"),
        ("XMχD", "PaNET01301", "exact"),
        ("TR‑SSX", "PaNET01312", "exact"),
        ("x-ray probe;small angle x-ray scattering", "PaNET01188", "close"),
    ],
)
def test_words_are_mapped_by_rule(said, term, kind):
    mapping = map_term(said)
    assert (mapping.term and mapping.term.id, mapping.kind) == (term, kind)


def test_a_word_in_brackets_that_makes_a_term_narrower_is_not_dropped():
    assert map_term("Crystallography (of meteorites)").term is None


@pytest.mark.parametrize(
    ("said", "x_ray", "neutron"),
    [
        ("powder diffraction", "PaNET01101", "PaNET01100"),
        ("small angle scattering", "PaNET01188", "PaNET01189"),
        ("diffraction", "PaNET01216", "PaNET01217"),
        ("scattering", "PaNET01184", None),
        ("ptychography", "PaNET01212", "PaNET01212"),
        ("lithography", "PaNET01223", None),
        ("infrared spectroscopy", "PaNET01109", "PaNET01109"),
    ],
)
def test_the_probe_of_the_source_tells_what_a_word_for_any_probe_means(said, x_ray, neutron):
    assert map_term(said, probe="x-ray").term.id == x_ray
    if neutron:
        assert map_term(said, probe="neutron").term.id == neutron


@pytest.mark.parametrize(
    "form",
    [
        "http://purl.org/pan-science/ESRFET#{}",
        "https://w3id.org/PaN/ESRFET#{}",
        "https://w3id.org/PaN/ESRFET/v0.1.0/#{}",
        "esrfet:{}",
    ],
)
def test_every_technique_of_esrf_is_read_in_all_its_forms(form):
    for local, row in sssom.esrfet().items():
        mapping = map_term("anything", form.format(local))
        assert (mapping.term.id, mapping.kind) == (row.panet, row.match)


def test_the_table_of_esrfs_techniques_names_terms_as_they_are_called():
    with sssom.TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert len(rows) == len(sssom.esrfet()) > 115
    for row in rows:
        term = panet.load().term(row["object_id"])
        assert term.is_technique and not term.deprecated and term.label == row["object_label"]
        assert row["mapping_justification"] in {"semapv:ManualMappingCuration", "semapv:LexicalMatching"}


def test_esrfs_own_package_knows_the_techniques_of_the_table():
    from esrf_ontologies import technique

    theirs = {sssom.esrfet_id(each.iri): each for each in technique.get_all_techniques()}
    assert set(sssom.esrfet()) <= set(theirs)
    unmapped = set(theirs) - set(sssom.esrfet())
    assert unmapped == {"CMS", "MBS", "MRT", "PIXE", "VLM", "XDMR"}


def test_what_is_no_term_is_published_as_it_was_said_and_reported_with_a_suggestion():
    lines = []
    publication = a_publication(techniques=(Technique(said="resonant magnetic thing"), Technique(said="tomography x")))
    mapped = map_publication(publication, lines.append)
    assert [technique.said for technique in mapped.techniques] == ["resonant magnetic thing", "tomography x"]
    assert all(technique.iri is None for technique in mapped.techniques)
    assert len(lines) == 2 and all("published as it was said" in line for line in lines)


def test_a_wider_term_says_that_it_is_wider_and_keeps_what_was_said():
    publication = a_publication(
        techniques=(), datasets=(a_dataset(techniques=(Technique(said="HiP-CT"), Technique(said="BioSAXS"))),)
    )
    techniques = map_publication(publication, lambda line: None).datasets[0].techniques
    assert [(each.said, each.label, each.broader) for each in techniques] == [
        ("HiP-CT", "x-ray propagation phase contrast tomography", True),
        ("BioSAXS", "small angle x-ray scattering", True),
    ]


def test_mapping_again_changes_nothing():
    publication = a_publication(techniques=tuple(Technique(said=said) for said in ("SAXS", "HiP-CT", "unheard of")))
    once = map_publication(publication, lambda line: None, "x-ray")
    assert map_publication(once, lambda line: None, "x-ray") == once
