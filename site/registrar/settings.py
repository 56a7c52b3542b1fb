"""[registrar] of panfair.toml and of catalogue.toml: whose DOIs are registered at DataCite, and how."""

import ipaddress
import os
import re
from fnmatch import fnmatchcase
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from panfair.ontologies.errors import ConfigError
from panfair.ontologies.identifiers import Doi

_TEST_API = "https://api.test.datacite.org"
_TEST_PREFIX = "10.5072"
_EXAMPLES = re.compile(r"(^|\.)(example|example\.(com|net|org|edu)|test|invalid|localhost|local)$")
"""Hosts that nobody has (RFC 2606, RFC 6761)."""


class RegistrarTable(BaseModel):
    """[registrar]: DOIs that `panfair doi sync` registers at DataCite; more in [dois.md](dois.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str = Field(min_length=1, description="the repository's account at DataCite", examples=["EPS.DATA"])
    password_env: str = Field(
        "DATACITE_PASSWORD", description="the environment variable that holds the account's password"
    )
    prefix: str = Field(
        pattern=r"^10\.\d{4,5}$",
        description="the prefix of its DOIs; DOIs of other prefixes are never touched",
        examples=["10.5072"],
    )
    url: str = Field(_TEST_API, description="DataCite's API; `https://api.datacite.org` registers in earnest")
    only: tuple[str, ...] = Field(
        (),
        description="patterns of the DOIs that it may touch, where not all of the prefix are its own",
        examples=[["10.5072/eps-es-*"]],
    )
    embargoed: Literal["draft", "registered"] = Field(
        "draft",
        description="what a DOI under embargo is at DataCite: reserved, without any metadata; or registered with what "
        "its notice says, so that it resolves to that page",
    )
    requests: int = Field(
        300,
        ge=1,
        le=3000,
        description="how many requests DataCite gets in five minutes; its limit is 3000, 750 for tests",
    )

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.query or parts.fragment or parts.username or not parts.hostname:
            raise ValueError(f"must be an address such as {_TEST_API}")
        if parts.scheme != "https" and not _is_loopback(parts.hostname):
            raise ValueError("must begin with https://: the password goes there")
        return value.rstrip("/")

    @property
    def in_earnest(self) -> bool:
        """Whether what it registers stands for ever: any API but DataCite's for tests, and one on this machine."""
        host = urlsplit(self.url).hostname or ""
        return host != urlsplit(_TEST_API).hostname and not _is_loopback(host)

    def may_touch(self, doi: Doi) -> bool:
        """Whether a DOI is one of its own.

        >>> table = RegistrarTable(account="EPS.DATA", prefix="10.5072", only=["10.5072/eps-*"])
        >>> [table.may_touch(Doi(doi)) for doi in ("10.5072/EPS-1", "10.5072/other", "10.50721/eps-1")]
        [True, False, False]
        """
        return doi.prefix == self.prefix and (
            not self.only or any(fnmatchcase(doi.key, pattern.lower()) for pattern in self.only)
        )

    def password(self) -> str:
        """The account's password. Raises ConfigError that names the variable where it is not set."""
        if word := os.environ.get(self.password_env):
            return word
        raise ConfigError(f"registrar: the environment variable {self.password_env} is not set; nothing was sent")

    def refuse_tests_in_earnest(self, site: str) -> None:
        """Raises ConfigError where DOIs for tests, or addresses that nobody has, would be registered for ever."""
        if not self.in_earnest:
            return
        if self.prefix == _TEST_PREFIX:
            raise ConfigError(f"registrar: {_TEST_PREFIX} is for tests, and {self.url} is not; nothing was sent")
        host = urlsplit(site).hostname or ""
        if not host or _is_loopback(host) or _EXAMPLES.search(host):
            raise ConfigError(
                f"registrar: {site or 'no address'} is where nobody else gets to, and {self.url} registers for ever; "
                "nothing was sent"
            )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
