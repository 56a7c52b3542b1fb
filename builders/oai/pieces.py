"""Pieces of gzip that join: a record is compressed once, and any run of records goes out as gzip without more work.

A piece is raw DEFLATE (RFC 1951) that ends with a byte and looks back at nothing before it, so pieces may follow each
other in any order. Why ONE gzip member is made of them (RFC 1952), where a chain of members would be less to do: many
HTTP clients read the first member only and lose the rest without a word. The member needs the CRC of the whole; CRCs
are linear, so it is reckoned from those of the parts.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_RAW = -15  # zlib's way to say DEFLATE without a frame
_KEPT = 6  # the level: made once, sent many times
_FAST = 1
_LEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip's: no time, no name, no system
_END = b"\x03\x00"  # a last block with nothing in it
_ZEROS = memoryview(bytes(1 << 20))
_ALL = 0xFFFFFFFF
_MOST_STORED = 0xFFFF  # bytes in a block


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text as DEFLATE; `after` is the CRC-32 of all up to its end, `before` of all up to its beginning.

    Where those begin is the same for both, and of no account: for a text alone `before` is 0.
    """

    packed: bytes
    size: int
    """Bytes of the text."""
    after: int
    before: int = 0


def piece(text: bytes) -> Piece:
    """A text as a piece: always the same for the same text.

    With DEFLATE's own codes, for records are small: that is a seventh longer than codes made for each, and unpacked,
    for those who take no gzip, in little more than half the time.
    """
    press = zlib.compressobj(_KEPT, zlib.DEFLATED, _RAW, strategy=zlib.Z_FIXED)
    return Piece(press.compress(text) + press.flush(zlib.Z_FULL_FLUSH), len(text), zlib.crc32(text))


def text_of(one: Piece) -> bytes:
    """The text of a piece. Raises zlib.error for one that is damaged."""
    return zlib.decompress(one.packed + _END, _RAW, one.size or 1)


def followed(crc: int, one: Piece) -> int:
    """The CRC of a text whose CRC is given with the piece's text behind it.

    >>> followed(zlib.crc32(b"tomo"), piece(b"graphy")) == zlib.crc32(b"tomography")
    True
    """
    return _shifted(crc ^ one.before, one.size) ^ one.after


def unzipped(parts: Iterable[bytes | Piece]) -> bytes:
    """Texts and pieces as one text. Raises zlib.error for a piece that is damaged.

    Texts join the pieces as blocks that are stored as they are: so the whole is written once, to its place.
    """
    packed: list[bytes] = []
    size = 0
    for part in parts:
        if isinstance(part, bytes):
            packed += _stored(part)
            size += len(part)
        else:
            packed.append(part.packed)
            size += part.size
    return zlib.decompress(b"".join((*packed, _END)), _RAW, size or 1)


def zipped(parts: Iterable[bytes | Piece]) -> bytes:
    """Texts and pieces as one gzip member; only the texts are compressed."""
    press = zlib.compressobj(_FAST, zlib.DEFLATED, _RAW)
    out, crc, size = [_LEAD], 0, 0
    for part in parts:
        if isinstance(part, bytes):
            out.append(press.compress(part))
            crc = zlib.crc32(part, crc)
            size += len(part)
        else:
            out += (press.flush(zlib.Z_FULL_FLUSH), part.packed)
            crc = followed(crc, part)
            size += part.size
    out += (press.flush(), crc.to_bytes(4, "little"), (size & _ALL).to_bytes(4, "little"))
    return b"".join(out)


def _stored(text: bytes) -> Iterator[bytes]:
    """A text as blocks of DEFLATE without compression (RFC 1951, section 3.2.4)."""
    for start in range(0, len(text), _MOST_STORED):
        block = text[start : start + _MOST_STORED]
        yield b"\x00" + len(block).to_bytes(2, "little") + (len(block) ^ _MOST_STORED).to_bytes(2, "little") + block


def _shifted(crc: int, count: int) -> int:
    """What a CRC becomes when `count` bytes follow, less the part that those bytes have in it."""
    crc ^= _ALL
    while count > len(_ZEROS):
        crc, count = zlib.crc32(_ZEROS, crc), count - len(_ZEROS)
    return zlib.crc32(_ZEROS[:count], crc) ^ _ALL
