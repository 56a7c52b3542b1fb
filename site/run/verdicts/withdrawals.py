"""What catalogues tell of DOIs that were public and have no record any more, and the tombstones of those never held.

Such a DOI was public before this site was, or before its state was lost; it must resolve for ever all the same.
"""

from collections.abc import Callable, Collection

from panfair.harvesters import Withdrawn
from panfair.ontologies.embargo import Tombstone, bury_unseen
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Withdrawal
from panfair.site.config.settings import Config
from panfair.site.state.harvest_file import Spooled
from panfair.site.state.ledger import Ledger

Put = Callable[[Spooled, Tombstone, None], None]
"""Files a tombstone instead of nothing."""


class Withdrawals(dict[str, Withdrawal]):
    """The withdrawals that this run's harvests tell of, by the DOI's key."""

    def __init__(self) -> None:
        super().__init__()
        self._source_of: dict[str, str] = {}

    def tell(self, source: str, item: Withdrawn) -> None:
        """Takes one in."""
        self[item.key] = item.withdrawal
        self._source_of[item.key] = source

    def bury_unseen(self, config: Config, ledger: Ledger, sick: Collection[str], put: Put) -> None:
        """Puts a tombstone for each DOI that the ledger knows nothing of; what a sick source tells is not believed."""
        publishers = {source.name: source.publisher or config.portal.publisher for source in config.sources}
        for key, withdrawal in sorted(self.items()):
            source = self._source_of[key]
            if source not in sick and ledger.row(key) is None:
                stone = bury_unseen(Doi.parse(key), source, publishers[source], withdrawal)
                put(Spooled(key, "", b""), stone, None)
