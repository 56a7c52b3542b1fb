"""The people of ICAT's entities: the users of an investigation, and those whom a data publication cites."""

import re
from typing import Any, get_args

from panfair.harvesters import SourceOptions
from panfair.harvesters.icat.store import Raw, Store
from panfair.harvesters.reading.names import agent_of
from panfair.harvesters.reading.organisations import affiliation
from panfair.harvesters.reading.values import Note, objects, or_note, orcid_of, ror_of, text_in
from panfair.ontologies.record import Affiliation, Agent, ContributorType
from panfair.ontologies.text import clean_line

_STAFF = re.compile(r"(?i)local contact|instrument|beamline|safety|operator|scientist in charge")
_LEADER = re.compile(r"(?i)^(?:principal|main) (?:investigator|proposer)$|^pi$")
_ORDER = re.compile(r"^\d+\s*[:.)-]\s*")


def session_people(
    raw: Raw, store: Store, options: SourceOptions, note: Note
) -> tuple[tuple[Agent, ...], tuple[Agent, ...]]:
    """Creators (principal investigators first) and contributors (the facility's own staff) of an investigation."""
    creators: list[Agent] = []
    contributors: list[Agent] = []
    for link in objects(raw.get("investigationUsers")):
        user = store.find("user", link.get("user"))
        agent = _agent(user, note, text_in(link.get("role")), options)
        if agent is None:
            note("a user of an investigation was dropped: it has no name")
        elif _STAFF.search(agent.role or ""):
            contributors.append(agent.model_copy(update={"contributor_type": "DataCollector"}))
        else:
            creators.append(agent)
    creators.sort(key=lambda agent: not _LEADER.match(agent.role or ""))
    return tuple(_once(creators)), tuple(_once(contributors))


def cited(key: str, raw: Raw, store: Store, note: Note) -> tuple[tuple[Agent, ...], tuple[Agent, ...]]:
    """Creators and contributors of a data publication, in the order of their `orderKey`."""
    users = [*objects(raw.get("users"))]
    users += store.naming("dataPublicationUser", "publication", key)
    users.sort(key=lambda user: text_in(user.get("orderKey")) or "~")
    creators: list[Agent] = []
    contributors: list[Agent] = []
    for user in users:
        known = {**store.find("user", user.get("user")), **{k: v for k, v in user.items() if v is not None}}
        agent = _agent(known, note, None, None)
        if agent is None:
            note("a user of a data publication was dropped: it has no name")
            continue
        kind = clean_line(text_in(user.get("contributorType")) or "")
        if kind == "Creator":
            creators.append(agent)
        else:
            kind = kind if kind in get_args(ContributorType) else "Other"
            contributors.append(agent.model_copy(update={"contributor_type": kind}))
    return tuple(_once(creators)), tuple(_once(contributors))


def _agent(user: Raw, note: Note, role: str | None, options: SourceOptions | None) -> Agent | None:
    """One user. E-mail addresses are not even looked at; an account's name only where there is no other."""
    given, family = text_in(user.get("givenName")), text_in(user.get("familyName"))
    account = (text_in(user.get("name")) or "").rsplit("/", 1)[-1]
    name = options.people.get(account) if options else None
    name = name or text_in(user.get("fullName")) or " ".join(part for part in (given, family) if part) or account
    if not clean_line(name):
        return None
    agent = agent_of(name)
    if given and family:
        agent = Agent(name=f"{clean_line(given)} {clean_line(family)}", given_name=given, family_name=family)
    elif agent.kind == "account":
        note(f'whose account {name!r} is cannot be told; write {name} = "Given Family" under [source.people]')
    return agent.model_copy(
        update={
            "orcid": or_note(orcid_of, user.get("orcidId"), note, f"the ORCID iD of {agent.name}"),
            "affiliations": tuple(_affiliations(user, note)),
            "role": clean_line(role) if role else None,
        }
    )


def _affiliations(user: Raw, note: Note) -> list[Affiliation]:
    found = []
    for one in objects(user.get("affiliations")):
        # Names are often an order and a place ("01: Nancy"): the full reference says more.
        name = text_in(one.get("fullReference")) or _ORDER.sub("", text_in(one.get("name")) or "")
        if clean_line(name):
            found.append(affiliation(name, or_note(ror_of, one.get("pid"), note, f"the ROR id of {name}")))
    if not found and (said := text_in(user.get("affiliation"))):
        found.append(affiliation(said))
    return found


def _once(agents: list[Agent]) -> list[Agent]:
    seen: dict[Any, Agent] = {}
    for agent in agents:
        seen.setdefault(agent.orcid or agent.name.casefold(), agent)
    return list(seen.values())
