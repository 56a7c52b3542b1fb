"""Metadata in DataCite's JSON shape (SciCat v4's `metadata`, ICAT+'s `json-datacite`), read into the record's parts.

Comes in: a JSON object with the property names of DataCite 4.x. Goes out: parts of a Publication. What cannot be read
is left out with a remark; nothing is invented.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any, get_args

from panfair.harvesters.reading.names import agent_of
from panfair.harvesters.reading.organisations import affiliation, known_ror
from panfair.harvesters.reading.values import (
    Note,
    day,
    first_open_day,
    number_of,
    objects,
    or_note,
    orcid_of,
    ror_of,
    text_in,
    text_of,
    texts_of,
    web_address,
)
from panfair.ontologies.errors import IdentifierError, RecordError
from panfair.ontologies.identifiers import Identifier, parse_identifier
from panfair.ontologies.licences import rights_from
from panfair.ontologies.opening import NEVER, days_in, embargo_in
from panfair.ontologies.record import (
    Affiliation,
    Agent,
    ContributorType,
    DateType,
    Funding,
    Keyword,
    OtherDate,
    Related,
    RelationType,
    Restriction,
    Rights,
)
from panfair.ontologies.text import clean_line, fold

Raw = dict[str, Any]

_RESTRICTED = re.compile(
    r"(?:https?://purl\.org/coar/access_right/)?c_(?:16ec|14cb|f1cf)"
    r"|(?:info:eu-repo/semantics/)?(?:restricted|closed|embargoed|metadata[\s-]*only)[\s-]*access",
    re.IGNORECASE,
)
"""Access that is not open (restricted, closed, embargoed, metadata only) in the terms of COAR and info:eu-repo."""
_EMBARGOED = re.compile(r"(?i)c_f1cf|embargoed[\s-]*access")
_EXTENT = re.compile(r"(?i)([0-9][0-9,]{0,14}(?:\.[0-9]{1,9})?)\s*(files?|bytes?|[kmgtp]?i?b)")
_BYTES = {f"{letter}{two}": (1024 if two else 1000) ** power
          for power, letter in enumerate(("", "k", "m", "g", "t", "p")) for two in ("", "i")}  # fmt: skip
_DECIDING = frozenset({"Available", "Issued", "Withdrawn"})
"""Kinds of dates that decide what is open."""


def agent_in(raw: Raw, note: Note) -> Agent | None:
    """A creator, a contributor or a publisher; None for one without a name."""
    name = clean_line(text_of(raw.get("name")) or "")
    given, family = text_of(raw.get("givenName")), text_of(raw.get("familyName"))
    organisation, doubt = raw.get("nameType") == "Organizational", False
    if name and not raw.get("nameType") and not (given and family):
        # Without a type the name may be anybody's: a facility, "Family, Given", an account.
        guessed = agent_of(name)
        organisation, given, family = guessed.kind == "organisation", guessed.given_name, guessed.family_name
        doubt = guessed.kind == "unknown"
    if not organisation and not (given and family) and name.count(",") == 1:
        family, given = (part.strip() or None for part in name.split(","))
    if given and family:
        name = f"{clean_line(given)} {clean_line(family)}"
    if not name:
        return None
    orcid = ror = None
    for known in objects(raw.get("nameIdentifiers")):
        scheme = clean_line(text_of(known.get("nameIdentifierScheme")) or "").upper()
        if scheme == "ORCID":
            orcid = or_note(orcid_of, known.get("nameIdentifier"), note, f"the ORCID iD of {name}")
        elif scheme == "ROR":
            ror = or_note(ror_of, known.get("nameIdentifier"), note, f"the ROR id of {name}")
    kind = text_of(raw.get("contributorType"))
    return Agent.model_validate(
        {
            "name": name,
            "kind": "organisation" if organisation else "unknown" if doubt else "person",
            "given_name": given if given and family else None,
            "family_name": family if given and family else None,
            "orcid": orcid,
            "ror": ror or (known_ror(name) if organisation else None),
            "affiliations": tuple(_affiliations(raw.get("affiliation"), note)),
            "contributor_type": kind if kind in get_args(ContributorType) else ("Other" if kind else None),
            "role": kind,
        }
    )


def _affiliations(value: Any, note: Note) -> Iterator[Affiliation]:
    for item in value if isinstance(value, list) else [value]:
        name = text_of(item.get("name")) if isinstance(item, dict) else text_of(item)
        if name:
            found = item.get("affiliationIdentifier") if isinstance(item, dict) else None
            yield affiliation(name, or_note(ror_of, found, note, f"the ROR id of {clean_line(name)}"))


def related_in(raw: Raw, note: Note) -> Iterator[Related]:
    """The related identifiers, with the words that the source gives for them."""
    for item in objects(raw.get("relatedIdentifiers")):
        relation = text_of(item.get("relationType"))
        value = text_in(item.get("relatedIdentifier"))
        if relation not in get_args(RelationType) or not value:
            note("a related work was dropped: its relation or its identifier cannot be read")
            continue
        scheme = clean_line(text_of(item.get("relatedIdentifierType")) or "")
        yield Related.model_validate(
            {
                "relation": relation,
                "identifier": _identifier(value, scheme),
                "kind": text_of(item.get("resourceTypeGeneral")),
            }
        )


def versions_in(raw: Raw, note: Note) -> Iterator[Related]:
    """The related identifiers that tell of versions."""
    return (one for one in related_in(raw, note) if "Version" in one.relation)


def works_in(raw: Raw, note: Note) -> Iterator[Related]:
    """Related identifiers, related items and other identifiers that lead to the same thing, each work once."""
    seen: set[str] = set()
    for work in (*related_in(raw, note), *_items(raw), *_same(raw)):
        name = work.identifier.value if work.identifier else work.title or ""
        if fold(name) not in seen:
            seen.add(fold(name))
            yield work


def _items(raw: Raw) -> Iterator[Related]:
    """The related items: works that may have no identifier, but a title."""
    for one in objects(raw.get("relatedItems")):
        relation, identifier = text_of(one.get("relationType")), item_identifier(one)
        title = next((text for item in objects(one.get("titles")) if (text := text_in(item.get("title")))), None)
        if relation in get_args(RelationType) and (identifier or title):
            said = {
                "relation": relation,
                "identifier": identifier,
                "title": title,
                "kind": text_in(one.get("relatedItemType")),
            }
            yield Related.model_validate(said)


def item_identifier(item: Raw) -> Identifier | None:
    """The identifier of a related item, which is an object of its own in it."""
    inner = item.get("relatedItemIdentifier")
    value = text_in(inner.get("relatedItemIdentifier")) if isinstance(inner, dict) else text_in(inner)
    scheme = text_in(inner.get("relatedItemIdentifierType")) if isinstance(inner, dict) else None
    return _identifier(value, clean_line(scheme or "")) if value else None


def _same(raw: Raw) -> Iterator[Related]:
    """Other identifiers of the same thing that resolve: an address, a Handle; a catalogue's own number says nothing."""
    for one in (*objects(raw.get("alternateIdentifiers")), *objects(raw.get("identifiers"))):
        value = text_in(one.get("alternateIdentifier")) or text_in(one.get("identifier"))
        scheme = text_in(one.get("alternateIdentifierType")) or text_in(one.get("identifierType")) or ""
        if value and (found := _identifier(value, clean_line(scheme))).url:
            yield Related(relation="IsIdenticalTo", identifier=found)


def extent_in(raw: Raw) -> tuple[int | None, int | None]:
    """Number of files and bytes, where `sizes` say them for certain: `12 files`, `4096 bytes`, `1.5 GB`.

    Of two that say the same kind neither counts.

    >>> extent_in({"sizes": ["12 files", "1.5 GB"]})
    (12, 1500000000)
    """
    counts, sizes = set[int](), set[int]()
    for text in texts_of(raw.get("sizes")):
        if found := _EXTENT.fullmatch(clean_line(text)):
            number, unit = float(found[1].replace(",", "")), found[2].casefold()
            if unit.startswith("file"):
                counts.add(int(number))
            else:
                sizes.add(round(number * _BYTES["" if unit.startswith("byte") else unit.removesuffix("b")]))
    return (counts.pop() if len(counts) == 1 else None, sizes.pop() if len(sizes) == 1 else None)


def _identifier(value: str, scheme: str) -> Identifier:
    try:
        found = parse_identifier(f"{scheme}:{value}" if scheme.upper() in {"IGSN", "HANDLE", "ARXIV"} else value)
    except IdentifierError:
        found = None
    return found or Identifier(scheme="local", value=clean_line(value))


def rights_in(raw: Raw) -> Iterator[Rights]:
    """The rights, each with the source's words; not the bare term for embargoed access, where a date tells its end."""
    ends = _has_an_end(raw.get("dates"))
    for item in objects(raw.get("rightsList")):
        address = web_address(item.get("rightsUri") or item.get("rightsURI"))
        words = text_in(item.get("rights")) or text_in(item.get("rightsIdentifier")) or address
        if words and not (ends and _RESTRICTED.fullmatch(clean_line(words)) and _EMBARGOED.search(words)):
            yield rights_from(words, address)


def restriction_in(*rights: Any, dates: Any = None) -> Restriction | None:
    """A restriction, when rights (DataCite's lists, or plain words) say that access is not open; else None.

    Embargoed access is none where the words, or one of the `dates`, tell the day on which it ends.
    """
    ends = _has_an_end(dates)
    for item in chain.from_iterable(one if isinstance(one, list) else [one] for one in rights):
        item = {"rights": item} if isinstance(item, str) else item
        if not isinstance(item, dict):
            continue
        words = text_in(item.get("rights"))
        said = (words, item.get("rightsUri"), item.get("rightsURI"), item.get("rightsIdentifier"))
        texts = [one for one in said if isinstance(one, str) and _RESTRICTED.search(one)]
        if all(_EMBARGOED.search(one) for one in texts) and (ends or embargo_in(words or "") not in (None, NEVER)):
            continue
        if texts:
            return Restriction(reason=words if words and not _RESTRICTED.fullmatch(words) else None)
    return None


def _has_an_end(dates: Any) -> bool:
    return any(item.get("dateType") == "Available" for item in objects(dates))


def funding_in(raw: Raw) -> Iterator[Funding]:
    """The funding references."""
    for item in objects(raw.get("fundingReferences")):
        name = text_in(item.get("funderName"))
        if not name:
            continue
        funder = text_in(item.get("funderIdentifier"))
        yield Funding(
            funder=name,
            funder_id=_identifier(funder, "") if funder else None,
            award_number=text_in(item.get("awardNumber")),
            award_title=text_in(item.get("awardTitle")),
            award_url=web_address(item.get("awardUri")),
        )


def keywords_in(raw: Raw) -> Iterator[Keyword]:
    """The subjects."""
    for item in objects(raw.get("subjects")):
        if term := text_in(item.get("subject")):
            yield Keyword(
                term=term,
                scheme=text_in(item.get("subjectScheme")),
                scheme_url=web_address(item.get("schemeUri")),
                value_url=web_address(item.get("valueUri")),
                code=text_in(item.get("classificationCode")),
            )


def dates_in(raw: Raw, note: Note, published: date | None = None) -> Iterator[OtherDate]:
    """The dates that name one day; ranges and bare years are passed over, but where they decide what is open.

    These count as the last day on which the range may begin; an `Issued` of the bare year or month of `published`
    as that day, for DataCite writes the year by itself. Raises RecordError for one that cannot be read.
    """
    for item in objects(raw.get("dates")):
        kind, value = clean_line(text_of(item.get("dateType")) or ""), text_of(item.get("date")) or ""
        if kind in _DECIDING:
            vague = kind == "Issued" and published is not None and _holds(value, published)
            yield OtherDate.model_validate(
                {
                    "kind": kind,
                    "day": published if vague else _deciding_day(kind, value),
                    "note": text_in(item.get("dateInformation")),
                }
            )
        elif kind in get_args(DateType) and re.match(r"\d{4}-\d\d-\d\d", value) and "/" not in value:
            found = or_note(day, value, note, "a date")
            if found:
                yield OtherDate.model_validate(
                    {"kind": kind, "day": found, "note": text_in(item.get("dateInformation"))}
                )


def _holds(value: str, day: date) -> bool:
    """Whether a text is the bare year or month of a day."""
    return value.strip() in (f"{day:%Y}", f"{day:%Y-%m}")


def _deciding_day(kind: str, value: str) -> date:
    begins = value.strip().split("/")[0].strip()
    try:
        if found := first_open_day(begins):
            return found
    except RecordError:
        if found := max(days_in(begins), default=None):
            return found
    raise RecordError(f"its date of the kind {kind} is not a date that can be read")


def is_closed(raw: Raw, on: date) -> bool:
    """Whether dates, year or rights say that a record is not open on a day; so does one that cannot be read."""
    try:
        days = [one.day for one in dates_in(raw, lambda text: None) if one.kind != "Withdrawn"]
    except RecordError:
        return True
    own_days = (embargo_in(rights.said) for rights in rights_in(raw))
    year = number_of(raw.get("publicationYear")) or 0
    late = any(day > on for day in (*days, *(day for day in own_days if day))) or year > on.year
    return late or restriction_in(raw.get("rightsList"), dates=raw.get("dates")) is not None


def description_in(raw: Raw, kind: str) -> str | None:
    """The first description of a kind (`Abstract`, `Methods`…)."""
    for item in objects(raw.get("descriptions")):
        if item.get("descriptionType") == kind and (text := text_of(item.get("description"))):
            return text
    return None
