"""The crosswalk: the one rendering path from a released publication to all machine-readable forms.

`describe` resolves, once per record, what formats share; a format only writes that down in its own syntax, so no two
formats can disagree. `typed_links` are the links of FAIR Signposting, the same for HTML, the Link header and the
linkset. `CROSSWALK` says in which element of which standard each field of ours ends up: tests hold the formats to it.
"""

from dataclasses import dataclass
from typing import NamedTuple

from panfair.builders.addresses import dataset_folder, dataset_folders, identifier_address, link_address, web_address
from panfair.builders.describer import Describer
from panfair.builders.description import Description
from panfair.builders.formats import all_formats
from panfair.builders.kept import kept
from panfair.builders.portal import Portal
from panfair.builders.terms import media_type_of
from panfair.ontologies.embargo import Released

__all__ = [
    "CROSSWALK",
    "Description",
    "Link",
    "Row",
    "dataset_folder",
    "dataset_folders",
    "describe",
    "identifier_address",
    "typed_links",
    "web_address",
]

MOST_ITEMS = 20
"""Files that are linked by value from a page and its header; the linkset has them all."""


class Row(NamedTuple):
    """One line of the crosswalk; an empty text means that the standard has no place for it."""

    ours: str
    datacite: str
    schema_org: str
    dcat: str
    dublin_core: str
    ro_crate: str


CROSSWALK: tuple[Row, ...] = (
    Row("doi", "identifier", "identifier, @id", "dct:identifier", "identifier", "identifier, @id"),
    Row("title", "title", "name", "dct:title", "title", "name"),
    Row("abstract, methods", "description", "description", "dct:description", "description", "description"),
    Row("creators", "creator", "creator", "dct:creator", "creator", "author"),
    Row("contributors", "contributor", "contributor", "dct:contributor", "contributor", "contributor"),
    Row("publisher", "publisher", "publisher", "dct:publisher", "publisher", "publisher"),
    Row("opening day", "date Available, Issued", "datePublished", "dct:issued", "date", "datePublished"),
    Row("modified", "date Updated", "dateModified", "dct:modified", "", "dateModified"),
    Row("start, end", "date Collected", "temporalCoverage", "dct:temporal", "coverage", "temporalCoverage"),
    Row("version", "version", "version", "dcat:version", "", "version"),
    Row("language", "language", "inLanguage", "dct:language", "language", "inLanguage"),
    Row("rights", "rights", "license", "dct:license, dct:rights", "rights", "license"),
    Row(
        "access (open)",
        "rights",
        "conditionsOfAccess, isAccessibleForFree",
        "dct:accessRights",
        "rights",
        "conditionsOfAccess",
    ),
    Row("techniques", "subject", "measurementTechnique, keywords", "dcat:theme", "subject", "measurementTechnique"),
    Row("keywords", "subject", "keywords", "dcat:keyword", "subject", "keywords"),
    Row("instruments", "relatedIdentifier IsCollectedBy, subject", "instrument", "prov:used", "subject", "instrument"),
    Row("samples", "", "about", "dct:subject", "", "about"),
    Row("parameters", "", "variableMeasured", "", "", "variableMeasured"),
    Row("funding", "fundingReference", "funding, funder", "foaf:fundedBy", "", "funding, funder"),
    Row("related", "relatedIdentifier, relatedItem", "citation, isBasedOn…", "dct:relation…", "relation", "citation…"),
    Row("datasets", "relatedIdentifier HasPart", "hasPart", "dct:hasPart", "", "hasPart"),
    Row("files", "size, format", "distribution", "dcat:distribution", "format", "hasPart"),
)
"""OAI-PMH carries the same: oai_dc is the Dublin Core column, datacite and oai_datacite DataCite's, dcat and schema_org
the RDF columns."""


@dataclass(frozen=True, slots=True)
class Link:
    """One typed link of a landing page; `href` is absolute ASCII without commas, `type` empty where nobody asks."""

    rel: str
    href: str
    type: str = ""
    profile: str = ""


@kept
def describe(released: Released, portal: Portal) -> Description:
    """What formats say of the publication."""
    return Describer(released, portal).describe()


def typed_links(released: Released, portal: Portal) -> list[Link]:
    """The landing page's links for machines (FAIR Signposting, levels 1 and 2), few enough for a header.

    cite-as once, type twice, licences, authors with an ORCID iD, one describedby for each format that describes,
    the first MOST_ITEMS files, the collections it is part of, and the linkset, which has all files.
    """
    description = describe(released, portal)
    links = links_without_items(description)
    items = items_of(description)
    forms = [form for form in all_formats() if not form.describes]
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
        for form in all_formats()
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
