"""All examinations, one after the other; one that fails costs itself."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from panfair.site.config.settings import Config
from panfair.site.doctor.address import examine_address
from panfair.site.doctor.finding import Finding, fault
from panfair.site.doctor.machine import examine_machine
from panfair.site.doctor.sources import examine_sources


def examine(config: Config, on: date, resolver: str, network: bool = True) -> Iterator[Finding]:
    """What is well and what is not; without `network`, of the machine alone. Nothing is written."""
    examinations: list[tuple[str, Callable[[], Iterator[Finding]]]] = [("machine", partial(examine_machine, config))]
    if network:
        examinations.append(("sources", partial(examine_sources, config, on)))
        examinations.append(("address", partial(examine_address, config, resolver)))
    for part, examination in examinations:
        try:
            yield from examination()
        except (OSError, ValueError) as error:
            yield fault(part, f"could not be examined: {getattr(error, 'strerror', None) or type(error).__name__}")
