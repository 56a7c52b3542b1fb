"""A search for a technique finds the records of it and of the narrower ones, whatever name or id it is asked by."""

import pytest

from panfair.builders.search.documents.document import document
from panfair.builders.search.index.whoosh import IndexWriter
from panfair.builders.search.language.request import SearchRequest
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.mapping import map_publication
from panfair.ontologies.record import Technique
from panfair.site.search.engine import SearchEngine
from support.records import a_dataset, a_publication, released

SAID = (
    "SAXS",
    "WAXS",
    "GISAXS",
    "PaNET:PaNET01191",
    "XRF",
    "MX",
    "cryo-electron tomography",
    "cryo-ET",
    "neutron imaging",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a search finds: the words by which the records' techniques were called."""
    folder = tmp_path_factory.mktemp("whoosh")
    with IndexWriter(folder) as writer:
        for number, said in enumerate(SAID):
            dataset = a_dataset(
                name="one", description=None, techniques=(Technique(said=said),), parameters=(), samples=()
            )
            one = a_publication(
                doi=Doi.parse(f"10.99999/{number}"),
                title="Made up",
                abstract=None,
                keywords=(),
                techniques=(),
                datasets=(dataset,),
            )
            writer.put(document(released(map_publication(one, lambda line: None))))
    engine = SearchEngine({"publications": folder})
    return lambda query: {
        SAID[int(hit.doi.rsplit("/", 1)[1])] for hit in engine.search(SearchRequest(query, limit=50)).results
    }


SMALL_ANGLE = {"SAXS", "GISAXS"}


@pytest.mark.parametrize(
    "query",
    [
        "SAXS",
        "small-angle x-ray scattering",
        "Small Angle X‑Ray Scattering",
        "PaNET01188",
        "panet:PaNET01188",
        "PaNET:PaNET01188",
        "http://purl.org/pan-science/PaNET/PaNET01188",
        "https://w3id.org/PaN/PaNET#PaNET01188",
        "technique:SAXS",
        "technique:PaNET01188",
        "technique:PaNET:PaNET01188",
    ],
)
def test_a_technique_is_found_with_its_narrower_ones_by_any_of_its_names(found, query):
    assert found(query) == SMALL_ANGLE


def test_x_ray_scattering_finds_all_kinds_of_it(found):
    kinds = SMALL_ANGLE | {"WAXS", "PaNET:PaNET01191"}
    assert found("PaNET01184") == found('technique:"x-ray scattering"') == kinds
    assert kinds <= found("x-ray scattering") and not found("x-ray scattering") & {"XRF", "neutron imaging"}


def test_wide_angle_scattering_is_one_technique_however_it_was_called(found):
    assert found("WAXS") == found("wide angle x-ray scattering") == {"WAXS", "PaNET:PaNET01191"}


def test_a_technique_of_our_table_is_found_by_its_other_names(found):
    assert found("protein x-ray crystallography") == {"MX"}


@pytest.mark.parametrize("query", ["cryo-ET", "cryoET", '"cryo-electron tomography"'])
def test_a_technique_without_a_term_in_panet_is_found_by_the_names_of_its_file(found, query):
    assert found(query) == {"cryo-electron tomography", "cryo-ET"}
