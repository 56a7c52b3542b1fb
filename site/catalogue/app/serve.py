"""Serving the live core in a process of its own, in the foreground."""

import uvicorn

from panfair.site.catalogue.app.app import create_core
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.http.protocol import BoundedHttp

_MOST_AT_A_TIME = 512  # connections; of those that only wait for their client the longest goes first


def serve(settings: CoreSettings, host: str = "127.0.0.1", port: int = 8090) -> None:
    """Serves until it is interrupted. Port 0 takes a free one.

    Behind a proxy the client's address comes from `X-Forwarded-For` where the settings name the proxy (`proxies`).
    """
    # The guard writes an access log that names routes; uvicorn's would write paths, and session ids stand in them.
    uvicorn.run(
        create_core(settings),
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # uvicorn would believe every program of this machine
        log_level="info",
        limit_concurrency=_MOST_AT_A_TIME,
        http=BoundedHttp,
    )
