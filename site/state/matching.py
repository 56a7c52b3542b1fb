"""Which record of another source each addition belongs to: asked once a harvest, of that source's last whole harvest.

A session that two records of the other source may be is none of them.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

import orjson

from panfair.harvesters import AddingOptions, SourceOptions
from panfair.ontologies.additions import Addition, fits
from panfair.ontologies.record import Publication
from panfair.site.config.settings import Config
from panfair.site.state.harvest_file import Spooled, has_harvest, read_harvest

_NEEDED = (
    "source", "source_id", "doi", "kind", "title", "publisher", "publication_year", "proposal", "session", "start",
    "catalogue_id", "instruments",
)  # fmt: skip
"""What it takes to tell a session, and what a record cannot be without."""


class Sessions:
    """The sessions of the source that another one adds to, read when the first addition comes."""

    def __init__(self, config: Config, source: SourceOptions) -> None:
        self._config = config
        self._other = source.adds_to if isinstance(source, AddingOptions) else ""

    def key_of(self, addition: Addition, note: Callable[[str], None]) -> str:
        """The DOI key of the record that is of this session; empty where none is, or where two may be."""
        by_number, by_proposal = self._known
        numbered = by_number.get(addition.catalogue_id, []) if addition.catalogue_id is not None else []
        found = [one for one in (*numbered, *by_proposal.get(_key(addition.proposal), ())) if fits(addition, one)]
        keys = list(dict.fromkeys(one.doi.key for one in found))
        if len(keys) > 1:
            note("a session is not shown: two records of the other source may be it")
        return keys[0] if len(keys) == 1 else ""

    @cached_property
    def _known(self) -> tuple[dict[int, list[Publication]], dict[str, list[Publication]]]:
        by_number: dict[int, list[Publication]] = defaultdict(list)
        by_proposal: dict[str, list[Publication]] = defaultdict(list)
        for item in read_harvest(self._config, self._other) if has_harvest(self._config, self._other) else ():
            if isinstance(item, Spooled):
                document = orjson.loads(item.body)
                if document.get("kind") != "session":
                    continue
                needed = {name: document[name] for name in _NEEDED if name in document}
                one = Publication.model_validate_json(orjson.dumps(needed))
                by_proposal[_key(one.proposal)].append(one)
                if one.catalogue_id is not None:
                    by_number[one.catalogue_id].append(one)
        return by_number, by_proposal


def _key(proposal: str | None) -> str:
    return "".join((proposal or "").split()).casefold()
