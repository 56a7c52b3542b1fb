"""What the standards call a thing: access, relations, file types and licences in the words of each format.

Sources: COAR access rights 1.0, info:eu-repo, EU access-right and file authority tables, DataCite 4.6 appendix 1,
schema.org, DCMI terms, DCAT 3, SPDX. Tables of facts and one look-up for each; no record comes in here.
"""

import re
from typing import NamedTuple

from panfair.ontologies.checksums import DIGITS

COAR_OPEN = "http://purl.org/coar/access_right/c_abf2"
COAR_EMBARGOED = "http://purl.org/coar/access_right/c_f1cf"
COAR_RESTRICTED = "http://purl.org/coar/access_right/c_16ec"
COAR_METADATA_ONLY = "http://purl.org/coar/access_right/c_14cb"
EU_REPO_EMBARGOED = "info:eu-repo/semantics/embargoedAccess"
EU_REPO_RESTRICTED = "info:eu-repo/semantics/restrictedAccess"
EU_REPO_CLOSED = "info:eu-repo/semantics/closedAccess"
EU_REPO_OPEN = "info:eu-repo/semantics/openAccess"
EU_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
NEXUS = "https://www.nexusformat.org/"
PANET_SET = "http://purl.org/pan-science/PaNET/PaNET.owl"
SPDX_SET = "https://spdx.org/licenses/"
SCIENCE_THEME = "http://publications.europa.eu/resource/authority/data-theme/TECH"
STABLE = "http://publications.europa.eu/resource/authority/planned-availability/STABLE"
LANGUAGES = {
    "cs": "CES", "da": "DAN", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "hu": "HUN", "it": "ITA",
    "nl": "NLD", "pl": "POL", "pt": "POR", "sv": "SWE",
}  # fmt: skip
"""ISO 639-1 to the EU language authority table."""
LANGUAGE_TABLE = "http://publications.europa.eu/resource/authority/language/"
IANA = "https://www.iana.org/assignments/media-types/"
KIND_WORDS = {"session": "Experiment session", "collection": "Data collection", "dataset": "Dataset"}
DATASET_KIND_WORDS = {"raw": "Raw data", "processed": "Processed data", "other": "Dataset"}


class RelationTerms(NamedTuple):
    """One DataCite relation in other words; `reverse`: schema.org says it from the other work's side only."""

    schema: str
    dcat: str
    reverse: bool = False


_CITED = RelationTerms("citation", "dct:isReferencedBy")
_CITES = RelationTerms("citation", "dct:references")
_OTHER = RelationTerms("citation", "dct:relation")
RELATIONS: dict[str, RelationTerms] = {
    "IsCitedBy": _CITED,
    "IsReferencedBy": _CITED,
    "IsSupplementTo": _CITED,
    "Cites": _CITES,
    "References": _CITES,
    "IsSupplementedBy": _OTHER,
    "IsPublishedIn": RelationTerms("citation", "dct:isReferencedBy"),
    "IsDescribedBy": RelationTerms("subjectOf", "dct:isReferencedBy"),
    "IsDocumentedBy": RelationTerms("subjectOf", "dct:isReferencedBy"),
    "IsReviewedBy": RelationTerms("subjectOf", "dct:isReferencedBy"),
    "HasMetadata": RelationTerms("subjectOf", "dct:isReferencedBy"),
    "Describes": RelationTerms("about", "dct:references"),
    "Documents": RelationTerms("about", "dct:references"),
    "Reviews": RelationTerms("about", "dct:references"),
    "IsMetadataFor": RelationTerms("about", "dct:references"),
    "IsPartOf": RelationTerms("isPartOf", "dct:isPartOf"),
    "HasPart": RelationTerms("hasPart", "dct:hasPart"),
    "IsVersionOf": RelationTerms("exampleOfWork", "dcat:isVersionOf"),
    # Not dcat:hasVersion: that is for datasets that are described here too.
    "HasVersion": RelationTerms("workExample", "dct:hasVersion"),
    # schema.org has no word for versions of a work but isBasedOn, which a newer version always is.
    "IsNewVersionOf": RelationTerms("isBasedOn", "dcat:previousVersion"),
    "Obsoletes": RelationTerms("isBasedOn", "dct:replaces"),
    "IsPreviousVersionOf": RelationTerms("isBasedOn", "dct:isReplacedBy", reverse=True),
    "IsObsoletedBy": RelationTerms("isBasedOn", "dct:isReplacedBy", reverse=True),
    "IsDerivedFrom": RelationTerms("isBasedOn", "prov:wasDerivedFrom"),
    "IsSourceOf": RelationTerms("isBasedOn", "dct:relation", reverse=True),
    "IsIdenticalTo": RelationTerms("sameAs", "dct:relation"),
    "IsVariantFormOf": RelationTerms("citation", "dct:isFormatOf"),
    "IsOriginalFormOf": RelationTerms("citation", "dct:hasFormat"),
    "IsTranslationOf": RelationTerms("translationOfWork", "dct:isVersionOf"),
    "HasTranslation": RelationTerms("workTranslation", "dct:hasVersion"),
    "IsRequiredBy": RelationTerms("citation", "dct:isRequiredBy"),
    "Requires": RelationTerms("citation", "dct:requires"),
}
"""What is not in the table (IsCollectedBy, Continues…) is a plain relation in RDF; DataCite keeps the exact word."""


def relation_terms(relation: str) -> RelationTerms:
    """How schema.org and DCAT say a relation of DataCite's."""
    return RELATIONS.get(relation, _OTHER)


_MEDIA_TYPES = {
    # HDF5 has no registered type; assessors know this one. NeXus is told by conformsTo, not by a type of its own.
    "h5": "application/x-hdf5", "hdf5": "application/x-hdf5", "hdf": "application/x-hdf5", "he5": "application/x-hdf5",
    "nxs": "application/x-hdf5", "nx5": "application/x-hdf5", "nx": "application/x-hdf5",
    "tif": "image/tiff", "tiff": "image/tiff", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "mp4": "video/mp4", "jp2": "image/jp2",
    "txt": "text/plain", "dat": "text/plain", "log": "text/plain", "md": "text/markdown", "csv": "text/csv",
    "tsv": "text/tab-separated-values", "json": "application/json", "xml": "application/xml",
    "yaml": "application/yaml", "yml": "application/yaml", "html": "text/html", "pdf": "application/pdf",
    "zip": "application/zip", "gz": "application/gzip", "tgz": "application/gzip", "tar": "application/x-tar",
    "7z": "application/x-7z-compressed", "cif": "chemical/x-cif", "pdb": "chemical/x-pdb",
    "mrc": "application/x-mrc", "ipynb": "application/x-ipynb+json", "py": "text/x-python",
}  # fmt: skip

_MEDIA_TYPE = re.compile(r"[a-z][a-z0-9!$&_.+-]{0,126}/[a-z0-9][a-z0-9!$&_.+-]{0,126}")
"""RFC 6838, section 4.2, in lower case, less `#` and `^`: the type becomes part of an IRI, as IANA's address of it."""

ENDINGS = frozenset(_MEDIA_TYPES)
"""The endings of data files' names that a media type goes with."""


def media_type_of(name: str, said: str | None) -> str | None:
    """A file's media type: what the source says if that has the form of one, else by the end of its name, else None.

    Parameters (`; charset=utf-8`) are left out: they say how the text is written, not what it is.
    """
    lower = (said or "").partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(lower):
        return "application/x-hdf5" if lower in {"application/x-nexus", "application/x-hdf"} else lower
    return _MEDIA_TYPES.get(name.rsplit(".", 1)[-1].lower()) if "." in name else None


def is_nexus(name: str, format_name: str | None) -> bool:
    """Whether a file is NeXus, by the source's name of its format or by the end of its name."""
    return "nexus" in (format_name or "").lower() or name.lower().endswith((".nxs", ".nxs.h5", ".nx5", ".nx"))


CHECKSUMS = {name: f"checksumAlgorithm_{name.replace('-', '').lower()}" for name in DIGITS}
"""Checksum algorithms as SPDX 2.3 terms."""

RELATED_IDENTIFIER_TYPES = {
    "DOI": "DOI", "Handle": "Handle", "URL": "URL", "IGSN": "IGSN", "ARK": "ARK", "arXiv": "arXiv", "PMID": "PMID",
    "URN": "URN", "ISBN": "ISBN",
}  # fmt: skip
"""Our schemes that DataCite 4.6 has a relatedIdentifierType for."""
SINCE_4_7 = {"RAiD": "RAiD", "SWHID": "SWHID", "RRID": "RRID", "CSTR": "CSTR"}
"""Those that are told by their types in 4.7 (2026-03), and as addresses before: RRID and CSTR are in 4.6 already, but
validators that carry 4.6 refuse them."""
RESOURCE_TYPES_SINCE_4_7 = frozenset({"Poster", "Presentation"})
FUNDER_IDENTIFIER_TYPES = {"ROR": "ROR", "Funder": "Crossref Funder ID", "GRID": "GRID", "ISNI": "ISNI"}
RESOURCE_TYPES = frozenset({
    "Audiovisual", "Award", "Book", "BookChapter", "Collection", "ComputationalNotebook", "ConferencePaper",
    "ConferenceProceeding", "DataPaper", "Dataset", "Dissertation", "Event", "Image", "Instrument",
    "InteractiveResource", "Journal", "JournalArticle", "Model", "OutputManagementPlan", "PeerReview",
    "PhysicalObject", "Preprint", "Project", "Report", "Service", "Software", "Sound", "Standard",
    "StudyRegistration", "Text", "Workflow", "Other",
})  # fmt: skip
"""resourceTypeGeneral, DataCite 4.6 appendix 1."""
ARTICLES = frozenset({"BookChapter", "ConferencePaper", "DataPaper", "JournalArticle", "Preprint"})
