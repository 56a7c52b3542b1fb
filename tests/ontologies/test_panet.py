"""Tests of graph.py, panet_source.py, panet_csv.py and panet.py: what is narrower than what, and what is refused."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDFS, SKOS, Graph, URIRef

from panfair.ontologies import panet
from panfair.ontologies.errors import OntologyError
from panfair.ontologies.panet.classify import NOTHING, And, Axioms, Some, asserted_cycle, classify, reduced
from panfair.ontologies.panet.names import ROOT
from panfair.ontologies.panet.owl import build_table
from panfair.ontologies.panet.table import read_facts, read_turtle, write_beside

P = "http://purl.org/pan-science/PaNET/PaNET"

OWL_HEAD = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">"""


def an_owl_class(number: str, label: str, *broader: str) -> str:
    links = "".join(f'<rdfs:subClassOf rdf:resource="{P}{b}"/>' for b in broader)
    return f'<owl:Class rdf:about="{P}{number}"><rdfs:label>{label}</rdfs:label>{links}</owl:Class>'


CSV = (
    ",ID,Label,Alt,Def,Source,Type,Parent,Parent,Same,Same,Disjoint,Super,Domain,Range\n"
    ",ID,A rdfs:label,A http://www.w3.org/2004/02/skos/core#altLabel,A IAO:0000115,A IAO:0000119,TYPE,SC %,SC %,"
    "EC %,EC %,DC %,SP %,DOMAIN,RANGE\n"
    ",,,,,,,,,,,,,,\n"
    f"1,{P}00001,photon and neutron technique,,x,,owl:Class,owl:Thing,,,,,,,\n"
    f"2,{P}00200,scattering-based techniques,,,,owl:Class,,,('definedbyprocess' some 'scattering'),,,,,\n"
    f"3,{P}01012,x-ray probe-based techniques,Röntgen technique,,,owl:Class,,,('definedbyprobe' some 'x-ray'),,,,,\n"
    f"4,{P}01184,x-ray scattering,,,,owl:Class,,,x-ray probe-based techniques,scattering-based techniques,,,,\n"
    f"5,{P}01188,small angle x-ray scattering,SAXS,,,owl:Class,PaNET:PaNET01012,,('definedbyprocess' some 'small "
    "angle scattering'),,,,,\n"
    f"6,{P}2000000,photon and neutron specifiers,,,,owl:Class,,,,,,,,\n"
    f"7,{P}2001000,probe,,,,owl:Class,PaNET:PaNET2000000,,,,,,,\n"
    f"8,{P}2020009,x-ray,,,,owl:Class,'probe',,,,,,,\n"
    f"9,{P}2003000,process,,,,owl:Class,PaNET:PaNET2000000,,,,,,,\n"
    f"10,{P}2012000,scattering,,,,owl:Class,'process',,,,,,,\n"
    f"11,{P}2020072,small angle scattering,,,,owl:Class,'scattering',,,,,,,\n"
    f"12,{P}1001000,definedbyprobe,,,,owl:ObjectProperty,,,,,,,PaNET:PaNET00001,'probe'\n"
    f"13,{P}1002000,definedbyprocess,,,,owl:ObjectProperty,,,,,,,PaNET:PaNET00001,'process'\n"
)


# --- the classification -------------------------------------------------------------------------------------------


def test_a_defined_class_takes_in_all_that_meet_its_definition():
    axioms = Axioms()
    axioms.equivalent("XrayScattering", And((Some("probe", "xray"), Some("process", "scattering"))))
    axioms.equivalent("Saxs", And((Some("probe", "hard xray"), Some("process", "small angle"))))
    axioms.subclasses += [("hard xray", "xray"), ("small angle", "scattering")]
    assert classify(axioms)["Saxs"] == {"XrayScattering"}


def test_role_hierarchy_domain_and_range_are_followed():
    axioms = Axioms(roles=[("special", "general")], domains=[("general", "Technique")], ranges=[("general", "Thing1")])
    axioms.subclasses.append(("A", Some("special", "b")))
    axioms.subclasses.append((Some("general", And(("b", "Thing1"))), "Goal"))
    assert classify(axioms)["A"] == {"Technique", "Goal"}


def test_a_class_under_two_disjoint_ones_is_empty_and_so_is_what_needs_it():
    axioms = Axioms(subclasses=[("A", "B"), ("A", "C"), ("D", Some("has", "A"))])
    axioms.disjoint("B", "C")
    above = classify(axioms)
    assert NOTHING in above["A"]
    assert NOTHING in above["D"]
    assert NOTHING not in above["B"]


NAMES = [f"n{i}" for i in range(6)]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=12))
def test_plain_subclasses_give_the_transitive_closure(pairs):
    above = classify(Axioms(subclasses=list(pairs)))
    reach = {(a, b) for a, b in pairs if a != b}
    for _ in NAMES:
        reach |= {(a, d) for (a, b), (c, d) in product(reach, reach) if b == c and a != d}
    assert {(a, b) for a, names in above.items() for b in names} == reach


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=8),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["r", "s"]), st.sampled_from(NAMES)), max_size=6),
)
def test_what_is_said_is_also_found_in_every_small_model(pairs, existentials):
    """Soundness: the model whose elements are the classes themselves satisfies every inferred subsumption."""
    axioms = Axioms(subclasses=list(pairs))
    for name, role, filler in existentials:
        axioms.equivalent(name, Some(role, filler))
    above = classify(axioms)
    full = {name: {name, *above.get(name, ())} for name in NAMES}
    for name, role, filler in existentials:
        for other, role2, filler2 in existentials:
            if role == role2 and filler2 in full[filler]:
                assert other in full[name]  # name ≡ ∃r.f, f ⊑ f2, other ≡ ∃r.f2


@settings(max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14))
def test_a_circle_is_found_when_and_only_when_there_is_one(pairs):
    links: dict[str, list[str]] = {}
    for low, high in pairs:
        links.setdefault(str(low), []).append(str(high))
    circle = asserted_cycle(links)
    forward = all(low < high for low, high in pairs)
    assert not (forward and circle)
    for here, there in zip(circle, circle[1:] + circle[:1], strict=True):
        assert there in links[here]
    if not circle:
        order = _sorted_by_links(links)
        assert order is not None


def _sorted_by_links(links):
    left = {n: set(to) for n, to in links.items()}
    for to in list(left.values()):
        for n in to:
            left.setdefault(n, set())
    while left:
        free = [n for n, to in left.items() if not to]
        if not free:
            return None
        for n in free:
            del left[n]
        for to in left.values():
            to.difference_update(free)
    return True


def test_only_direct_links_are_left_of_a_closure():
    assert reduced({"a": {"b", "c", "d"}, "b": {"c"}, "c": (), "d": ()}) == {
        "a": {"b", "d"}, "b": {"c"}, "c": frozenset(), "d": frozenset(),
    }  # fmt: skip


# --- the table that ships -----------------------------------------------------------------------------------------


def test_the_table_that_ships_is_what_the_release_gives(shared):
    assert panet.TABLE.read_bytes() == build_table(shared / "data/ontologies/PaNET.owl")


def test_hierarchy_is_recovered_from_definitions_when_redundant_assertions_are_gone(shared, tmp_path):
    graph = Graph().parse(shared / "data/ontologies/PaNET.owl", format="xml")
    defined = set(graph.subjects(OWL.equivalentClass))
    removed = 0
    for name in defined:
        for wide in list(graph.objects(name, RDFS.subClassOf)):
            if isinstance(wide, URIRef) and isinstance(name, URIRef) and "/PaNET2" not in name:
                graph.remove((name, RDFS.subClassOf, wide))
                removed += 1
    poor = tmp_path / "poor.owl"
    graph.serialize(poor, format="xml")
    table = tmp_path / "t.ttl"
    table.write_bytes(build_table(poor))
    full, got = panet.load(), panet.load(table)
    expected = {(t.iri, a.iri) for t in full.techniques for a in full.ancestors(t.iri, groupings=True)}
    found = {(t.iri, a.iri) for t in full.techniques for a in got.ancestors(t.iri, groupings=True)}
    assert removed > 300
    assert found <= expected
    assert len(found) >= 0.9 * len(expected)


def test_the_table_is_valid_skos():
    graph = Graph().parse(panet.TABLE, format="turtle")
    broader = {(s, o) for s, o in graph.subject_objects(SKOS.broader)}
    assert not any((o, s) in broader for s, o in broader)
    related = {(s, o) for s, o in graph.subject_objects(SKOS.related)}
    assert related.isdisjoint(broader)  # SKOS S27
    assert all((s, SKOS.prefLabel, None) in graph for s, _ in broader)


def test_x_ray_scattering_holds_saxs_waxs_and_gisaxs():
    below = {term.label for term in panet.load().descendants("PaNET01184")}
    assert {
        "small angle x-ray scattering",
        "wide angle x-ray scattering",
        "grazing incidence small angle x-ray scattering",
    } <= below


@pytest.mark.parametrize(
    "name",
    [
        "http://purl.org/pan-science/PaNET/PaNET01188", "https://purl.org/pan-science/PaNET/PaNET01188/",
        "PaNET:PaNET01188", "panet:PaNET01188", "PaNET01188", "https://w3id.org/PaN/PaNET#PaNET01188",
        "http://purl.org/pan-science/PaNET/PaNET.owl#PaNET01188", "<http://purl.org/pan-science/PaNET/PaNET01188>",
    ],
)  # fmt: skip
def test_a_term_is_found_by_any_spelling_of_its_identifier(name):
    term = panet.load().term(name)
    assert term is not None
    assert term.label == "small angle x-ray scattering"


def test_only_what_lies_below_the_root_is_a_technique():
    table = panet.load()
    assert not table.term("PaNET00001").is_technique
    assert not table.term("PaNET2020009").is_technique
    assert table.term("PaNET2020009").axis == "probe"
    assert all(ROOT in {a.iri for a in table.ancestors(t.iri, groupings=True)} for t in table.techniques)
    assert all(ROOT not in {a.iri for a in table.ancestors(t.iri)} for t in table.techniques)


def test_x_ray_and_imaging_are_facets_of_x_ray_tomography():
    labels = {term.label for term in panet.load().specifiers("PaNET01207")}
    assert {"x-ray", "imaging"} <= labels


def test_ancestors_and_descendants_are_each_others_mirror():
    table = panet.load()
    up = {(t.iri, a.iri) for t in table.techniques for a in table.ancestors(t.iri, groupings=True)}
    down = {(d.iri, t.iri) for t in table.terms.values() for d in table.descendants(t.iri) if t.axis or t.is_technique}
    assert {pair for pair in down if pair[0] in {t.iri for t in table.techniques}} <= up
    assert len(up) > 2000


def test_acronym_and_name_find_the_same_term():
    table = panet.load()
    assert table.search_label("SAXS")[0] is table.search_label("Small‑Angle X-ray scattering")[0]
    assert table.labelled("diffraction")[0].id == "PaNET01022"  # not the term that has it as a synonym
    assert table.search_label("") == ()


def test_the_facts_kept_beside_our_table_are_those_of_its_turtle(tmp_path):
    assert read_facts(panet.TABLE) == read_turtle(panet.TABLE)
    alone = tmp_path / "panet.ttl"
    alone.write_bytes(panet.TABLE.read_bytes())
    write_beside(alone, read_turtle(alone))
    assert (tmp_path / "panet.facts.json").read_bytes() == panet.TABLE.with_suffix(".facts.json").read_bytes()


@pytest.mark.parametrize("kept", [b"", b"[]", b'{"sha256": "0", "facts": {}}'])
def test_facts_kept_of_another_table_or_damaged_do_not_count(tmp_path, kept):
    source, table = tmp_path / "PaNET.csv", tmp_path / "panet.ttl"
    source.write_text(CSV, encoding="utf-8")
    panet.update(source, table)
    assert read_facts(table) == read_turtle(table)
    table.write_text(table.read_text(encoding="utf-8").replace('"SAXS"', '"SAXSES"'), encoding="utf-8")
    if kept:
        (tmp_path / "panet.facts.json").write_bytes(kept)
    assert panet.load(table).term("PaNET01188").alt_labels == ("SAXSES",)


# --- releases, good and bad ---------------------------------------------------------------------------------------


def test_the_projects_csv_gives_a_table_with_the_same_reasoning(tmp_path):
    source, table = tmp_path / "PaNET.csv", tmp_path / "panet.ttl"
    source.write_text(CSV, encoding="utf-8")
    panet.update(source, table)
    got = panet.load(table)
    labels = {term.label for term in got.ancestors("PaNET01188")}
    assert labels == {"x-ray scattering", "x-ray probe-based techniques", "scattering-based techniques"}
    assert got.term("PaNET01188").alt_labels == ("SAXS",)
    assert got.term("PaNET1001000") is None


BAD = {
    "not xml": (b"<rdf:RDF", "not readable as RDF/XML"),
    "neither": (b"hello", "neither OWL"),
    "owl/xml": (b'<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', ""),
    "no root": ((OWL_HEAD + an_owl_class("01188", "SAXS") + "</rdf:RDF>").encode(), "lacks the technique root"),
    "circle": (
        (
            OWL_HEAD + an_owl_class("00001", "root") + an_owl_class("01001", "a", "01002")
            + an_owl_class("01002", "b", "01003") + an_owl_class("01003", "c", "01001") + "</rdf:RDF>"
        ).encode(),
        "circle",
    ),
    "csv label of nothing": (CSV.replace("'x-ray')", "'y-ray')").encode(), "line 6: 'y-ray' is the label of 0 terms"),
    "csv bracket": (CSV.replace("'x-ray')", "'x-ray'").encode(), "bracket"),
    "csv cut": (b",ID,Label,Alt\n", "not readable as PaNET's CSV"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_release_is_refused_with_the_reason_and_the_old_table_stays(name, tmp_path):
    data, reason = BAD[name]
    source, table = tmp_path / "release", tmp_path / "panet.ttl"
    source.write_bytes(data)
    table.write_bytes(b"the old table")
    with pytest.raises(OntologyError, match="old table stays") as caught:
        panet.update(source, table)
    assert reason in str(caught.value)
    assert [path.name for path in tmp_path.iterdir() if path != source] == ["panet.ttl"]
    assert table.read_bytes() == b"the old table"


def test_two_terms_below_each_other_are_a_circle_too(tmp_path):
    source = tmp_path / "r.owl"
    body = an_owl_class("00001", "root") + an_owl_class("01001", "a", "01002") + an_owl_class("01002", "b", "01001")
    source.write_text(OWL_HEAD + body + "</rdf:RDF>")
    with pytest.raises(OntologyError, match="circle"):
        build_table(source)


def test_a_deprecated_term_is_marked_and_names_what_replaces_it(tmp_path):
    source = tmp_path / "r.owl"
    old = an_owl_class("01001", "old", "00001").replace(
        "</owl:Class>",
        '<owl:deprecated rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true</owl:deprecated>'
        f'<obo:IAO_0100001 xmlns:obo="http://purl.obolibrary.org/obo/" rdf:resource="{P}01002"/></owl:Class>',
    )
    source.write_text(
        OWL_HEAD + an_owl_class("00001", "root") + old + an_owl_class("01002", "new", "00001") + "</rdf:RDF>"
    )
    table = tmp_path / "panet.ttl"
    panet.update(source, table)
    term = panet.load(table).term("PaNET01001")
    assert term.deprecated
    assert term.replaced_by == P + "01002"
    assert not panet.load(table).term("PaNET01002").deprecated
