"""The crosswalk: the one rendering path from a released publication to all machine-readable forms.

`describe` resolves, once per record, what formats share; a format only writes that down in its own syntax, so no two
formats can disagree. `typed_links` are the links of FAIR Signposting, the same for HTML, the Link header and the
linkset. `CROSSWALK` says in which element of which standard each field of ours ends up: tests hold the formats to it.
"""

from dataclasses import dataclass
from typing import NamedTuple

from panfair.builders import Artifact
from panfair.builders.addresses import dataset_folder, dataset_folders, identifier_address, link_address, web_address
from panfair.builders.metadata.describer import Describer
from panfair.builders.metadata.description import Description
from panfair.builders.metadata.format import formats_of, rendered
from panfair.builders.metadata.memo import memoized
from panfair.builders.metadata.terms import media_type_of
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released

__all__ = [
    "CROSSWALK",
    "CrosswalkRow",
    "Description",
    "Link",
    "dataset_folder",
    "dataset_folders",
    "describe",
    "identifier_address",
    "render_formats",
    "typed_links",
    "web_address",
]

MOST_ITEMS = 20
"""Files that are linked by value from a page and its header; the linkset has them all."""


class CrosswalkRow(NamedTuple):
    """One line of the crosswalk; an empty text means that the standard has no place for it."""

    ours: str
    datacite: str
    schema_org: str
    dcat: str
    dublin_core: str
    ro_crate: str
    oai: str
    """In the header, as a set, or in the payload of the named prefix; `dc:` is oai_dc."""


CROSSWALK: tuple[CrosswalkRow, ...] = (
    CrosswalkRow(
        "doi",
        "identifier",
        "identifier, @id",
        "dct:identifier",
        "identifier",
        "identifier, @id",
        "header identifier; dc:identifier",
    ),
    CrosswalkRow("title", "title", "name", "dct:title", "title", "name", "dc:title"),
    CrosswalkRow(
        "abstract, methods",
        "description",
        "description",
        "dct:description",
        "description",
        "description",
        "dc:description",
    ),
    CrosswalkRow("creators", "creator", "creator", "dct:creator", "creator", "author", "dc:creator"),
    CrosswalkRow(
        "contributors", "contributor", "contributor", "dct:contributor", "contributor", "contributor", "dc:contributor"
    ),
    CrosswalkRow("publisher", "publisher", "publisher", "dct:publisher", "publisher", "publisher", "dc:publisher"),
    CrosswalkRow(
        "facility",
        "contributor HostingInstitution",
        "sourceOrganization",
        "",
        "",
        "sourceOrganization",
        "set facility:…",
    ),
    CrosswalkRow(
        "opening day",
        "date Available, Issued",
        "datePublished",
        "dct:issued",
        "date",
        "datePublished",
        "dc:date; set year:…",
    ),
    CrosswalkRow("modified", "date Updated", "dateModified", "dct:modified", "", "dateModified", "header datestamp"),
    CrosswalkRow(
        "start, end",
        "date Collected",
        "temporalCoverage",
        "dct:temporal",
        "coverage",
        "temporalCoverage",
        "dc:coverage",
    ),
    CrosswalkRow("place (of the site)", "geoLocation", "spatialCoverage", "dct:spatial", "coverage", "", "dc:coverage"),
    CrosswalkRow(
        "measuring, processing",
        "",
        "prov:wasGeneratedBy",
        "prov:wasGeneratedBy",
        "",
        "CreateAction",
        "dcat prov:wasGeneratedBy",
    ),
    CrosswalkRow("version", "version", "version", "dcat:version", "", "version", "datacite version"),
    CrosswalkRow("language", "language", "inLanguage", "dct:language", "language", "inLanguage", "dc:language"),
    CrosswalkRow("rights", "rights", "license", "dct:license, dct:rights", "rights", "license", "dc:rights"),
    CrosswalkRow(
        "access (open)",
        "rights",
        "conditionsOfAccess, isAccessibleForFree",
        "dct:accessRights",
        "rights",
        "conditionsOfAccess",
        "dc:rights; set openaire_data",
    ),
    CrosswalkRow(
        "techniques",
        "subject",
        "measurementTechnique, keywords",
        "dcat:theme",
        "subject",
        "measurementTechnique",
        "dc:subject; set technique:…",
    ),
    CrosswalkRow("keywords", "subject", "keywords", "dcat:keyword", "subject", "keywords", "dc:subject"),
    CrosswalkRow(
        "instruments",
        "relatedIdentifier IsCollectedBy, subject",
        "instrument",
        "prov:used",
        "subject",
        "instrument",
        "dc:subject; set instrument:…",
    ),
    CrosswalkRow(
        "samples", "relatedIdentifier IsDerivedFrom", "about", "dct:subject", "", "about", "datacite relatedIdentifier"
    ),
    CrosswalkRow("parameters", "", "variableMeasured", "", "", "variableMeasured", "schema_org variableMeasured"),
    CrosswalkRow(
        "funding",
        "fundingReference",
        "funding, funder",
        "foaf:fundedBy",
        "",
        "funding, funder",
        "datacite fundingReference",
    ),
    CrosswalkRow(
        "related",
        "relatedIdentifier, relatedItem",
        "citation, isBasedOn…",
        "dct:relation…",
        "relation",
        "citation…",
        "dc:relation",
    ),
    CrosswalkRow("catalogue", "", "includedInDataCatalog", "dct:isPartOf", "", "", "Identify"),
    CrosswalkRow("datasets", "relatedIdentifier HasPart", "hasPart", "dct:hasPart", "", "hasPart", "dcat dct:hasPart"),
    CrosswalkRow(
        "files",
        "size, format",
        "distribution",
        "dcat:distribution",
        "format",
        "hasPart",
        "dc:format; dcat dcat:distribution",
    ),
)
"""What OAI-PMH's column does not repeat is in the payloads datacite and oai_datacite, dcat and schema_org, which are
the columns of those names."""


@dataclass(frozen=True, slots=True)
class Link:
    """One typed link of a landing page; `href` is absolute ASCII without commas, `type` empty where nobody asks."""

    rel: str
    href: str
    type: str = ""
    profile: str = ""


@memoized
def describe(released: Released, portal: Portal) -> Description:
    """What formats say of the publication."""
    return Describer(released, portal).describe()


def render_formats(released: Released, portal: Portal) -> list[Artifact]:
    """All files that stand beside a landing page, but for the page itself."""
    folder = f"doi/{released.doi.path}"
    forms = formats_of(describe(released, portal))
    return [Artifact(f"{folder}/{form.file}", rendered(form, released, portal)) for form in forms]


def typed_links(released: Released, portal: Portal) -> list[Link]:
    """The landing page's links for machines (FAIR Signposting, levels 1 and 2), few enough for a header.

    cite-as once, type twice, licences, authors with an ORCID iD, one describedby for each format that describes,
    the first MOST_ITEMS files, the collections it is part of, and the linkset, which has all files.
    """
    description = describe(released, portal)
    links = links_without_items(description)
    items = items_of(description)
    forms = [form for form in formats_of(description) if not form.describes]
    links += items[:MOST_ITEMS]
    links += [Link("linkset", link_address(description.landing + form.file), _bare(form.media_type)) for form in forms]
    return links


def links_without_items(description: Description) -> list[Link]:
    """All typed links but for files and the linkset."""
    links = [
        Link("cite-as", link_address(description.iri)),
        Link("type", "https://schema.org/AboutPage"),
        Link("type", "https://schema.org/Dataset"),
    ]
    links += [Link("license", link_address(licence.iri)) for licence in description.licences if licence.iri]
    links += [Link("author", party.orcid) for party in description.creators if party.orcid]
    links += [
        # The type without parameters: Signposting clients take RFC 6838 names only, and have `profile` for the rest.
        Link("describedby", link_address(description.landing + form.file), _bare(form.media_type), form.profile or "")
        for form in formats_of(description)
        if form.describes
    ]
    links += [
        Link("collection", link_address(work.iri))
        for work in description.works
        if work.iri and work.related.relation == "IsPartOf"
    ]
    return list(dict.fromkeys(links))


def items_of(description: Description) -> list[Link]:
    """A link to every file of the publication that has an address, in the record's order, each address once."""
    publication = description.publication
    files = [*publication.files, *(file for dataset in publication.datasets for file in dataset.files)]
    known = {copy.url: copy.media_type or "" for copy in description.all_copies}
    links: dict[str, Link] = {}
    for file in files:
        url = web_address(file.url)
        if url and url not in links:
            kind = known[url] if url in known else media_type_of(file.name, file.media_type) or ""
            links[url] = Link("item", link_address(url), kind)
    return list(links.values())


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip()
