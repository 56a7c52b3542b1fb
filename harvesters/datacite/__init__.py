"""DataCite: the DOIs of a repository, by the REST API, from files of JSON:API documents, or from DataCite XML.

For a facility whose only catalogue is what it registered. By REST all findable DOIs of a repository or a prefix are
read, page by page behind a cursor, each page a checkpoint. A DOI that is findable no more leaves the list, and is
withdrawn then.

May import: harvesters.{contents, reading}; ontologies.
"""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from panfair.harvesters import Context, Harvested
from panfair.harvesters.datacite.documents import Reader, publication_or_refusal
from panfair.harvesters.datacite.files import documents_in
from panfair.harvesters.datacite.rest import pages
from panfair.harvesters.http import RemoteOptions, open_sender
from panfair.harvesters.reading.values import Once


class Options(RemoteOptions):
    """A [[source]] of kind `datacite`."""

    client_id: str | None = Field(
        None, description="the repository whose DOIs are read, by its account at DataCite", examples=["example.eps"]
    )
    prefix: str | None = Field(None, description="the prefix of the DOIs that are read", examples=["10.5072"])
    path: str | tuple[str, ...] | None = Field(
        None,
        description="files instead: JSON, JSON lines, both also as .gz, or DataCite XML; a folder with all below it, "
        "or a list",
        examples=["dois.jsonl"],
    )
    url: str = Field("https://api.datacite.org", description="the address of DataCite's REST API")
    page_size: int = Field(500, ge=1, le=1000, description="how many DOIs are asked for at once")
    catalogue: str | None = Field(
        None,
        description="the address of a DOI's page in the live catalogue, with {doi}; where the DOI leads, if not given",
        examples=["https://data.example.org/{doi}"],
    )
    resource_types: tuple[str, ...] = Field(
        (),
        description="kinds (resourceTypeGeneral) that are published; all others are left out. Empty: all",
        examples=[["Dataset", "Collection"]],
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.path is None and not (self.client_id or self.prefix):
            raise ValueError("needs `client_id` or `prefix` to ask DataCite, or `path` to read files")
        return self


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """All DOIs of a repository or a prefix, or of the files.

    Raises HarvestError when DataCite stops answering, shows nothing or fewer than it counts, or a file is broken.
    """
    note = Once(context.note)
    reader = Reader(options, context, note, options.catalogue, options.resource_types)
    if options.path is not None:
        paths = (options.path,) if isinstance(options.path, str) else options.path
        for place, document in documents_in(options.name, context.root, paths):
            if reader.wants(document, options.client_id, options.prefix):
                yield publication_or_refusal(document, reader, place)
        reader.tell()
        return
    parameters = {"client-id": options.client_id, "prefix": options.prefix}
    with open_sender(options, options.url, context) as send:
        found = {name: value for name, value in parameters.items() if value}
        for item in pages(options.name, send, found, options.page_size, context.resume):
            if isinstance(item, tuple):
                place, document = item
                if reader.wants(document):
                    yield publication_or_refusal(document, reader, place)
            else:
                yield item
    reader.tell()
