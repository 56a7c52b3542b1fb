"""Does what a run that was interrupted has left to do."""

from contextlib import suppress

from panfair.ontologies.errors import LockedError
from panfair.site.config.settings import Config
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from panfair.site.state.lock import locked
from panfair.site.state.staging import replay


def finish_interrupted(config: Config) -> None:
    """Does what an interrupted run has left to do, unless another run is at work; `panfair serve` calls it first."""
    path = config.state / LEDGER
    if path.is_file():
        with suppress(LockedError), locked(config.state):
            ledger = Ledger.open(path)
            try:
                replay(config.output, ledger)
            finally:
                ledger.close()
