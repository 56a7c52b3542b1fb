"""[[facility]]: what a portal of several facilities says of each, and how it comes into their records.

A record is of a facility when its source says so (`facility`), or when the catalogue names it as the table does.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from panfair.builders.addresses import web_address
from panfair.harvesters import SourceOptions
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Ror
from panfair.ontologies.mistakes import mistakes
from panfair.ontologies.record import Agent, Facility, Publication
from panfair.ontologies.text import fold


class FacilityTable(BaseModel):
    """[[facility]]: one of several facilities whose records the site shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        min_length=1, description="its short name, as `facility` of its sources says it", examples=["EPS"]
    )
    full_name: str | None = Field(None, description="its long name", examples=["Example Photon Source"])
    ror: str | None = Field(None, description="its ROR id, as address, `ROR:…` or bare")
    url: str | None = Field(None, description="its home page", examples=["https://www.example.org"])
    licence: str | None = Field(
        None, description="the licence of its data, where neither record nor source says", examples=["CC-BY-4.0"]
    )
    policy: str | None = Field(
        None,
        description="one line on its pages about its data policy",
        examples=["Data of the EPS are open three years after the experiment."],
    )
    policy_url: str | None = Field(None, description="where that policy stands")

    @field_validator("ror")
    @classmethod
    def _a_ror_id(cls, value: str | None) -> str | None:
        try:
            return Ror.parse(value) if value else None
        except IdentifierError:
            raise ValueError("must be a ROR id such as https://ror.org/02550n020") from None

    @field_validator("url", "policy_url")
    @classmethod
    def _linkable(cls, value: str | None) -> str | None:
        if value is not None and web_address(value) is None:
            raise ValueError("must be an address such as https://www.example.org")
        return value

    @property
    def names(self) -> frozenset[str]:
        """The names that it is known by, folded."""
        return frozenset(fold(name) for name in (self.name, self.full_name) if name)


def facilities_in(tables: Any, wrong: list[str]) -> tuple[FacilityTable, ...]:
    """The facilities of a file; what is wrong with their tables is added to `wrong`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        wrong.append("write facilities as [[facility]], with two brackets")
        return ()
    found: list[FacilityTable] = []
    for table in tables:
        name = f"[[facility]] {table.get('name', '')!r}"
        try:
            one = FacilityTable.model_validate(table)
        except ValidationError as error:
            wrong.extend(f"{name}: {line}" for line in mistakes(error, FacilityTable, {}))
            continue
        if any(one.names & other.names for other in found):
            wrong.append(f"{name}: another [[facility]] has this name")
        found.append(one)
    return tuple(found)


def with_licence(source: SourceOptions, facilities: Iterable[FacilityTable]) -> SourceOptions:
    """The source with the licence of its facility, where it has none of its own."""
    licence = next((one.licence for one in facilities if source.facility and fold(source.facility) in one.names), None)
    return source.model_copy(update={"licence": licence}) if licence and source.licence is None else source


def with_bodies(publication: Publication, facilities: Iterable[FacilityTable]) -> Publication:
    """The record without persons made of the names of organisations: its publisher's and those of facilities.

    An ORCID iD, on the other hand, is a person's, whatever the name looks like.
    """
    said = [publication.publisher.name, *(name for one in facilities for name in (one.name, one.full_name))]
    if publication.facility:
        said += [publication.facility.name, publication.facility.full_name]
    bodies = {_words(name): name for name in said if name}
    changes = {
        field: agents
        for field, before in (("creators", publication.creators), ("contributors", publication.contributors))
        if (agents := tuple(_typed(agent, bodies) for agent in before)) != before
    }
    return publication.model_copy(update=changes) if changes else publication


def _typed(agent: Agent, bodies: dict[frozenset[str], str]) -> Agent:
    if agent.orcid:
        return agent.model_copy(update={"kind": "person"}) if agent.kind == "unknown" else agent
    if agent.kind in {"person", "unknown"} and (name := bodies.get(_words(agent.name))):
        parts = {"given_name": None, "family_name": None}
        return agent.model_copy(update={"name": name, "kind": "organisation", **parts})
    return agent


def _words(name: str) -> frozenset[str]:
    """A name's words in no order: `Nova Research` may have been read as `Research Nova`."""
    return frozenset(fold(name).split())


def described(publication: Publication, facilities: Sequence[FacilityTable]) -> Publication:
    """The record with what the portal knows of its facility; the catalogue's own words count first."""
    own = publication.facility
    if own is None or not facilities:
        return publication
    said = {fold(name) for name in (own.name, own.full_name) if name}
    known = next((one for one in facilities if one.names & said), None)
    if known is None:
        return publication
    facility = Facility(
        name=known.name,
        full_name=known.full_name or own.full_name,
        ror=own.ror or (Ror.parse(known.ror) if known.ror else None),
        url=own.url or known.url,
    )
    return publication if facility == own else publication.model_copy(update={"facility": facility})
