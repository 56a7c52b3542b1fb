"""DataCite forms held against each other and against their schemas."""

import json
from pathlib import Path

from lxml import etree

from panfair.builders.metadata.format import all_formats
from panfair.ontologies.embargo import Released
from support.format_cases import PORTAL, rendered
from support.judges.datacite import faults_in_json, xsd

K = "{http://datacite.org/schema/kernel-4}"


def check_datacite(one: Released) -> None:
    root = etree.fromstring(rendered(one, "datacite.xml"))
    assert xsd().validate(root), xsd().error_log
    values = json.loads(rendered(one, "datacite.json"))
    if one.doi.startswith("10."):
        assert faults_in_json(values) == []
    check_same(root, values)
    payloads = {each.prefix: each.render(one, PORTAL) for form in all_formats() for each in form.oai}
    bare = etree.fromstring(payloads["datacite"])
    assert etree.tostring(bare, method="c14n") == etree.tostring(root, method="c14n")
    wrapper = etree.fromstring(payloads["oai_datacite"])
    assert wrapper.tag == "{http://schema.datacite.org/oai/oai-1.1/}oai_datacite"
    assert [etree.QName(child).localname for child in wrapper] == ["schemaVersion", "datacentreSymbol", "payload"]
    assert xsd().validate(etree.fromstring(etree.tostring(wrapper[2][0])))


def check_same(root: etree._Element, values: dict) -> None:
    """The XML and the JSON hold the same texts, property by property."""

    def texts(path: str) -> list[str]:
        return ["".join(node.itertext()) for node in root.findall(path.replace("/", f"/{K}").replace("^", K, 1))]

    def said(name: str, key: str) -> list[str]:
        return [one[key] for one in values.get(name, [])]

    assert texts("^identifier") == [values["doi"]]
    assert texts("^titles/title") == said("titles", "title")
    assert texts("^creators/creator/creatorName") == said("creators", "name")
    assert texts("^contributors/contributor/contributorName") == said("contributors", "name")
    assert texts("^publisher") == [values["publisher"]["name"]]
    assert texts("^subjects/subject") == said("subjects", "subject")
    assert texts("^dates/date") == said("dates", "date")
    assert texts("^relatedIdentifiers/relatedIdentifier") == said("relatedIdentifiers", "relatedIdentifier")
    assert texts("^rightsList/rights") == said("rightsList", "rights")
    assert texts("^descriptions/description") == said("descriptions", "description")
    assert texts("^fundingReferences/fundingReference/funderName") == said("fundingReferences", "funderName")
    assert texts("^sizes/size") == values.get("sizes", [])
    assert texts("^formats/format") == values.get("formats", [])


def check_older(one: Released) -> None:
    root = etree.fromstring(rendered(one, "datacite-4.5.xml"))
    assert xsd().validate(root), xsd().error_log
    words = {value for node in root.iter(etree.Element) for value in node.attrib.values()}
    added = {"Award", "Project", "Coverage", "IsTranslationOf", "HasTranslation", "Translator", "CSTR", "RRID"}
    assert not words & added
    newer = etree.fromstring(rendered(one, "datacite.xml"))
    assert [node.text for node in root.iter(etree.Element)] == [node.text for node in newer.iter(etree.Element)]


def oai_dc_schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "data" / "schemas" / "oai_dc.xsd")))
