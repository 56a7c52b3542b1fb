"""Related works are recognised by what their texts are: a DOI whole, and every other scheme by its own form."""

import json

import pytest

from panfair.harvesters.reading.related_works import related_works
from panfair.ontologies.identifiers import Doi

OWN = Doi.parse("10.5072/rel")


def _found(*texts: str):
    return related_works(list(texts), OWN, lambda text: None)


def test_the_related_works_handed_to_us_are_each_what_they_are(shared):
    (document,) = json.loads((shared / "cases/03-related-dois/PublishedData.json").read_text())
    found = _found(*document["relatedPublications"])
    assert [(work.identifier.scheme, work.identifier.value) for work in found] == [
        ("DOI", "10.1002/(SICI)1097-0274(199909)36:1+<1::AID-AJIM2>3.0.CO;2-0"),
        ("DOI", "10.1890/1051-0761(2003)013[0090:cmatei]2.0.co;2"),
        ("DOI", "10.1649/0010-065x(2001)055[0411:daposa]2.0.co;2"),
        ("DOI", "10.1038/s41586-020-1234-5"),
        ("arXiv", "2001.01234v2"),
        ("PMID", "12345678"),
        ("ISBN", "978-3-16-148410-0"),
        ("PDB", "4HHB"),
    ]
    assert all(work.citation is None for work in found)


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("https://arxiv.org/pdf/2001.01234.pdf", "arXiv", "2001.01234"),
        ("arXiv:cond-mat/0102536", "arXiv", "cond-mat/0102536"),
        ("EMD-1234", "EMDB", "EMD-1234"),
        ("https://www.ebi.ac.uk/emdb/EMD-12345", "EMDB", "EMD-12345"),
        ("hdl:20.500.12269/abc", "Handle", "20.500.12269/abc"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", "PMID", "12345678"),
        ("10.1002/(SICI)1097&lt;1::AID&gt;3.0.CO;2-0.", "DOI", "10.1002/(SICI)1097<1::AID>3.0.CO;2-0"),
        ("isbn 3161484100", "ISBN", "3161484100"),
    ],
)
def test_a_text_that_is_an_identifier_is_taken_whole(text, scheme, value):
    (work,) = _found(text)
    assert (work.identifier.scheme, work.identifier.value, work.citation) == (scheme, value, None)


def test_an_identifier_inside_a_citation_is_found_and_the_words_stay():
    (work,) = _found("Doe J. (2020) Foams, see arXiv:2001.01234 for more")
    assert (work.identifier.scheme, work.identifier.value) == ("arXiv", "2001.01234") and work.citation.startswith(
        "Doe J."
    )


@pytest.mark.parametrize("text", ["https://doi.org/", "doi", "http://hdl.handle.net", "https://arxiv.org/abs/"])
def test_a_resolvers_address_without_an_identifier_is_no_work(text):
    assert _found(text) == ()


def test_a_structure_is_referred_to_and_a_paper_is_supplemented():
    assert [work.relation for work in _found("pdb:4HHB", "PMID: 12345678")] == ["References", "IsSupplementTo"]
