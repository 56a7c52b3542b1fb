"""A registrar between a made-up registry and made-up public pages, with a clock that a test moves."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from panfair.site.registrar.datacite import Datacite
from panfair.site.registrar.page import Pages
from panfair.site.registrar.plan import Wanted
from panfair.site.registrar.settings import RegistrarTable
from panfair.site.registrar.sync import Registrar, Report
from panfair.site.registrar.table import Table
from support.servers.doi_registry import Registry, serving_registry
from support.servers.public_pages import PublicPages, serving_pages


@dataclass
class Desk:
    """Registry, pages and table. Each `sync` is that of a new process, but for its connections: they are dear."""

    registry: Registry
    pages: PublicPages
    settings: RegistrarTable
    path: Path
    now: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)
    connections: tuple[Datacite, Pages] | None = None

    def connect(self) -> None:
        """Makes new connections: a child process must not use its parent's."""
        self.connections = Datacite(self.settings, self.registry.password, "", self.slept.append), Pages()

    @contextmanager
    def registrar(self) -> Iterator[Registrar]:
        if self.connections is None:
            self.connect()
        assert self.connections is not None
        with Table(self.path) as table:
            yield Registrar(*self.connections, table, lambda: self.now)

    def sync(self, *wanted: Wanted, named: tuple[str, ...] = ()) -> Report:
        with self.registrar() as registrar:
            return registrar.sync(wanted, named)

    def differences(self, *wanted: Wanted) -> list[str]:
        with self.registrar() as registrar:
            return [str(one) for one in registrar.differences(wanted)]

    def events(self) -> list[str]:
        """What DataCite was asked to change since the last look: method, and event or what it is about."""
        told = [f"{method} {said.get('event') or ('metadata' if 'titles' in said else '')}".strip()
                for method, _path, said in self.registry.writes()]  # fmt: skip
        self.registry.log.clear()
        return told


@contextmanager
def a_desk(folder: Path, **settings: object) -> Iterator[Desk]:
    """All of it, until the block ends."""
    with ExitStack() as stack:
        registry = Registry()
        url = stack.enter_context(serving_registry(registry))
        pages = stack.enter_context(serving_pages())
        values: dict[str, object] = {"account": registry.account, "prefix": "10.5072", "url": url, "requests": 3000}
        desk = Desk(registry, pages, RegistrarTable.model_validate(values | settings), folder / "registrar.sqlite")
        try:
            yield desk
        finally:
            for one in desk.connections or ():
                one.__exit__()
