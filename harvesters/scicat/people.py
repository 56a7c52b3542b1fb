"""The people of a SciCat publication: creators and contributors, from v3's names and v4's DataCite objects.

SciCat's migration of v3 records made objects of names: such a list is read as names again. Proposers, owners and
those in scientificMetadata are taken from open datasets only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from panfair.harvesters.reading import datacite
from panfair.harvesters.reading.organisations import affiliation
from panfair.harvesters.reading.people import people
from panfair.harvesters.reading.values import objects, or_note, orcid_of, text_in, text_of, texts_of
from panfair.harvesters.scicat.library import Library, Raw, all_texts
from panfair.ontologies.identifiers import Orcid
from panfair.ontologies.record import Affiliation, Agent
from panfair.ontologies.text import clean_line, fold

_STRUCTURE = ("nameType", "givenName", "familyName", "nameIdentifiers")


@dataclass
class People:
    """Who is cited, who else took part, and what strayed among the names."""

    creators: tuple[Agent, ...] = ()
    contributors: tuple[Agent, ...] = ()
    keywords: tuple[str, ...] = ()
    more: bool = False
    """Whether the source says "et al."."""


@dataclass
class _Names:
    """A list of people as SciCat has it: agents where it tells their parts, else names and their affiliations."""

    agents: list[Agent] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    affiliations: list[tuple[Affiliation, ...]] = field(default_factory=list)


def people_of(raw: Raw, more: Raw, library: Library, in_metadata: Iterable[Agent], about: str) -> People:
    """The people of a publication; `in_metadata` are those of its open datasets' scientificMetadata."""
    named = _named(more.get("creators"), texts_of(raw.get("creator")), library)
    authors = _authors(raw, more, library)
    if not named.agents and not named.texts:
        named, authors = authors, _Names()
    found = _People(raw, library, about)
    creators = found.agents(named)
    own = tuple(
        affiliation(name) for name in dict.fromkeys([*all_texts(raw, "affiliation"), *all_texts(more, "affiliation")])
    )
    creators = [_with_affiliation(agent, own) for agent in creators]
    in_metadata = list(in_metadata)
    leaders = _leaders(raw, library)
    orcids = _orcids(raw, library, [*in_metadata, *leaders])
    listed = [agent for one in objects(more.get("contributors")) if text_in(one.get("contributorType"))
              and (agent := datacite.agent_in(one, library.note))]  # fmt: skip
    also = [agent.model_copy(update={"contributor_type": "Other", "role": "Author"}) for agent in found.agents(authors)]
    creator_names = {fold(agent.name) for agent in creators}
    others = _once([*listed, *(a for a in [*also, *leaders, *in_metadata] if fold(a.name) not in creator_names)])
    return People(
        tuple(_with_orcid(agent, orcids) for agent in creators),
        tuple(_with_orcid(agent, orcids) for agent in others),
        tuple(found.keywords),
        found.more,
    )


class _People:
    """Names read into agents, with what strays among them."""

    def __init__(self, raw: Raw, library: Library, about: str) -> None:
        self.raw, self.library, self.about = raw, library, about
        self.keywords: list[str] = []
        self.more = False

    def agents(self, named: _Names) -> list[Agent]:
        if named.agents:
            return named.agents
        created_by = text_of(self.raw.get("createdBy"))
        found = people(named.texts, self.library.accounts, self.library.note, created_by, self.about)
        self.keywords += found.keywords
        self.more = self.more or found.more
        shared = set(named.affiliations)
        if len(shared) == 1:
            return [_with_affiliation(agent, named.affiliations[0]) for agent in found.agents]
        if len(found.agents) == len(named.affiliations):
            return [_with_affiliation(*pair) for pair in zip(found.agents, named.affiliations, strict=True)]
        return list(found.agents)


def _named(value: Any, texts: list[str], library: Library) -> _Names:
    """v4's objects where they tell more than a name, else names."""
    listed = list(objects(value))
    if any(one.get(name) for one in listed for name in _STRUCTURE):
        return _Names(agents=[agent for one in listed if (agent := datacite.agent_in(one, library.note))])
    named = [one for one in listed if text_in(one.get("name"))]
    if not named:
        return _Names(texts=texts)
    affiliations = [
        agent.affiliations if (agent := datacite.agent_in({**one, "name": "Name"}, library.note)) else ()
        for one in named
    ]
    return _Names(texts=[str(one["name"]) for one in named], affiliations=affiliations)


def _authors(raw: Raw, more: Raw, library: Library) -> _Names:
    """v3's `authors`, which the migration made contributors without a type."""
    untyped = [one for one in objects(more.get("contributors")) if not text_in(one.get("contributorType"))]
    return _named(untyped, texts_of(raw.get("authors")), library)


def _leaders(raw: Raw, library: Library) -> list[Agent]:
    """The principal investigators of the open datasets; a computer account is nobody to name."""
    texts = [
        text
        for dataset in library.open_datasets(raw)
        for text in all_texts(dataset, "principalInvestigators", "principalInvestigator", "investigator")
    ]
    found = people(list(dict.fromkeys(texts)), library.accounts, lambda text: None).agents
    role = {"contributor_type": "ProjectLeader", "role": "Principal investigator"}
    return [agent.model_copy(update=role) for agent in found if agent.kind != "account"]


def _orcids(raw: Raw, library: Library, agents: Iterable[Agent]) -> dict[str, Orcid]:
    """ORCID iDs by folded name: of the open datasets' owners, and of people who are named with theirs."""
    found = {fold(agent.name): agent.orcid for agent in agents if agent.orcid}
    for dataset in library.open_datasets(raw):
        name, said = text_in(dataset.get("owner")), text_in(dataset.get("orcidOfOwner"))
        if name and said:
            orcid = or_note(orcid_of, said, library.note, f"the ORCID iD of {clean_line(name)}")
            (owner, *_) = people([name], library.accounts, lambda text: None).agents or (None,)
            if orcid and owner:
                found.setdefault(fold(owner.name), orcid)
    return found


def _with_orcid(agent: Agent, orcids: dict[str, Orcid]) -> Agent:
    orcid = orcids.get(fold(agent.name))
    if orcid is None or agent.orcid or agent.kind != "person":
        return agent
    return agent.model_copy(update={"orcid": orcid})


def _with_affiliation(agent: Agent, affiliations: tuple[Affiliation, ...]) -> Agent:
    if agent.affiliations or not affiliations or agent.kind != "person":
        return agent
    return agent.model_copy(update={"affiliations": affiliations})


def _once(agents: Iterable[Agent]) -> list[Agent]:
    """Each once in each of its parts; without a part of its own where it has another that is known."""
    found: dict[tuple[str, str | None], Agent] = {}
    for agent in agents:
        found.setdefault((fold(agent.name), agent.contributor_type), agent)
    known = {name for name, part in found if part != "Other"}
    return [agent for (name, part), agent in found.items() if part != "Other" or name not in known]
