"""Checksums: the algorithms that have a term in SPDX 2.3, and whether digits can be those of one of them."""

import re

DIGITS = {
    "MD5": 32, "SHA-1": 40, "SHA-224": 56, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128, "Adler-32": 8,
    "BLAKE2b-512": 128,
}  # fmt: skip
"""How many hexadecimal digits each algorithm gives."""

_NAMES = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in DIGITS}


def algorithm_named(said: str | None) -> str | None:
    """The algorithm that a source's word means, as `DIGITS` spells it; None for one that is not known.

    >>> algorithm_named("sha256"), algorithm_named("SHA_512"), algorithm_named("crc32")
    ('SHA-256', 'SHA-512', None)
    """
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", (said or "").lower()))


def can_be(checksum: str | None, algorithm: str) -> bool:
    """Whether a checksum is written in hexadecimal digits, as many as the algorithm gives."""
    return bool(re.fullmatch(rf"[0-9A-Fa-f]{{{DIGITS[algorithm]}}}", checksum or ""))
