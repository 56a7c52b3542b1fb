"""The leak scan finds closed words wherever they hide, and lets open ones pass."""

import gzip

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.site.run.leak_scan import ClosedWords, names_of, own_words, readable, scan
from panfair.site.state.ledger import Ledger
from support.records import a_dataset, a_publication

SECRET = a_publication(
    title="Zirkonquarzit und Nebelglas",
    abstract="We looked for unobtainium in the northern corridor.",
    keywords=(),
    related=(),
    datasets=(a_dataset(id="closed", name="ring_beam_map", samples=(), parameters=()),),
)


def _closed(*open_texts: str) -> ClosedWords:
    closed = ClosedWords(b"key of this test")
    closed.close(SECRET, names_of(SECRET))
    closed.allow(open_texts)
    return closed


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("www/a.html", "<p>Some <b>unobtainium</b> here</p>"),
        ("www/a.html", "<p title='UNOBTAINIUM'></p>"),
        ("www/a.html", "<p>un&#111;btainium</p>"),
        ("www/a.xml", "<x>unobtainium</x>"),
        ("www/a.json", '{"a": "unob\\u0074ainium"}'),
        ("www/a.json", orjson.dumps({"a": "line\nunobtainium"}).decode()),
        ("www/a.bib", "title={unobtainium}"),
        ("www/datasets/unobtainium.txt", "unobtainium"),
        ("www/a.html", "Zirkonquarzit"),
        ("www/a.txt", "northern"),
    ],
)
def test_a_planted_word_is_found(path, text):
    assert list(scan([(path, text.encode)], _closed()))


def test_a_name_made_of_open_words_is_found_as_a_whole():
    closed = _closed("the ring", "a beam of light", "map of the hall")
    assert closed.found_in("see ring-beam-map") is not None
    assert closed.found_in("the beam, the ring and the map") is None


def test_the_finding_never_quotes_what_it_found():
    found = _closed().found_in("unobtainium in the northern corridor")
    assert found is not None
    assert "unobtainium" not in found and "corridor" not in found


def test_words_of_open_records_are_no_leak():
    assert _closed("The northern corridor is open").found_in("northern corridor") is None


def test_the_sites_own_words_are_no_leak():
    closed = _closed(*own_words([]))
    assert closed.found_in("tomography, catalogue, published, technique") is None
    assert closed.found_in("unobtainium") is not None


def test_what_the_ledger_keeps_finds_the_same_and_holds_no_word(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    closed = _closed("ring beam")
    closed.save(ledger)
    again = ClosedWords.load(ledger, b"key of this test")
    ledger.close()
    for text in ("unobtainium", "ring beam map", "Nebelglas und anderes", "nothing of it"):
        assert again.found_in(text) == closed.found_in(text)
    assert b"unobtainium" not in (tmp_path / "ledger.sqlite").read_bytes().lower()


@given(st.lists(st.text(alphabet="abcdefgh", min_size=5, max_size=9), min_size=1, max_size=12, unique=True), st.data())
@settings(max_examples=60, deadline=None)
def test_a_word_is_found_exactly_when_it_is_closed_and_not_open(words, data):
    opened = data.draw(st.sets(st.sampled_from(words)))
    closed = ClosedWords(b"k")
    closed.close(a_publication(abstract=" ".join(words), title="T"), ())
    closed.allow([" ".join(opened)])
    for word in words:
        assert (closed.found_in(f"<p>{word}.</p>") is None) == (word in opened)


def test_a_word_inside_a_gzip_file_is_found():
    body = gzip.compress(b"<dc:title>unobtainium</dc:title>", mtime=0)
    assert [path for path, _found in scan([("www/harvest/1.xml.gz", lambda: body)], _closed())]


def test_escapes_are_undone_before_reading():
    assert readable(b"a&amp;b &lt;c", "x.html") == "a&b <c"
    assert readable(b'"\\u00e9t\\u00e9"', "x.json") == '"été"'


def test_a_name_closed_or_allowed_after_a_scan_counts_in_the_next():
    closed = ClosedWords(b"key of this test")
    closed.close_names(["ring beam map"])
    assert closed.found_in("a ring beam map") and not closed.found_in("the second scan here")
    closed.close_names(["second scan"])
    assert closed.found_in("the second scan here")
    closed.allow(["ring beam map"])
    assert not closed.found_in("a ring beam map") and closed.found_in("the second scan here")


def test_the_table_of_names_is_made_once_for_all_files_and_travels_nowhere():
    closed = _closed()
    assert closed.found_in("ring beam map") and closed._anchors() is closed._anchors()
    assert closed.__getstate__()["_by_anchor"] is None
