"""Hypothesis strategies for records: odd but valid ones, with the characters that break formats."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from panfair.ontologies.identifiers import Doi, Identifier, Orcid, Ror
from panfair.ontologies.record import (
    Affiliation,
    Agent,
    Dataset,
    Facility,
    File,
    Funding,
    Instrument,
    Keyword,
    Parameter,
    Publication,
    Related,
    Rights,
    Sample,
    Technique,
)
from panfair.ontologies.text import clean_line, clean_text

NASTY = (
    "</script><script>alert(1)</script>", "a & b < c > d \"quoted\" 'single'", "back\\slash \\u003c",
    "{brace} %percent$",
    "مرحبا \u202eabc", "日本語 χ µ Å ²", "]]> <!-- -->", "line\u2028separator", "@article{x, y}", "TY  - x", "emoji 🔬",
    "\x00control\x0b", "comma, semicolon; colon:", "javascript:alert(1)", "trailing\\", "^^<x> .", '"""', "#hash ?q=1",
)  # fmt: skip

_any_text = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
lines = _any_text.map(clean_line).filter(bool)
texts = st.lists(_any_text, min_size=1, max_size=3).map("\n".join).map(clean_text).filter(bool)
days = st.dates(min_value=date(1995, 1, 1), max_value=date(2035, 12, 31))
instants = st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2035, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
urls = st.sampled_from(
    ["https://example.org/a", "https://example.org/a,b<c>?x=1&y='2'", "http://example.org/ü ñ", "javascript:alert(1)"]
)
orcids = st.sampled_from(["0000-0002-1825-0097", "0000-0001-8676-0091"]).map(Orcid.parse)
rors = st.sampled_from(["02550n020", "03eh3y714", "024mw5h28"]).map(Ror.parse)
doi_suffixes = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Z", "C"]) | st.sampled_from("/._-()<>%#?ABCabc"),
    min_size=1,
    max_size=30,
)
identifiers = st.one_of(
    st.builds(Identifier, scheme=st.just("DOI"), value=st.sampled_from(["10.99999/abc", "10.99999/A(B)C;1<2>"])),
    st.builds(Identifier, scheme=st.just("URL"), value=urls),
    st.builds(Identifier, scheme=st.sampled_from(["local", "Handle", "IGSN", "arXiv"]), value=lines),
)


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def _some(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


affiliations = st.builds(Affiliation, name=lines, ror=_maybe(rors))
agents = st.builds(
    Agent,
    name=lines,
    kind=st.sampled_from(["person", "organisation", "account", "unknown"]),
    given_name=_maybe(lines),
    family_name=_maybe(lines),
    orcid=_maybe(orcids),
    affiliations=_some(affiliations, 2),
    role=_maybe(lines),
)
values = st.one_of(
    lines, st.booleans(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False)
)
parameters = st.builds(
    Parameter, name=lines, value=values, unit=_maybe(st.sampled_from(["keV", "Å", "µm", "photons/s", "weird unit"]))
)
techniques = st.builds(
    Technique,
    said=lines,
    iri=_maybe(st.sampled_from(["http://purl.org/pan-science/PaNET/PaNET01129"])),
    label=_maybe(lines),
)
samples = st.builds(Sample, name=lines, identifier=_maybe(identifiers), formula=_maybe(lines), kind=_maybe(lines))
instruments = st.builds(Instrument, name=lines, full_name=_maybe(lines), identifier=_maybe(identifiers))
files = st.builds(File, name=lines, size_bytes=_maybe(st.integers(0, 10**15)), url=_maybe(urls), checksum=_maybe(lines))
datasets = st.builds(
    Dataset,
    id=lines,
    name=lines,
    identifier=_maybe(identifiers),
    kind=st.sampled_from(["raw", "processed", "other"]),
    description=_maybe(texts),
    start=_maybe(instants),
    samples=_some(samples, 2),
    instruments=_some(instruments, 1),
    techniques=_some(techniques, 2),
    parameters=_some(parameters),
    files=_some(files),
    size_bytes=_maybe(st.integers(0, 2**53 - 1)),
    software=_some(lines, 2),
    public=st.booleans(),
    complete=st.booleans(),
    release_date=_maybe(days),
)
related = st.builds(
    Related,
    relation=st.sampled_from(["IsSupplementTo", "References", "IsPreviousVersionOf", "IsDerivedFrom"]),
    identifier=_maybe(identifiers),
    citation=_maybe(lines),
    title=_maybe(lines),
)
rights = st.builds(
    Rights, said=lines, spdx=_maybe(st.sampled_from(["CC-BY-4.0", "CC0-1.0"])), url=_maybe(urls), name=_maybe(lines)
)
funding = st.builds(Funding, funder=lines, funder_id=_maybe(identifiers), award_number=_maybe(lines))
keywords = st.builds(Keyword, term=lines, scheme=_maybe(lines), scheme_url=_maybe(urls))
dois = doi_suffixes.map(lambda suffix: Doi.parse("10.99999/" + suffix))
publications = st.builds(
    Publication,
    source=st.just("made-up"),
    source_id=lines,
    doi=dois,
    kind=st.sampled_from(["session", "collection", "dataset"]),
    title=lines,
    abstract=_maybe(texts),
    version=_maybe(lines),
    creators=_some(agents),
    contributors=_some(agents, 1),
    publisher=st.builds(Agent, name=lines, kind=st.just("organisation")),
    publication_year=st.integers(1990, 2035),
    publication_date=_maybe(days),
    release_date=_maybe(days),
    start=_maybe(instants),
    modified=_maybe(instants),
    rights=_some(rights, 2),
    funding=_some(funding, 1),
    related=_some(related),
    facility=_maybe(st.builds(Facility, name=lines, full_name=_maybe(lines), url=_maybe(urls))),
    instruments=_some(instruments, 2),
    techniques=_some(techniques, 2),
    samples=_some(samples, 1),
    parameters=_some(parameters, 1),
    keywords=_some(keywords),
    proposal=_maybe(lines),
    datasets=st.lists(datasets, max_size=3, unique_by=lambda dataset: dataset.id).map(tuple),
    url=_maybe(urls),
    public=st.booleans(),
)
