"""People as pages show them: names with ORCID iDs, numbered affiliations, roles, and what is not known of a name."""

from dataclasses import dataclass

from panfair.builders.html.language import marked, tr
from panfair.builders.html.words import contributor_words
from panfair.ontologies.record import Agent, Publication

_SHOWN = 10
_ACCOUNT = marked("account name; the catalogue gives no other")


@dataclass(frozen=True, slots=True)
class Person:
    """One person or organisation in a byline."""

    name: str
    page: str
    """Their page on this site, when they have an ORCID iD."""
    orcid: str
    ror: str
    marks: str
    """The numbers of their affiliations, `1, 3`; empty when all share one."""
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """An affiliation with its number in the byline."""

    mark: str
    name: str
    ror: str


@dataclass(frozen=True, slots=True)
class Byline:
    """The people of a publication, their affiliations, and whether the source cuts its list with `et al.`."""

    shown: tuple[Person, ...]
    more: tuple[Person, ...]
    places: tuple[Place, ...]
    et_al: bool
    contributors: tuple[Person, ...]


def byline(publication: Publication) -> Byline:
    """Who made it and who else took part; more than ten creators are shown as eight and the rest on demand."""
    creators, contributors = publication.creators, publication.contributors
    numbers: dict[str, int] = {}
    places: list[Place] = []
    for agent in (*creators, *contributors):
        for affiliation in agent.affiliations:
            key = affiliation.ror or affiliation.name
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                places.append(
                    Place(str(numbers[key]), affiliation.name, affiliation.ror.url if affiliation.ror else "")
                )
    everyone_there = all(agent.affiliations for agent in creators) and not contributors
    if len(places) == 1 and everyone_there:
        numbers, places = {}, [Place("", places[0].name, places[0].ror)]
    roles = {agent.role for agent in creators}
    people = [_person(agent, numbers, (agent.role or "") if len(roles) > 1 else "") for agent in creators]
    cut = len(people) if len(people) <= _SHOWN else _SHOWN - 2
    return Byline(
        shown=tuple(people[:cut]),
        more=tuple(people[cut:]),
        places=tuple(places),
        et_al=publication.more_creators,
        contributors=tuple(
            _person(agent, numbers, contributor_words(agent.contributor_type, agent.role)) for agent in contributors
        ),
    )


def _person(agent: Agent, numbers: dict[str, int], role: str) -> Person:
    marks: list[str] = []
    if numbers:
        for affiliation in agent.affiliations:
            mark = str(numbers[affiliation.ror or affiliation.name])
            if mark not in marks:
                marks.append(mark)
    return Person(
        name=agent.name,
        page=f"/people/{agent.orcid.lower()}/" if agent.orcid else "",
        orcid=agent.orcid.url if agent.orcid else "",
        ror=agent.ror.url if agent.ror else "",
        marks=", ".join(marks),
        role=role,
        note=tr(_ACCOUNT) if agent.kind == "account" else "",
    )
