"""Identifiers, parsed once at the edge into types: DOI, ORCID, ROR, and any other with its scheme.

A DOI's page address and folder come from here and from nowhere else. ASCII letters of a DOI have no case
(DOI Handbook 2.4), other letters do. ORCID and ROR carry check digits, which are checked.
"""

import re
from html import unescape
from typing import Any, Literal, Self
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.fields import Line
from panfair.ontologies.text import clean_line

Scheme = Literal[
    "DOI",
    "Handle",
    "URL",
    "IGSN",
    "ARK",
    "arXiv",
    "PMID",
    "URN",
    "ISNI",
    "GRID",
    "Funder",
    "ROR",
    "ISBN",
    "PDB",
    "EMDB",
    "RRID",
    "SWHID",
    "RAiD",
    "CSTR",
    "local",
]

_DOI = re.compile(r"(?P<prefix>\d{2}\.\d{4,9}(?:\.\d+)*)/(?P<suffix>\S.*)")
_DOI_IN_TEXT = re.compile(r"\b10\.\d{4,9}(?:\.\d+)*/[^\s\"<>{}|\\^\[\]`]+")
_DOI_ADDRESS = re.compile(r"(?i)https?://(?:dx\.|www\.)?doi\.org/")
_DOI_LEAD = re.compile(r"(?i)(?:https?://(?:dx\.)?(?:www\.)?doi\.org/|info:doi/|doi\s*[:=]?\s*)+")
_URL_IN_TEXT = re.compile(r"https?://[^\s\"<>]+")
_UPPER_TO_LOWER = str.maketrans({chr(c): chr(c + 32) for c in range(65, 91)})
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._~()-")
_PLAIN_KEY = re.compile(r"10\.[0-9]{4,9}/[a-z0-9][a-z0-9._~()-]{0,200}")
"""What nearly all DOIs' keys are: nothing in them is spelt otherwise in a path."""
_LONGEST_NAME = 240  # bytes; common file systems end at 255
_LONGEST_DOI = 800
_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


class _Parsed(str):
    """A text that was parsed into this type: validation lets an instance through and parses anything else."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError  # pragma: no cover - each identifier says how

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(value),
            core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema()),
        )


class Doi(_Parsed):
    """A DOI as it was registered, without any resolver's address; it compares as text, `key` compares as DOI.

    >>> Doi.parse("https://doi.org/10.15151/ESRF-DC-2493599001").key
    '10.15151/esrf-dc-2493599001'
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, extra_prefixes: tuple[str, ...] | None = None) -> Self:
        """The DOI in a text that is one: bare, with `doi:` in front, or as a resolver's address.

        With `extra_prefixes` a prefix must begin with `10.` or be one of them; without, any directory is taken
        (a record that was parsed once is read again so). Raises IdentifierError when the text is not a DOI, or
        when its page could have no address that file systems carry.
        """
        if _PLAIN_KEY.fullmatch(text):
            return cls(text)
        bare = clean_line(text)
        if _DOI_ADDRESS.match(bare):
            bare = re.split(r"[?#]", bare, maxsplit=1)[0]  # what a reader's browser added, `?utm_source=…`, `#Sec2`
        bare, led = _DOI_LEAD.subn("", bare, count=1) if _DOI_LEAD.match(bare) else (bare, 0)
        if led and "%" in bare:
            bare = unquote(bare)
        found = _DOI.fullmatch(bare)
        if not found or any(c.isspace() for c in bare):
            raise IdentifierError(f"{bare[:80]!r} is not a DOI (it should look like 10.1234/abcd)")
        prefix = found["prefix"]
        if extra_prefixes is not None and not prefix.startswith("10.") and prefix not in extra_prefixes:
            raise IdentifierError(
                f"{bare[:80]!r} does not begin with 10.; if your facility mints test DOIs with this prefix, "
                f'write extra_doi_prefixes = ["{prefix}"] under [site]'
            )
        if len(bare) > _LONGEST_DOI or any(len(part) > _LONGEST_NAME for part in doi_to_path(bare).split("/")):
            raise IdentifierError(f"{bare[:80]!r}… is longer than a file system can carry as the address of a page")
        return cls(bare)

    @property
    def key(self) -> str:
        """The form that two spellings of one DOI share: ASCII letters in lower case."""
        return self.translate(_UPPER_TO_LOWER)

    @property
    def prefix(self) -> str:
        return self.split("/", 1)[0]

    @property
    def url(self) -> str:
        """The address at the resolver; test prefixes have one too, which resolves nowhere."""
        return "https://doi.org/" + quote(self, safe="/:;()._-~!*'@,=+$&")

    @property
    def path(self) -> str:
        """The folder of its landing page below `doi/`, as a file system names it, without a slash at the end."""
        return doi_to_path(self.key)

    @property
    def page(self) -> str:
        """The address of its landing page on this site, from the root: `/doi/10.1234/abcd/`."""
        return f"/doi/{quote(self.path, safe='/~()')}/"


def doi_to_path(key: str) -> str:
    """A DOI's key as a relative path: safe in any file system, reversible by `path_to_doi`, never outside its folder.

    The DOI's own slashes part folders, except where that would make an empty, `.` or `..` name: there the slash is
    percent-encoded, as is every character outside `a-z 0-9 . _ ~ ( ) -`.

    >>> doi_to_path("10.1234/a b/../c")
    '10.1234/a%20b%2F..%2Fc'
    """
    if _PLAIN_KEY.fullmatch(key):
        return key
    names: list[str] = []
    glue = False
    for part in key.split("/"):
        name = "".join(c if c in _PLAIN else "".join(f"%{byte:02X}" for byte in c.encode()) for c in part)
        odd = name in {"", ".", ".."}
        if names and (glue or odd):
            names[-1] += "%2F" + name
        else:
            names.append(name)
        glue = odd
    return "/".join(names)


def path_to_doi(path: str) -> str:
    """The DOI's key that `doi_to_path` made this path from.

    >>> path_to_doi("10.1234/a%20b%2F..%2Fc")
    '10.1234/a b/../c'
    """
    return unquote(path, errors="strict")


class Orcid(_Parsed):
    """An ORCID iD as four groups of four, its check digit right (ISO 7064 11-2).

    >>> Orcid.parse("https://orcid.org/0000-0002-1825-0097").url
    'https://orcid.org/0000-0002-1825-0097'
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        digits = re.sub(r"(?i)^.*orcid(?:\.org)?[/:]\s*", "", text.strip()).replace("-", "").replace(" ", "").upper()
        if not re.fullmatch(r"[0-9]{15}[0-9X]", digits) or digits[:15] == "0" * 15:
            raise IdentifierError(f"{text[:80]!r} is not an ORCID iD")
        total = 0
        for digit in digits[:15]:
            total = (total + int(digit)) * 2
        if digits[15] != "0123456789X"[(12 - total % 11) % 11]:
            raise IdentifierError(f"{text[:80]!r} is not an ORCID iD: its check digit is wrong")
        return cls("-".join(digits[i : i + 4] for i in range(0, 16, 4)))

    @property
    def url(self) -> str:
        return f"https://orcid.org/{self}"


class Ror(_Parsed):
    """A ROR id, its nine characters, its check digits right (ISO 7064 mod 97).

    >>> Ror.parse("ROR:024mw5h28").url
    'https://ror.org/024mw5h28'
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        bare = re.sub(r"(?i)^(?:https?://)?(?:www\.)?ror(?:\.org/|:)\s*", "", text.strip()).rstrip("/").lower()
        if not re.fullmatch(rf"0[{_ROR_DIGITS}]{{6}}[0-9]{{2}}", bare):
            raise IdentifierError(f"{text[:80]!r} is not a ROR id")
        number = 0
        for digit in bare[:7]:
            number = number * 32 + _ROR_DIGITS.index(digit)
        if int(bare[7:]) != 98 - (number * 100) % 97:
            raise IdentifierError(f"{text[:80]!r} is not a ROR id: its check digits are wrong")
        return cls(bare)

    @property
    def url(self) -> str:
        return f"https://ror.org/{self}"


class Identifier(BaseModel):
    """Any identifier with its scheme: what a related work, a sample, an instrument or a funder is named by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Scheme = Field(description="which registry's identifier it is; `local` has a meaning in its catalogue only")
    value: Line = Field(description="the identifier in its bare form, an address for URL")

    @property
    def url(self) -> str | None:
        """The address that the identifier resolves at, or None where it has none."""
        match self.scheme:
            case "DOI" | "Funder":
                return Doi(self.value).url
            case "URL":
                return self.value if re.match(r"https?://", self.value) else None
            case "IGSN":
                return f"https://igsn.org/{quote(self.value)}"
            case (
                "Handle"
                | "ARK"
                | "arXiv"
                | "PMID"
                | "ISNI"
                | "ROR"
                | "PDB"
                | "EMDB"
                | "RRID"
                | "SWHID"
                | "RAiD"
                | "CSTR"
            ):
                return _RESOLVERS[self.scheme] + quote(self.value, safe="/:;=")
            case _:
                return None


_RESOLVERS = {
    "Handle": "https://hdl.handle.net/",
    "ARK": "https://n2t.net/",
    "arXiv": "https://arxiv.org/abs/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/",
    "ISNI": "https://isni.org/isni/",
    "ROR": "https://ror.org/",
    "PDB": "https://www.rcsb.org/structure/",
    "EMDB": "https://www.ebi.ac.uk/emdb/",
    "RRID": "https://scicrunch.org/resolver/",
    "SWHID": "https://archive.softwareheritage.org/",
    "RAiD": "https://raid.org/",
    "CSTR": "https://bsm.cstr.cn/",
}


_NAMED_FORMS: tuple[tuple[Scheme, re.Pattern[str]], ...] = (
    ("RRID", re.compile(r"(?:(?i:https?://(?:www\.)?scicrunch\.org/resolver/))?(RRID:\s?[A-Za-z]+_?[\w:-]+)")),
    (
        "SWHID",
        re.compile(
            r"(?:(?i:https?://archive\.softwareheritage\.org/(?:browse/)?))?"
            r"(swh:1:(?:cnt|dir|rel|rev|snp):[0-9a-f]{40}(?:;\S+)?)/?"
        ),
    ),
    ("RAiD", re.compile(r"(?i:https?://(?:app\.)?raid\.org(?:\.au)?/|raid:\s?)(\d{2}\.\d{4,9}/\S+)")),
    ("CSTR", re.compile(r"(?i:https?://(?:\w+\.)?cstr\.cn/(?:CSTR:)?|CSTR:\s?)(\d{5}\.\d{2}\.\S+)")),
)
"""Forms that come before a DOI's: a RAiD looks like a handle, and nothing else like the others."""


def parse_identifier(text: str, extra_prefixes: tuple[str, ...] = ()) -> Identifier | None:
    """The identifier that a text is, told by its form or by a scheme in front of it; None for an empty text.

    What has no known form is `local`. Addresses of resolvers become what they resolve.

    >>> parse_identifier("IGSN:ESNFHNS8AYEZ")
    Identifier(scheme='IGSN', value='ESNFHNS8AYEZ')
    >>> parse_identifier("https://hdl.handle.net/20.500.11935/5148").scheme
    'Handle'
    """
    text = unescape(clean_line(text))
    if not text:
        return None
    lead, _, rest = text.partition(":")
    named = {"igsn": "IGSN", "handle": "Handle", "hdl": "Handle", "isni": "ISNI", "grid": "GRID"}
    scheme = lead.strip().lower()
    if scheme == "crossref funder id" and rest.strip():
        number = _DOI_LEAD.sub("", rest.strip(), count=1)
        return Identifier(scheme="Funder", value=number if "/" in number else f"10.13039/{number}")
    if scheme in named and rest.strip():
        return Identifier.model_validate({"scheme": named[scheme], "value": rest.strip()})
    if scheme == "url":
        text = rest.strip()
    for named_kind, named_form in _NAMED_FORMS:
        if found := named_form.fullmatch(text):
            return Identifier(scheme=named_kind, value=found[1])
    try:
        return Identifier(scheme="DOI", value=Doi.parse(text, extra_prefixes))
    except IdentifierError:
        pass
    try:
        return Identifier(scheme="ROR", value=Ror.parse(text))
    except IdentifierError:
        pass
    forms: tuple[tuple[Scheme, str], ...] = (
        ("Handle", r"(?:https?://hdl\.handle\.net/|hdl:)?(\d{2}\.\d{3,}(?:\.\d+)*/\S+)"),
        (
            "arXiv",
            r"(?i)(?:https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv(?:\.org)?[:\s]\s*)((?:[a-z-]+(?:\.[a-z]{2})?/)?[\w.-]+?)(?:\.pdf)?",
        ),
        ("PMID", r"(?i)(?:https?://(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/|pmid[:\s]\s*)(\d{1,9})/?"),
        ("ISBN", r"(?i)(?:urn:)?isbn(?:-1[03])?[:\s]\s*((?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dX])"),
        ("PDB", r"(?i)(?:https?://(?:www\.)?rcsb\.org/structure/|pdb(?:\s+(?:id|code|entry))?[:\s]\s*)(\d[a-z\d]{3})"),
        ("EMDB", r"(?i)(?:https?://www\.ebi\.ac\.uk/emdb/|emdb[:\s]\s*)?(EMD-\d{3,6})"),
        ("ARK", r"(?:https?://n2t\.net/)?(ark:\S+)"),
        ("URN", r"(?i)(urn:[a-z0-9-]+:\S+)"),
        ("URL", r"(?i)(https?://[^\s\"<>]+)"),
    )
    for kind, form in forms:
        if found := re.fullmatch(form, text):
            return Identifier(scheme=kind, value=found[1])
    return Identifier(scheme="local", value=text)


def find_doi(text: str) -> Doi | None:
    """The first DOI inside a text, such as a citation, without the punctuation that ends the sentence.

    >>> find_doi("Georgiadis et al., DOI 10.1029/2020GL092315. In print")
    '10.1029/2020GL092315'
    """
    found = _DOI_IN_TEXT.search(text)
    if not found:
        return None
    bare = found[0].rstrip(".,;:'\"”’*")
    while bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1].rstrip(".,;:")
    try:
        return Doi.parse(bare)
    except IdentifierError:
        return None


def find_url(text: str) -> str | None:
    """The first web address inside a text, without the punctuation that ends the sentence; None when there is none."""
    found = _URL_IN_TEXT.search(text)
    if not found:
        return None
    url = found[0].rstrip(".,;:'\"”’")
    return url[:-1] if url.endswith(")") and "(" not in url else url
