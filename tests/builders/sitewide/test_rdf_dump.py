"""The RDF dump holds every publication's graph, meets our own shapes, and answers SPARQL."""

import gzip
from hashlib import sha256

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import DCTERMS

from panfair.builders.sitewide.rdf_dump import dump_sheets, marked, members_in, quads_member, void_document
from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import Parameter, Sample, Technique
from panfair.site.cli.main import main
from panfair.site.cli.sparql import answer
from support.format_cases import PORTAL, releases, rendered
from support.house import ROOT
from support.records import a_dataset, a_publication, released
from support.site_run import SiteRun

SHAPES = ROOT / "ontologies/vocabularies/profile-shapes.ttl"


def _quads(ones):
    known = {str(one.doi).lower(): one for one in ones}
    entries = [(key, "x") for key in sorted(known)]
    sheets = list(dump_sheets(entries, lambda _, keys: (quads_member(known[k], PORTAL) for k, _ in keys), PORTAL, ""))
    graph = Dataset()
    for sheet in sheets:
        if sheet.path.endswith(".nq.gz"):
            graph.parse(data=gzip.decompress(sheet.render()).decode(), format="nquads")
    return graph, sheets


@given(releases)
@settings(max_examples=40, deadline=None)
def test_the_dump_says_of_a_publication_what_its_turtle_says(one):
    graph, _ = _quads([one])
    named = graph.graph(URIRef(PORTAL.landing(one.doi)))
    assert set(named) == set(Graph().parse(data=rendered(one, "dcat.ttl"), format="turtle"))


@given(releases)
@settings(max_examples=15, deadline=None)
def test_every_publication_meets_our_own_shapes(one):
    conforms, _, text = validate(
        Graph().parse(data=rendered(one, "dcat.ttl"), format="turtle"),
        shacl_graph=Graph().parse(SHAPES, format="turtle"),
    )
    assert conforms, text


def test_our_shapes_refuse_a_publication_without_a_title():
    without = Graph().parse(data=rendered(released(), "dcat.ttl"), format="turtle")
    without.remove((None, DCTERMS.title, None))
    conforms, _, _ = validate(without, shacl_graph=Graph().parse(SHAPES, format="turtle"))
    assert not conforms


def test_techniques_samples_units_and_fields_are_addresses():
    one = released(
        a_publication(
            techniques=(Technique(said="SAXS", iri="http://purl.org/pan-science/PaNET/PaNET01188", label="saxs"),),
            datasets=(
                a_dataset(
                    samples=(Sample(name="A made-up protein"),),
                    parameters=(Parameter(name="InstrumentMonochromator_energy", value=12.4, unit="keV"),),
                ),
            ),
        )
    )
    text = rendered(one, "dcat.ttl").decode()
    assert "sosa:usedProcedure <http://purl.org/pan-science/PaNET/PaNET01188>" in text
    assert "http://purl.org/nexusformat/definitions/NXmonochromator-energy" in text
    assert "http://qudt.org/vocab/unit/KiloEV" in text


def test_a_large_catalogue_is_cut_into_files_that_change_by_themselves():
    entries = [(f"10.99999/{number}", "a") for number in range(1100)]
    before = {sheet.path: sheet.key for sheet in dump_sheets(entries, lambda path, keys: iter(()), PORTAL, "")}
    assert len(before) == 9
    entries[7] = (entries[7][0], "b")
    after = {sheet.path: sheet.key for sheet in dump_sheets(entries, lambda path, keys: iter(()), PORTAL, "")}
    assert [path for path in before if before[path] != after[path]] == [
        path for path in before if before[path] != after[path] and path.endswith(".nq.gz")
    ]
    assert sum(before[path] != after[path] for path in before) == 1


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=40), st.binary(max_size=60), max_size=6))
def test_a_marked_member_is_found_again_and_unpacks_as_before(bodies):
    members = {key: gzip.compress(body, 6, mtime=0) for key, body in bodies.items()}
    digests = {key: sha256(key.encode()).digest()[:16] for key in members}
    file = b"".join(marked(member, key, digests[key]) for key, member in members.items())
    assert not file or gzip.decompress(file) == b"".join(bodies.values())
    found = members_in(file)
    assert {key: digest for key, (digest, _) in found.items()} == digests
    assert all(gzip.decompress(found[key][1]) == body for key, body in bodies.items())


@given(st.binary(max_size=80), st.integers(0, 200))
def test_what_is_no_dump_of_ours_has_no_members_beyond_the_whole_ones(rest, end):
    one = marked(gzip.compress(b"<a> <b> <c> .", 6, mtime=0), "10.99999/a", bytes(16))
    assert members_in(gzip.compress(rest)) == {}
    assert members_in(one[:end]) == ({"10.99999/a": (bytes(16), one)} if end >= len(one) else {})
    assert list(members_in(one + rest))[:1] == ["10.99999/a"]


def test_void_names_every_file():
    graph = Graph().parse(data=void_document(PORTAL, ["dump/a.nq.gz", "dump/b.nq.gz"], 3), format="turtle")
    dumps = graph.objects(None, URIRef("http://rdfs.org/ns/void#dataDump"))
    assert {str(dump) for dump in dumps} == {PORTAL.url("/dump/a.nq.gz"), PORTAL.url("/dump/b.nq.gz")}


def test_a_published_catalogue_answers_sparql(tmp_path):
    site = SiteRun(tmp_path)
    site.put(a_publication(title="Tilt series of a made-up phage"))
    site.publish()
    query = (
        "PREFIX dct: <http://purl.org/dc/terms/> PREFIX dcat: <http://www.w3.org/ns/dcat#> "
        "SELECT ?title WHERE { ?d a dcat:Dataset ; dcat:landingPage ?p ; dct:title ?title }"
    )
    arguments = ["sparql", "--config", str(site.path), query, "--format"]
    told = CliRunner().invoke(main, [*arguments, "csv"])
    assert (told.exit_code, told.output) == (0, "title\nTilt series of a made-up phage\n")
    assert '"title": "Tilt series of a made-up phage"' in CliRunner().invoke(main, [*arguments, "json"]).output
    wrong = CliRunner().invoke(main, ["sparql", "--config", str(site.path), "SELECT nothing"])
    assert wrong.exit_code == 2 and "not a SPARQL query" in wrong.output


def test_without_a_dump_the_reason_is_told(tmp_path):
    with pytest.raises(PublishError, match="no RDF dump"):
        answer(tmp_path, "ASK {}", "table")
