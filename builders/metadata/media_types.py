"""The media type of a file that is served, by its name: our formats by their whole name, the rest by their ending.

HDF5 and NeXus files are `application/x-hdf5`, the type that assessors of data know. The
machine's own tables are not asked: the same file has the same type everywhere.
"""

from functools import cache

from panfair.builders.metadata.format import all_formats
from panfair.builders.metadata.terms import ENDINGS, media_type_of

FALLBACK = "application/octet-stream"

_PAGES = {
    "html": "text/html", "css": "text/css", "js": "text/javascript", "mjs": "text/javascript",
    "xsl": "application/xslt+xml",
    "rdf": "application/rdf+xml", "ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json",
    "geojson": "application/geo+json", "bib": "application/x-bibtex", "ris": "application/x-research-info-systems",
    "atom": "application/atom+xml", "svg": "image/svg+xml", "webp": "image/webp", "avif": "image/avif",
    "ics": "text/calendar", "ico": "image/vnd.microsoft.icon", "wasm": "application/wasm",
    "webmanifest": "application/manifest+json", "sh": "application/x-sh", "meta4": "application/metalink4+xml",
    "woff2": "font/woff2", "webm": "video/webm", "cxi": "application/x-hdf5",
}  # fmt: skip
"""What a site has besides data; the types of data files are those that the typed links say (`terms`)."""

_NAMES = {
    "void": "text/turtle",
    "api-catalog": 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
    "opensearch.xml": "application/opensearchdescription+xml",
    **dict.fromkeys(("MD5SUMS", "SHA1SUMS", "SHA256SUMS", "SHA512SUMS"), "text/plain"),
}
"""Files that are known by their whole name."""

_TEXTS = frozenset(
    {"application/json", "application/xml", "application/x-bibtex", "application/x-research-info-systems"}
    | {"application/yaml", "application/n-triples", "chemical/x-cif", "chemical/x-pdb", "application/wasm"}
    | {"image/vnd.microsoft.icon"}
)


def media_type(name: str) -> str:
    """The media type of a file, without parameters.

    >>> media_type("scan_0001.nxs"), media_type("metadata.jsonld")
    ('application/x-hdf5', 'application/ld+json')
    """
    return content_type(name).partition(";")[0]


@cache
def content_type(name: str) -> str:
    """The Content-Type header of a file: a format's own, with its profile; plain texts say that they are UTF-8."""
    kind = _formats().get(name) or _NAMES.get(name) or media_type_of(name, None) or _PAGES.get(_ending(name), FALLBACK)
    return f"{kind}; charset=utf-8" if kind.startswith("text/") and "charset" not in kind else kind


def endings() -> frozenset[str]:
    """The endings of names that a media type goes with."""
    return ENDINGS | frozenset(_PAGES)


def whole_names() -> list[str]:
    """The names that a media type goes with as wholes, in order."""
    return sorted({*_formats(), *_NAMES})


def _ending(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


@cache
def _formats() -> dict[str, str]:
    return {form.file: form.media_type for form in all_formats()}


def is_compressible(kind: str) -> bool:
    """Whether gzip makes a file of this media type smaller."""
    kind = kind.split(";")[0]
    return kind.startswith("text/") or kind.endswith(("+json", "+xml")) or kind in _TEXTS
