"""An RO-Crate read as JSON and held against its own rules."""

import json

from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Identifier, Orcid, Ror
from panfair.ontologies.record import Affiliation, Agent, Funding, Instrument
from support.format_cases import rendered
from support.judges.rocrate import context
from support.records import a_publication


def crate(one: Released) -> dict:
    return json.loads(rendered(one, "ro-crate-metadata.json"))


def a_complete_publication(**changes):
    ror = Ror.parse("02550n020")
    values = {
        "creators": (
            Agent(
                name="Testa Madeup",
                given_name="Testa",
                family_name="Madeup",
                orcid=Orcid.parse("0000-0002-1825-0097"),
                affiliations=(Affiliation(name="Example University", ror=ror),),
            ),
        ),
        "publisher": Agent(name="Example Photon Source", kind="organisation", ror=Ror.parse("024mw5h28")),
        "funding": (
            Funding(funder="Example Fund", funder_id=Identifier(scheme="ROR", value="03eh3y714"), award_number="EX-1"),
        ),
        "instruments": (Instrument(name="EX01", identifier=Identifier(scheme="DOI", value="10.99999/ex01")),),
    }
    return a_publication(**{**values, **changes})


def a_poor_publication():
    return a_publication(
        creators=(Agent(name="nobody_k", kind="account"),),
        rights=(),
        abstract=None,
        datasets=(),
        funding=(),
        related=(),
    )


def check_crate(one: Released) -> None:
    """What the specification asks of every crate, cheap enough for every record."""
    document = crate(one)
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"]), "an @id twice"
    terms = json.loads(context())["@context"]
    descriptor = entities["ro-crate-metadata.json"]
    root = entities[descriptor["about"]["@id"]]
    assert {"name", "description", "license", "datePublished"} <= set(root)
    for entity in entities.values():
        assert "@type" in entity
        for term, value in entity.items():
            assert term.startswith("@") or term in terms, f"{term} is no word of the context"
            for one_value in value if isinstance(value, list) else [value]:
                if isinstance(one_value, dict) and entity is not descriptor:
                    assert list(one_value) == ["@id"] and one_value["@id"] in entities, one_value
        if entity["@type"] == "File":
            assert entity["@id"].startswith(("http://", "https://"))
    reached, open_ends = set(), [root["@id"]]
    while open_ends:
        here = open_ends.pop()
        if here not in reached:
            reached.add(here)
            parts = entities[here].get("hasPart", [])
            open_ends += [part["@id"] for part in (parts if isinstance(parts, list) else [parts])]
    assert {e["@id"] for e in entities.values() if e["@type"] in ("File", "Dataset")} <= reached
