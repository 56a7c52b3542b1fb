"""Made-up records for tests: one small valid thing each, changed by name. Nobody and nothing in them exists."""

from datetime import date, datetime
from typing import Any

from panfair.builders.portal import Portal
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.identifiers import Doi, Identifier, Orcid, Ror
from panfair.ontologies.record import (
    Affiliation,
    Agent,
    Dataset,
    Facility,
    File,
    Funding,
    Instrument,
    Keyword,
    Parameter,
    Publication,
    Related,
    Rights,
    Sample,
    Technique,
)

TODAY = date(2026, 11, 24)

PORTAL = Portal(
    title="Open data of the Example Photon Source",
    base_url="https://data.example.org",
    contact="data@example.org",
    publisher="Example Photon Source",
    description="Released experiments of a facility that does not exist.",
)


def a_dataset(**changes: Any) -> Dataset:
    """A described raw dataset with a file, a parameter, a technique and a sample."""
    values: dict[str, Any] = {
        "id": "ds-1",
        "name": "scan_0001",
        "kind": "raw",
        "description": "First scan of the day.",
        "start": datetime(2024, 5, 2, 8, 0),
        "end": datetime(2024, 5, 2, 9, 30),
        "samples": (Sample(name="Foam 3", formula="SiO2", identifier=Identifier(scheme="IGSN", value="XXEXAMPLE1")),),
        "techniques": (
            Technique(said="tomography", iri="http://purl.org/pan-science/PaNET/PaNET01129", label="tomography"),
        ),
        "parameters": (Parameter(name="energy", value=21.5, unit="keV"),),
        "files": (
            File(
                name="scan_0001.h5",
                size_bytes=1_234_567,
                checksum="0" * 64,
                checksum_algorithm="SHA-256",
                media_type="application/x-hdf5",
                url="https://data.example.org/files/scan_0001.h5",
            ),
        ),
        "file_count": 1,
        "size_bytes": 1_234_567,
    }
    return Dataset(**{**values, **changes})


def a_publication(**changes: Any) -> Publication:
    """An open publication of a made-up facility, with two made-up people and one dataset."""
    values: dict[str, Any] = {
        "source": "made-up",
        "source_id": "inv-1",
        "doi": Doi.parse("10.99999/EXAMPLE-1"),
        "kind": "session",
        "title": "Drainage of a silica foam, tomograms",
        "abstract": "Time-resolved tomography of a draining foam.\n\nMade-up data.",
        "creators": (
            Agent(
                name="Testa Madeup",
                given_name="Testa",
                family_name="Madeup",
                orcid=Orcid.parse("0000-0002-1825-0097"),
                affiliations=(Affiliation(name="Example University", ror=Ror.parse("02550n020")),),
            ),
            Agent(name="Invented Person", given_name="Invented", family_name="Person"),
        ),
        "publisher": Agent(name="Example Photon Source", kind="organisation"),
        "publication_year": 2026,
        "release_date": date(2026, 6, 1),
        "publication_date": date(2024, 6, 1),
        "start": datetime(2024, 5, 2, 8, 0),
        "end": datetime(2024, 5, 4, 8, 0),
        "modified": datetime(2024, 6, 1, 12, 0),
        "rights": (
            Rights(
                said="CC BY 4.0",
                name="Creative Commons Attribution 4.0 International",
                spdx="CC-BY-4.0",
                url="https://creativecommons.org/licenses/by/4.0/",
            ),
        ),
        "funding": (Funding(funder="Example Research Fund", award_number="EX-1"),),
        "related": (
            Related(
                relation="IsSupplementTo",
                identifier=Identifier(scheme="DOI", value="10.99999/paper-1"),
                citation="Madeup T. (2025) Foams. Journal of Examples 1, 1.",
            ),
        ),
        "facility": Facility(name="EPS", full_name="Example Photon Source"),
        "instruments": (Instrument(name="EX01", full_name="EX01 - Imaging"),),
        "techniques": (
            Technique(said="tomography", iri="http://purl.org/pan-science/PaNET/PaNET01129", label="tomography"),
        ),
        "keywords": (Keyword(term="foam"),),
        "proposal": "EX-1234",
        "datasets": (a_dataset(),),
    }
    return Publication(**{**values, **changes})


def released(publication: Publication | None = None, on: date = TODAY, policy: GatePolicy | None = None) -> Released:
    """The publication, passed through the gate; fails when the gate holds it back."""
    verdict = judge(publication or a_publication(), on, policy or GatePolicy())
    assert isinstance(verdict, Released), verdict
    return verdict
