"""A record without words of its own is told by what is known of it, in as many characters as search engines take."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.summaries import LONGEST, SHORTEST
from panfair.harvesters import Context, Refused
from panfair.harvesters.dump import Options, harvest
from panfair.ontologies.record import Agent, Facility, Instrument
from support.format_cases import rendered
from support.records import PORTAL, TODAY, a_dataset, a_publication, released

_WORDS = st.from_regex(r"[a-z]{1,9}( [a-z.]{1,9}){0,8}", fullmatch=True)
_BARE = {"abstract": None, "methods": None}


def _summary(**changes):
    return describe(released(a_publication(**changes)), PORTAL).summary


def test_a_record_without_abstract_says_what_how_many_how_and_where():
    where = {"facility": Facility(name="EPS"), "instruments": (Instrument(name="EXP7"),)}
    datasets = (a_dataset(id="1"), a_dataset(id="2"))
    assert _summary(**_BARE, **where, title="LaB6", datasets=datasets) == (
        "LaB6. Experiment session of 2 datasets with 2 files measured by tomography at EXP7, EPS, published by "
        "Example Photon Source in 2026 under the DOI 10.99999/EXAMPLE-1."
    )


def test_what_nobody_knows_is_not_said():
    bare = _summary(**_BARE, title="LaB6", datasets=(), instruments=(), facility=None, techniques=())
    assert bare == (
        "LaB6. Experiment session, published by Example Photon Source in 2026 under the DOI 10.99999/EXAMPLE-1."
    )


def test_a_short_abstract_keeps_its_words_and_is_lengthened():
    told = _summary(abstract="Brief.", title="Foam", datasets=(), instruments=(), facility=None, techniques=())
    assert told.startswith("Foam: Brief. Experiment session") and len(told) >= SHORTEST


@given(title=_WORDS, abstract=st.none() | st.integers(1, 9000).map(lambda n: ("word " * n)[:n]))
def test_a_description_is_never_shorter_or_longer_than_search_engines_take(title, abstract):
    told = _summary(
        title=title, abstract=abstract, methods=None, datasets=(), publisher=Agent(name="T", kind="organisation")
    )
    assert SHORTEST <= len(told) <= LONGEST


@pytest.mark.parametrize("form", ["metadata.jsonld", "datacite.json", "dublincore.xml", "dcat.ttl"])
def test_the_dump_without_abstracts_has_descriptions_in_every_form(shared, form):
    options = Options(name="ours", kind="dump", path=("PublishedData.json",))
    context = Context(root=shared / "cases" / "07-no-abstract", contact="data@example.org", on=TODAY)
    found = [item for item in harvest(options, context) if hasattr(item, "doi")]
    assert [str(one.doi) for one in found] == ["10.5072/noabs", "10.5072/shortabs"]
    for one in found:
        body = rendered(released(one), form).decode()
        assert "LaB6" in body and "published by Example Photon Source in 2024" in body
        assert not isinstance(one, Refused)


def test_datacite_does_not_call_it_an_abstract():
    (said,) = json.loads(rendered(released(a_publication(**_BARE)), "datacite.json"))["descriptions"]
    assert said["descriptionType"] == "Other"
