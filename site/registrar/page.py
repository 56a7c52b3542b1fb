"""A DOI's public page, asked for as everybody may: does it stand at its address, and what does its DataCite form say.

This is the only source of what DataCite is told. The registrar reads no catalogue and no ledger for metadata, so it has
no way to a word that is not public.
"""

import hashlib
from typing import Any, Self

import httpx2
import orjson

from panfair.builders.metadata.terms import COAR_EMBARGOED, COAR_METADATA_ONLY, COAR_OPEN, COAR_RESTRICTED
from panfair.ontologies.errors import PanfairError
from panfair.site.registrar.plan import Wanted

_DESCRIPTION = "datacite.json"
_ACCESS = {
    "findable": {COAR_OPEN},
    "registered": {COAR_EMBARGOED, COAR_RESTRICTED},
    "draft": {COAR_EMBARGOED, COAR_RESTRICTED},
    "withdrawn": {COAR_METADATA_ONLY},
}
"""What a page says of access when it is what it should be."""


class PageNotReady(PanfairError):
    """The page is not what DataCite may be told of, yet."""


class Pages:
    """What asks for public pages. Close it at the end, or use it as a context."""

    def __init__(self) -> None:
        self._client = httpx2.Client(timeout=httpx2.Timeout(30, connect=10), follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def description(self, wanted: Wanted) -> dict[str, Any] | None:
        """What the page says of itself in DataCite's form; None where a page that is not open says nothing.

        Raises PageNotReady where it does not stand, is not that of the last run, or says another access.
        """
        standing = (200, 410) if wanted.aim == "withdrawn" else (200,)
        status, _body = self._get(wanted.url)
        if status not in standing:
            raise PageNotReady(f"its page does not stand yet: {wanted.url} answers {status}")
        status, body = self._get(wanted.url + _DESCRIPTION)
        if status == 404 and wanted.aim != "findable":
            return None
        if status not in standing:
            raise PageNotReady(f"its description does not stand yet: {wanted.url}{_DESCRIPTION} answers {status}")
        if wanted.version and hashlib.sha256(body).hexdigest() != wanted.version:
            raise PageNotReady("what stands at its address is not what was published last")
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict) or str(found.get("doi", "")).lower() != wanted.doi.key:
            raise PageNotReady(f"{wanted.url}{_DESCRIPTION} does not describe it")
        rights = found.get("rightsList")
        said = {one.get("rightsUri") for one in rights if isinstance(one, dict)} if isinstance(rights, list) else set()
        if not said & _ACCESS[wanted.aim]:
            raise PageNotReady("its page says another access; the site follows at its next run")
        return found

    def _get(self, address: str) -> tuple[int, bytes]:
        try:
            answer = self._client.get(address)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise PageNotReady(f"{address} cannot be reached ({type(error).__name__})") from None
        return answer.status_code, answer.content
