"""The secret of a site: for digests of closed words and for resumption tokens."""

import os
import secrets

from panfair.site.config.settings import Config


def site_key(config: Config) -> bytes:
    """The secret of this site: 32 random bytes in the state folder, made once, for digests and for OAI-PMH tokens."""
    path = config.state / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        config.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        return path.read_bytes()
