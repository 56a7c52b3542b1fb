"""The public pages of made-up DOIs, served: what a registrar asks for, with DataCite's form by our builders."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from panfair.builders.formats.datacite import datacite_values
from panfair.builders.metadata.terms import COAR_METADATA_ONLY
from panfair.builders.portal import Portal
from panfair.ontologies.identifiers import Doi
from panfair.site.registrar.plan import Aim, Wanted
from support.records import PORTAL, a_publication, released
from support.servers.answering import answering


class PublicPages:
    """A site whose pages a test puts and takes away."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        self.pages: dict[str, tuple[int, bytes | None]] = {}

    def address(self, doi: str) -> str:
        return Portal(title="", base_url=self.url, contact="", publisher="").landing(Doi(doi))

    def open(self, doi: str, title: str = "Drainage of foam", **changes: Any) -> Wanted:
        """A page that everybody may see; what is wanted of its DOI."""
        record = a_publication(doi=Doi(doi), title=title, related=(), **changes)
        return self._put(doi, "findable", 200, datacite_values(released(record), PORTAL))

    def closed(self, doi: str, access: str, aim: Aim = "draft") -> Wanted:
        """A notice: it says no more than the access."""
        return self._put(doi, aim, 200, _bare(doi, access))

    def withdrawn(self, doi: str, reason: str) -> Wanted:
        """A tombstone with its reason."""
        said = _bare(doi, COAR_METADATA_ONLY)
        said["dates"] = [{"date": "2026-03-01", "dateType": "Withdrawn", "dateInformation": reason}]
        return self._put(doi, "withdrawn", 410, said)

    def _put(self, doi: str, aim: Aim, status: int, description: dict[str, Any]) -> Wanted:
        body = orjson.dumps(description)
        self.pages[Doi(doi).page] = (status, body)
        return Wanted(Doi(doi), aim, self.address(doi), hashlib.sha256(body).hexdigest())

    def answer(self, path: str, _query: dict[str, str], _host: str) -> tuple[int, bytes, str]:
        folder, _, name = path.rpartition("/")
        status, body = self.pages.get(f"{folder}/", (404, None))
        if name == "":
            return status, b"<html></html>", "text/html"
        return (
            (404, b"", "text/plain") if body is None or name != "datacite.json" else (status, body, "application/json")
        )


@contextmanager
def serving_pages() -> Iterator[PublicPages]:
    """A site without pages yet."""
    site = PublicPages()
    with answering(site.answer) as site.url:
        yield site


def _bare(doi: str, access: str) -> dict[str, Any]:
    return {
        "doi": doi,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [{"name": ":unal"}],
        "titles": [{"title": ":unal"}],
        "publisher": {"name": "Example Photon Source"},
        "publicationYear": "2027",
        "rightsList": [{"rights": "access", "rightsUri": access}],
    }
