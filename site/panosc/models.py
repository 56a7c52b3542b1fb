"""The models of the PaNOSC search API as tables: what each may be asked for, and how it hangs on the others.

Follows the data model of panosc-eu/search-api. Everything SQL that is not a value stands here, in `relations` and in
`where`; no word of a request ever becomes SQL. In the templates `{c}` is the thing itself, `{p}` what it belongs to.
"""

from panfair.site.panosc.relations import (
    AMONG,
    PUBLIC,
    Model,
    Property,
    Relation,
    by_table,
    datasets,
    numbered,
    one,
    parameters,
    plain,
)

__all__ = ["MODELS", "Model", "Property", "Relation"]

DOCUMENT = Model(
    "Document",
    "document",
    (
        *plain("pid"),
        PUBLIC,
        *plain("type", "title", "summary"),
        Property("doi", "{c}.pid"),
        Property("startDate", "{c}.startDate", "moment"),
        Property("endDate", "{c}.endDate", "moment"),
        Property("releaseDate", "{c}.releaseDate", "moment"),
        *plain("license"),
        Property("keywords", "{c}.keywords", "list"),
    ),
    (
        Relation(
            "datasets",
            "Dataset",
            True,
            "{p}.id IN (SELECT {c}.document FROM dataset AS {c} WHERE {where})",
            "dataset AS {c}",
            "{c}.document",
            "{c}.place",
        ),
        Relation(
            "members",
            "Member",
            True,
            "{p}.id IN (SELECT {c}.document FROM member AS {c} WHERE {where})",
            "member AS {c}",
            "{c}.document",
            "{c}.place",
        ),
        parameters("document_parameter", "DocumentParameter"),
    ),
    ("title", "summary"),
    key="{c}.key",
)
DATASET = Model(
    "Dataset",
    "dataset",
    (
        *plain("pid", "title"),
        PUBLIC,
        Property("creationDate", "{c}.creationDate", "moment"),
        Property("size", "{c}.size", "number"),
    ),
    (
        Relation(
            "documents",
            "Document",
            True,
            "{p}.key IN (SELECT {c}b.key FROM dataset AS {c}b WHERE {c}b.document IN"
            " (SELECT {c}.id FROM document AS {c} WHERE {where}))",
            "dataset AS {c}p JOIN dataset AS {c}b ON {c}b.key = {c}p.key"
            " JOIN document AS {c} ON {c}.id = {c}b.document",
            "{c}p.id",
            "{c}.key",
        ),
        by_table("techniques", "Technique", "technique"),
        Relation(
            "instrument",
            "Instrument",
            False,
            "{p}.instrument IN (SELECT {c}.id FROM instrument AS {c} WHERE {where})",
            "dataset AS {c}b JOIN instrument AS {c} ON {c}.id = {c}b.instrument",
            "{c}b.id",
            "{c}.pid",
        ),
        Relation(
            "files",
            "File",
            True,
            "{p}.id IN (SELECT {c}.dataset FROM file AS {c} WHERE {where})",
            "file AS {c}",
            "{c}.dataset",
            "{c}.place",
        ),
        parameters("dataset_parameter", "DatasetParameter"),
        by_table("samples", "Sample", "sample"),
    ),
    ("title",),
    base="{c}.shown",
    key="{c}.key",
)
INSTRUMENT = Model(
    "Instrument",
    "instrument",
    plain("pid", "name", "facility"),
    (
        Relation(
            "datasets",
            "Dataset",
            True,
            "{p}.id IN (SELECT {c}.instrument FROM dataset AS {c} WHERE {c}.shown AND {where})",
            "dataset AS {c}",
            "{c}.instrument",
            "{c}.key",
            "{c}.shown",
        ),
    ),
    ("name", "facility"),
    order="{c}.facility, {c}.name, {c}.pid",
    key="{c}.pid COLLATE NOCASE",
)
MEMBER = Model(
    "Member",
    "member",
    (Property("id", "CAST({c}.id AS TEXT)"), *plain("role")),
    (
        Relation(
            "person",
            "Person",
            False,
            "{p}.id IN (SELECT {c}.id FROM member AS {c} WHERE {where})",
            "member AS {c}",
            "{c}.id",
            "{c}.id",
        ),
        Relation(
            "affiliation",
            "Affiliation",
            False,
            "{p}.id IN (SELECT {c}.member FROM affiliation AS {c} WHERE {where})",
            "affiliation AS {c}",
            "{c}.member",
            "{c}.place",
        ),
        one(
            "document",
            "Document",
            "member",
            "JOIN document AS {c} ON {c}.id = {c}p.document",
            "{p}.document IN (SELECT {c}.id FROM document AS {c} WHERE {where})",
        ),
    ),
)
PERSON = Model(
    "Person",
    "member",
    (Property("id", "{c}.person"), *plain("fullName", "orcid", "firstName", "lastName")),
    (
        Relation(
            "members",
            "Member",
            True,
            "{p}.person IN (SELECT {c}.person FROM member AS {c} WHERE {where})",
            "member AS {c}p JOIN member AS {c} ON {c}.person = {c}p.person",
            "{c}p.id",
            "{c}.id",
        ),
    ),
    text=("fullName",),
)
AFFILIATION = Model(
    "Affiliation",
    "affiliation",
    (Property("id", "{c}.ror"), *plain("name")),
    (
        Relation(
            "members",
            "Member",
            True,
            "{p}.name IN (SELECT {c}a.name FROM affiliation AS {c}a JOIN member AS {c} ON {c}.id = {c}a.member"
            " WHERE {where})",
            "affiliation AS {c}p JOIN affiliation AS {c}a ON {c}a.name = {c}p.name"
            " JOIN member AS {c} ON {c}.id = {c}a.member",
            numbered("{c}p", "member"),
            "{c}.id",
            among=AMONG.replace("OWNER", "member"),
        ),
    ),
    text=("name",),
    row=numbered("{c}", "member"),
)


def _parameter(table: str, relations: tuple[Relation, ...]) -> Model:
    """A parameter: of a document or of a dataset, which it leads back to."""
    return Model(
        "Parameter",
        table,
        (Property("name", "{c}m.name"), Property("value", "{c}.value", "value"), Property("unit", "{c}m.unit")),
        relations,
        text=("name",),
        row=numbered("{c}", "owner"),
    )


DATASET_PARAMETER = _parameter(
    "dataset_parameter",
    (
        one(
            "dataset",
            "Dataset",
            "dataset_parameter",
            "JOIN dataset AS {c} ON {c}.id = {c}p.owner",
            "{p}.owner IN (SELECT {c}.id FROM dataset AS {c} WHERE {where})",
            "owner",
        ),
        one(
            "document",
            "Document",
            "dataset_parameter",
            "JOIN dataset AS {c}b ON {c}b.id = {c}p.owner JOIN document AS {c} ON {c}.id = {c}b.document",
            "{p}.owner IN (SELECT {c}b.id FROM dataset AS {c}b WHERE {c}b.document IN"
            " (SELECT {c}.id FROM document AS {c} WHERE {where}))",
            "owner",
        ),
    ),
)
DOCUMENT_PARAMETER = _parameter(
    "document_parameter",
    (
        one(
            "document",
            "Document",
            "document_parameter",
            "JOIN document AS {c} ON {c}.id = {c}p.owner",
            "{p}.owner IN (SELECT {c}.id FROM document AS {c} WHERE {where})",
            "owner",
        ),
        # What holds for the document as a whole belongs to no dataset of it.
        one(
            "dataset",
            "Dataset",
            "document_parameter",
            "JOIN dataset AS {c} ON 0",
            "{p}.owner IN (SELECT {c}.document FROM dataset AS {c} WHERE 0 AND {where})",
            "owner",
        ),
    ),
)


TECHNIQUE = Model("Technique", "technique", plain("pid", "name", "panetId"), (datasets("technique"),), text=("name",))
SAMPLE = Model(
    "Sample", "sample", plain("pid", "name", "description"), (datasets("sample"),), text=("name", "description")
)
FILE = Model(
    "File",
    "file",
    (
        Property("id", "({c}.dataset || '-' || {c}.place)"),
        *plain("name", "path"),
        Property("size", "{c}.size", "number"),
    ),
    (
        one(
            "dataset",
            "Dataset",
            "file",
            "JOIN dataset AS {c} ON {c}.id = {c}p.dataset",
            "{p}.dataset IN (SELECT {c}.id FROM dataset AS {c} WHERE {where})",
            "dataset",
        ),
    ),
    text=("name",),
    row=numbered("{c}", "dataset"),
)

_EACH = (DOCUMENT, DATASET, INSTRUMENT, MEMBER, PERSON, AFFILIATION, TECHNIQUE, SAMPLE, FILE)
MODELS = {model.name: model for model in _EACH}
MODELS |= {"DatasetParameter": DATASET_PARAMETER, "DocumentParameter": DOCUMENT_PARAMETER}
"""By the name that relations have for them."""
