"""What everything in one run works with: the settings, the ledger, the day, and who made the site that stands."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from panfair.builders.gallery.shown import paths_of
from panfair.builders.html.list_kind import all_lists
from panfair.builders.html.renderer import Renderer
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released
from panfair.ontologies.record import publication_from
from panfair.site.config.settings import Config
from panfair.site.run.day import Day
from panfair.site.run.gallery.given import Given, with_addresses
from panfair.site.run.gallery.pictures import Gallery
from panfair.site.run.judge import released_from
from panfair.site.run.leaks.scanner import Scanner
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.progress import Progress
from panfair.site.run.report import Report
from panfair.site.run.similar.neighbours import Neighbours
from panfair.site.run.versions.families import Families
from panfair.site.run.versions.relations import with_relations
from panfair.site.state.layout import COMPILED, STORE
from panfair.site.state.ledger import Ledger, Row
from panfair.site.state.staging import FOLDER


@dataclass
class Context:
    """One run, inside one transaction of the ledger."""

    config: Config
    ledger: Ledger
    day: Day
    report: Report
    progress: Progress
    leaks: LeakTables
    anew: bool
    """Whether all is made anew, because what stands in output/ is not what the last run left there."""
    gallery: Gallery = field(init=False)
    """Whoever makes a context ends it."""
    portal: Portal = field(init=False)
    """Once all is judged, with the lists that hold something."""
    renderer: Renderer = field(init=False)
    fingerprint: str = field(init=False)
    """A digest of the code, the templates and the settings that pages are made with."""
    scanner: Scanner = field(init=False)
    """Finds what is closed once all is judged."""
    neighbours: Neighbours = field(init=False)
    """What landing pages name as similar."""
    families: Families = field(init=False)
    """The versions of works, as the ledger has them once all is judged."""

    def __post_init__(self) -> None:
        self.gallery = Gallery(self.config)
        self.neighbours = Neighbours(self.ledger)
        self._build_for(self.config.portal)

    def show_lists(self) -> None:
        """Has the menu of every page lead to the lists that hold something, and to no other."""
        held = tuple(kind.name for kind in all_lists() if self.ledger.holds(kind.name))
        self._build_for(replace(self.config.portal, lists=held))

    def _build_for(self, portal: Portal) -> None:
        self.portal, self.renderer = portal, Renderer(portal, self.config.state / COMPILED)
        made_with = f"{self.renderer.fingerprint()}\n{portal!r}\n{self.gallery.made_with}"
        self.fingerprint = hashlib.sha256(made_with.encode()).hexdigest()

    @property
    def store(self) -> Path:
        """The OAI-PMH store as this run leaves it; it need not be there."""
        staged = self.config.output / FOLDER / STORE
        if staged.exists() or not self.ledger.has_file(STORE):
            return staged
        return self.config.output / STORE

    def released(self, keys: Sequence[str]) -> Iterator[Released]:
        """The open records of these keys, judged again, with what others say of them."""
        for key in keys:
            if row := self.ledger.row(key):
                yield (
                    released_from(row, self.day.on)
                    .refined(partial(with_relations, relations=self.families.named_by_others(key)))
                    .refined(partial(with_addresses, given=self.given(row), portal=self.portal))
                )

    def given(self, row: Row) -> tuple[Given, ...]:
        """The files of an open record that this site gives out itself."""
        if not self.config.files.serve or row.source not in self.gallery.sources:
            return ()
        return self.gallery.given(row.key, row.source, publication_from(row.content))

    def paths(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Where the arrays of an open record's files stand, by the dataset's id, as far as they were looked into."""
        row = self.ledger.row(key)
        if row is None or row.source not in self.gallery.sources:
            return {}
        return paths_of(self.gallery.album(key, row.source, publication_from(row.content), reading=False))
