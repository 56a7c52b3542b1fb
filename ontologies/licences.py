"""Licences: which one the words of a source name, told by our own table `licences.toml`.

An SPDX identifier is given only where the words mean one licence in one version and no other (SPDX licence list);
"CC BY" alone stays what the source said. The source's own words are always kept.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from panfair.ontologies.errors import OntologyError
from panfair.ontologies.record import Rights
from panfair.ontologies.text import clean_line, fold

_URL = re.compile(r"https?://[^\s\"<>()]+", re.IGNORECASE)
_NOISE = frozenset({"the", "license", "licence", "licensed", "under", "a", "version", "v", "cc", "creative", "commons"})
_LIMITS = frozenset({"except", "excluding", "not", "no", "unless", "or", "nc", "nd", "sa"})
_DEEDS = re.compile(r"/(?:legalcode|deed)(?:\.[a-z_-]{2,7})?(?:\.html)?$")


class Licence(BaseModel):
    """One licence of the table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    spdx: str = Field(description="its SPDX identifier")
    name: str = Field(description="its full name")
    url: str = Field(description="where its text stands")
    also: tuple[str, ...] = Field((), description="other spellings that mean it and no other")


@cache
def licences() -> tuple[Licence, ...]:
    """The table. Raises OntologyError when two licences claim one spelling."""
    text = files("panfair.ontologies").joinpath("licences.toml").read_text(encoding="utf-8")
    return tuple(Licence.model_validate(entry) for entry in tomllib.loads(text)["licence"])


def rights_from(text: str, url: str | None = None) -> Rights:
    """What a source says of the rights, with the licence that it names where that can be told for certain.

    `text` may be a name, an SPDX identifier, an address or a sentence that holds one address; `url` is the address
    when the source has it apart. Both must not contradict each other: when they do, no licence is told.

    >>> rights_from("CC-BY 4.0").spdx
    'CC-BY-4.0'
    >>> rights_from("CC BY").spdx is None
    True
    """
    said = clean_line(text) or clean_line(url or "")
    addresses = [url.strip()] if url else [address.rstrip(".,;") for address in _URL.findall(said)]
    words = _URL.sub(" ", said)
    # "Long name (SHORT)" names one licence twice: each part is asked by itself.
    parts = (words, *re.findall(r"\(([^()]+)\)", words), re.sub(r"\([^()]*\)", " ", words))
    found = {licence for licence in (*map(_by_words, parts), *map(_by_address, addresses)) if licence}
    if len(found) == 1:
        (licence,) = found
        if _by_words(words) is licence or not _narrower(words, licence):
            return Rights(said=said, name=licence.name, spdx=licence.spdx, url=licence.url)
    plain = next((address for address in addresses if _URL.fullmatch(address)), None)
    return Rights(said=said, name=None, spdx=None, url=plain)


def _by_words(said: str) -> Licence | None:
    return _spellings().get(_spelling(said))


def _narrower(words: str, licence: Licence) -> bool:
    """Whether the words say something that the licence does not: an exception, a choice, another clause."""
    return bool(set(_spelling(words).split()) & _LIMITS - set(_spelling(licence.spdx).split()))


def _by_address(address: str) -> Licence | None:
    return _spellings().get(_address(address)) if address else None


@cache
def _spellings() -> dict[str, Licence]:
    """Each known spelling, in the one form that `_spelling` and `_address` give it."""
    table: dict[str, Licence] = {}
    for licence in licences():
        for spelling in _forms(licence):
            if table.setdefault(spelling, licence) is not licence:
                raise OntologyError(f"licences.toml: {table[spelling].spdx} and {licence.spdx} share {spelling!r}")
    return table


def _forms(licence: Licence) -> Iterable[str]:
    yield _address(licence.url)
    for words in (licence.spdx, licence.name, *licence.also):
        yield _address(words) if words.startswith("http") else _spelling(words)


def _spelling(words: str) -> str:
    """Words without case, punctuation, filler and doubled version forms.

    `Creative Commons Attribution 4.0`, `CC-BY-4.0` and `cc by v4.0` fall together, `CC BY` stays apart from all three.
    """
    text = fold(words).replace("&", " and ")
    text = re.sub(r"\bcc0\b", "cc zero", text)
    creative = bool(re.search(r"\bcc\b|creative commons", text))
    text = re.sub(r"\bv(?=\d)", "", text)
    tokens = re.findall(r"\d+(?:\.\d+)+|\w+|\+", text)
    if creative:
        tokens = _creative(tokens)
    kept = [token for token in tokens if token not in _NOISE]
    return " ".join((["cc"] if creative else []) + kept)


_CREATIVE_WORDS = {
    "attribution": "by", "namensnennung": "by", "sharealike": "sa", "noncommercial": "nc", "noderivatives": "nd",
    "noderivs": "nd",
}  # fmt: skip
_CREATIVE_PAIRS = {("share", "alike"): "sa", ("non", "commercial"): "nc", ("no", "derivatives"): "nd"}
_CREATIVE_NOISE = frozenset({"international", "unported", "generic", "universal"})


def _creative(tokens: list[str]) -> list[str]:
    """Creative Commons' long words as their short ones, without the words that its version number implies."""
    short: list[str] = []
    position = 0
    while position < len(tokens):
        pair = tuple(tokens[position : position + 2])
        if len(pair) == 2 and (pair[0], pair[1]) in _CREATIVE_PAIRS:
            short.append(_CREATIVE_PAIRS[pair[0], pair[1]])
            position += 2
            continue
        token = tokens[position]
        if token not in _CREATIVE_NOISE:
            short.append(_CREATIVE_WORDS.get(token, token))
        position += 1
    return short


def _address(address: str) -> str:
    """An address without scheme, `www.`, the parts that lead to another language, and the slash at its end."""
    text = re.sub(r"^https?://(?:www\.)?", "", address.strip().lower().rstrip(".,;"))
    return "//" + _DEEDS.sub("", text.rstrip("/")).rstrip("/")
