"""Who sent a request that came through a proxy: `X-Forwarded-For`, believed of the configured proxies alone.

Wrong passwords are counted by address, so whoever could choose theirs could guess on for ever, or lock others out.
"""

import logging
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

log = logging.getLogger("panfair.catalogue")


class Proxies:
    """ASGI middleware around the whole application; `trusted` are addresses and networks."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._forwarded = ProxyHeadersMiddleware(app, trusted_hosts=list(trusted))  # type: ignore[arg-type]
        self._networks = [ip_network(one) for one in trusted]
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(name == b"x-forwarded-for" for name, _ in scope["headers"]):
            if self._is_trusted(scope):
                await self._forwarded(scope, receive, send)  # type: ignore[arg-type]
                return
            if not self._warned:
                self._warned = True
                log.warning(
                    "a request came with X-Forwarded-For from an address that `proxies` does not name: the header is "
                    "ignored. If that is your proxy, name it, or wrong passwords are counted for all people together"
                )
        await self._app(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            address = ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._networks)
