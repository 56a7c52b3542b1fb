"""Tests of what a landing page embeds, read by extruct as search engines read it, against Google's list."""

import pytest

from panfair.builders.html.renderer import Renderer
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.pages.landing import landing_pages
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Identifier, Orcid, Ror
from panfair.ontologies.record import Affiliation, Agent, File, Funding, Instrument, Parameter, Related
from support.format_cases import PORTAL, real_releases
from support.judges.search_engines import FAIR, PROV, RECOMMENDED, REQUIRED, faults, read_page
from support.records import a_publication, released
from support.small_site import a_rich_publication


def read(one: Released) -> tuple[dict, dict]:
    """The Dataset of the page's JSON-LD, and its OpenGraph properties."""
    page = next(art for art in landing_pages(one, Renderer(PORTAL)) if art.path.endswith("/index.html"))
    return read_page(page.body.decode(), PORTAL.landing(one.doi))


def a_full_publication():
    ror = Ror.parse("02550n020")
    return a_publication(
        abstract="We followed how a foam of silica drains, by fast tomography, for two hours at room temperature.",
        creators=(
            Agent(
                name="Testa Madeup",
                orcid=Orcid.parse("0000-0002-1825-0097"),
                affiliations=(Affiliation(name="Example University", ror=ror),),
            ),
        ),
        publisher=Agent(name="Example Photon Source", kind="organisation", ror=Ror.parse("024mw5h28")),
        instruments=(Instrument(name="EX01", identifier=Identifier(scheme="DOI", value="10.99999/ex01")),),
        parameters=(Parameter(name="energy", value=12.4, unit="keV"),),
        funding=(Funding(funder="Example Fund", award_number="EX-1"),),
        related=(
            Related(relation="IsSupplementTo", identifier=Identifier(scheme="DOI", value="10.99999/paper")),
            Related(relation="IsPartOf", identifier=Identifier(scheme="DOI", value="10.99999/all")),
        ),
        files=(File(name="a.nxs", url="https://data.example.org/a.nxs", size_bytes=3),),
        version="1",
        proposal="EX-2024-7",
        modified="2026-06-02T00:00:00Z",
    )


def test_a_full_record_embeds_all_that_search_engines_and_assessors_look_for():
    dataset, graph = read(released(a_full_publication()))
    assert [term for term in (*REQUIRED, *RECOMMENDED, *FAIR) if not dataset.get(term)] == []
    assert faults(dataset) == []
    assert dataset["@id"] == dataset["identifier"] == "https://doi.org/10.99999/EXAMPLE-1"
    creator = dataset["creator"]
    assert creator["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert creator["affiliation"]["@id"] == "https://ror.org/02550n020"
    assert dataset["publisher"]["@id"] == "https://ror.org/024mw5h28"
    made = dataset[f"{PROV}wasGeneratedBy"]
    assert made["instrument"]["@id"] == "https://doi.org/10.99999/ex01" and made["agent"]["@id"] == creator["@id"]
    used = {thing["@id"] for thing in made[f"{PROV}used"]}
    assert {"https://doi.org/10.99999/ex01", "http://purl.org/pan-science/PaNET/PaNET01129"} <= used
    assert {part["@id"] for part in dataset["isPartOf"]} == {
        "https://doi.org/10.99999/all",
        PORTAL.landing(a_full_publication().doi) + "#proposal",
    }
    for file in dataset["distribution"]:
        assert file["contentUrl"] and file["encodingFormat"] == "application/x-hdf5"
    assert graph["og:title"] == dataset["name"] and graph["og:url"] == dataset["url"]


def test_every_metadata_file_is_named_by_the_page():
    one = released(a_full_publication())
    dataset, _ = read(one)
    named = {document["url"].removeprefix(describe(one, PORTAL).landing) for document in dataset["subjectOf"]}
    assert {"datacite.xml", "dcat.ttl", "metadata.zip", "CITATION.cff", "citation.enw"} <= named


@pytest.mark.parametrize("one", [released(a_publication(abstract=None, rights=())), released(a_rich_publication())])
def test_a_page_embeds_no_empty_value(one):
    dataset, _ = read(one)
    assert not [term for term, value in dataset.items() if value in (None, "", [], {})]


def test_real_pages_embed_what_google_requires(shared):
    for one in real_releases(shared)[::5]:
        dataset, _ = read(one)
        assert dataset["name"] == one.publication.title
        poor = {} if one.publication.abstract or one.publication.methods else {"description": "x" * 50}
        assert faults(dataset | poor) == [], one.doi
        missing = [t for t in ("identifier", "publisher", "datePublished", "conditionsOfAccess") if not dataset.get(t)]
        assert missing == [], one.doi
