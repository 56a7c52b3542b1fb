"""What ListMetadataFormats declares is what each record is: namespace, place of the schema, and valid by it."""

import pytest
from lxml import etree
from rdflib import Graph

from panfair.builders.metadata.format import OaiPrefix, all_formats
from support.format_cases import PORTAL
from support.judges.datacite import xsd
from support.records import released
from support.small_site import a_bare_publication, a_rich_publication

XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
PREFIXES = [prefix for form in all_formats() for prefix in form.oai]
RDF = etree.XMLSchema(
    etree.fromstring(
        # What OAI's rdf.xsd rules, in words of our own: the root is rdf:RDF, and its content is validated laxly.
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"'
        ' targetNamespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><xs:element name="RDF"><xs:complexType>'
        '<xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>'
        '<xs:anyAttribute processContents="lax"/></xs:complexType></xs:element></xs:schema>'
    )
)


@pytest.mark.parametrize("prefix", PREFIXES, ids=lambda one: one.prefix)
@pytest.mark.parametrize("publication", [a_rich_publication(), a_bare_publication()], ids=["rich", "bare"])
def test_a_record_is_what_its_format_declares(shared, prefix: OaiPrefix, publication):
    root = etree.fromstring(prefix.render(released(publication), PORTAL))
    assert etree.QName(root).namespace == prefix.namespace
    places = root.attrib[XSI].split()
    assert dict(zip(places[::2], places[1::2], strict=True))[prefix.namespace] == prefix.schema
    assert prefix.schema.endswith(".xsd")
    schemas = {
        "oai_dc": lambda: etree.XMLSchema(etree.parse(str(shared / "data/schemas/oai_dc.xsd"))),
        "datacite": xsd,
        "dcat": lambda: RDF,
        "schema_org": lambda: RDF,
    }
    if prefix.prefix in schemas:
        schema = schemas[prefix.prefix]()
        assert schema.validate(root), schema.error_log
    else:  # a wrapper by DataCite, whose payload is what its kernel says
        assert prefix.prefix == "oai_datacite"
        assert xsd().validate(etree.fromstring(etree.tostring(root.find("{*}payload")[0])))


@pytest.mark.parametrize("name", ["dcat", "schema_org"])
def test_the_place_of_the_schema_is_no_statement_of_the_graph(name):
    (prefix,) = [one for one in PREFIXES if one.prefix == name]
    graph = Graph().parse(data=prefix.render(released(), PORTAL), format="xml")
    assert len(graph) > 20
    assert not any("schemaLocation" in str(part) for triple in graph for part in triple)
