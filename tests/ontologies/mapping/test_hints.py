"""ontologies/mapping/hints.py: a curator hears of names that contradict identifiers, and of techniques in keywords."""

from panfair.ontologies.mapping.hints import contradiction, hints
from panfair.ontologies.record import Keyword, Technique
from support.records import a_dataset, a_publication

SAXS = "http://purl.org/pan-science/PaNET/PaNET01188"


def _of(**changes) -> list[str]:
    quiet = {"title": "Drainage of a foam", "techniques": (), "keywords": (), "datasets": ()}
    return list(hints(a_publication(**(quiet | changes))))


def test_a_name_and_an_identifier_of_different_techniques_are_reported():
    line = contradiction(Technique(said="tomography", iri=SAXS))
    assert line is not None and "PaNET01129" in line and "PaNET01188" in line
    assert _of(datasets=(a_dataset(techniques=(Technique(said="tomography", iri=SAXS),)),)) == [line]


def test_a_name_of_the_same_or_of_a_wider_technique_is_no_contradiction():
    for said in ("SAXS", "small angle x-ray scattering", "small angle scattering", "what the beamline calls it"):
        assert contradiction(Technique(said=said, iri=SAXS)) is None


def test_keywords_and_acronyms_that_are_techniques_are_offered_once():
    lines = _of(
        title="GISAXS of foams by XRR", keywords=(Keyword(term="SAXS"), Keyword(term="foam"), Keyword(term="saxs"))
    )
    assert [line.split(" ")[2] for line in lines] == ["'SAXS'", "'GISAXS'", "'XRR'"]


def test_words_of_a_title_are_quoted_without_the_dash_before_them():
    lines = _of(title="Membrane proteins - GISAXS")
    assert [line.split(" is ")[0] for line in lines] == ["the title's 'GISAXS'"]


def test_a_technique_that_the_record_names_or_a_wider_one_of_it_is_not_offered():
    named = (Technique(said="SAXS", iri=SAXS),)
    assert _of(techniques=named, keywords=(Keyword(term="SAXS"), Keyword(term="small angle scattering"))) == []


def test_ordinary_words_of_a_title_are_no_techniques():
    assert _of(title="Imaging the diffraction of DNA in MAX IV, data of NASA") == []
