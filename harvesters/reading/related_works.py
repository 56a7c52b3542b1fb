"""Related works as SciCat's users type them: an address, `DOI 10…`, a whole citation, or a word that means "none yet".

Comes in: the texts of `relatedPublications`. Goes out: each work once, with its identifier where the text holds one
and the citation where it says more than that. A paper is what the data supplement; other data and code are referred to.
"""

import re
from urllib.parse import urlsplit

from panfair.harvesters.reading.values import Note
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi, Identifier, find_doi, find_url, parse_identifier
from panfair.ontologies.record import Related
from panfair.ontologies.text import clean_line, fold

_PLACEHOLDER = re.compile(
    r"(?i)(?:none|no|nil|null|n/?a|-+|\?+|tb[acd]|test|todo|pending|(?:currently )?in (?:preparation|prep|progress)|"
    r"(?:coming|available) soon|forthcoming|to be (?:submitted|published|announced|added|determined)|"
    r"(?:not (?:yet )?(?:published|available|submitted))|unpublished|submitted|under review|in press|will follow)"
)
_LEAD = re.compile(r"(?i)(?:\b(?:available at|see|doi|url|link|via|at))?[\s:;,.(\[]*$")
_NOWHERE = re.compile(r"(?i)(?:https?://)?(?:(?:dx\.|www\.)?doi\.org|hdl\.handle\.net|arxiv\.org(?:/abs)?)/?|doi")
_LONGEST_LEAD = 40  # characters, with the blanks and signs around it; longer ones are taken away piece by piece
_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
# Registrants that publish data and software and no journal.
_DATA_PREFIXES = frozenset(
    {"10.5281", "10.6084", "10.17632", "10.5061", "10.24435", "10.17172", "10.14278", "10.15151", "10.5072", "10.7910"}
)
_WHOLE = frozenset({"DOI", "arXiv", "PMID", "ISBN", "PDB", "EMDB", "Handle", "ARK"})
_NAMED = re.compile(
    r"(?i)\barxiv:\s*(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+/\d{7})|\bpmid:\s*\d{1,9}\b|\bEMD-\d{3,6}\b|\bpdb:\s*\d[a-z\d]{3}\b"
)
_DATA_HOSTS = ("zenodo.org", "rodare.hzdr.de", "figshare.com", "osf.io", "cxidb.org", "materialscloud.org")
_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeocean.com", "pypi.org")


def related_works(texts: list[str], own: Doi, note: Note) -> tuple[Related, ...]:
    """The works that the texts name, in their order, each once, the record itself never."""
    works: dict[str, Related] = {}
    for text in texts:
        line = clean_line(text)
        bare = line.strip(" .,;:…!()[]'\"")
        if not bare:
            continue
        if _NOWHERE.fullmatch(bare):
            note("a related publication was dropped: it is a resolver's address without an identifier")
            continue
        if _PLACEHOLDER.fullmatch(bare):
            note("a related publication was dropped: it only says that there is none yet")
            continue
        work = _work(line, own)
        key = _key(work)
        if key != f"doi {own.key}":
            works.setdefault(key, work)
    return tuple(works.values())


def is_paper_address(address: str, own: Doi) -> bool:
    """Whether an address is a DOI's at the resolver and names no data that we know of: a paper, then."""
    doi = _doi_of_address(address)
    return bool(_host(address) in _RESOLVERS and doi and not _is_data(Identifier(scheme="DOI", value=doi), own))


def _work(line: str, own: Doi) -> Related:
    if (whole := _whole(line)) is not None:
        return Related(relation="References" if _is_data(whole, own) else "IsSupplementTo", identifier=whole)
    url = find_url(line)
    if url and not _host(url):
        url = None  # `http://[to follow]` leads nowhere; its words stay in the citation
    doi = _doi_of_address(url) if url else None
    doi = doi or (None if url and find_doi(url) else find_doi(line))
    identifier = None
    if doi:
        identifier = Identifier(scheme="DOI", value=doi)
    elif url:
        identifier = Identifier(scheme="URL", value=url)
    elif named := _NAMED.search(line):
        identifier = parse_identifier(named[0])
    data = identifier is not None and _is_data(identifier, own)
    return Related(
        relation="References" if data else "IsSupplementTo",
        identifier=identifier,
        citation=_citation(line, url, doi),
        kind="Software" if url and not doi and _at(url, _CODE_HOSTS) else None,
    )


def _whole(line: str) -> Identifier | None:
    """The identifier that the whole text is, whatever signs it holds: `10.1002/(SICI)…36:1+<1::AID-AJIM2>3.0.CO;2-0`.

    Digits with a slash alone (`20.500.12269/x`) may be a Handle or anything: they stay words.
    """
    bare = line.strip().rstrip(".,;")
    try:
        found = parse_identifier(bare) if bare else None
    except IdentifierError:
        return None
    if (
        found is None
        or found.scheme not in _WHOLE
        or (found.scheme == "Handle" and "handle" not in bare and bare[0] in "0123456789")
    ):
        return None
    return found


def _doi_of_address(url: str) -> Doi | None:
    """The DOI that an address surely means: at the resolver, or as the end of a publisher's address.

    Publishers write more behind the DOI (`…/10.1242/jcs.258561/272096/Title?x=y`): there the address itself is kept.
    """
    doi = find_doi(url)
    if doi is None:
        return None
    if _host(url) in _RESOLVERS:
        return doi
    if doi.startswith("10.1101/"):  # bioRxiv and medRxiv write the version behind the DOI
        doi = _parsed(re.sub(r"v\d+(?:\.[a-z.-]+)?$", "", doi)) or doi
    tail = doi.split("/", 1)[1]
    return None if set(tail) & set("/?#&") else doi


def _parsed(text: str) -> Doi | None:
    try:
        return Doi.parse(text)
    except IdentifierError:
        return None


def _citation(line: str, url: str | None, doi: Doi | None) -> str | None:
    """The text as a citation, without the identifier at its end; None when nothing else is left."""
    text = line
    for end in filter(None, (url, doi)):
        place = text.rfind(end)
        if place >= 0 and not re.search(r"\w", text[place + len(end) :]):
            text = _without_lead(text[:place])
    words = clean_line(text).strip(" *")
    return words if re.search(r"\w{2}", words) else None


def _without_lead(text: str) -> str:
    """The text without the words that lead to an identifier at its end, such as `available at: doi`.

    A window at the end is enough for every lead, and keeps the time in proportion to a text of any length.
    """
    end = len(text)
    while True:
        tail = text[max(0, end - _LONGEST_LEAD) : end]
        shorter = _LEAD.sub("", tail).rstrip(" ,;:(")
        if shorter == tail:
            return text[:end]
        end -= len(tail) - len(shorter)


def _is_data(identifier: Identifier, own: Doi) -> bool:
    if identifier.scheme == "DOI":
        prefix = identifier.value.split("/", 1)[0]
        return prefix in _DATA_PREFIXES or prefix == own.prefix
    if identifier.scheme in {"PDB", "EMDB"}:
        return True
    return identifier.scheme == "URL" and _at(identifier.value, _DATA_HOSTS + _CODE_HOSTS)


def _at(url: str, hosts: tuple[str, ...]) -> bool:
    host = _host(url)
    return any(host == known or host.endswith("." + known) for known in hosts)


def _host(url: str) -> str:
    """The host of an address in lower case; empty for what only looks like one (`http://[to follow]`)."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _key(work: Related) -> str:
    if work.identifier is None:
        return "text " + fold(work.citation or "")
    if work.identifier.scheme == "DOI":
        return "doi " + Doi(work.identifier.value).key
    return f"{work.identifier.scheme.lower()} {work.identifier.value}"
