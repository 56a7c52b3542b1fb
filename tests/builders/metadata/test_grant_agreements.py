"""OpenAIRE recognises grants of the European Commission, and no others, by their info:eu-repo name."""

import pytest
from lxml import etree

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Funding
from support.format_cases import rendered
from support.records import a_publication, released

_EC = Identifier(scheme="Funder", value="10.13039/501100000780")


def _relations(**funding):
    one = released(a_publication(funding=(Funding(**funding),)))
    tree = etree.fromstring(rendered(one, "dublincore.xml"))
    found = [node.text for node in tree.iter("{http://purl.org/dc/elements/1.1/}relation")]
    return [text for text in found if text.startswith("info:eu-repo/")]


@pytest.mark.parametrize(
    ("funding", "name"),
    [
        ({"funder": "European Commission", "award_number": "730872"}, "H2020/730872"),
        ({"funder": "European Commission", "award_number": "283745"}, "FP7/283745"),
        ({"funder": "EC", "funder_id": _EC, "award_number": "101057511"}, "HE/101057511"),
        ({"funder": "European Union", "award_number": "Horizon 2020, grant agreement No 101004728"}, "H2020/101004728"),
        ({"funder": "European Research Council", "award_number": "ERC 819649"}, "H2020/819649"),
    ],
)
def test_a_grant_of_the_commission_has_its_name_for_openaire(funding, name):
    assert _relations(**funding) == [f"info:eu-repo/grantAgreement/EC/{name}"]


@pytest.mark.parametrize(
    "funding",
    [
        {"funder": "Example Research Foundation", "award_number": "730872"},
        {"funder": "European Commission"},
        {"funder": "European Commission", "award_number": "730872 and 283745"},
        {"funder": "European Commission", "award_number": "101004728"},
        {"funder": "European Commission", "award_number": "EX-17"},
    ],
)
def test_what_cannot_be_told_for_certain_has_none(funding):
    assert _relations(**funding) == []
