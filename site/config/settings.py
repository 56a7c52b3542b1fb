"""panfair.toml, read into models: unknown keys are errors that name their table, paths are relative to the file.

A secret is never in the file: it names the environment variable that holds it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from panfair import harvesters
from panfair.builders.addresses import web_address
from panfair.builders.pages.texts import LINKED, address_of_text, title_of_text
from panfair.builders.portal import Portal
from panfair.builders.theme import Theme
from panfair.harvesters import SourceOptions, harvester
from panfair.ontologies import mapping, panet, techniques
from panfair.ontologies.embargo import GatePolicy
from panfair.ontologies.errors import ConfigError, IdentifierError
from panfair.ontologies.identifiers import Doi, Ror
from panfair.ontologies.licences import rights_from
from panfair.ontologies.mistakes import mistakes, tables_of
from panfair.site.config.contradictions import adding_to_nothing, untouched
from panfair.site.config.facilities import FacilityTable, facilities_in, with_licence
from panfair.site.config.leaks_table import LeaksTable
from panfair.site.config.previews_table import FilesTable, PreviewsTable
from panfair.site.config.publish_table import PublishTable
from panfair.site.config.theme_file import read_theme
from panfair.site.registrar.settings import RegistrarTable


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteTable(_Table):
    """[site]: what the site is called and where it goes."""

    title: str = Field(
        min_length=1, description="the name of the site, on every page", examples=["Open data of the EPS"]
    )
    base_url: str = Field(
        description="the address that your DOIs point to: scheme and host, no path",
        examples=["https://data.example.org"],
    )
    contact: str = Field(
        description="a role's e-mail address; shown on every page and sent to catalogues", examples=["data@example.org"]
    )
    output: str = Field("output", description="the folder that is written; `www` in it is the web root")
    state: str = Field(
        ".panfair",
        description="ledger and harvests, with closed records; never inside output",
    )
    extra_doi_prefixes: tuple[str, ...] = Field(
        (), description="prefixes of a test system whose DOIs do not begin with 10.", examples=[["00.0815"]]
    )
    publisher: str | None = Field(
        None,
        description="the organisation behind the site; the title when not given",
        examples=["Example Photon Source"],
    )
    publisher_ror: str | None = Field(
        None, description="its ROR id, as address, `ROR:…` or bare", examples=["https://ror.org/02550n020"]
    )
    description: str = Field(
        "", description="one sentence for the home page", examples=["Released experiments of the EPS."]
    )
    place: str = Field(
        "", description="where the data are taken, given as the place of every record", examples=["Grenoble, France"]
    )
    home_url: str | None = Field(None, description="the organisation's home page", examples=["https://www.example.org"])
    policy_url: str | None = Field(
        None, description="your data policy, where it is not our page", examples=["https://www.example.org/data-policy"]
    )
    metadata_licence: str | None = Field(
        None, description="the licence of the descriptions, not of the data", examples=["CC0-1.0"]
    )
    panet: str | None = Field(
        None,
        description="a PaNET table from `panfair ontology update`, in place of ours",
        examples=["panet.ttl"],
    )
    mappings: tuple[str, ...] = Field(
        (), description="SSSOM tables of what your catalogue's words mean in PaNET", examples=[["ours.sssom.tsv"]]
    )
    techniques: str | None = Field(None, description="a folder of technique files of your own", examples=["techniques"])
    harvesters: str | None = Field(
        None, description="a folder of harvesters of your own: one module, one kind", examples=["harvesters"]
    )
    pages: str | None = Field(
        None, description="a folder of Markdown files that replace our pages or add to them", examples=["pages"]
    )

    language: Literal["en", "fr", "de"] = Field("en", description="the language of the site's own words")
    timezone: str = Field(
        "UTC", description="the facility's time zone, by which pages tell days", examples=["Europe/Berlin"]
    )
    theme: str | None = Field(
        None, description="a file with your name, logo, colours and links: see theme.toml", examples=["theme.toml"]
    )

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"https", "http"} or not parts.netloc or any(c in value for c in " \"<>'?#@"):
            raise ValueError("must be an address such as https://data.example.org")
        if parts.path.strip("/"):
            raise ValueError(
                f"must be the address of a host, without the path {parts.path}: pages and interfaces find each other "
                "from the host's root. Give the site a host name of its own, such as https://data.example.org"
            )
        return value.rstrip("/")

    @field_validator("publisher_ror")
    @classmethod
    def _a_ror_id(cls, value: str | None) -> str | None:
        try:
            return Ror.parse(value).url if value else None
        except IdentifierError:
            raise ValueError("must be a ROR id such as https://ror.org/02550n020") from None

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        return harvesters.zone_named(value).key

    @field_validator("metadata_licence")
    @classmethod
    def _of_known_words(cls, value: str | None) -> str | None:
        if value is not None and rights_from(value).url is None:
            raise ValueError("must be a licence that machines know, such as CC0-1.0 or its address")
        return value

    @field_validator("contact")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not re.fullmatch(r"[^\s@]+@([^\s@.]+\.)+[^\s@.]+", value):
            raise ValueError("must be an e-mail address such as data@example.org")
        return value


class EmbargoTable(_Table):
    """[embargo]: what may be said of closed data."""

    page: Literal["notice", "citation"] = Field(
        "notice",
        description="what the page of a closed DOI says: `notice` is DOI, publisher, opening day and whom to ask; "
        "`citation` adds title, people and year, as DataCite has them already",
    )
    tombstone: Literal["citation", "bare"] = Field(
        "citation", description="what stays of a withdrawn record: its citation, or nothing but the DOI"
    )
    server_paths: bool = Field(False, description="whether pages show where files lie on your servers")
    restricted: dict[str, str] = Field(
        {},
        description="DOIs of data that are given on request only, each with the reason, which is shown",
        examples=[{"10.5072/abc": "Images of patients: the ethics board decides."}],
    )
    request_url: str | None = Field(
        None,
        description="the address of a form that asks for restricted data",
        examples=["https://www.example.org/request"],
    )

    @field_validator("restricted")
    @classmethod
    def _dois(cls, value: dict[str, str]) -> dict[str, str]:
        try:
            return {Doi.parse(doi).key: reason.strip() for doi, reason in value.items()}
        except IdentifierError as error:
            raise ValueError(str(error)) from None

    @field_validator("request_url")
    @classmethod
    def _linkable(cls, value: str | None) -> str | None:
        if value is not None and web_address(value) is None:
            raise ValueError("must be an address such as https://data.example.org/request")
        return value


class RunTable(_Table):
    """[run]: how a run behaves."""

    shrink_limit: float = Field(0.10, ge=0, le=1, description="the share of a source that may vanish at once")
    processes: int = Field(2, ge=1, le=64, description="how many processes render pages")


class HarvestTable(_Table):
    """[harvest]: how sources are read, and files for who harvests us."""

    full_every_days: float = Field(7, ge=0, description="after so many days everything is read, not only what changed")
    grace_days: int = Field(
        0, ge=0, description="a record opens on its day only if its source was read within so many days before"
    )
    formats: tuple[str, ...] = Field(
        (),
        description="OAI-PMH formats that are also written as files, for harvesting without a server",
        examples=[["oai_dc", "datacite"]],
    )


class SearchTable(_Table):
    """[search]: what searches the records."""

    engine: Literal["whoosh", "tantivy"] = Field("whoosh", description="`tantivy` is for many records; see operate.md")
    static: bool = Field(True, description="write the files that a browser searches in where there is no server")

    @field_validator("engine")
    @classmethod
    def _installed(cls, value: str) -> str:
        if value != "whoosh" and find_spec(value) is None:
            raise ValueError(f"needs the package {value}: pip install {value}")
        return value


class Tables(_Table):
    """The tables of the file, each of which stands once."""

    site: SiteTable
    embargo: EmbargoTable = EmbargoTable()
    run: RunTable = RunTable()
    harvest: HarvestTable = HarvestTable()
    search: SearchTable = SearchTable()
    leaks: LeaksTable = LeaksTable()
    registrar: RegistrarTable | None = None
    previews: PreviewsTable = PreviewsTable()
    files: FilesTable = FilesTable()
    publish: PublishTable = PublishTable()


class Config(Tables):
    """The whole file."""

    sources: tuple[SourceOptions, ...]
    facilities: tuple[FacilityTable, ...] = ()
    root: Path = Field(description="the folder of the file")
    preview: date | None = Field(None, description="the day to come that it is published for; no key of the file")

    @property
    def output(self) -> Path:
        return self.root / self.site.output

    @property
    def state(self) -> Path:
        return self.root / self.site.state

    @property
    def panet(self) -> Path | None:
        return self.root / self.site.panet if self.site.panet else None

    @property
    def mappings(self) -> tuple[Path, ...]:
        return tuple(self.root / name for name in self.site.mappings)

    @property
    def techniques(self) -> Path | None:
        return self.root / self.site.techniques if self.site.techniques else None

    def zone(self, source: SourceOptions) -> ZoneInfo:
        """The time zone of a source's clocks."""
        return ZoneInfo(source.timezone or self.site.timezone)

    @cached_property
    def theme(self) -> Theme:
        """The facility's look. Raises ConfigError when its file is wrong."""
        return read_theme(self.root / self.site.theme) if self.site.theme else Theme()

    @property
    def policy(self) -> GatePolicy:
        embargo = self.embargo
        restricted = tuple(sorted(embargo.restricted.items()))
        keep = tuple((source.name, source.keep_paths) for source in self.sources if source.keep_paths)
        return GatePolicy(embargo.page, embargo.tombstone, embargo.server_paths, restricted, embargo.request_url, keep)

    @property
    def portal(self) -> Portal:
        site = self.site
        return Portal(
            title=site.title,
            preview=str(self.preview or ""),
            base_url=site.base_url,
            contact=site.contact,
            publisher=site.publisher or site.title,
            publisher_ror=site.publisher_ror,
            description=site.description,
            home_url=site.home_url,
            policy_url=site.policy_url,
            place=site.place,
            metadata_licence=rights_from(site.metadata_licence).url if site.metadata_licence else None,
            panet=self.panet,
            panet_digest=panet.load().digest if self.panet else "",
            techniques=self.techniques,
            profiles=techniques.load(self.techniques),
            language=site.language,
            timezone=site.timezone,
            policies=tuple((one.name, one.policy, one.policy_url or "") for one in self.facilities if one.policy),
            theme=self.theme,
            texts=tuple(self._texts()),
            file_hosts=tuple(sorted(set(self._file_hosts() if self.files.hosts is None else self.files.hosts))),
        )

    def _file_hosts(self) -> Iterator[str]:
        """The hosts that sources say their files are downloaded from."""
        for source in self.sources:
            parts = urlsplit(source.file_url or "")
            if parts.netloc:
                yield f"{parts.scheme}://{parts.netloc}"

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Title and address of the texts that only this site has, such as an imprint."""
        folder = self.root / self.site.pages if self.site.pages else None
        for path in sorted(folder.glob("*.md")) if folder else ():
            if path.stem not in LINKED:
                yield title_of_text(path.stem, path.read_text(encoding="utf-8")), address_of_text(path.stem)


def read_config(path: Path) -> Config:
    """The configuration in a file. Raises ConfigError that says which table and key is wrong, and how."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `panfair init` writes one to begin with") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    config = _config_from(raw, path)
    panet.use(config.panet or panet.TABLE)
    mapping.use(config.mappings)
    techniques.use(config.techniques)
    _ = config.theme  # refused now, not in the middle of a run
    output, state = config.output.resolve(), config.state.resolve()
    if state == output or output in state.parents or output == config.root or output in config.root.parents:
        raise ConfigError(f"{path}: `output` must be a folder of its own that holds neither `state` nor this file")
    return config


def _config_from(raw: dict[str, Any], path: Path) -> Config:
    """The models of a file's tables. Raises ConfigError with every mistake in the file, not only with the first."""
    sources, raw_facilities = raw.pop("source", []), raw.pop("facility", [])
    if not isinstance(sources, list) or not all(isinstance(table, dict) for table in sources):
        raise ConfigError(f"{path}: write sources as [[source]], with two brackets")
    _use_harvesters(raw.get("site"), path)
    wrong = [f"`{key}` still says what `panfair init` wrote; fill in yours" for key in untouched(raw, sources)]
    tables = None
    try:
        tables = Tables.model_validate(raw)
    except ValidationError as error:
        wrong += mistakes(error, Tables, {"source": SourceOptions, "facility": FacilityTable})
    facilities = facilities_in(raw_facilities, wrong)
    options = [with_licence(found, facilities) for table in sources if (found := _source(table, wrong))]
    names = Counter(source.name for source in options)
    wrong += [f"two sources are called {name!r}; give each its own name" for name in names if names[name] > 1]
    wrong += adding_to_nothing(options)
    if not sources:
        wrong.append("no [[source]] table")
    if wrong or tables is None:
        raise ConfigError(f"{path}: {'; '.join(wrong)}")
    return Config(**dict(tables), sources=tuple(options), facilities=facilities, root=path.resolve().parent)


def _use_harvesters(site: Any, path: Path) -> None:
    """Has the kinds of the operator's own folder known, before the sources of these kinds are read."""
    folder = site.get("harvesters") if isinstance(site, dict) else None
    harvesters.use(path.resolve().parent / folder if isinstance(folder, str) else None)


def _source(table: dict[str, Any], wrong: list[str]) -> SourceOptions | None:
    """One [[source]], or None; what is wrong with it is added to `wrong`."""
    kind, name = table.get("kind"), f"[[source]] {table.get('name', '')!r}"
    if not isinstance(kind, str):
        wrong.append(f"{name} needs `kind`, the name of a harvester")
        return None
    try:
        options = harvester(kind).Options
    except ConfigError as error:
        wrong.append(f"{name}: {error}")
        return None
    try:
        return options.model_validate(table)
    except ValidationError as error:
        wrong.extend(f"{name}: {line}" for line in mistakes(error, options, tables_of(Tables)))
        return None
