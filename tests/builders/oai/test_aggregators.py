"""What OpenAIRE (guidelines for data archives) and B2FIND demand of a record stands in every real one.

OpenAIRE: identifier, creator, title, publisher, publicationYear, date Issued, rights in the words of info:eu-repo, and
a description where there is one. B2FIND: title, identifier with an address, publisher, publicationYear; it maps the
first date to temporal coverage, and recommends description, rights, contact and resource type.
"""

import pytest
from lxml import etree

from panfair.builders.metadata.format import all_formats
from support.format_cases import PORTAL, real_releases

_K = "{http://datacite.org/schema/kernel-4}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_RENDER = {each.prefix: each.render for form in all_formats() for each in form.oai}


@pytest.fixture(scope="module")
def records(shared):
    found = real_releases(shared)
    assert found
    return found


def _payload(one, prefix):
    return etree.fromstring(_RENDER[prefix](one, PORTAL))


def test_every_real_record_has_what_openaire_demands_of_datacite(records):
    for one in records:
        resource = _payload(one, "oai_datacite").find(f".//{_K}resource")
        for path in ("identifier", "creators/creator/creatorName", "titles/title", "publisher", "publicationYear"):
            node = resource.find("/".join(_K + step for step in path.split("/")))
            assert node is not None and node.text.strip(), (one.doi, path)
        assert resource.find(f"{_K}identifier").get("identifierType") == "DOI"
        dates = [node.get("dateType") for node in resource.iter(f"{_K}date")]
        assert dates.count("Issued") == dates.count("Available") == 1, one.doi
        assert "info:eu-repo/semantics/openAccess" in [node.get("rightsURI") for node in resource.iter(f"{_K}rights")]
        assert resource.find(f"{_K}resourceType").get("resourceTypeGeneral") == "Dataset"


def test_every_real_record_has_what_b2find_takes_over(records):
    for one in records:
        resource = _payload(one, "datacite")
        kinds = [node.get("contributorType") for node in resource.iter(f"{_K}contributor")]
        assert "ContactPerson" in kinds, one.doi
        assert max(len(node.text) for node in resource.iter(f"{_K}description")) >= 50, one.doi
        dates = [node.get("dateType") for node in resource.iter(f"{_K}date")]
        assert "Collected" not in dates[1:], one.doi


def test_every_real_record_has_what_both_demand_of_dublin_core(records):
    for one in records:
        told = _payload(one, "oai_dc")
        said = {name: [node.text for node in told.iter(_DC + name)] for name in (
            "title", "creator", "description", "publisher", "date", "type", "identifier", "rights")}  # fmt: skip
        assert all(said[name] for name in said if name != "creator"), (one.doi, said)
        assert len(said["creator"]) >= bool(one.publication.creators)
        assert one.doi.url in said["identifier"] and all(text.startswith("https://") for text in said["identifier"])
        assert "info:eu-repo/semantics/openAccess" in said["rights"]
        assert all(text.startswith("info:eu-repo/grantAgreement/EC/") for text in
                   [node.text for node in told.iter(f"{_DC}relation")] if text.startswith("info:eu-repo"))  # fmt: skip
