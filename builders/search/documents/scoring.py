"""How well a record answers a query: the arithmetic of BM25F that the server and the browser share, digit by digit.

A term's counts in all fields of a record are weighted, divided by a norm of the field's length, and summed; the sum
saturates and is multiplied by the rarity of the term. Nothing is an average over the index, so that one more record
moves no score but through its terms' rarity, and the browser can score from the few lists that it has fetched.

All arithmetic is in IEEE doubles, fields in the order of `WEIGHTS`; results are ordered by the score rounded to four
decimals, then by the newest day, then by the key. So rounding in the last place never changes an order.
"""

from math import log, log2

WEIGHTS = {
    "title": 4.0, "abstract": 1.0, "technique": 2.0, "broader": 0.5, "keyword": 2.0, "affiliation": 0.5,
    "parameter": 0.5, "dataset": 0.7, "funding": 0.5, "people": 2.5, "instrument": 2.0, "facility": 0.7,
    "sample": 2.0, "proposal": 1.5, "doi": 1.5, "identifier": 1.5, "lead": 0.5, "investigator": 0.5,
}  # fmt: skip
"""What a word counts in each field."""
USUAL_LENGTHS = {
    "title": 10, "abstract": 150, "technique": 6, "broader": 30, "keyword": 8, "affiliation": 30,
    "parameter": 200, "dataset": 60, "funding": 12, "people": 12, "instrument": 4, "facility": 6,
    "sample": 12, "proposal": 3, "doi": 5, "identifier": 20, "lead": 2, "investigator": 2,
}  # fmt: skip
"""Words in each field of a usual record: there the norm is 1."""
SATURATION = 1.2
"""How soon repetition stops counting: BM25's k1."""
LENGTH_COUNTS = 0.6  # BM25's b
NAMED_BY_DOI = 10.0
"""The score of what was asked for by its identifier."""
ENOUGH = 0.5
"""Of the weight of a question's words that the best document has, how much another must have to be found."""
_CODES = 256


def length_code(length: int) -> int:
    """The length of a field, in words, as one byte: sixteen steps for each doubling.

    >>> length_code(0), length_code(1), length_code(150), length_code(10**6)
    (0, 16, 116, 255)
    """
    return min(_CODES - 1, round(16 * log2(1 + length)))


def norms(field: str) -> list[float]:
    """What a count in a field is divided by, for each code of its length: 0.4 when it is empty, 1 at the usual one."""
    return [
        round(1 - LENGTH_COUNTS + LENGTH_COUNTS * (2 ** (code / 16) - 1) / USUAL_LENGTHS[field], 6)
        for code in range(_CODES)
    ]


def rarity(matching: int, living: int) -> float:
    """How much a term tells: high when few of the records have it; never below zero."""
    return log(1 + (living - matching + 0.5) / (matching + 0.5))


def word_weight(matching: int, living: int) -> int:
    """The same in thousandths, as a whole number: sums of it are the same on every machine.

    >>> word_weight(1, 100), word_weight(50, 100), word_weight(100, 100)
    (4210, 693, 5)
    """
    return round(1000 * rarity(matching, living))
