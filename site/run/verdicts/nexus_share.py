"""How many of a source's parameters have a NeXus name, for the report: the share, and the names that lack one most."""

from collections import Counter
from collections.abc import Callable

from panfair.ontologies.nexus import field_of
from panfair.ontologies.record import Dataset, Publication

_MOST_NAMED = 5


class NexusShare:
    """Counts over the records that a run judges anew."""

    def __init__(self) -> None:
        self._all: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._without: dict[str, Counter[str]] = {}

    def count(self, publication: Publication) -> None:
        """Counts the parameters of an open publication and its datasets."""
        source = publication.source
        parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
        for parameter in (parameter for part in parts for parameter in part.parameters):
            self._all[source] += 1
            if field_of(parameter.name, parameter.nexus):
                self._named[source] += 1
            else:
                self._without.setdefault(source, Counter())[parameter.name] += 1

    def tell(self, note: Callable[[str], None]) -> None:
        """A line for the report for each source that has parameters."""
        for source, count in sorted(self._all.items()):
            named = self._named[source]
            most = sorted(self._without.get(source, Counter()).items(), key=lambda one: (-one[1], one[0]))
            without = ", ".join(f"{name} ({number})" for name, number in most[:_MOST_NAMED])
            note(
                f"{source}: {named} of {count} parameters ({named / count:.0%}) have a NeXus name in the open records "
                "that this run looked at" + (f"; most often without: {without}" if without else "")
            )
