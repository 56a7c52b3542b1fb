"""Tests of builders/oai/pieces.py: joined pieces are one gzip member that says what the texts say."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.oai.pieces import Piece, followed, piece, text_of, unzipped, zipped

parts = st.lists(st.binary(max_size=300) | st.binary(max_size=300).map(piece), max_size=8)


@given(parts)
def test_joined_texts_and_pieces_are_one_member_that_any_reader_takes(parts):
    whole = zipped(parts)
    reader = zlib.decompressobj(31)  # reads one member, as many HTTP clients do
    assert reader.decompress(whole) == gzip.decompress(whole) == unzipped(parts)
    assert reader.eof and not reader.unused_data


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6), st.data())
def test_a_run_of_pieces_is_cut_out_of_a_file_by_the_crcs_at_its_ends(texts, data):
    ends, crc = [0], 0
    for text in texts:
        crc = followed(crc, piece(text))
        ends.append(crc)
    first = data.draw(st.integers(0, len(texts) - 1))
    end = data.draw(st.integers(first + 1, len(texts)))
    packed = b"".join(piece(text).packed for text in texts[first:end])
    run = Piece(packed, sum(map(len, texts[first:end])), ends[end], ends[first])
    assert text_of(run) == b"".join(texts[first:end])
    assert gzip.decompress(zipped([b"lead", run, b"tail"])) == b"lead" + text_of(run) + b"tail"


def test_the_crc_of_a_very_long_text_is_right():
    long = bytes(range(256)) * 20_000
    assert followed(zlib.crc32(b"before"), piece(long)) == zlib.crc32(b"before" + long)


@pytest.mark.parametrize("count", [0, 1, 0xFFFF, 0x10000, 200_000])
def test_texts_of_any_length_stand_between_pieces(count):
    text = b"a" * count
    assert (
        unzipped([text, piece(b"record"), text])
        == text + b"record" + text
        == gzip.decompress(zipped([text, piece(b"record"), text]))
    )


def test_a_damaged_piece_is_told_and_not_sent():
    whole = piece(b"tomography of foam " * 50)
    with pytest.raises(zlib.error):
        unzipped([b"lead", Piece(whole.packed[:-9], whole.size, whole.after), b"tail"])
