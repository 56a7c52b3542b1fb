"""What comes out of the live core: one frozen row for each entity, as somebody may see it on some day.

Columns are those of the views (`access.py`): days are ISO dates, moments ISO 8601 in UTC. A field that the reader may
not see is None, as if nothing stood there. Named tuples, because a harvest makes millions of them.
"""

from typing import NamedTuple


class Facility(NamedTuple):
    id: int
    name: str
    full_name: str | None
    description: str | None
    url: str | None
    ror: str | None
    days_until_release: int | None


class Instrument(NamedTuple):
    id: int
    facility: int
    name: str
    full_name: str | None
    description: str | None
    url: str | None
    pid: str | None


class Technique(NamedTuple):
    id: int
    name: str
    pid: str | None
    description: str | None


class Person(NamedTuple):
    """A user's part in a session: `name` (the account) and `email` are for its team."""

    investigation: int
    user: int
    role: str
    place: int
    full_name: str | None
    given_name: str | None
    family_name: str | None
    orcid: str | None
    affiliation: str | None
    affiliation_ror: str | None
    name: str | None
    email: str | None


class Investigation(NamedTuple):
    """A session. `mine`: the reader is of its team; `public`: everybody sees it."""

    id: int
    facility: int
    name: str
    visit_id: str
    title: str
    type: str | None
    summary: str | None
    start: str | None
    end: str | None
    release_date: str | None
    doi: str | None
    doi_state: str | None
    withdrawn_on: str | None
    withdrawn_reason: str | None
    replaced_by: str | None
    keywords: str
    """A JSON list of text."""
    modified: str
    mine: int
    public: int


class SessionSample(NamedTuple):
    """A sample as its session registered it: the core keeps none beyond a session."""

    id: int
    investigation: int
    name: str
    type: str | None
    formula: str | None
    pid: str | None
    description: str | None
    modified: str


class Dataset(NamedTuple):
    """A dataset. `location`, its folder at the facility, is for the team."""

    id: int
    investigation: int
    name: str
    type: str
    complete: int
    sample: int | None
    instrument: int | None
    description: str | None
    location: str | None
    pid: str | None
    start: str | None
    end: str | None
    file_count: int | None
    volume: int | None
    withdrawn_on: str | None
    withdrawn_reason: str | None
    modified: str
    mine: int
    public: int


class Parameter(NamedTuple):
    """One value of a session, a dataset or a sample; `number` where `value` is one."""

    id: int
    investigation: int | None
    dataset: int | None
    sample: int | None
    type: int
    value: str
    number: float | None
    error: float | None
    minimum: float | None
    maximum: float | None
    name: str
    units: str
    description: str | None


class ParameterType(NamedTuple):
    id: int
    name: str
    units: str
    description: str | None


class Datafile(NamedTuple):
    """A file of a dataset, by ICAT's word. `location`, its path below the folder of files, is for the team."""

    id: int
    dataset: int
    name: str
    size: int | None
    checksum: str | None
    checksum_algorithm: str | None
    media_type: str | None
    description: str | None
    modified: str | None
    resource: int
    location: str | None
    public: int


class DataPublication(NamedTuple):
    """A DOI of its own; `keywords` and `related` are JSON lists of text."""

    id: int
    doi: str
    state: str
    title: str | None
    abstract: str | None
    publication_date: str | None
    rights: str | None
    keywords: str
    related: str
    withdrawn_on: str | None
    withdrawn_reason: str | None
    replaced_by: str | None
    modified: str
    mine: int
    public: int


class PublicationVersion(NamedTuple):
    """Which version a publication is; `previous` is the DOI of the one before, where it is seen."""

    publication: int
    number: int
    concept: str
    previous: str | None


class Funding(NamedTuple):
    """Who paid for a session or a publication."""

    id: int
    investigation: int | None
    publication: int | None
    funder: str
    funder_pid: str | None
    award_number: str | None
    award_title: str | None
    acknowledgement: str | None


class Work(NamedTuple):
    """Another work and how a session or a publication relates to it, by DataCite's word."""

    id: int
    investigation: int | None
    publication: int | None
    relation: str
    pid: str | None
    url: str | None
    title: str | None
    citation: str | None
    kind: str | None


class Author(NamedTuple):
    publication: int
    place: int
    contributor_type: str
    full_name: str
    given_name: str | None
    family_name: str | None
    orcid: str | None
    affiliation: str | None
    ror: str | None


class LogbookEvent(NamedTuple):
    """A note of a session's logbook; `content` is a JSON list of {format, text}, `tags` one of text."""

    id: int
    investigation: int
    dataset: int | None
    type: str
    category: str
    title: str | None
    content: str
    tags: str
    author: int | None
    software: str | None
    machine: str | None
    source: str | None
    created: str
    previous: int | None
    author_name: str | None
    author_full_name: str | None


class Change(NamedTuple):
    """One thing that changed; numbers only grow."""

    number: int
    entity: str
    row: int
    kind: str
    at: str
    investigation: int | None
    """The session that it is of, when it is of one."""


class Notice(NamedTuple):
    """What is left to say of a registered DOI whose record is closed: no word of the record itself."""

    doi: str
    kind: str
    opens: str | None
    withdrawn_on: str | None
    replaced_by: str | None
    reason: str | None
