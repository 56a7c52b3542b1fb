"""A whole site in a temporary folder, fed with made-up records, and one harvest: what plug-in authors test with.

```python
def test_my_catalogue_is_published(tmp_path):
    site = SiteRun(tmp_path, tables='[[source]]\nname = "mine"\nkind = "mycatalogue"\nurl = "http://127.0.0.1:1234"\n')
    assert site.publish().all_well
```
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from panfair.harvesters import Context, Harvested, Harvester
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication, canonical
from panfair.site.config.settings import Config, read_config
from panfair.site.run.day import day_of
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.testing.records import TODAY, a_dataset, a_publication

_TOML = """\
[site]
title = "Open data of the Example Photon Source"
base_url = "https://data.example.org"
contact = "data@example.org"
publisher = "Example Photon Source"
{site}
[embargo]
{embargo}
[run]
processes = {processes}
{run}
{sources}
"""


class SiteRun:
    """A folder with panfair.toml and the records of its sources.

    `sources` are names of sources of kind `records`, filled by `put`; other [[source]] tables go into `tables`, as
    TOML. `site`, `embargo` and `run` are lines for the tables of these names.
    """

    def __init__(
        self,
        folder: Path,
        sources: Iterable[str] | None = None,
        *,
        tables: str = "",
        site: str = "",
        embargo: str = "",
        run: str = "",
        processes: int = 1,
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if sources is None:
            sources = () if tables else ("made-up",)
        of_records = "\n".join(
            f'[[source]]\nname = "{name}"\nkind = "records"\npath = "{name}.jsonl"\n' for name in sources
        )
        self.path = folder / "panfair.toml"
        self.path.write_text(
            _TOML.format(site=site, embargo=embargo, run=run, processes=processes, sources=of_records + tables),
            encoding="utf-8",
        )

    @property
    def config(self) -> Config:
        """The settings as they stand in the folder now."""
        return read_config(self.path)

    @property
    def output(self) -> Path:
        """The folder that a run writes."""
        return self.folder / "output"

    def put(self, *publications: Publication, source: str = "made-up") -> None:
        """Makes these the whole catalogue of a source."""
        lines = [canonical(publication) for publication in publications]
        (self.folder / f"{source}.jsonl").write_bytes(b"\n".join(lines) + b"\n")

    def publish(self, on: date = TODAY, accept_shrink: bool = False) -> Report:
        """What `panfair publish --on` does."""
        report = Report()
        harvest(self.config, report, Silence())
        self.build(report, on, accept_shrink)
        return report

    def build(self, report: Report, on: date = TODAY, accept_shrink: bool = False) -> None:
        """What `panfair build --on` does."""
        build(self.config, day_of(on), report, Silence(), accept_shrink)

    def files(self, below: str = "") -> dict[str, bytes]:
        """Every file under output/, by its path there."""
        folder = self.output / below
        return {
            str(path.relative_to(self.output)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() or path.is_symlink()
        }

    def page(self, publication: Publication) -> bytes:
        """The landing page of a record. Raises FileNotFoundError when there is none."""
        return (self.output / "www/doi" / publication.doi.path / "index.html").read_bytes()

    def manifest(self) -> dict[str, Any]:
        """The published files by path, with sha256 and size."""
        return dict(orjson.loads((self.output / "manifest.json").read_bytes())["files"])


def harvested(module: Harvester, root: Path, **keys: Any) -> tuple[list[Harvested], list[str]]:
    """All that a harvester yields for the keys of a [[source]], in its order, and the notes that it made."""
    notes: list[str] = []
    options = module.Options.model_validate({"name": "test", "kind": "test", **keys})
    context = Context(root=root, contact="data@example.org", note=notes.append)
    return list(module.harvest(options, context)), notes


def numbered(number: int, **changes: Any) -> Publication:
    """One of many made-up publications: its words differ from those of the others."""
    values: dict[str, Any] = {
        "source_id": f"inv-{number}",
        "doi": Doi.parse(f"10.99999/EXAMPLE-{number}"),
        "title": f"Drainage of foam number{number}",
        "abstract": f"Tomography of the foam called specimen{number}.",
        "related": (),
        "datasets": (a_dataset(id=f"ds-{number}", name=f"scan{number}_0001", files=(), file_count=3),),
    }
    return a_publication(**{**values, **changes})
