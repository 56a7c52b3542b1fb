"""The sieve lets nothing pass that a look at each value would find, and remembers what was clean."""

import re
import sqlite3
from html import escape
from io import BytesIO
from zipfile import ZipFile

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.site.run.leaks import sieve
from panfair.site.run.leaks.scanner import Scanner
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.leaks.values import values_in

CLOSED = ["Ring beam map", "vorpal", "Müllers Nebelglas", "Foam 4711 of the hall", "10.99999/closed-12"]
SAID = "ring beam map foam of the hall 10 99999 closed 12 in an open text"


def _scanner() -> Scanner:
    tables = LeakTables(sqlite3.connect(":memory:"), b"key of this test")
    tables.close("closed", [("title", text) for text in CLOSED])
    tables.listen([(word, "1", [word].copy) for word in SAID.split()])
    return tables.scanner()


WRITTEN = {
    "a.html": lambda texts: "".join(f'<p title="{escape(text)}">{escape(text)}</p>' for text in texts),
    "b.html": lambda texts: f'<script type="application/ld+json">{orjson.dumps(texts).decode()}</script>'.replace(
        "<b", ""
    ),
    "a.xml": lambda texts: "".join(f"<x>{escape(text, quote=False)}</x>" for text in texts),
    "a.json": lambda texts: orjson.dumps(texts).decode(),
    "b.json": lambda texts: orjson.dumps(texts, option=orjson.OPT_INDENT_2).decode(),
    "a.ttl": lambda texts: "".join(f"<http://a> dct:title {orjson.dumps(text).decode()}@en ;\n" for text in texts),
    "a.bib": lambda texts: "\n".join(texts),
}
_PART = st.sampled_from(
    [*CLOSED, *SAID.split(), "müllers", "nebelglas", "&amp; ", '"', "\\", "%20", "–", " ", "_", "\n"]
)
_TEXT = st.lists(_PART, max_size=6).map("".join)


@given(st.lists(st.tuples(st.sampled_from(sorted(WRITTEN)), st.lists(_TEXT, max_size=4)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_a_look_at_every_value_finds_is_found_of_a_record_too(outputs):
    scanner, plain = _scanner(), _scanner()
    for number in range(2):  # what was clean the first time is not looked at again
        written = [(f"{number}/{path}", WRITTEN[path](texts).encode()) for path, texts in outputs]
        found = {(one.path, one.value) for one in scanner.of_record(written)}
        assert found == {
            (one.path, one.value) for path, body in written for one in plain.in_values(path, values_in(body, path))
        }
        assert {path for path, _value in found} == {
            path for path, body in written if any(True for _one in scanner.findings(path, body))
        }


def test_a_clean_value_is_not_looked_at_again_in_another_form(monkeypatch):
    scanner, asked = _scanner(), []
    real = sieve._words_of
    monkeypatch.setattr(sieve, "_words_of", lambda values: asked.append(sorted(values)) or real(values))
    for path in ("a.html", "a.xml", "a.json", "b.json"):
        assert not list(scanner.of_record([(path, WRITTEN[path](["an open hall of foam"]).encode())]))
    assert sum(b"an open hall of foam" in values for values in asked) == 1


def test_a_member_of_an_archive_that_stands_beside_it_is_scanned_once_and_another_one_is_found():
    def packed(body: bytes) -> bytes:
        buffer = BytesIO()
        with ZipFile(buffer, "w") as archive:
            archive.writestr("a.bib", body)
        return buffer.getvalue()

    clean = b"title = {hall}"
    assert not list(_scanner().of_record([("a.bib", clean), ("metadata.zip", packed(clean))]))
    found = list(_scanner().of_record([("a.bib", clean), ("metadata.zip", packed(b"title = {vorpal}"))]))
    assert [(one.path, one.value) for one in found] == [("metadata.zip", "vorpal")]


@pytest.mark.parametrize("mark", [mark.decode() for mark in sieve._NO_LETTERS])
def test_what_is_taken_out_of_texts_is_no_part_of_a_word(mark):
    assert re.search(r"[^\W_]", mark.replace("&amp; ", "")) is None
