"""ontologies/identifiers.py: what is an identifier, what is not, and where its page lies."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import (
    Doi,
    Orcid,
    Ror,
    doi_to_path,
    find_doi,
    find_url,
    parse_identifier,
    path_to_doi,
)
from support.strategies import dois


@given(st.text(min_size=1))
def test_a_path_leads_back_to_its_doi_and_never_leaves_its_folder(suffix):
    key = "10.1234/" + suffix.encode("utf-8", "ignore").decode()
    path = doi_to_path(key)
    assert path_to_doi(path) == key
    assert not path.startswith("/")
    assert all(part not in {"", ".", ".."} for part in path.split("/"))
    assert PurePosixPath(path).as_posix() == path


@given(dois, dois)
def test_two_dois_share_a_page_only_if_they_are_one(one, other):
    assert (one.page == other.page) == (one.key == other.key)


@given(dois)
def test_the_page_address_holds_nothing_that_an_address_cannot(doi):
    assert set(doi.page) <= set("abcdefghijklmnopqrstuvwxyzABCDEF0123456789._~()-/%")


@pytest.mark.parametrize(
    "text",
    ["10.16907/05A50450", "doi:10.16907/05A50450", "DOI 10.16907/05A50450", "https://doi.org/10.16907/05A50450",
     "http://dx.doi.org/10.16907/05a50450", "  10.16907/05a50450\n"],
)  # fmt: skip
def test_one_doi_is_read_from_all_its_spellings(text):
    assert Doi.parse(text).key == "10.16907/05a50450"


@pytest.mark.parametrize(
    "text", ["", "psi.ch", "10.16907", "10.16907/", "10.16907/a b", "11.1234/x", "https://example.org/x"]
)
def test_what_is_no_doi_is_refused(text):
    with pytest.raises(IdentifierError):
        Doi.parse(text, ())


def test_a_test_prefix_is_taken_only_when_the_operator_names_it():
    assert Doi.parse("DOI:00.0815/inv-1", ("00.0815",)) == "00.0815/inv-1"
    with pytest.raises(IdentifierError, match="extra_doi_prefixes"):
        Doi.parse("DOI:00.0815/inv-1", ())


def test_a_doi_too_long_for_a_file_system_is_refused():
    with pytest.raises(IdentifierError, match="longer"):
        Doi.parse("10.1234/" + "é" * 60)


@pytest.mark.parametrize("text", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000000218250097"])
def test_an_orcid_is_read_from_all_its_spellings(text):
    assert Orcid.parse(text) == "0000-0002-1825-0097"


@pytest.mark.parametrize("text", ["0000-0002-3262", "0000-0002-1825-0098", "0000-0000-0000-0000", ""])
def test_an_orcid_that_is_wrong_is_refused(text):
    with pytest.raises(IdentifierError):
        Orcid.parse(text)


def test_a_ror_with_wrong_check_digits_is_refused():
    assert Ror.parse("ROR:024mw5h28") == "024mw5h28"
    with pytest.raises(IdentifierError):
        Ror.parse("024mw5h29")


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("20.500.11935/5148ff5d-3f0d", "Handle", "20.500.11935/5148ff5d-3f0d"),
        ("PID.SAMPLE.PREFIX/psi_ds1", "local", "PID.SAMPLE.PREFIX/psi_ds1"),
        ("IGSN:ESNFHNS8AYEZ", "IGSN", "ESNFHNS8AYEZ"),
        ("URL:http://oeis.org/A000027", "URL", "http://oeis.org/A000027"),
        ("Crossref Funder ID:10.13039/100005376", "Funder", "10.13039/100005376"),
        ("https://doi.org/10.1103/PhysRevB.105.144408", "DOI", "10.1103/PhysRevB.105.144408"),
        ("arXiv:2202.03912", "arXiv", "2202.03912"),
    ],
)
def test_an_identifier_tells_its_scheme(text, scheme, value):
    found = parse_identifier(text)
    assert (found.scheme, found.value) == (scheme, value)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("GRL, 2021, DOI: 10.1029/2020GL092315", "10.1029/2020GL092315"),
        ("(see https://doi.org/10.1016/j.advwatres.2021.103868).", "10.1016/j.advwatres.2021.103868"),
        ("Nature 1999; doi:10.1016/S0010-8650(99)12-3,", "10.1016/S0010-8650(99)12-3"),
        ("In preparation", None),
    ],
)
def test_a_doi_is_found_inside_a_citation(text, doi):
    assert find_doi(text) == doi


def test_an_address_inside_a_sentence_loses_the_full_stop():
    assert find_url("Zenodo. https://zenodo.org/record/4444832.") == "https://zenodo.org/record/4444832"
