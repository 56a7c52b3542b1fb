"""A live core and the public site that harvests it over HTTP, in one folder, on days that a test chooses."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from panfair.site.config.settings import Config, read_config
from panfair.site.run.day import Day
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from support.catalogue.facility import Clock, Facility, a_facility, served

_TOML = """
[site]
title = "Open data of the Example Photon Source"
base_url = "https://data.example.org"
contact = "data@example.org"
publisher = "Example Photon Source"

[run]
processes = 1
shrink_limit = 1.0

[[source]]
name = "core"
kind = "icatplus"
url = "{url}"
"""


class CoreAndSite:
    """A core that is served, and the site made from what anonymous sees of it."""

    def __init__(self, folder: Path, facility: Facility, url: str, reader: str | None) -> None:
        self.folder = folder
        self.facility = facility
        self.url = url
        self.path = folder / "panfair.toml"
        signs_in = f'plugin = "db"\nusername = "{reader}"\npassword_env = "CORE_READER"\n' if reader else ""
        self.path.write_text(_TOML.format(url=url) + signs_in, encoding="utf-8")

    @property
    def config(self) -> Config:
        return read_config(self.path)

    @property
    def www(self) -> Path:
        return self.folder / "output" / "www"

    @property
    def clock(self) -> Clock:
        return self.facility.clock

    def publish(self, full: bool = False) -> Report:
        """What `panfair publish` does on the core's day."""
        report = Report()
        now = self.clock.now.astimezone(UTC).replace(microsecond=0)
        harvest(self.config, report, Silence(), full, began=now)
        build(self.config, Day(now.date(), now), report, Silence(), True)
        return report

    def files(self) -> dict[str, bytes]:
        """Every file below output/, by its path there."""
        root = self.folder / "output"
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}

    def words(self) -> bytes:
        """All that is below output/, unpacked where it is packed."""

        return b"\n".join(
            gzip.decompress(body) if name.endswith(".gz") else body for name, body in self.files().items()
        )


@contextmanager
def core_and_site(folder: Path, now: datetime, reader: str | None = None) -> Iterator[CoreAndSite]:
    """The two, until the block ends; `reader` is the account that harvests, its password in CORE_READER."""
    facility = a_facility(folder / "core", Clock(now))
    try:
        with served(facility.app) as url:
            yield CoreAndSite(folder, facility, url, reader)
    finally:
        facility.core.store.close()
