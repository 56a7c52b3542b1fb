"""The judge: one made-up catalogue through REST v3, REST v4, both, and two kinds of dump is one set of publications."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Context, dump
from panfair.ontologies.record import Publication
from support.scicat import block, dataset, dumped, harvested, publications, published
from support.servers.scicat import SciCat, served
from support.servers.scicat_recordings import catalogue_of, recorded_calls

_PEOPLE = st.lists(
    st.sampled_from(["Ana Exemplar", "Placeholder, Bo", "Cleo Invention", "Dana M. Fictive"]),
    min_size=1,
    max_size=3,
    unique=True,
)
_MOMENTS = st.sampled_from(["2024-03-01T08:30:00.000Z", "2024-03-01T09:00:00.000Z", "2024-04-30T23:30:00.000Z"])
_WORKS = st.lists(
    st.sampled_from(["https://doi.org/10.99999/a", "A. Exemplar (2023) Made up. doi: 10.99999/b", "arXiv:2401.00001"]),
    max_size=2,
    unique=True,
)
_KEYS = st.sampled_from(["wavelength", "with.dot", "plain text", "50 %", "größe", "a%41b", "detector"])
_VALUES = st.one_of(
    st.integers(-5, 5),
    st.text(max_size=5),
    st.builds(lambda value, unit: {"value": value, "unit": unit}, st.integers(0, 9), st.sampled_from(["mm", "K", ""])),
    st.builds(lambda value: {"v": value, "u": "keV"}, st.integers(0, 9)),
    st.lists(st.integers(0, 9), max_size=3),
    st.builds(lambda name: [{"name": name, "orcid": "0000-0002-1825-0097"}], st.just("Ana Exemplar")),
)
_METADATA = st.dictionaries(_KEYS, st.one_of(_VALUES, st.dictionaries(_KEYS, _VALUES, max_size=2)), max_size=3)


def _optional(**fields):
    """Some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


_OF_PUBLICATIONS = _optional(
    authors=_PEOPLE,
    affiliation=st.just("Example University"),
    dataDescription=st.sampled_from(["How it was made up.", "https://example.org/format"]),
    url=st.just("https://doi.example.org/x"),
    downloadLink=st.sampled_from(["https://files.example.org/x", "https://doi.org/10.99999/a"]),
    relatedPublications=_WORKS,
    resourceType=st.sampled_from(["raw", "derived"]),
    numberOfFiles=st.integers(0, 3),
    sizeOfArchive=st.integers(0, 9),
    registeredTime=st.one_of(st.none(), _MOMENTS),
)
_OF_DATASETS = _optional(
    owner=st.just("Ana Exemplar"),
    orcidOfOwner=st.just("https://orcid.org/0000-0002-1825-0097"),
    principalInvestigators=_PEOPLE,
    proposalIds=st.lists(st.sampled_from(["EPS-1", "EPS-2"]), max_size=1),
    instrumentIds=st.lists(st.sampled_from(["i-1", "i-2"]), max_size=2, unique=True),
    sampleIds=st.lists(st.sampled_from(["s-open", "s-closed", "s-none"]), max_size=2, unique=True),
    creationLocation=st.sampled_from(["/EPS/BL01", "ESS:V20", "BL02"]),
    dataFormat=st.just("NeXus"),
    license=st.sampled_from(["CC-BY-4.0", "CC0-1.0"]),
    startTime=_MOMENTS,
    endTime=_MOMENTS,
    creationTime=_MOMENTS,
    isPublished=st.booleans(),
    inputDatasets=st.lists(
        st.sampled_from(["20.500.0/ds-0", "20.500.0/ds-1", "20.500.0/ds-9"]), max_size=2, unique=True
    ),
    keywords=st.lists(st.sampled_from(["powder", "made up"]), max_size=2, unique=True),
    scientificMetadata=_METADATA,
    datasetlifecycle=st.just({"archivable": True, "isOnCentralDisk": True}),
    size=st.integers(0, 9),
    numberOfFiles=st.integers(0, 2),
)
_INSTRUMENTS = [{"_id": "i-1", "pid": "i-1", "name": "BL01 powder diffractometer", "customMetadata": {}}]
_SAMPLES = [
    {"_id": "s-open", "sampleId": "s-open", "isPublished": True, "description": "LaB6 in glass",
     "sampleCharacteristics": {"formula": "LaB6", "mass": {"value": 3, "unit": "mg"}}},
    {"_id": "s-closed", "sampleId": "s-closed", "isPublished": False, "description": "zqclosed sample",
     "sampleCharacteristics": {"formula": "zqformula"}},
]  # fmt: skip


@st.composite
def _catalogues(draw) -> tuple[list[dict], list[dict], list[dict]]:
    numbers = range(draw(st.integers(1, 3)))
    datasets = [dataset(number, **draw(_OF_DATASETS)) for number in range(4)]
    pids = st.lists(st.sampled_from([one["pid"] for one in datasets] + ["20.500.0/none"]), max_size=3, unique=True)
    raws = [published(n, creator=draw(_PEOPLE), pidArray=draw(pids), **draw(_OF_PUBLICATIONS)) for n in numbers]
    blocks = [block(number, isPublished=True) for number in range(4) if draw(st.booleans())]
    return raws, datasets, blocks


def _from_dump(folder: Path, server: SciCat, **collections: list[dict]) -> list[Publication]:
    dumped(folder, OrigDatablock=server.blocks, Instrument=_INSTRUMENTS, Sample=_SAMPLES, **collections)
    options = dump.Options(name="made-up", kind="dump", path="PublishedData.json")
    return publications(dump.harvest(options, Context(root=folder, contact="data@example.org")))


@given(_catalogues())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_one_catalogue_is_one_set_of_publications_by_whichever_way_it_comes(tmp_path_factory, catalogue):
    raws, datasets, blocks = catalogue
    server = SciCat(raws, datasets, blocks, _INSTRUMENTS, _SAMPLES)
    ways: dict[str, list[Publication]] = {}
    with served(server):
        for way, hidden in (("both", set()), ("v3", {"v4"}), ("v4", {"v3"})):
            server.hidden = hidden
            found, _notes, error = harvested(server, page_size=100)
            assert error is None
            ways[way] = publications(found)
    folder = tmp_path_factory.mktemp("dumps")
    (folder / "stored").mkdir()
    # A reader's dump holds what is open alone; the operator's holds all, and the gate closes what is closed.
    ways["stored"] = _from_dump(
        folder / "stored", server, PublishedData=server.published, Dataset=server.open_datasets()
    )
    assert "zq" not in json.dumps([one.model_dump(mode="json") for one in ways["both"]])
    for way, told in ways.items():
        assert told == ways["both"], way


def test_the_recorded_catalogue_comes_out_whole_by_every_way(shared):
    content = catalogue_of(recorded_calls(shared), 0)
    server = SciCat([])
    for name in ("published", "datasets", "blocks", "instruments", "samples"):
        setattr(server, name, getattr(content, name))
    with served(server):
        found, notes, error = harvested(server, page_size=100)
        told = publications(found)
        assert error is None and len(told) == 134
        files = {dataset.id: len(dataset.files) for one in told for dataset in one.datasets}
        counted = {dataset.id: dataset.file_count or 0 for one in told for dataset in one.datasets}
        assert files == counted and sum(files.values()) >= 204
        assert {one.restriction is not None for one in told if one.title == "Zirconia under request only"} == {True}
        assert not [note for note in notes if "not whole" in note]
        assert "zq" not in "".join(one.model_dump_json() for one in told if not one.title.startswith("zqfuture"))
        server.hidden = {"v3"}
        _found, notes, error = harvested(server, page_size=100)
    assert error is None and any("SciCat shows 0 of their 6 files" in note for note in notes)


@pytest.mark.parametrize("path", ["/api/v3", "/api/v4"])
def test_the_seed_over_rest_is_the_seed_from_its_dump(shared, path):
    folder = shared / "data/scicat"
    context = Context(root=Path("/"), contact="data@example.org")
    options = dump.Options(name="made-up", kind="dump", path=str(folder / "PublishedData.json"))
    by_dump = publications(dump.harvest(options, context))
    raws = [json.loads((folder / f"{name}.json").read_text()) for name in ("PublishedData", "Dataset", "OrigDatablock")]
    with served(SciCat(*raws)) as server:
        found, _notes, error = harvested(server, path, page_size=100)
    assert error is None
    assert sorted(publications(found), key=lambda one: one.doi) == sorted(by_dump, key=lambda one: one.doi)
