"""The models of the PaNOSC search API as tables: what each may be asked for, and how it hangs on the others.

Follows the data model of panosc-eu/search-api. Everything SQL that is not a value stands here and in `panosc_where`;
no word of a request ever becomes SQL. In the templates `{c}` is the thing itself, `{p}` the thing that it belongs to.
"""

from dataclasses import dataclass
from typing import Literal

ValueKind = Literal["text", "number", "flag", "moment", "list", "value"]
"""`value`: a parameter's, number or text; `list`: a JSON list of texts."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a model."""

    name: str
    sql: str
    kind: ValueKind = "text"


@dataclass(frozen=True, slots=True)
class Relation:
    """How the things of one model are found from those of another."""

    name: str
    model: str
    many: bool
    owners: str
    """The parents that have such a child: SQL with {p}, {c} and {where}."""
    loading: str
    """FROM of the children of parents: the tables, with {c}."""
    link: str
    """The parent's id, in the tables of `loading`."""
    order: str
    """The order of one parent's children, in the tables of `loading`; no two of them have the same place."""
    holds: str = "1"
    """What holds for all children."""
    among: str = ""
    """That the parents are those of a JSON list, where that is more than `link IN (…)`: with {c} and one mark."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its properties in the order of answers."""

    name: str
    table: str
    properties: tuple[Property, ...]
    relations: tuple[Relation, ...] = ()
    text: tuple[str, ...] = ()
    """The properties that the operator `text` looks into."""
    order: str = "{c}.key"
    base: str = "1"
    """What holds for all that is listed."""
    row: str = "{c}.id"
    """Its number in the store."""
    key: str = ""
    """What `/{pid}` names it by; empty for what has no address of its own."""

    def property(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def relation(self, name: str) -> Relation | None:
        return next((one for one in self.relations if one.name == name), None)


def _plain(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, f"{{c}}.{name}") for name in names)


_PLACES = 1 << 24
_AMONG = f"({{c}}p.OWNER, {{c}}p.place) IN (SELECT value / {_PLACES}, value % {_PLACES} FROM json_each(?))"
_PUBLIC = Property("isPublic", "1", "flag")


def _numbered(table: str, owner: str) -> str:
    """The number of a thing that has none of its own: its owner's and its place, of which no owner has so many."""
    return f"({table}.{owner} * {_PLACES} + {table}.place)"


def _one(name: str, model: str, source: str, joined: str, owners: str, owner: str = "") -> Relation:
    """Back to the one thing that something belongs to; `owner` is set where the something has no id of its own."""
    return Relation(
        name,
        model,
        False,
        owners,
        f"{source} AS {{c}}p {joined}",
        _numbered("{c}p", owner) if owner else "{c}p.id",
        "{c}.id",
        among=_AMONG.replace("OWNER", owner) if owner else "",
    )


def _parameters(table: str, model: str) -> Relation:
    tables = f"meaning AS {{c}}m CROSS JOIN {table} AS {{c}} ON {{c}}.meaning = {{c}}m.id"
    loading = f"{table} AS {{c}} JOIN meaning AS {{c}}m ON {{c}}m.id = {{c}}.meaning"
    return Relation(
        "parameters",
        model,
        True,
        f"{{p}}.id IN (SELECT {{c}}.owner FROM {tables} WHERE {{where}})",
        loading,
        "{c}.owner",
        "{c}.place",
    )


def _by_table(name: str, model: str, table: str) -> Relation:
    """Techniques and samples: they recur, so a table stands between."""
    between = f"dataset_{table}"
    return Relation(
        name,
        model,
        True,
        f"{{p}}.id IN (SELECT {{c}}b.dataset FROM {between} AS {{c}}b WHERE {{c}}b.{table} IN"
        f" (SELECT {{c}}.id FROM {table} AS {{c}} WHERE {{where}}))",
        f"{between} AS {{c}}b JOIN {table} AS {{c}} ON {{c}}.id = {{c}}b.{table}",
        "{c}b.dataset",
        "{c}b.place",
    )


DOCUMENT = Model(
    "Document",
    "document",
    (
        *_plain("pid"),
        _PUBLIC,
        *_plain("type", "title", "summary"),
        Property("doi", "{c}.pid"),
        Property("startDate", "{c}.startDate", "moment"),
        Property("endDate", "{c}.endDate", "moment"),
        Property("releaseDate", "{c}.releaseDate", "moment"),
        *_plain("license"),
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
        _parameters("document_parameter", "DocumentParameter"),
    ),
    ("title", "summary"),
    key="{c}.key",
)
DATASET = Model(
    "Dataset",
    "dataset",
    (
        *_plain("pid", "title"),
        _PUBLIC,
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
        _by_table("techniques", "Technique", "technique"),
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
        _parameters("dataset_parameter", "DatasetParameter"),
        _by_table("samples", "Sample", "sample"),
    ),
    ("title",),
    base="{c}.shown",
    key="{c}.key",
)
INSTRUMENT = Model(
    "Instrument",
    "instrument",
    _plain("pid", "name", "facility"),
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
    (Property("id", "CAST({c}.id AS TEXT)"), *_plain("role")),
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
        _one(
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
    (Property("id", "{c}.person"), *_plain("fullName", "orcid", "firstName", "lastName")),
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
    (Property("id", "{c}.ror"), *_plain("name")),
    (
        Relation(
            "members",
            "Member",
            True,
            "{p}.name IN (SELECT {c}a.name FROM affiliation AS {c}a JOIN member AS {c} ON {c}.id = {c}a.member"
            " WHERE {where})",
            "affiliation AS {c}p JOIN affiliation AS {c}a ON {c}a.name = {c}p.name"
            " JOIN member AS {c} ON {c}.id = {c}a.member",
            _numbered("{c}p", "member"),
            "{c}.id",
            among=_AMONG.replace("OWNER", "member"),
        ),
    ),
    text=("name",),
    row=_numbered("{c}", "member"),
)


def _parameter(table: str, relations: tuple[Relation, ...]) -> Model:
    """A parameter: of a document or of a dataset, which it leads back to."""
    return Model(
        "Parameter",
        table,
        (Property("name", "{c}m.name"), Property("value", "{c}.value", "value"), Property("unit", "{c}m.unit")),
        relations,
        text=("name",),
        row=_numbered("{c}", "owner"),
    )


DATASET_PARAMETER = _parameter(
    "dataset_parameter",
    (
        _one(
            "dataset",
            "Dataset",
            "dataset_parameter",
            "JOIN dataset AS {c} ON {c}.id = {c}p.owner",
            "{p}.owner IN (SELECT {c}.id FROM dataset AS {c} WHERE {where})",
            "owner",
        ),
        _one(
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
        _one(
            "document",
            "Document",
            "document_parameter",
            "JOIN document AS {c} ON {c}.id = {c}p.owner",
            "{p}.owner IN (SELECT {c}.id FROM document AS {c} WHERE {where})",
            "owner",
        ),
        # What holds for the document as a whole belongs to no dataset of it.
        _one(
            "dataset",
            "Dataset",
            "document_parameter",
            "JOIN dataset AS {c} ON 0",
            "{p}.owner IN (SELECT {c}.document FROM dataset AS {c} WHERE 0 AND {where})",
            "owner",
        ),
    ),
)


def _datasets(table: str) -> Relation:
    """Back from what recurs to the datasets that have it."""
    between = f"dataset_{table}"
    return Relation(
        "datasets",
        "Dataset",
        True,
        f"{{p}}.id IN (SELECT {{c}}b.{table} FROM {between} AS {{c}}b WHERE {{c}}b.dataset IN"
        " (SELECT {c}.id FROM dataset AS {c} WHERE {c}.shown AND {where}))",
        f"{between} AS {{c}}b JOIN dataset AS {{c}} ON {{c}}.id = {{c}}b.dataset",
        f"{{c}}b.{table}",
        "{c}.key",
        "{c}.shown",
    )


TECHNIQUE = Model("Technique", "technique", _plain("pid", "name", "panetId"), (_datasets("technique"),), text=("name",))
SAMPLE = Model(
    "Sample", "sample", _plain("pid", "name", "description"), (_datasets("sample"),), text=("name", "description")
)
FILE = Model(
    "File",
    "file",
    (
        Property("id", "({c}.dataset || '-' || {c}.place)"),
        *_plain("name", "path"),
        Property("size", "{c}.size", "number"),
    ),
    (
        _one(
            "dataset",
            "Dataset",
            "file",
            "JOIN dataset AS {c} ON {c}.id = {c}p.dataset",
            "{p}.dataset IN (SELECT {c}.id FROM dataset AS {c} WHERE {where})",
            "dataset",
        ),
    ),
    text=("name",),
    row=_numbered("{c}", "dataset"),
)

_EACH = (DOCUMENT, DATASET, INSTRUMENT, MEMBER, PERSON, AFFILIATION, TECHNIQUE, SAMPLE, FILE)
MODELS = {model.name: model for model in _EACH}
MODELS |= {"DatasetParameter": DATASET_PARAMETER, "DocumentParameter": DOCUMENT_PARAMETER}
"""By the name that relations have for them."""
