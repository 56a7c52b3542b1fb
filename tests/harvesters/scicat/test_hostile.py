"""Hostile documents: each costs itself and nothing else, by REST and in a dump."""

import json
import random
from pathlib import Path

import pytest

from panfair.harvesters import Context, Refused, dump
from panfair.harvesters.dump.files import read_dump
from panfair.ontologies.record import Publication
from support.scicat import block, dataset, harvested, published, refused
from support.servers.odd_values import ODD, put_an_odd_value
from support.servers.scicat import SciCat, served


def _catalogue() -> dict[str, list[dict]]:
    numbers = range(4)
    metadata = {"beam": {"energy": {"value": 12.4, "unit": "keV"}}, "users": [{"name": "Ana Exemplar"}]}
    more = {"authors": ["Cleo Invention"], "affiliation": "Example University", "downloadLink": "https://f.example.org"}
    datasets = [
        dataset(
            n, scientificMetadata=metadata, owner="Ana Exemplar", orcidOfOwner="0000-0002-1825-0097",
            creationLocation="/EPS/BL01", startTime="2024-03-01T08:30:00Z", instrumentId="i-1", sampleId="s-1",
            datasetlifecycle={"publishedOn": "2024-03-01T08:30:00Z"}, sourceFolder="/x", keywords=["a"],
            principalInvestigators=["Dana Fictive"], inputDatasets=[f"20.500.0/ds-{n}"], _id=f"20.500.0/ds-{n}",
        )
        for n in numbers
    ]  # fmt: skip
    catalogue = {
        "PublishedData": [published(n, sizeOfArchive=1, relatedPublications=["10.99999/a"], **more) for n in numbers],
        "Dataset": datasets,
        "OrigDatablock": [block(n, isPublished=True) for n in numbers],
    }
    return json.loads(json.dumps(catalogue))  # no two documents share a part


def _mutated(chance: random.Random, kinds: list[str], kept: frozenset[str] = frozenset()) -> dict[str, list]:
    """The catalogue with one to three values of the documents number 2 changed for odd ones, at any depth."""
    catalogue = _catalogue()
    for _change in range(chance.randint(1, 3)):
        documents = catalogue[chance.choice(kinds)]
        if not kept and chance.random() < 0.1:
            documents[2] = chance.choice(ODD)
            continue
        put_an_odd_value(chance, documents[2], kept)
    return catalogue


def _others(found) -> list[Publication]:
    """All publications but number 2."""
    return [one for one in found if isinstance(one, Publication) and one.doi.endswith(("-0", "-1", "-3"))]


def _dumped(folder: Path, catalogue: dict[str, list]) -> list:
    for name, documents in catalogue.items():
        (folder / f"{name}.json").write_text(json.dumps(documents))
    options = dump.Options(name="made-up", kind="dump", path="PublishedData.json")
    return list(dump.harvest(options, Context(root=folder, contact="data@example.org")))


def test_three_hundred_odd_documents_in_a_dump_cost_themselves_at_most(tmp_path):
    whole = _others(_dumped(tmp_path, _catalogue()))
    assert len(whole) == 3
    for seed in range(300):
        catalogue = _mutated(random.Random(seed), list(_catalogue()))
        assert _others(_dumped(tmp_path, catalogue)) == whole, seed


# What the imitation itself reads of a document, and a database would not hold otherwise.
_OF_THE_SERVER = frozenset(
    {"doi", "_id", "pid", "datasetId", "status", "isPublished", "createdAt", "updatedAt", "creator", "authors",
     "relatedPublications", "metadata", "pidArray", "instrumentId", "sampleId", "affiliation"}
)  # fmt: skip


def test_three_hundred_odd_documents_behind_rest_cost_themselves_at_most():
    def server_of(catalogue: dict) -> SciCat:
        return SciCat(*(catalogue[name] for name in ("PublishedData", "Dataset", "OrigDatablock")))

    with served(server_of(_catalogue())) as server:
        found, _notes, _error = harvested(server)
        whole = _others(found)
        assert len(whole) == 3
        for seed in range(300):
            fresh = server_of(_mutated(random.Random(seed), list(_catalogue()), _OF_THE_SERVER))
            server.published, server.datasets, server.blocks = fresh.published, fresh.datasets, fresh.blocks
            server.hidden = [set(), {"v3"}, {"v4"}][seed % 3]
            found, _notes, error = harvested(server, files=seed % 2 == 0, page_size=100)
            assert error is None, (seed, error)
            expected = [one.doi for one in whole]
            assert [one.doi for one in _others(found)] == expected, seed
            if seed % 6 == 0:
                assert _others(found) == whole, seed


@pytest.mark.parametrize("odd", ["\ud800", "x\udfff"])
def test_half_a_character_refuses_its_publication_or_hides_its_dataset(odd):
    catalogue = _catalogue()
    catalogue["PublishedData"][1]["title"] = odd
    catalogue["Dataset"][2]["datasetName"] = odd
    server = SciCat(*catalogue.values())
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None and list(refused(found)) == ["10.5072/made-up-1"]
    described = [one.datasets[0].described for one in found if isinstance(one, Publication)]
    assert described == [True, False, True]


def test_a_document_that_is_nested_beyond_any_parser_costs_itself():
    server = SciCat([published(n) for n in range(4)])
    nested = b"[" * 100_000 + b"]" * 100_000

    def fault(path: str, number: int):
        if not path.endswith("v4/publisheddata"):
            return None
        limits = json.loads(server.questions[-1][1]["filter"])["limits"]
        page = server.published[limits["skip"] : limits["skip"] + limits["limit"]]
        body = b",".join(nested if one["doi"].endswith("-2") else json.dumps(one).encode() for one in page)
        return 200, {}, b"[" + body + b"]"

    server.fault = fault
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None and len([one for one in found if isinstance(one, Publication)]) == 3
    assert [item.key for item in found if isinstance(item, Refused)] == ["entry 3"]


def test_infinity_and_a_number_beyond_all_are_one_value_each_in_a_file_that_is_read(tmp_path):
    text = '[{"doi": "10.5072/a", "sizeOfArchive": Infinity, "numberOfFiles": 1e999}, {"doi": "10.5072/b"}]'
    (tmp_path / "a.json").write_text(text)
    assert len(read_dump(tmp_path / "a.json", "made-up")) == 2
