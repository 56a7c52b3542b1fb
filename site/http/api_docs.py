"""Swagger UI for an application's OpenAPI document, out of a package's own files and under a policy of ours.

Why not FastAPI's page: it loads scripts from a CDN, and in the live core they would run on the origin of the session's
cookie. Swagger UI comes with fastapi-offline; the page and the script that starts it are here, as theirs is inline.
Nobody else is asked anything: the validator that Swagger UI would send the document's address to is off.
"""

from functools import cache
from html import escape
from importlib.resources import files

from fastapi import FastAPI, Request
from starlette.responses import Response

from panfair.site.http.coding import THOROUGH, gzipped
from panfair.site.http.negotiation import accepts_gzip

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
_CARRIED = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_START = """\
SwaggerUIBundle({
  url: document.querySelector("[data-document]").dataset.document,
  dom_id: "#api",
  validatorUrl: null,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});
"""


def add_api_docs(app: FastAPI, at: str, document: str = "/openapi.json") -> None:
    """Puts the page at an address of an application, and its files below it; `document` is the address of OpenAPI's."""
    page = _page(app.title, at, document).encode()
    contents = {at: (page, "text/html"), f"{at}/start.js": (_START.encode(), "text/javascript")}

    def add(address: str, kind: str, name: str = "") -> None:
        def answer(request: Request) -> Response:
            zipping = accepts_gzip(request.headers.get("accept-encoding", ""))
            body = _carried(name, zipping) if name else contents[address][0]
            coding = {"Content-Encoding": "gzip"} if name and zipping else {}
            return Response(body, headers=_HEADERS | coding, media_type=kind)

        app.add_api_route(address, answer, include_in_schema=False)

    for address, (_, kind) in contents.items():
        add(address, kind)
    for name, kind in _CARRIED.items():
        add(f"{at}/{name}", kind, name)


def _page(title: str, at: str, document: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f'<title>{escape(title)}: API</title>\n<link rel="icon" href="data:,">\n'
        f'<link rel="stylesheet" href="{at}/swagger-ui.css">\n'
        f'</head>\n<body>\n<main id="api" data-document="{document}">'
        f'<p>The OpenAPI document is at <a href="{document}">{document}</a>.</p></main>\n'
        f'<script src="{at}/swagger-ui-bundle.js"></script>\n<script src="{at}/start.js"></script>\n</body>\n</html>\n'
    )


@cache
def _carried(name: str, zipped: bool) -> bytes:
    """A file of Swagger UI, plain or as gzip."""
    body = files("fastapi_offline").joinpath("static", name).read_bytes()
    return gzipped(body, THOROUGH) if zipped else body
