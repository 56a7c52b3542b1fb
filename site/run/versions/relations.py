"""What other open records say of a record as a version: the same relations, read from the other side.

Catalogues name a relation once, at the newer version; harvesters of metadata (DataCite, Crossref, OpenAIRE) look for it
at each of them. Nothing that a record says itself is said again, or contradicted.
"""

from collections.abc import Iterable, Mapping

from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Publication, Related
from panfair.site.state.ledger import Edge

NEWER = frozenset({"IsNewVersionOf", "Obsoletes"})
OLDER = frozenset({"IsPreviousVersionOf", "IsObsoletedBy"})
RELATIONS = NEWER | OLDER | {"IsVersionOf", "HasVersion"}
_INVERSE = {
    "IsNewVersionOf": "IsPreviousVersionOf",
    "IsPreviousVersionOf": "IsNewVersionOf",
    "Obsoletes": "IsObsoletedBy",
    "IsObsoletedBy": "Obsoletes",
    "IsVersionOf": "HasVersion",
    "HasVersion": "IsVersionOf",
}


def relations_of(publication: Publication) -> list[tuple[str, str, str]]:
    """The relations of versions that a publication names: the relation, the other DOI's key, and how it is spelt."""
    return sorted(
        {
            (related.relation, Doi(related.identifier.value).key, related.identifier.value)
            for related in publication.related
            if related.relation in RELATIONS and related.identifier and related.identifier.scheme == "DOI"
        }
    )


def named_by_others(
    edges: Iterable[Edge], dois: Mapping[str, str], members: Iterable[str], concept: tuple[str, str] | None
) -> dict[str, tuple[Related, ...]]:
    """The relations that the open records of one work do not name and others name of them, by key, in order.

    `dois` spells the DOIs of open records, by key; `members` are the keys of the versions, and `concept` is the key and
    the spelling of the DOI that stands for all: each version is one of it, whoever of them says so.
    """
    edges = [edge for edge in edges if edge.key != edge.other]
    said = {(edge.key, edge.other, _subject(edge.relation)) for edge in edges}
    found: dict[str, set[tuple[str, str]]] = {}
    for edge in edges:
        if edge.key in dois and edge.other in dois and (edge.other, edge.key, _subject(edge.relation)) not in said:
            found.setdefault(edge.other, set()).add((_INVERSE[edge.relation], dois[edge.key]))
    if concept:
        placed = {edge.key for edge in edges if edge.relation == "IsVersionOf"}
        placed |= {edge.other for edge in edges if edge.relation == "HasVersion"}
        for member in members:
            if member not in placed and (member, concept[0], False) not in said:
                found.setdefault(member, set()).add(("IsVersionOf", concept[1]))
                if concept[0] in dois and (concept[0], member, False) not in said:
                    found.setdefault(concept[0], set()).add(("HasVersion", dois[member]))
    return {
        key: tuple(
            Related.model_validate({"relation": relation, "identifier": Identifier(scheme="DOI", value=doi)})
            for relation, doi in sorted(relations)
        )
        for key, relations in found.items()
    }


def with_relations(publication: Publication, relations: tuple[Related, ...]) -> Publication:
    """The publication with what others say of it, behind what it says itself."""
    return publication.model_copy(update={"related": (*publication.related, *relations)}) if relations else publication


def _subject(relation: str) -> bool:
    """Which of two questions a relation answers: which is newer, or which stands for all."""
    return relation in NEWER | OLDER
