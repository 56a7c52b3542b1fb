"""What a search asks for, as a tree: the words between the search language and the index."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """One word, in the form that it was typed."""

    text: str
    fields: tuple[str, ...] = ()
    """Empty: any field."""


@dataclass(frozen=True)
class Phrase:
    """Words in a row."""

    text: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prefix:
    """Words that begin so."""

    text: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Years:
    """A range of publication years, both ends included."""

    first: int
    last: int


@dataclass(frozen=True)
class Range:
    """Values of a column between two ends: a quantity in SI, `size` in bytes, `date` as a day's number."""

    column: str
    low: float
    high: float
    """Both ends included."""


@dataclass(frozen=True)
class DoiIs:
    """One DOI, or all whose key begins so."""

    key: str
    prefix: bool = False


@dataclass(frozen=True)
class FacetIs:
    """A value of a facet, letter by letter."""

    facet: str
    value: str


@dataclass(frozen=True)
class Not:
    node: "Node"


@dataclass(frozen=True)
class And:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Most:
    """Words beside each other: a document has enough of them, the rare ones counting more (`documents.scoring`)."""

    nodes: tuple["Word", ...]
    keywords: bool = False
    """Whether all are asked for, as long as anything has all."""


@dataclass(frozen=True)
class Or:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Everything:
    """All documents."""


Node = Word | Phrase | Prefix | Years | Range | DoiIs | FacetIs | Not | And | Most | Or | Everything


def is_loose(node: Node) -> bool:
    """Whether a document need not have all the words that are asked for."""
    match node:
        case Most():
            return True
        case And(nodes) | Or(nodes):
            return any(is_loose(other) for other in nodes)
    return False
