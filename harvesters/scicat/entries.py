"""Objects among scientificMetadata's values that are people, samples or related works, and not groups of values.

Sites write their curators, proposers and samples there, with ORCID iDs and ROR ids that SciCat itself has no field
for. E-mail addresses in them are not even looked at.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from panfair.harvesters.reading import datacite
from panfair.harvesters.reading.names import agent_of
from panfair.harvesters.reading.organisations import affiliation
from panfair.harvesters.reading.values import Note, or_note, orcid_of, ror_of, text_in
from panfair.ontologies.record import Affiliation, Agent, Related
from panfair.ontologies.text import clean_line, fold

Raw = dict[str, Any]

_PEOPLE = {
    "curator": "DataCurator", "datacurator": "DataCurator",
    "contact": "ContactPerson", "contactperson": "ContactPerson",
    "pi": "ProjectLeader", "principalinvestigator": "ProjectLeader", "mainproposer": "ProjectLeader",
    "coproposer": "ProjectMember", "coinvestigator": "ProjectMember", "member": "ProjectMember",
    "localcontact": "DataCollector", "operator": "DataCollector", "experimenter": "DataCollector",
    "user": "Researcher", "scientist": "Researcher", "author": "Other", "creator": "Other", "owner": "Other",
    "contributor": "Other", "people": "Other", "person": "Other", "team": "Other",
}  # fmt: skip
"""What people stand under (`part_of`), with DataCite's nearest word for their part."""
_OF_PEOPLE = frozenset({"orcid", "orcidid", "nameidentifiers", "affiliation", "affiliations", "email"})
_WORKS = frozenset(
    {"relatedidentifier", "relatedpublication", "relatedwork", "relateditem", "publication", "reference"}
)


def part_of(key: str) -> str:
    """A key as one word without its plural: `Co-Proposers` is `coproposer`."""
    word = fold(key).replace("_", "").replace(" ", "").replace("-", "")
    return word if word in _PEOPLE else word.removesuffix("s")


def person_in(item: Raw, key: str, note: Note) -> Agent | None:
    """A person or an institution with its part; None for an object that is none."""
    names = {fold(name).replace("_", ""): value for name, value in item.items()}
    given = text_in(names.get("givenname") or names.get("firstname"))
    family = text_in(names.get("familyname") or names.get("lastname") or names.get("surname"))
    whole = f"{family}, {given}" if given and family else text_in(names.get("name") or names.get("fullname")) or ""
    part = _PEOPLE.get(part_of(key))
    if not any(letter.isalpha() for letter in whole) or "@" in whole or not (part or _OF_PEOPLE & names.keys()):
        return None
    agent = agent_of(whole)
    listed = datacite.agent_in({"name": agent.name, "nameIdentifiers": names.get("nameidentifiers")}, note)
    said = names.get("orcid") or names.get("orcidid")
    orcid = or_note(orcid_of, said, note, f"the ORCID iD of {agent.name}") or (listed.orcid if listed else None)
    changes = {
        "orcid": orcid if agent.kind == "person" else None,
        "affiliations": tuple(_affiliations(names, note)),
        "role": clean_line(key),
        "contributor_type": part or "Other",
    }
    return agent.model_copy(update=changes)


def _affiliations(names: Raw, note: Note) -> Iterator[Affiliation]:
    value = names.get("affiliations") or names.get("affiliation")
    for item in value if isinstance(value, list) else [value]:
        said = item if isinstance(item, dict) else {"name": item}
        if name := text_in(said.get("name")):
            address = said.get("ror") or said.get("affiliationIdentifier") or names.get("ror") or names.get("rorid")
            yield affiliation(name, or_note(ror_of, address, note, f"the ROR id of {clean_line(name)}"))


def sample_name(item: Raw) -> str | None:
    """What a sample of a list of samples is called."""
    return text_in(item.get("name")) or text_in(item.get("sample_name")) or text_in(item.get("id"))


def works_in(item: Raw, word: str, note: Note) -> Sequence[Related | str]:
    """The works that an entry of related identifiers or publications names; text where it tells no relation."""
    if text_in(item.get("relatedIdentifier")) and text_in(item.get("relationType")):
        return list(datacite.related_in({"relatedIdentifiers": [item]}, note))
    if word not in _WORKS:
        return []
    said = (text_in(item.get(key)) for key in ("relatedIdentifier", "doi", "url", "identifier"))
    return [text for text in said if text][:1]
