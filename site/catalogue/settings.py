"""How a live core is set up: where its rows and files lie, which DOIs it gives, who may sign in and how."""

import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from panfair.builders.html.language import marked
from panfair.ontologies.errors import ConfigError
from panfair.ontologies.mistakes import mistakes
from panfair.site.registrar.settings import RegistrarTable

RIGHTS = ("administrator", "lister", "minter")
INSTRUMENT_ROLE = "instrument:"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenIdSettings(_Table):
    """Sign-in through an OpenID Connect issuer, beside passwords."""

    issuer: str = Field(
        description="its address; `/.well-known/openid-configuration` is read below it",
        examples=["https://login.example.org/realms/eps"],
    )
    client_id: str = Field(description="what the issuer calls this core", examples=["panfair"])
    client_secret_env: str = Field(
        description="the environment variable that holds the client's secret", examples=["CORE_CLIENT_SECRET"]
    )
    label: str = Field(marked("your institute's account"), description="what the sign-in page calls it")
    first_sign_in_by_email: bool = Field(
        False,
        description="whether somebody's first sign-in may be known by an e-mail address that the issuer has verified; "
        "without it, by `--subject` alone",
    )
    groups_claim: str = Field("groups", description="the claim of the id_token that names somebody's groups")
    groups: dict[str, tuple[str, ...]] = Field(
        {},
        description="the roles that each group gives, and takes from who is not of it: `administrator`, `lister`, "
        "`minter`, `instrument:NAME`",
        examples=[{"user-office": ["administrator"], "ex07-staff": ["instrument:EX07"]}],
    )

    @field_validator("groups")
    @classmethod
    def _roles(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for role in (one for roles in value.values() for one in roles):
            if role not in RIGHTS and role.removeprefix(INSTRUMENT_ROLE) in {"", role}:
                raise ValueError(f"{role!r} is no role; there are: {', '.join(RIGHTS)}, {INSTRUMENT_ROLE}NAME")
        return value


class CoreSettings(_Table):
    """What `create_core` needs."""

    database: Path = Field(description="the SQLite file; never below a folder that is served", examples=["core.sqlite"])
    files: Path | None = Field(
        None, description="the folder that files' locations start from; without it, no downloads", examples=["files"]
    )
    base_url: str = Field("http://127.0.0.1:8090", description="where the core is reached")
    landing_url: str = Field(
        "https://doi.org/{doi}", description="where a DOI's page is; `{doi}` stands for the DOI, percent-encoded"
    )
    portal_url: str | None = Field(
        None,
        description="the public site made from this core; the DOIs' pages are there",
        examples=["https://data.example.org"],
    )
    publisher: str = Field("panfair", description="the publisher of what is minted here")
    language: Literal["en", "fr", "de"] = Field("en", description="the language of the pages for closed data")
    title: str = Field("Live catalogue", description="what the pages for closed data call it")
    doi_prefix: str = Field("10.5072", description="the prefix of DOIs that are minted here; 10.5072 is for tests only")
    doi_lead: str = Field("PANFAIR", description="what the suffix of a DOI begins with", pattern=r"^[A-Za-z0-9.]+$")
    session_minutes: int = Field(
        120, ge=1, le=7 * 24 * 60, description="how long a session lasts; ICAT's default is 120"
    )
    longest_session_hours: int = Field(
        24, ge=1, le=30 * 24, description="how long a session lasts at most, however often it is prolonged"
    )
    proxies: tuple[str, ...] = Field(
        (),
        description="addresses or networks of the proxies whose `X-Forwarded-For` tells who a client is",
        examples=[["127.0.0.1"]],
    )
    secure_cookies: bool = Field(True, description="cookies over HTTPS only; false for a trial on one's own machine")
    most_rows: int = Field(10_000, ge=1, le=100_000, description="the longest list in one answer; ICAT's maxEntities")
    most_bytes: int = Field(5_000_000, ge=1024, description="the longest body of a request")
    registrar: RegistrarTable | None = Field(
        None, description="DOIs that are registered at DataCite: the table [[registrar]](#registrar)"
    )
    open_id: OpenIdSettings | None = Field(None, description="sign-in by OpenID Connect: the table [open_id]")

    @field_validator("base_url", "portal_url")
    @classmethod
    def _bare(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _registrar_knows_the_pages(self) -> Self:
        if self.registrar is not None and not self.portal_url:
            raise ValueError("[registrar] needs `portal_url`: where the pages are that the DOIs lead to")
        if self.registrar is not None and self.registrar.prefix != self.doi_prefix:
            raise ValueError(
                "[registrar] prefix and doi_prefix are two prefixes; DOIs are minted and registered by one"
            )
        return self

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            ip_network(one)  # its ValueError names the text
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.session_minutes > self.longest_session_hours * 60:
            raise ValueError("session_minutes is longer than longest_session_hours")
        return self


def read_settings(path: Path) -> CoreSettings:
    """The settings in a TOML file; paths in it are relative to it. Raises ConfigError that names the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f'{path}: no such file; the least it holds is: database = "core.sqlite"') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    try:
        settings = CoreSettings.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(mistakes(error, CoreSettings))}") from None
    folder = path.resolve().parent
    places = {"database": folder / settings.database, "files": folder / settings.files if settings.files else None}
    return settings.model_copy(update=places)
