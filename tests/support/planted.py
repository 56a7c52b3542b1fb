"""Records full of planted words, and all that a site says, unpacked: what no closed record may leave anywhere."""

import zlib
from datetime import timedelta

from panfair.builders.search.index.whoosh import open_index
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import (
    Affiliation,
    Agent,
    Dataset,
    File,
    Funding,
    Instrument,
    Keyword,
    Parameter,
    Related,
    Sample,
    Technique,
)
from panfair.site.run.leaks.values import readings_of, values_in
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered

LATER = TODAY + timedelta(days=400)


def planted_dataset(mark: str, **changes) -> Dataset:
    """A dataset with a telling word in every field that can hold one."""
    values = {
        "id": f"{mark}id",
        "name": f"{mark}name",
        "identifier": Identifier(scheme="Handle", value=f"20.500.0/{mark}handle"),
        "description": f"{mark}description",
        "samples": (Sample(name=f"{mark}sample", formula=f"{mark}formula"),),
        "techniques": (Technique(said=f"{mark}technique"),),
        "instruments": (Instrument(name=f"{mark}instrument"),),
        "parameters": (Parameter(name=f"{mark}parameter", value=f"{mark}value", unit=None),),
        "files": (
            File(name=f"{mark}file.h5", url=f"https://files.example.org/{mark}url", server_path=f"/data/{mark}/x"),
        ),
        "server_path": f"/data/{mark}path/raw",
        "software": (),
        "inputs": (),
    }
    return a_dataset(**{**values, **changes})


def planted(number: int, mark: str, **changes):
    """A publication with a telling word in every field that can hold one."""
    values = {
        "source_id": f"inv-{number}",
        "title": f"{mark}title of an experiment",
        "abstract": f"{mark}abstract",
        "methods": f"{mark}methods",
        "creators": (Agent(name=f"{mark}creator", affiliations=(Affiliation(name=f"{mark}affiliation"),)),),
        "contributors": (Agent(name=f"{mark}contributor", role="Other"),),
        "keywords": (Keyword(term=f"{mark}keyword"),),
        "funding": (Funding(funder=f"{mark}funder", award_number=f"{mark}award"),),
        "related": (Related(relation="References", citation=f"{mark}citation"),),
        "proposal": f"{mark}proposal",
        "instruments": (Instrument(name=f"{mark}beamline"),),
        "techniques": (Technique(said=f"{mark}method"),),
        "samples": (Sample(name=f"{mark}specimen"),),
        "datasets": (planted_dataset(f"{mark}ds"),),
    }
    return numbered(number, **{**values, **changes})


def all_words(site: SiteRun, engine: str = "whoosh") -> str:
    """All that output/ says, to any reader: bytes, entities undone, the index's documents and its lexicon."""
    texts = []
    for path, body in site.files().items():
        body = zlib.decompressobj(-15).decompress(body) if path.startswith("oai-records/") else body
        texts += [path, body.decode("utf-8", "replace"), body.decode("utf-16-le", "replace")]
        texts += [reading for value in values_in(body, path) for reading in readings_of(value)]
    if engine == "whoosh" and (site.output / "search/publications").is_dir():
        with open_index(site.output / "search/publications").reader() as reader:
            texts += [repr(fields) for _number, fields in reader.iter_docs()]
            texts += [repr(term) for term in reader.all_terms()]
    return "\n".join(texts).casefold()
