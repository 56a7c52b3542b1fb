"""The portal that pages are built for: its name, its address, its people; no record and no file of it."""

from dataclasses import dataclass, field
from pathlib import Path

from panfair.builders.theme import Theme
from panfair.ontologies import techniques
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.techniques import Profiles


@dataclass(frozen=True)
class Portal:
    """What every page and every format may say of the site itself."""

    title: str
    base_url: str
    """Without a slash at the end."""
    contact: str
    """A role's address, such as data@example.org: the operator wrote it, so it may be shown."""
    publisher: str
    """The organisation that answers for the site."""
    publisher_ror: str | None = None
    """The ROR id's address."""
    description: str = ""
    """One sentence for the home page."""
    home_url: str | None = None
    """The organisation's own home page."""
    policy_url: str | None = None
    metadata_licence: str | None = None
    """The address of the licence of what the site itself says of the data."""
    profiles: Profiles = field(default_factory=techniques.load)
    """The technique files: ours, and the facility's over them."""
    techniques: Path | None = None
    """The folder of the facility's files."""
    panet: Path | None = None
    """The facility's own table of PaNET; None: ours."""
    panet_digest: str = ""
    language: str = "en"
    """Of the site's own words: one of `builders.html.language.LANGUAGES`."""
    timezone: str = "UTC"
    """By which pages tell the day of a moment: a name of the tz database."""
    policies: tuple[tuple[str, str, str], ...] = ()
    """Of facilities, by their names: a line about their data policy, and where it stands or nothing."""
    theme: Theme = field(default_factory=Theme)
    """The facility's look."""
    lists: tuple[str, ...] | None = None
    """The names of the lists that hold something, which menus show; None: as is not known, all."""
    texts: tuple[tuple[str, str], ...] = ()
    """Title and address of the operator's own texts, linked in the foot of each page."""
    preview: str = ""
    """The day to come that the site is made for, ISO 8601: then every page says so, and no engine may list it."""
    place: str = ""
    """Where the data are taken, as people write a place; empty: nobody says."""
    file_hosts: tuple[str, ...] = ()
    """The hosts beside this one whose HDF5 files the viewer may open, as `https://files.example.org`."""
    extra: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The absolute address of a path from the root, such as `/doi/10.1234/abcd/`."""
        return self.base_url + (path if path.startswith("/") else "/" + path)

    def landing(self, doi: Doi) -> str:
        """The absolute address of a DOI's landing page."""
        return self.url(doi.page)

    @property
    def host(self) -> str:
        return self.base_url.split("://", 1)[-1].split("/", 1)[0]
