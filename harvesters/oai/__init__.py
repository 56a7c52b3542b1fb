"""OAI-PMH: any provider's records in DataCite's XML or in Dublin Core, later only what changed and what was deleted.

The client is oaipmh's (the maintained pyoai). Where the provider keeps its deletions, the next harvest asks from the
moment of the last one on; where it keeps none, everything is read each time, for what vanished is seen by nothing else.

May import: harvesters.{contents, datacite, icat, ispyb, reading, scicat}; ontologies.
"""

from collections.abc import Iterator

import orjson
from pydantic import Field

from panfair.harvesters import Checkpoint, Context, Finished, Harvested, Kept, Refused, Withdrawn
from panfair.harvesters.datacite.documents import Reader, publication_or_refusal
from panfair.harvesters.http import RemoteOptions, open_sender
from panfair.harvesters.oai.client import Asking, Header
from panfair.harvesters.oai.formats import FORMATS, attributes_from, best_of, text_of_xml
from panfair.harvesters.reading.values import Once
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication, Withdrawal


class Options(RemoteOptions):
    """A [[source]] of kind `oai`."""

    url: str = Field(description="the base URL of the provider", examples=["https://data.example.org/oai"])
    metadata_prefix: str | None = Field(
        None,
        description="the format that is asked for; if not given, the first that the provider has of "
        f"{', '.join(FORMATS)}",
        examples=["oai_datacite"],
    )
    set: str | None = Field(None, description="the set that is read; all, if not given", examples=["openaire_data"])
    catalogue: str | None = Field(None, description="the address of a DOI's page in the live catalogue, with {doi}")
    resource_types: tuple[str, ...] = Field(
        (), description="kinds (resourceTypeGeneral) that are published; all others are left out. Empty: all"
    )


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """All records of the provider, or of its set.

    Raises HarvestError when it stops answering, answers what is no OAI-PMH, has none of the formats or no record, or
    its list breaks off; a resumption token that has run out begins the harvest anew.
    """
    with open_sender(options, options.url, context, accept="text/xml, application/xml;q=0.9, */*;q=0.1") as send:
        yield from _Harvest(options, context, Asking(options.name, send)).run()


class _Harvest:
    """One harvest: how far it is."""

    def __init__(self, options: Options, context: Context, asking: Asking) -> None:
        self.options = options
        self.context = context
        self.asking = asking
        self.note = Once(context.note)
        self.reader = Reader(options, context, self.note, options.catalogue, options.resource_types)
        self.had = 0
        self.changed: set[str] = set()
        """The DOIs of what came, by their keys."""
        self.touched: set[str] = set()
        """The OAI identifiers of what came."""
        self.deleted: dict[str, Header] = {}

    def run(self) -> Iterator[Harvested]:
        self.asking.identify()
        prefix = self.options.metadata_prefix or best_of(self.options.name, self.asking.formats())
        since = self.context.last
        if self.context.resume:
            kept = orjson.loads(self.context.resume)
            prefix, token, began = str(kept["prefix"]), str(kept["token"]), str(kept["began"])
            self.had = int(kept["had"])
            pages = self.asking.pages(prefix, token=token)
        else:
            began = ""
            pages = self.asking.pages(prefix, self.options.set, since)
        for page in pages:
            began = began or page.answered
            for header, metadata in page.records:
                self.had += 1
                yield from self._record(header, metadata, prefix)
            yield from page.refused
            if page.token and since is None:  # what stands is known at the end only, so in part there is no going on
                kept = {"prefix": prefix, "token": page.token, "began": began, "had": self.had}
                yield Checkpoint(orjson.dumps(kept).decode())
        if self.had == 0 and since is None:
            raise HarvestError(
                f"{self.options.name}: the provider shows no record; nothing is taken for withdrawn because of that. "
                "Look at `set` and `metadata_prefix`",
                begin_anew=True,
            )
        yield from self._deletions()
        if since is not None:
            yield from self._standing()
        self.reader.tell()
        if self.asking.keeps_deletions and (moment := began or since):
            yield Finished(moment)
        elif not self.asking.keeps_deletions:
            self.note("the provider tells of no deletions (deletedRecord is no): everything is read at each harvest")

    def _record(self, header: Header, metadata: object, prefix: str) -> Iterator[Publication | Refused]:
        self.touched.add(header.identifier)
        if header.deleted or metadata is None:
            self.deleted[header.identifier] = header
            return
        self.deleted.pop(header.identifier, None)
        self.context.raw(text_of_xml(metadata))
        try:
            attributes = attributes_from(metadata, prefix)
        except ValueError:
            yield Refused(header.identifier, "panfair could not read its metadata: it is neither DataCite nor oai_dc")
            return
        if not self.reader.wants(attributes):
            return
        item = publication_or_refusal(attributes, self.reader, header.identifier, header.identifier, header.day)
        if isinstance(item, Publication):
            if header.changed and item.modified is None:
                item = item.model_copy(update={"modified": header.changed})
            self.changed.add(item.doi.key)
        yield item

    def _deletions(self) -> Iterator[Withdrawn]:
        """What the provider deleted of what the last harvest had, with the day."""
        if not self.deleted:
            return
        for key in self.context.known():
            before = self.context.previous(key) or {}
            header = self.deleted.get(str(before.get("source_id")))
            if header is not None and key not in self.changed:
                yield Withdrawn(key, Withdrawal(on=header.day))

    def _standing(self) -> Iterator[Kept]:
        """What the last harvest had and this one did not tell of."""
        for key in self.context.known():
            if key in self.changed:
                continue
            if self.touched and str((self.context.previous(key) or {}).get("source_id")) in self.touched:
                continue  # deleted, refused now, or another DOI by now
            yield Kept(key)
