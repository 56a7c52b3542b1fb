"""Made-up SciCat documents as v3 writes them, and ways to harvest them: by REST from the imitation, and as a dump."""

import json
from pathlib import Path

from panfair.harvesters import Context, Harvested, Refused, dump, scicat
from panfair.harvesters.reading.values import Once
from panfair.harvesters.scicat.documents import publication_or_refusal
from panfair.harvesters.scicat.library import Library
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication
from support.servers.scicat import SciCat

_OF_LIBRARY = frozenset({"instruments", "samples", "blocks", "date_from", "encoded"})


def published(number: int, **changes) -> dict:
    values = {
        "doi": f"10.5072/made-up-{number}",
        "title": f"Made-up data {number}",
        "creator": ["Ana Exemplar", "Placeholder, Bo"],
        "publisher": "Example Source",
        "publicationYear": 2024,
        "abstract": "Nothing of this exists.",
        "pidArray": [f"20.500.0/ds-{number}"],
        "registeredTime": "2024-05-01T10:00:00.000Z",
        "status": "registered",
        "createdAt": f"2024-05-01T10:{number // 60:02}:{number % 60:02}.000Z",
        "updatedAt": "2024-05-02T10:00:00.000Z",
    }
    return {**values, **changes}


def dataset(number: int, **changes) -> dict:
    values = {
        "pid": f"20.500.0/ds-{number}",
        "datasetName": f"scan {number}",
        "type": "raw",
        "isPublished": True,
        "size": 1000,
        "numberOfFiles": 1,
        "scientificMetadata": {"beam": {"energy": {"value": 12.4, "unit": "keV", "valueSI": 2e-15, "unitSI": "J"}}},
        "techniques": [{"pid": "PaNET01129", "name": "a.b.tomography"}],
        "createdAt": f"2024-04-01T10:00:{number % 60:02}.000Z",
        "updatedAt": "2024-04-02T10:00:00.000Z",
    }
    return {**values, **changes}


def block(number: int, **changes) -> dict:
    values = {
        "_id": f"block-{number}",
        "datasetId": f"20.500.0/ds-{number}",
        "chkAlg": "sha256",
        "dataFileList": [{"path": "a.h5", "size": 1000}],
        "createdAt": "2024-04-01T11:00:00.000Z",
    }
    return {**values, **changes}


def many(number: int) -> SciCat:
    """A SciCat with so many publications, each with a dataset and a file."""
    numbers = range(number)
    return SciCat(
        [published(n) for n in numbers], [dataset(n) for n in numbers], [block(n, isPublished=True) for n in numbers]
    )


def harvested(server: SciCat, path: str = "/api", context: dict | None = None, **options):
    """What came out, the remarks, and the error that ended it."""
    notes: list[str] = []
    asked = scicat.Options(name="made-up", kind="scicat", url=server.url + path, **{"page_size": 4, **options})
    told = Context(root=Path("/"), contact="data@example.org", note=notes.append, **context or {})
    found: list[Harvested] = []
    try:
        found.extend(scicat.harvest(asked, told))
    except HarvestError as error:
        return found, notes, error
    return found, notes, None


def publications(found) -> list[Publication]:
    return [item for item in found if isinstance(item, Publication)]


def refused(found) -> dict[str, str]:
    return {item.key: item.reason for item in found if isinstance(item, Refused)}


def read(raw: dict, *datasets: dict, notes: list[str] | None = None, **parts) -> Publication | Refused:
    """One publication read from its documents; `parts`: instruments and samples by id, and options of the source."""
    options = {name: parts.pop(name) for name in list(parts) if name not in _OF_LIBRARY}
    asked = dump.Options(name="made-up", kind="dump", path="/", **options)
    told = Once((notes if notes is not None else []).append)
    library = Library(asked, Context(root=Path("/"), contact="data@example.org"), told, **parts)
    library.datasets.update({one["pid"]: one for one in datasets})
    return publication_or_refusal(raw, library)


def dumped(folder: Path, **collections: list[dict]) -> Path:
    """A folder with SciCat's collections as mongoexport writes them."""
    for name, documents in collections.items():
        (folder / f"{name}.json").write_text(json.dumps(documents))
    return folder
