"""The scanner finds what closed records alone hold, wherever it hides, and takes nothing else for it."""

import pickle
import sqlite3

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies.record import Agent, Publication, canonical
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.said import texts_of_panfair
from panfair.site.run.leaks.scanner import Scanner
from panfair.site.run.leaks.tables import LeakTables
from support.records import a_dataset, a_publication

SECRET = a_publication(
    title="Zirkonquarzit und Nebelglas",
    abstract="We looked for unobtainium in the northern corridor of a hall that is not on any map, and we saw it.",
    keywords=(),
    related=(),
    datasets=(a_dataset(id="closed", name="ring_beam_map", samples=(), parameters=()),),
)


def scanner_for(closed: Publication, *said: str) -> Scanner:
    """The scanner when one record is closed and others say these texts."""
    tables = LeakTables(sqlite3.connect(":memory:"), b"key of this test")
    tables.close("made-up: 1", texts_of(orjson.loads(canonical(closed))))
    tables.listen([(str(place), text, [text].copy) for place, text in enumerate(said)])
    return tables.scanner()


def found(scanner: Scanner, text: str, path: str = "www/a.txt") -> list[str]:
    """What a scan finds of closed records."""
    return [finding.value for finding in scanner.findings(path, text.encode())]


def test_a_person_is_not_found_where_a_prefix_and_a_word_are_their_names():
    closed = a_publication(creators=(Agent(name="Ada Person", family_name="Person", given_name="Ada"),), datasets=())
    scanner = scanner_for(closed, "person", "ada lovelace")
    assert not found(scanner, '{"id": "person:ada-lovelace-76740216"}', "PaNOSC store.json")
    for shown in ("Ada Person", "Person, Ada", "ada-person", "person_ada"):
        assert found(scanner, f'{{"name": "{shown}"}}', "a.json"), shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("www/a.html", "<p>Some <b>unobtainium</b> here</p>"),
        ("www/a.html", "<p title='UNOBTAINIUM'></p>"),
        ("www/a.html", "<p>un&#111;btainium</p>"),
        ("www/a.html", "<!-- unobtainium -->"),
        ("www/a.xml", "<x>unobtainium</x>"),
        ("www/a.json", '{"a": "unob\\u0074ainium"}'),
        ("www/a.json", orjson.dumps({"a": "line\nunobtainium"}).decode()),
        ("www/a.bib", "title={unobtainium}"),
        ("www/datasets/unobtainium.txt", "nothing"),
        ("www/a.html", "Zirkonquarzit"),
        ("www/a.html", '<a href="/x/ring%5Fbeam%5Fmap">'),
        ("www/a.txt", "northern"),
    ],
)
def test_a_planted_word_is_found(path, text):
    assert found(scanner_for(SECRET), text, path)


def test_a_finding_names_the_closed_record_its_field_and_what_stands_there():
    tables = LeakTables(sqlite3.connect(":memory:"), b"key of this test")
    tables.close("made-up: 1", texts_of(orjson.loads(canonical(SECRET))))
    (finding,) = [one for one in tables.scanner().findings("www/a.html", b"<p>Ring_Beam_Map</p>") if "_" in one.value]
    assert tables.name_of(finding.owner) == "made-up: 1" and finding.field == "datasets.name"
    assert finding.value == "Ring_Beam_Map" and finding.path == "www/a.html"


def test_a_name_made_of_open_words_is_found_as_a_whole():
    scanner = scanner_for(SECRET, "the ring", "a beam of light", "map of the hall")
    assert found(scanner, "see ring-beam-map") == ["ring-beam-map"]
    assert not found(scanner, "the beam, the ring and the map") and not found(scanner, "ring: beam, map")


def test_a_passage_made_of_open_words_is_found():
    words = SECRET.abstract.replace(",", "").replace(".", "").split()
    scanner = scanner_for(SECRET, *words)
    assert not found(scanner, "we saw the northern hall and looked for unobtainium")
    assert found(scanner, "Also: we looked for unobtainium in the northern corridor of a hall.")


@pytest.mark.parametrize(
    "text", ["The northern corridor is open", "northern-corridor", "Ring beam map", "the site says zirkonquarzit"]
)
def test_what_an_open_record_says_is_no_leak(text):
    assert not found(scanner_for(SECRET, text), text)


def test_a_name_that_an_open_record_says_in_two_values_is_still_a_leak():
    scanner = scanner_for(SECRET, "ring", "beam map")
    assert found(scanner, "ring_beam_map") and not found(scanner, "beam map")


def test_an_address_that_a_closed_text_cites_is_no_passage():
    scanner = scanner_for(
        a_publication(title="T", abstract="See https://doi.org/10.99999/00b95267-8b8b-48a7-8de6-8da6b9b7bb7d"),
        "10.99999/00b95267-8b8b-48a7-8de6-8da6b9b7bb7d", "https", "doi.org",
    )  # fmt: skip
    assert not found(scanner, "https://doi.org/10.99999/00b95267-8b8b-48a7-8de6-8da6b9b7bb7d")


def test_a_count_beside_an_open_name_is_not_taken_for_a_closed_name():
    scanner = scanner_for(a_publication(title="Sample Data from X7 168"), "Sample Data from X7")
    assert not found(scanner, "Sample Data from X7, 168 datasets")
    assert not found(scanner, "Sample Data from X7 168 datasets")
    assert found(scanner, '{"title": "Sample Data from X7 168"}', "www/a.json")


def test_a_word_that_an_open_one_gives_when_it_is_folded_or_spelt_for_the_search_is_no_leak():
    scanner = scanner_for(a_publication(title="T", abstract="muller gammaray nanobeam"), "Müller", "γ-ray", "nano-beam")
    assert not found(scanner, "muller gammaray nanobeam")
    assert found(scanner_for(a_publication(title="Zürichtal")), "zurichtal")


def test_the_sites_own_words_and_dates_in_words_are_no_leak():
    own = list(texts_of_panfair())
    told = "tomography catalogue published technique November février März jeudi"
    assert not found(
        scanner_for(a_publication(title="T", abstract=f"{told} unobtainium"), *own), " ".join(sorted(told.split()))
    )
    assert found(scanner_for(SECRET, *own), "unobtainium")


@given(st.lists(st.text(alphabet="abcdefgh", min_size=5, max_size=9), min_size=1, max_size=12, unique=True), st.data())
@settings(max_examples=60, deadline=None)
def test_a_word_is_found_exactly_when_it_is_closed_and_not_open(words, data):
    opened = data.draw(st.sets(st.sampled_from(words)))
    scanner = scanner_for(a_publication(abstract=" ".join(words), title="T"), *opened)
    for word in words:
        assert bool(found(scanner, f"<p>{word}.</p>", "www/a.html")) == (word not in opened)


def test_what_goes_to_a_worker_holds_no_word_and_finds_the_same():
    scanner = scanner_for(SECRET)
    assert found(scanner, "unobtainium and the northern hall")
    packed = pickle.dumps(scanner)
    assert b"unobtainium" not in packed and b"northern" not in packed
    assert found(pickle.loads(packed), "unobtainium") == ["unobtainium"]


def test_a_value_that_was_clean_is_not_read_again_and_one_that_was_not_is():
    scanner = scanner_for(SECRET)
    for _ in range(2):
        assert found(scanner, "unobtainium") and not found(scanner, "all is well")
