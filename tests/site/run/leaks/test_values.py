"""An output's values come each by itself: never two as one, and none is lost."""

import gzip
from io import BytesIO
from zipfile import ZipFile

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.search.static.packing import as_json, packed_file, varints
from panfair.site.run.leaks.values import readings_of, values_in


def _readings(path: str, body: bytes) -> list[str]:
    return [reading for value in values_in(body, path) for reading in readings_of(value)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("www/a.html", "<p>foam film</p><b>168</b>"),
        ("www/a.html", '<p title="foam film" data-count="168">'),
        ("www/a.html", '<p data-graph="[&quot;foam film&quot;, &quot;168&quot;]">'),
        ("www/a.html", '<script type="application/ld+json">{"name":"foam film","count":"168"}</script>'),
        ("www/a.html", '<script type="application/ld+json">{"name":"foam film","say":"\\u003cp>","n":"168"}</script>'),
        ("www/a.xml", "<x>foam film</x><y>168</y>"),
        ("www/a.atom", "<content>&lt;p&gt;foam film&lt;/p&gt;168</content>"),
        ("www/a.json", '{"a": ["foam film", "168"]}'),
        ("www/a.json", '{"a": "foam film", "b": 168}'),
        ("www/a.ttl", '<http://a> dct:title "foam film", "168"@en .'),
        ("www/a.ttl", 'x: dct:title """foam film""" ; n: 168 .'),
        ("www/a.bib", "title = {foam film},\n number = {168}"),
        ("www/a.ris", "TI  - foam film\nSP  - 168"),
        ("search index.json", '{"title":"foam film","place":168}'),
    ],
)
def test_what_stands_beside_a_value_is_not_read_with_it(path, text):
    readings = _readings(path, text.encode())
    assert any("foam film" in reading for reading in readings)
    assert not any("foam film" in reading and "168" in reading for reading in readings)


@pytest.mark.parametrize(
    ("path", "body", "reading"),
    [
        ("a.html", b"<p>a&amp;b &lt;c", "a&b <c"),
        ("a.html", b"<!-- quartz -->", "!-- quartz --"),
        ("a.html", b"<p title='quartz'>", "p title='quartz'"),
        ("a.html", b"<p>C:\\quartz</p>", "C:\\quartz"),
        ("a.json", b'"\\u00e9t\\u00e9"', "été"),
        ("a.json", b'{"a": "line\\nquartz"}', "line\nquartz"),
        ("a.json", b'{"a": 1} quartz', ": 1} quartz"),
        ("a.html", b'<a href="/samples/fo%C3%A4m/">', "/samples/foäm/"),
        ("a.ics", b"SUMMARY:qua\r\n rtz\r\n", "SUMMARY:quartz"),
        ("a.xml.gz", gzip.compress(b"<t>quartz</t>", mtime=0), "quartz"),
        ("a.bin", b"\x00\x01quartz\xff\xfe", "quartz"),
    ],
)
def test_entities_escapes_and_packings_are_undone(path, body, reading):
    assert reading in [one.strip() if path == "a.json" else one for one in _readings(path, body)]


def test_a_file_of_the_static_search_gives_its_words_and_no_noise_of_its_numbers():
    words = packed_file("&ring beam\nquartz\n~calibr\tcalibrated\n", varints(range(97, 122)))
    assert _readings("www/search/data/1/words-0.bin", words) == ["&ring", "beam", "quartz", "calibrated"]
    cards = packed_file(as_json([["10.1/a", "Foam film", 168]]), varints([1]))
    assert "Foam film" in _readings("www/search/data/1/cards-0.bin", cards)


def test_the_members_of_an_archive_are_read_by_their_own_kinds():
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("quartz/metadata.json", '{"a": "foam film", "b": "168"}')
    readings = _readings("metadata.zip", packed.getvalue())
    assert {"quartz", "foam film", "168"} <= set(readings)


@given(st.lists(st.text(alphabet='ab "\\<>&{é\n', max_size=12)))
def test_every_string_of_a_json_document_comes_out_as_it_went_in(texts):
    def told(value: str) -> list[str]:
        return list(readings_of(value))

    values = list(values_in(orjson.dumps(texts), "a.json"))
    for text in texts:
        if not text.lstrip().startswith(("{", "[")) and not ("<" in text and ">" in text) and "&" not in text:
            assert any(text in told(value) for value in values)
