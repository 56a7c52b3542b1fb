"""A product that cannot refuse what closes: whatever goes wrong with it, it is taken away whole and made anew later."""

import logging
import traceback
from contextlib import suppress

from panfair.ontologies.errors import LeakError
from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.products.product import Product
from panfair.site.run.render import Rendered
from panfair.site.state.ledger import Row
from panfair.site.state.staging import FOLDER, Staging

log = logging.getLogger(__name__)


class Careful(Product):
    """Another product, of which no error comes out."""

    def __init__(self, product: Product, context: Context) -> None:
        self._product = product
        self._context = context
        self._broken = False
        self.owners = product.owners

    def give_up(self, error: Exception | None = None) -> None:
        """Leaves the product out of this commit."""
        self._broken = True
        with suppress(Exception):
            self._product.cancel()
        if error is not None:
            name = type(self._product).__name__
            log.info("%s:\n%s", name, "".join(traceback.format_list(traceback.extract_tb(error.__traceback__))))
            self._context.report.notes.append(
                f"{', '.join(self.owners)}: could not be changed ({type(error).__name__}) when records closed; "
                "taken away whole, and made anew"
            )

    def put(self, done: Rendered, row: Row, datestamp: str) -> None:
        if not self._broken:
            try:
                self._product.put(done, row, datestamp)
            except Exception as error:
                self.give_up(error)

    def remove(self, row: Row) -> None:
        if not self._broken:
            try:
                self._product.remove(row)
            except Exception as error:
                self.give_up(error)

    def fold(self, context: Context, changes: ChangeSet, staging: Staging) -> None:
        if not self._broken:
            context.ledger.connection.execute("SAVEPOINT fold")
            try:
                self._product.fold(context, changes, staging)
                self._scan(staging)
            except Exception as error:
                context.ledger.connection.execute("ROLLBACK TO fold")
                self.give_up(error)
            context.ledger.connection.execute("RELEASE fold")
        if self._broken:
            self._product.take_away(staging)

    def _scan(self, staging: Staging) -> None:
        """Takes away what would show something closed: the file, or the product; indexes look at themselves."""
        scanner, folder = self._context.scanner, self._context.config.output / FOLDER
        for path in list(staging.staged_of(self.owners)) if scanner else ():
            if any(True for _ in scanner.findings(path, (folder / path).read_bytes())):
                if not self._product.files_stand_alone:
                    raise LeakError(f"{path} would show something closed")
                staging.drop(path)
                self._context.report.notes.append(f"{path} would show something closed; taken away, and made anew")

    def cancel(self) -> None:
        with suppress(Exception):
            self._product.cancel()
