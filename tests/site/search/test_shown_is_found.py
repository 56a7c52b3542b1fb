"""Everything that a page shows can be typed into the search: identifiers in any form, sessions, names, files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.search.documents.identifiers import identifier_word
from panfair.builders.search.documents.words import words
from panfair.builders.search.language.request import SearchRequest
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Dataset, File, Related
from panfair.site.search.engine import SearchEngine
from support.site_run import SiteRun, numbered


@pytest.fixture(params=["whoosh", "tantivy"])
def found(request, tmp_path):
    """Publishes records; gives what finds the DOIs of a query."""

    def publish(*records, copied=None):
        site = SiteRun(tmp_path / "site", ["made-up"], tables=f'[search]\nengine = "{request.param}"\n')
        if copied:
            (site.folder / "made-up.jsonl").write_text(copied, encoding="utf-8")
        else:
            site.put(*records)
        site.publish()
        engine = SearchEngine({scope: site.output / "search" / scope for scope in ("publications", "datasets")})
        request.addfinalizer(engine.close)
        return lambda query: [hit.doi for hit in engine.search(SearchRequest(query=query)).results]

    return publish


def test_what_a_page_shows_is_found_as_it_is_copied(found, shared):
    case = shared / "cases/10-search-what-is-shown"
    search = found(copied=(case / "records.jsonl").read_text(encoding="utf-8"))
    lines = (case / "queries.txt").read_text(encoding="utf-8").splitlines()
    asked = [line.split(" -> ") for line in lines if not line.startswith("#")]
    assert len(asked) > 10
    for query, doi in asked:
        assert search(query) == [doi], query


def test_files_checksums_and_papers_lead_to_the_data(found):
    paper = Related(relation="IsSupplementTo", identifier=Identifier(scheme="PDB", value="6VXX"))
    file = File(name="raw/scan_0001.h5", checksum="a1b2c3d4e5f60718293a4b5c6d7e8f90")
    search = found(
        numbered(1, datasets=(Dataset(id="1", name="d", files=(file,)),), related=(paper,)),
        numbered(2, title="Another"),
    )
    mine = [str(numbered(1).doi)]
    for query in ("scan_0001.h5", "file:scan_0001.h5", "a1b2c3d4e5f60718293a4b5c6d7e8f90", "file:scan*"):
        assert search(query) == mine, query
    for query in ("pdb:6vxx", "pdb: 6VXX", "6VXX", "https://www.rcsb.org/structure/6VXX", "paper:6vxx"):
        assert search(query) == mine, query


@pytest.mark.parametrize("typed", ["Mueller", "Muller", "Müller", "mueller-gross", "Müller-Groß", "title: Mueller"])
def test_a_name_is_found_in_every_spelling_of_its_umlauts(found, typed):
    search = found(numbered(1, title="By Müller-Groß"), numbered(2, title="Moller"))
    assert search(typed) == [str(numbered(1).doi)]


def test_a_spelling_is_found_where_the_record_has_the_umlaut_and_where_it_has_none(found):
    search = found(numbered(1, title="Jürgen"), numbered(2, title="Juergen"), numbered(3, title="Jorgen"))
    assert sorted(search("Jürgen")) == sorted(str(numbered(number).doi) for number in (1, 2))
    assert sorted(search("Juergen")) == sorted(str(numbered(number).doi) for number in (1, 2))


@given(st.text(max_size=60))
def test_an_identifier_is_one_word_and_stays_it_when_it_is_read_again(text):
    word = identifier_word(text)
    if word.isascii():  # others (½, ﬁ) may fold to several, alike on both sides
        assert identifier_word(word) == word
        assert [one.text for one in words(word)] in ([], [word[:120]])
