"""An output is cut bit by bit on its bytes, and no value stands in two pieces; a broken archive is told of."""

import gzip

import pytest

from panfair.site.run.leaks import pieces
from panfair.site.run.leaks.pieces import digest_of, pieces_of
from panfair.site.run.leaks.values import values_in


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.nq", b'<http://a> <http://b> "quartz \\" at 4711" .\n'),
        ("a.html", b"<p>quartz\nat 4711</p>\n"),
        ("a.json", b'{"a": "quartz at 4711"}'),
        ("a.csv", b"quartz;at;4711\n"),
    ],
)
def test_a_large_file_gives_the_values_of_a_small_one_in_bits_of_bounded_size(monkeypatch, path, line):
    monkeypatch.setattr(pieces, "_PIECES_AT_ONCE", 100)
    bits = list(pieces_of(line * 200, path))
    assert len(bits) > 20 and max(sum(map(len, bit.pieces)) for bit in bits) < 300
    assert set(values_in(line * 200, path)) >= {value for value in values_in(line, path) if "quartz" in value}


def test_members_of_a_gzip_file_that_are_known_are_left_out_and_only_those():
    first, second = b'<http://a> <http://b> "quartz" .\n', b'<http://a> <http://b> "opal" .\n'
    body = gzip.compress(first) + gzip.compress(second)
    known = {digest_of(first)}
    found = [
        piece for some in pieces_of(body, "a.nq.gz", lambda member: digest_of(member) in known) for piece in some[1]
    ]
    assert b"opal" in b"".join(found) and b"quartz" not in b"".join(found)


def test_a_gzip_file_that_ends_in_the_middle_is_no_clean_one():
    with pytest.raises(EOFError):
        list(pieces_of(gzip.compress(b"quartz" * 1000)[:-9], "a.txt.gz"))
