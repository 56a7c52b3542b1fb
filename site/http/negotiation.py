"""Which of several forms a reader wants: Accept (RFC 9110, section 12.5) and Accept-Profile (W3C Conneg by Profile).

A malformed range is passed over, as browsers and programs send odd things; an empty header means that all is welcome.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 4096
_RANGE = re.compile(r"\s*(\*|[\w!#$%&'*+.^`|~-]+)/(\*|[\w!#$%&'*+.^`|~-]+)\s*$", re.ASCII)
_PARAMETER = re.compile(r"\s*([\w-]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s;\"]*)\s*$", re.ASCII)
# RFC 9110 allows three decimals and wants a digit before the point; Java sends `.2`, and who reckons sends more digits.
_QUALITY = re.compile(r"(?:0?\.\d+|0\.?|1(?:\.0*)?)$", re.ASCII)
_PROFILE = re.compile(
    r'(?:<([^<>\s]+)>|"([^"\s]+)"|([a-z][a-z0-9+.-]*:[^\s,;<>"]+))\s*((?:;[^,;<>"]*)*)', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One form that can be sent."""

    media_type: str
    """Without parameters, in lower case."""
    file: str
    """Its file beside the page."""
    profile: str | None = None
    """The IRI of the standard it follows."""
    also: tuple[str, ...] = ()
    """Other IRIs by which that standard, or its version, is asked for."""

    @property
    def profiles(self) -> frozenset[str]:
        """All of them, without a slash at the end: people write them with and without."""
        return frozenset(iri.rstrip("/") for iri in (self.profile, *self.also) if iri)


@dataclass(frozen=True, slots=True)
class _Range:
    kind: str
    subkind: str
    profiles: frozenset[str]
    quality: float

    @property
    def precision(self) -> int:
        return (self.kind != "*") + (self.subkind != "*") + bool(self.profiles)

    def covers(self, offer: Offer) -> bool:
        kind, _, subkind = offer.media_type.partition("/")
        return (
            self.kind in ("*", kind)
            and self.subkind in ("*", subkind)
            and (not self.profiles or not self.profiles.isdisjoint(offer.profiles))
        )


def choose(accept: str | None, offers: Sequence[Offer], accept_profile: str | None = None) -> Offer | None:
    """The offer that suits best: the highest quality, the earlier offer when equal; None when nothing suits.

    With an Accept-Profile header an offer must follow one of its profiles too, and both qualities are multiplied.

    >>> choose("text/turtle;q=0.5, text/html;q=0.4", [Offer("text/html", "a"), Offer("text/turtle", "b")]).file
    'b'
    """
    ranges, profiles = _ranges(accept or ""), wanted_profiles(accept_profile)
    best: Offer | None = None
    most = 0.0
    for offer in offers:
        quality = _quality(ranges, offer) if ranges else 1.0
        if profiles:
            quality *= max((profiles.get(iri, 0.0) for iri in offer.profiles), default=0.0)
        if quality > most:
            best, most = offer, quality
    return best


def parameter(accept: str, media_type: str, name: str) -> str:
    """What an Accept header says of a media type's parameter; empty when it says nothing.

    >>> parameter("text/html, text/x-bibliography; style=ieee; q=0.5", "text/x-bibliography", "style")
    'ieee'
    """
    for item in _split(accept[:_LONGEST], ","):
        kind, *parameters = _split(item, ";")
        if kind.strip().lower() == media_type:
            for pair in filter(None, map(_PARAMETER.match, parameters)):
                if pair[1].lower() == name:
                    return pair[2].strip('"')
    return ""


def wanted_profiles(header: str | None) -> dict[str, float]:
    """The profiles that an Accept-Profile header asks for, without a slash at the end, with their quality values.

    Content Negotiation by Profile, section 7.1: IRIs in angle brackets; quoted and bare ones are understood, too.

    >>> wanted_profiles('<http://example.org/a/>;q=0.5, <urn:b>, nonsense')
    {'http://example.org/a': 0.5, 'urn:b': 1.0}
    """
    found: dict[str, float] = {}
    for bracketed, quoted, bare, parameters in _PROFILE.findall((header or "")[:_LONGEST]):
        quality = 1.0
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name.strip().lower() == "q":
                quality = float(value) if _QUALITY.match(value.strip()) else 0.0
        found[(bracketed or quoted or bare).rstrip("/")] = quality
    return found


def accepts_gzip(header: str | None) -> bool:
    """Whether gzip may be sent, and is liked at least as much as no coding (RFC 9110, section 12.5.3).

    >>> accepts_gzip("gzip;q=0, *"), accepts_gzip("br, *;q=0.1"), accepts_gzip("identity, gzip;q=0.5")
    (False, True, False)
    """
    qualities: dict[str, float] = {}
    for item in (header or "")[:_LONGEST].lower().split(","):
        coding, *parameters = item.split(";")
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.strip().partition("=")
            if name.strip() == "q":
                quality = float(value) if _QUALITY.match(value.strip()) else 0.0
        if coding.strip():
            qualities[coding.strip()] = quality
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    # What is not named is welcome, but less than what is: browsers never name `identity`.
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


def _quality(ranges: Sequence[_Range], offer: Offer) -> float:
    """The quality of the most precise range that covers the offer; 0 when none does."""
    fitting = [(found.precision, found.quality) for found in ranges if found.covers(offer)]
    return max(fitting)[1] if fitting else 0.0


def _ranges(accept: str) -> list[_Range]:
    found = []
    for item in _split(accept[:_LONGEST], ","):
        kind, *parameters = _split(item, ";")
        form = _RANGE.match(kind)
        if not form or (form[1] == "*" and form[2] != "*"):
            continue
        quality: float | None = 1.0
        profiles = frozenset[str]()
        for parameter in parameters:
            pair = _PARAMETER.match(parameter)
            if not pair:
                continue
            value = pair[2].strip('"')
            if pair[1].lower() == "q":
                quality = float(value) if _QUALITY.match(value) else None
            elif pair[1].lower() == "profile":
                profiles = frozenset(iri.rstrip("/") for iri in value.split())
        if quality is not None:
            found.append(_Range(form[1].lower(), form[2].lower(), profiles, quality))
    return found


def _split(text: str, mark: str) -> list[str]:
    """The text parted at a mark that stands in no quoted string."""
    if '"' not in text:
        return text.split(mark)
    parts, quoted, start = [], False, 0
    skip = False
    for i, character in enumerate(text):
        if skip:
            skip = False
        elif quoted and character == "\\":
            skip = True
        elif character == '"':
            quoted = not quoted
        elif character == mark and not quoted:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]
