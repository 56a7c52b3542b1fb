"""A site with a source that adds to another one: lines of a file, read by a harvester of the operator's own."""

from datetime import datetime
from pathlib import Path
from typing import Any

from panfair.ontologies.additions import Addition
from panfair.ontologies.record import canonical
from support.records import a_dataset
from support.site_run import SiteRun

_HARVESTER = '''
"""Additions, one JSON object a line."""
from panfair.harvesters import AddingOptions
from panfair.ontologies.additions import Addition

class Options(AddingOptions):
    pass

def harvest(options, context):
    for line in (context.root / "second.jsonl").read_bytes().splitlines():
        yield Addition.model_validate_json(line)
'''
_TABLES = '[[source]]\nname = "second"\nkind = "second"\nadds_to = "made-up"\n'


def a_site(folder: Path, static: bool = False) -> SiteRun:
    """A site of the sources `made-up` and `second`, which adds to it; `static`: with the files of the static search."""
    (folder / "own").mkdir(parents=True)
    (folder / "own/second.py").write_text(_HARVESTER)
    search = "" if static else "[search]\nstatic = false\n"
    return SiteRun(folder, ["made-up"], tables=search + _TABLES, site='harvesters = "own"')


def put(site: SiteRun, *additions: Addition) -> None:
    """Makes these all that the second source says."""
    (site.folder / "second.jsonl").write_bytes(b"\n".join(map(canonical, additions)) + b"\n")


def an_addition(**changes: Any) -> Addition:
    """An addition to visit 2 of proposal EX-1234, with one dataset."""
    values: dict[str, Any] = {
        "source": "second",
        "source_id": "EX-1234-2",
        "proposal": "EX-1234",
        "session": "2",
        "start": datetime(2024, 5, 2, 8, 0),
        "datasets": (an_added_dataset(),),
    }
    return Addition(**{**values, **changes})


def an_added_dataset(**changes: Any) -> Any:
    """A raw dataset of the second source, without file or sample."""
    values = {"id": "collection-1", "name": "added_sweep_1", "files": (), "file_count": None, "size_bytes": None,
              "samples": (), "techniques": ()}  # fmt: skip
    return a_dataset(**{**values, **changes})
