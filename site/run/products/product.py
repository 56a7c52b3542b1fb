"""The contract of a derived product: how it folds a change set in. Its whole is the fold of everything.

The run tells each product, record by record, what is open in new words (`put`) and what is open no more (`remove`),
then asks it once to stage its files (`fold`). Where `context.anew` is true nothing of the product stands, and every
record comes: so there is one way to make a product, and no second one for the first run.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.render import Rendered
from panfair.site.state.ledger import Row
from panfair.site.state.staging import Staging


class Product(ABC):
    """One derived product in one run."""

    owners: Sequence[str]
    """The names under which its files stand in the ledger."""
    files_stand_alone = False
    """Whether one of its files can be taken away and the others be whole."""

    def put(self, done: Rendered, row: Row, datestamp: str) -> None:  # noqa: B027 - most have nothing to do here
        """Takes in an open record that was rendered; `row` is how it stood before, `datestamp` what it has now."""

    def remove(self, row: Row) -> None:  # noqa: B027 - most have nothing to do here
        """Takes out a record that is not open; one that was never in changes nothing."""

    @abstractmethod
    def fold(self, context: Context, changes: ChangeSet, staging: Staging) -> None:
        """Stages the product's files as they are with the changes in them."""

    def cancel(self) -> None:  # noqa: B027 - most have nothing to do here
        """Frees what is open of a run that ends without a commit; done twice, it does nothing."""

    def take_away(self, staging: Staging) -> None:
        """Leaves no file of it: rather none than one that shows what is closed. The next run makes it anew."""
        for owner in self.owners:
            staging.accept(owner, (), staging.standing(owner))
