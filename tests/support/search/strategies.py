"""Hypothesis strategies for searches: every kind of query, and every way to narrow and to order."""

from hypothesis import strategies as st

from panfair.builders.search.language.request import read_request
from support.search.cases import FACILITIES, FORMATS, INSTRUMENTS, LICENCES, PEOPLE, TECHNIQUES, VOCABULARY

RANGES = [
    "energy:8..12.4keV", "energy:8048eV", "energy<10", "energy:>=10keV", "energy:10keV", "resolution<2",
    "resolution<=2Å", "resolution:0.15..0.2nm", "temperature:20..30°C", "temperature:>100K", "size>1GB",
    "size:5", "size<=1TB", "files>12", "files:5..20", "measured:2016..2017-02", "measured>2017-05",
    "date:2016..2018-06", "date:2017-02-03..", "date:<2016-05", "has:orcid", "kind:session", "pressure>0",
]  # fmt: skip
_words = st.sampled_from(VOCABULARY)
_fields = st.sampled_from(["title", "abstract", "author", "instrument", "technique", "sample", "keyword", "facility"])
years = st.integers(2014, 2025)
_leaves = st.one_of(
    _words,
    st.tuples(_fields, _words).map(lambda pair: f"{pair[0]}:{pair[1]}"),
    st.lists(_words, min_size=1, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
    st.tuples(_fields, st.lists(_words, min_size=1, max_size=2)).map(lambda pair: f'{pair[0]}:"{" ".join(pair[1])}"'),
    st.sampled_from(PEOPLE).map(lambda name: f'author:"{name}"'),
    st.sampled_from(["tom*", "scat*", "title:foa*", "muel*", "la0*"]),
    years.map(lambda year: f"year:{year}"),
    st.sampled_from(["element:Fe", "element:o,H", "element:Xe", 'element:="Ni"']),
    st.tuples(years, years).map(lambda pair: f"year:{min(pair)}..{max(pair)}"),
    years.map(lambda year: f"year:>{year}"),
    st.sampled_from(TECHNIQUES).map(lambda label: f'technique:="{label}"'),
    st.sampled_from(INSTRUMENTS).map(lambda label: f'instrument:="{label}"'),
    st.sampled_from(FACILITIES).map(lambda label: f'facility:="{label}"'),
    st.integers(0, 400).map(lambda number: f"10.{1000 + number % 3}/EXAMPLE-{number}"),
    st.sampled_from(["doi:10.1001/*", "doi:10.1002/example-1*"]),
    st.sampled_from(RANGES),
)
queries = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join).map("({})".format),
        inner.map("-({})".format),
        inner.map("-{}".format),
    ),
    max_leaves=5,
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "technique": st.lists(st.sampled_from((*TECHNIQUES, "unheard of")), min_size=1, max_size=2),
        "instrument": st.lists(st.sampled_from(INSTRUMENTS), min_size=1, max_size=2),
        "facility": st.lists(st.sampled_from(FACILITIES), min_size=1, max_size=2),
        "element": st.lists(st.sampled_from(("H", "O", "Fe", "Ni", "Xe")), min_size=1, max_size=3),
        "year": st.lists(years.map(str), min_size=1, max_size=3),
        "format": st.lists(st.sampled_from(FORMATS), min_size=1, max_size=2),
        "licence": st.lists(st.sampled_from(LICENCES), min_size=1, max_size=2),
        "has": st.lists(st.sampled_from(("files", "orcid", "licence")), min_size=1, max_size=2),
        "energy": st.sampled_from(["8..12.4keV", ">10", "1..1.3Å"]).map(lambda text: [text]),
        "wavelength": st.just(["1..1.3Å"]),  # of energy it is no range: a length is no energy
        "resolution": st.sampled_from(["<2", "0.15..0.2nm"]).map(lambda text: [text]),
        "size": st.just(["1GB.."]),
        "date": st.sampled_from(["2016..2018-06", "2017-02-03.."]).map(lambda text: [text]),
        "elements": st.sampled_from(["all", "any", "only"]).map(lambda text: [text]),
    },
)
sorts = st.sampled_from(["relevance", "newest", "oldest", "largest", "title"])


def asked(scopes):
    """Whole searches, as addresses say them."""
    return st.builds(
        lambda query, choices, sort, scope: read_request(
            [
                ("q", query),
                ("sort", sort),
                ("in", scope),
                *((name, value) for name, values in choices.items() for value in values),
            ]
        ),
        st.one_of(st.just(""), queries),
        choices,
        sorts,
        scopes,
    )
