"""What the viewer may open of a dataset: a list of its files beside its page. It opens no other address.

The list holds the files that an HDF5 file may lead to as well (virtual datasets, external links): those beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import orjson

from panfair.builders.downloads.placed import Placed
from panfair.builders.downloads.viewer.policy import ADDRESS
from panfair.builders.metadata.terms import media_type_of
from panfair.builders.portal import Portal

FILE = "viewer.json"
HDF5 = frozenset({"application/x-hdf5", "application/x-nexus"})
_MOST_LISTED = 2000
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Openable:
    """One file that the viewer opens, and the address that has it do so."""

    name: str
    address: str


def listing(files: Sequence[Placed], dataset: str, publication: str, portal: Portal) -> bytes | None:
    """The list for a dataset; None where there is nothing to open."""
    listed = _listed(files, portal)
    shown = [number for number, item in enumerate(listed) if _is_hdf5(item)][:_MOST_SHOWN]
    if not shown:
        return None
    told = {
        "dataset": dataset,
        "publication": publication,
        "files": [
            {
                "name": item.path.removeprefix("./"),
                "address": item.address.removeprefix(portal.base_url)
                if item.address.startswith(f"{portal.base_url}/")
                else item.address,
                "size": item.file.size_bytes,
            }
            for item in listed
        ],
        "shown": shown,
    }
    return orjson.dumps(told)


def openable(files: Sequence[Placed], page: str, portal: Portal) -> tuple[Openable, ...]:
    """The files of the dataset at `page` (from the root) that the viewer opens."""
    found = [(number, item) for number, item in enumerate(_listed(files, portal)) if _is_hdf5(item)]
    return tuple(
        Openable(item.path, f"{ADDRESS}?{urlencode({'dataset': page, 'file': number}, safe='/')}")
        for number, item in found[:_MOST_SHOWN]
    )


def _listed(files: Iterable[Placed], portal: Portal) -> list[Placed]:
    """Those on this host and on hosts whose files the policy of the viewer's page lets it read."""
    hosts = {_origin(portal.base_url), *portal.file_hosts}
    return [item for item in files if item.address and _origin(item.address) in hosts][:_MOST_LISTED]


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_hdf5(item: Placed) -> bool:
    return not HDF5.isdisjoint((media_type_of(item.path, item.file.media_type), media_type_of(item.path, None)))
