"""No harvester takes a word over from a neighbour that is closed: planted in every field, looked for after the gate."""

import json
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Context, dump
from panfair.ontologies.embargo import GatePolicy, Released, judge, statement
from panfair.ontologies.record import Publication, canonical

NOW = date(2026, 11, 24)
CLOSED = {
    "not published": {"status": "pending_registration"},
    "registered tomorrow": {"registeredTime": "2026-11-25T00:00:00Z"},
    "available later": {"metadata": {"dates": [{"date": "2031-01-01", "dateType": "Available"}]}},
    "cited in a later year": {"publicationYear": 2031},
    "under embargo in words": {"metadata": {"rightsList": [{"rights": "Embargo until 2031"}]}},
    "without a day": {"registeredTime": None},
    "of a licence that restricts": {"license": "restricted access"},
    "restricted": {"metadata": {"rightsList": [{"rights": "restricted access"}]}},
}


def _shown(folder: Path, **collections: list) -> tuple[bytes, list[Publication]]:
    """All that the gate lets out of a dump of these collections, as bytes and as records."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, documents in collections.items():
        (folder / f"{name}.json").write_text(json.dumps(documents))
    options = dump.Options(name="made-up", kind="dump", path=str(folder), publisher="Example Source")
    context = Context(root=Path("/"), contact="data@example.org", on=NOW)
    records = [item for item in dump.harvest(options, context) if isinstance(item, Publication)]
    told, opened = [], []
    for record in records:
        verdict = judge(record, NOW, GatePolicy())
        if isinstance(verdict, Released):
            opened.append(verdict.publication)
            told.append(canonical(verdict.publication))
        elif hasattr(verdict, "doi"):
            told.append(statement(verdict))
    return b"".join(told), opened


def _publication(number: int, **changes) -> dict:
    return {
        "doi": f"10.5072/{number}", "title": f"Title {number}", "status": "registered", "publisher": "Example Source",
        "registeredTime": "2024-05-01T10:00:00Z", "publicationYear": 2024, "creator": ["nass_k"],
        "createdBy": "ldap.nass_k", "abstract": "An abstract.",
    } | changes  # fmt: skip


def _dataset(pid: str, word: str, published: bool) -> dict:
    return {
        "pid": pid, "isPublished": published, "type": "raw", "sourceFolder": f"/data/{word}folder",
        "datasetName": f"{word}name", "description": f"{word}description", "owner": "Ada Example",
        "orcidOfOwner": "0000-0002-1825-0097" if published else "0000-0001-8676-0091", "proposalId": f"{word}proposal",
        "license": f"{word}licence", "keywords": [f"{word}keyword"], "sampleId": f"{word}sample",
        "instrumentId": f"{word}instrument", "creationLocation": f"/{word}PLACE/{word}SOURCE/P08",
        "principalInvestigator": f"{word}leader Example", "usedSoftware": [f"{word}software"],
        "techniques": [{"name": f"{word}technique", "pid": f"{word}pid"}], "numberOfFiles": 7, "size": 77777,
        "scientificMetadata": {f"{word}key": f"{word}value", "person": {"name": f"{word}person"}},
    }  # fmt: skip


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_of_closed_datasets_nothing_is_said_on_their_open_publication(tmp_path_factory, published):
    datasets = [_dataset(f"20.5000/{n}", "open" if one else "vorpal", one) for n, one in enumerate(published)]
    publication = _publication(1, creator=["Ada Example"], pidArray=[one["pid"] for one in datasets])
    told, (record,) = _shown(tmp_path_factory.mktemp("dump"), PublishedData=[publication], Dataset=datasets)
    assert b"vorpal" not in told.lower() and b"0000-0001-8676-0091" not in told
    assert len(record.datasets) == sum(published)
    assert record.proposal == ("openproposal" if any(published) else None)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.sampled_from(sorted(CLOSED)), st.booleans())
def test_a_name_is_learnt_from_no_publication_that_is_closed(tmp_path_factory, why, first):
    closed = _publication(2, creator=["Vorpal Nass", "Karol Nass"], **CLOSED[why])
    both = [closed, _publication(1)] if first else [_publication(1), closed]
    told, (record,) = _shown(tmp_path_factory.mktemp("dump"), PublishedData=both)
    assert b"Karol" not in told and b"Vorpal" not in told
    assert [agent.name for agent in record.creators] == ["K. Nass"] or record.creators[0].kind == "account"


def test_a_name_is_learnt_from_a_publication_that_is_open(tmp_path):
    _told, records = _shown(tmp_path, PublishedData=[_publication(1), _publication(2, creator=["Karol Nass"])])
    assert [record.creators[0].name for record in records] == ["Karol Nass", "Karol Nass"]
