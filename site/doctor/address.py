"""The site at its address, as visitors, harvesters and viewers meet it: pages, media types, states, parts, OAI-PMH."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx2
import orjson
from lxml import etree

from panfair.builders.metadata.media_types import media_type
from panfair.site.config.settings import Config
from panfair.site.doctor.finding import Finding, fault, look, ok
from panfair.site.doctor.visitor import Visitor, resolves, visiting

_MOST_SECONDS_OFF = 120
_NOBODY = "/doi/10.5072/panfair-doctor-asks-for-nothing/"
_PRIVATE = ("/.panfair/ledger.sqlite", "/panfair.toml", "/manifest.json", "/oai.sqlite")
"""What lies above the web root, or beside the settings."""


@dataclass(frozen=True)
class Samples:
    """Pages to ask for, by their path; empty when the site has none of the kind."""

    landing: str
    doi: str
    tombstone: str


def samples_of(www: Path) -> Samples:
    """One open page and one tombstone of what was published last."""
    found = next((www / "doi").rglob("csl.json"), None)
    landing = doi = ""
    if found is not None:
        landing = f"/{quote(str(found.parent.relative_to(www)))}/"
        doi = str(orjson.loads(found.read_bytes()).get("DOI", ""))
    buried = www.parent / "tombstones.json"
    tombstones = orjson.loads(buried.read_bytes()) if buried.is_file() else []
    return Samples(landing, doi, tombstones[0] if tombstones else "")


def examine_address(config: Config, resolver: str) -> Iterator[Finding]:
    """What the address of the site answers, and where `resolver` (https://doi.org) sends one of its DOIs."""
    base, www = config.site.base_url, config.output / "www"
    host = urlsplit(base).hostname or ""
    if not (www / "index.html").is_file():
        yield look("address", f"nothing is published in {config.output} yet, so {base} was not asked")
        return
    if why := resolves(host):
        yield fault("address", f"{host} has no address ({why}); let your DNS know it before DOIs point there")
        return
    samples = samples_of(www)
    with visiting(config.site.contact) as visitor:
        examinations: list[Callable[[], Iterator[Finding]]] = [
            partial(_pages, visitor, base, samples),
            partial(_forms, visitor, base, samples, www),
            partial(_parts, visitor, base),
            partial(_states, visitor, base, samples),
            partial(_nothing_private, visitor, base),
            partial(_oai, visitor, base),
        ]
        try:
            yield from _home(visitor, base, www)
        except httpx2.HTTPError as error:
            yield fault(
                "address", f"{base} does not answer ({type(error).__name__}): is the host up, its certificate valid?"
            )
            return
        for examination in examinations:
            yield from _careful("address", examination)
        if samples.doi:
            yield from _careful("DOI", partial(_resolution, visitor, base, samples, resolver))


def _careful(part: str, examination: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A lost connection costs one examination."""
    try:
        yield from examination()
    except httpx2.HTTPError as error:
        yield fault(part, f"a request was not answered ({type(error).__name__})")


def _home(visitor: Visitor, base: str, www: Path) -> Iterator[Finding]:
    answer, body = visitor.get(f"{base}/")
    if answer.status_code != 200:
        yield fault("address", f"{base}/ answers {answer.status_code}, not the home page")
    elif body == (www / "index.html").read_bytes():
        yield ok("address", f"{base}/ is the home page that was published last")
    else:
        yield look("address", f"{base}/ is not the home page in {www}: an older copy, or what a cache kept?")
    told = answer.headers.get("date")
    if told:
        try:
            off = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
        except (TypeError, ValueError):
            yield look("clock", f"the host's Date header is no date: {told[:40]!r}")
            return
        if off > _MOST_SECONDS_OFF:
            yield fault(
                "clock", f"this machine and the host differ by {off:.0f} s; a release at midnight needs a right clock"
            )
        else:
            yield ok("clock", "this machine and the host agree")


def _pages(visitor: Visitor, base: str, samples: Samples) -> Iterator[Finding]:
    if not samples.landing:
        yield look("pages", "no record is open, so no landing page was asked for")
        return
    answer, _ = visitor.get(base + samples.landing)
    if answer.status_code != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
        yield fault(
            "pages", f"{samples.landing} answers {answer.status_code}, {answer.headers.get('content-type', 'no type')}"
        )
        return
    yield ok("pages", f"{samples.landing} is there")
    if "cite-as" not in answer.headers.get("link", ""):
        yield look("pages", "no Link header (signposting): the links are in the page only; panfair serve sends both")


def _forms(visitor: Visitor, base: str, samples: Samples, www: Path) -> Iterator[Finding]:
    """Whether the forms beside a page come with their own media type, and by Accept."""
    if not samples.landing:
        return
    folder, wrong = www / samples.landing.strip("/"), []
    forms = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != "index.html")
    for name in forms:
        answer, _ = visitor.get(f"{base}{samples.landing}{quote(name)}")
        told = answer.headers.get("content-type", "").partition(";")[0].strip()
        if answer.status_code != 200 or told != media_type(name):
            wrong.append(f"{name} ({answer.status_code} {told or 'no type'}, should be {media_type(name)})")
    if wrong:
        yield fault("forms", f"{len(wrong)} of {len(forms)} come wrong: {', '.join(wrong[:4])}; see docs/hosting.md")
    else:
        yield ok("forms", f"all {len(forms)} forms of a record have their media types")
    answer, _ = visitor.get(base + samples.landing, accept="text/turtle")
    if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/turtle"):
        yield ok("negotiation", "a DOI's address gives the form that Accept asks for")
    else:
        yield look("negotiation", "Accept is not heard, as on a plain file host; panfair serve behind it does")


def _parts(visitor: Visitor, base: str) -> Iterator[Finding]:
    """Whether a part of a file can be had, which viewers and resumed downloads need."""
    answer, body = visitor.get(f"{base}/robots.txt", range="bytes=0-3", accept_encoding="identity")
    if answer.status_code == 206 and len(body) == 4:
        yield ok("parts", "parts of files can be asked for (Range)")
    else:
        yield look("parts", "Range is not heard: a viewer must fetch whole files, and downloads cannot be resumed")


def _states(visitor: Visitor, base: str, samples: Samples) -> Iterator[Finding]:
    answer, _ = visitor.get(base + _NOBODY)
    if answer.status_code == 404:
        yield ok("states", "what is not there answers 404")
    else:
        yield fault("states", f"what is not there answers {answer.status_code}: machines take it for a page")
    if samples.tombstone:
        answer, _ = visitor.get(base + samples.tombstone)
        if answer.status_code == 410:
            yield ok("states", "what was withdrawn answers 410")
        else:
            yield look(
                "states", f"what was withdrawn answers {answer.status_code}, and should 410; see docs/hosting.md"
            )


def _nothing_private(visitor: Visitor, base: str) -> Iterator[Finding]:
    served = [path for path in _PRIVATE if visitor.get(base + path)[0].status_code == 200]
    if served:
        yield fault(
            "privacy", f"{', '.join(served)} can be fetched by anybody: serve output/www and no folder above it"
        )
    else:
        yield ok("privacy", "nothing above output/www is served")


def _oai(visitor: Visitor, base: str) -> Iterator[Finding]:
    answer, body = visitor.get(f"{base}/oai?verb=Identify")
    if answer.status_code != 200:
        yield look(
            "OAI-PMH", f"{base}/oai answers {answer.status_code}: aggregators need panfair serve, or [harvest] formats"
        )
        return
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        told = etree.fromstring(body, parser).findtext(".//{http://www.openarchives.org/OAI/2.0/}baseURL")
    except etree.XMLSyntaxError:
        told = None
    if told == f"{base}/oai":
        yield ok("OAI-PMH", f"{told} answers")
    else:
        yield fault(
            "OAI-PMH",
            f"{base}/oai gives no answer of its own (baseURL {told!r}); does the host pass it to panfair serve?",
        )


def _resolution(visitor: Visitor, base: str, samples: Samples, resolver: str) -> Iterator[Finding]:
    """Where the resolver of DOIs sends one of ours."""
    answer, _ = visitor.get(f"{resolver.rstrip('/')}/{quote(samples.doi)}")
    led = answer.headers.get("location", "")
    if answer.status_code == 404:
        yield look("DOI", f"{samples.doi} is not known to {resolver}: register it before it is cited")
    elif led.rstrip("/") == (base + samples.landing).rstrip("/"):
        yield ok("DOI", f"{samples.doi} leads to its page")
    elif led.startswith(f"{base}/"):
        yield look("DOI", f"{samples.doi} leads to {led}; its page is {samples.landing}")
    else:
        yield fault(
            "DOI",
            f"{samples.doi} leads to {led or f'nowhere ({answer.status_code})'}: set its address at your DOI agency",
        )
