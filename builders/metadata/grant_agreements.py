"""Grants of the European Commission in the words that OpenAIRE reads: `info:eu-repo/grantAgreement/EC/H2020/730872`.

Follows the info:eu-repo vocabulary (funder, programme, project) as OpenAIRE's guidelines use it in dc:relation. The
programme is what the source says; of a number alone, where the Commission gave that range to one programme only.
"""

import re

from panfair.builders.metadata.description import Grant

_EC = re.compile(
    r"(?i)european (?:commission|research council|union)|\bERC\b|horizon (?:2020|europe)|\bH2020\b|\bFP7\b|"
    r"seventh framework|euratom|sk[łl]odowska.curie"
)
_FUNDERS = frozenset({
    "10.13039/501100000780", "10.13039/501100000781", "10.13039/501100004963", "10.13039/501100007601",
    "10.13039/100010661", "10.13039/100010663", "10.13039/100010665", "10.13039/100011102", "10.13039/100018693",
    "00k4n6c32", "0472cxd90",
})  # fmt: skip
"""The Commission, its research council and its programmes in the Crossref Funder Registry and in ROR."""
_PROGRAMMES = (
    ("HE", re.compile(r"(?i)horizon[ -]europe\b")),
    ("H2020", re.compile(r"(?i)\bH2020\b|horizon[ -]2020")),
    ("FP7", re.compile(r"(?i)\bFP7\b|(?:seventh|7th) framework")),
)
_RANGES = (("FP7", 200_000, 632_999), ("H2020", 633_000, 999_999), ("HE", 101_040_000, 101_999_999))
"""Numbers of 101000000 to 101039999 were given in Horizon 2020 and in Horizon Europe."""
_NUMBER = re.compile(r"(?<![0-9])(?:[0-9]{9}|[0-9]{6})(?![0-9])")


def grant_agreement(grant: Grant) -> str | None:
    """The grant's name for OpenAIRE; None for another funder's, or where number or programme cannot be told."""
    funding = grant.funding
    said = " ".join(filter(None, (funding.funder, funding.award_number, funding.award_title, funding.award_url)))
    known = funding.funder_id is not None and funding.funder_id.value.lower() in _FUNDERS
    numbers = set(_NUMBER.findall(funding.award_number or ""))
    if len(numbers) != 1 or not (known or _EC.search(funding.funder)):
        return None
    number = numbers.pop()
    programmes = [name for name, words in _PROGRAMMES if words.search(said)]
    programmes = programmes or [name for name, first, last in _RANGES if first <= int(number) <= last]
    return f"info:eu-repo/grantAgreement/EC/{programmes[0]}/{number}" if len(programmes) == 1 else None
