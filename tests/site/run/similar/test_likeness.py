"""Similar data: after any changes each page names what a site made at once names, and never what is closed."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.ontologies.record import Agent, canonical
from panfair.site.run import publish as publish_module
from panfair.site.run.similar.likeness import Likeness
from panfair.site.run.similar.terms import terms_of
from panfair.site.state.ledger import Ledger
from support.planted import all_words
from support.records import a_publication, released
from support.site_run import SiteRun, numbered

LATER = date(2031, 1, 1)
_WORDS = ("perovskite", "fossil", "tomography", "battery", "quench")


def _titled(number: int, title: str):
    """What a ledger holds of a record of this title that shares nothing else with any other."""
    whole = released(numbered(number, title=title)).publication
    bare = {"abstract": None, "creators": (), "datasets": (), "keywords": (), "techniques": (), "samples": ()}
    return canonical(whole.model_copy(update={**bare, "instruments": ()}))


def _named(ledger: Ledger) -> dict[str, list[str]]:
    rows = ledger.connection.execute(
        "SELECT one.key, near.key FROM neighbour JOIN likeness AS one ON one.number = neighbour.number"
        " JOIN likeness AS near ON near.number = neighbour.other ORDER BY one.key, neighbour.rank"
    )
    found: dict[str, list[str]] = {}
    for key, near in rows:
        found.setdefault(key, []).append(near)
    return found


_TITLES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_STEPS = st.lists(
    st.dictionaries(st.integers(0, 24).map(str), st.one_of(st.none(), _TITLES), min_size=1, max_size=12), max_size=4
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(_STEPS)
def test_the_nearest_after_any_changes_are_those_of_all_taken_in_at_once(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("ledgers")
    folded, whole = Ledger.open(folder / "folded.sqlite"), Ledger.open(folder / "whole.sqlite")
    stands: dict[str, bytes | None] = {}
    for step in steps:
        contents = {key: _titled(int(key), title) if title else None for key, title in step.items()}
        before = _named(folded)
        moved = Likeness(folded.connection, {}).change(contents)
        stands |= contents
        after = _named(folded)
        assert {key for key in after if after[key] != before.get(key)} <= moved
    Likeness(whole.connection, {}).change({key: one for key, one in sorted(stands.items()) if one})
    assert _named(folded) == _named(whole)
    folded.close()
    whole.close()


def test_what_is_shared_counts_by_how_rare_it_is(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    titles = ["battery cathode", "battery cathode", "battery fossil", *["battery"] * 20, "fossil skull"]
    Likeness(ledger.connection, {}).change({str(n): _titled(n, title) for n, title in enumerate(titles)})
    named = _named(ledger)
    ledger.close()
    assert named["0"][0] == "1" and named["23"] == ["2"] and named["2"][0] == "23"
    assert all(len(near) == 5 for key, near in named.items() if key != "23")


def test_versions_of_one_work_are_not_similar_data(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    records = {str(n): _titled(n, "battery cathode") for n in range(3)}
    Likeness(ledger.connection, {"0": {"1"}, "1": {"0"}}).change(records)
    assert _named(ledger) == {"0": ["2"], "1": ["2"], "2": sorted("01", key=_named(ledger)["2"].index)}
    ledger.close()


def test_terms_tell_no_word_and_are_few():
    long = a_publication(
        title=" ".join(f"word{n}" for n in range(300)), abstract=" ".join(map(str, range(10**4, 10**4 + 999)))
    )
    terms = terms_of(canonical(long))
    assert 20 < len(terms) < 90 and all(isinstance(term, int) for term in terms)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> SiteRun:
    made = SiteRun(tmp_path_factory.mktemp("similar") / "site")
    made.put(*(numbered(n, title=f"Snark {n}") for n in range(3)), numbered(9, title="Vorpalsword of a snark"))
    made.publish()
    return made


def test_a_page_names_similar_data_until_they_close_and_then_in_the_first_commit(site, monkeypatch):
    pages = [site.page(numbered(n)) for n in range(3)]
    assert all(b"Similar data" in page and b">Vorpalsword of a snark</a>" in page for page in pages)
    site.put(*(numbered(n, title=f"Snark {n}") for n in range(3)), numbered(9, title="Quibblewort"))
    site.publish()
    assert all(b">Quibblewort</a>" in site.page(numbered(n)) for n in range(3))
    site.put(*(numbered(n, title=f"Snark {n}") for n in range(3)), numbered(9, title="Quibblewort", release_date=LATER))

    def broken(*_args, **_values):
        raise RuntimeError("the second commit fails")

    with monkeypatch.context() as patched:
        patched.setattr(publish_module, "_bring_up_to_date", broken)
        with pytest.raises(RuntimeError):
            site.publish()
    assert "quibblewort" not in all_words(site)
    assert b"Snark 1" in site.page(numbered(0))
    site.publish()
    assert b"Quibblewort" not in site.page(numbered(0)) and b"Similar data" in site.page(numbered(0))


def test_a_record_that_shares_nothing_makes_no_other_page_anew(tmp_path):
    site = SiteRun(tmp_path / "site")
    others = [numbered(n) for n in range(7)]
    site.put(*others)
    site.publish()
    before = [site.page(one) for one in others]
    nothing = {"abstract": None, "creators": (Agent(name="Made-Up, Nobody"),), "datasets": (), "keywords": ()}
    alone = a_publication(doi="10.99999/alone", source_id="alone", title="Zyx", **nothing)
    site.put(*others, alone.model_copy(update={"techniques": (), "samples": (), "instruments": ()}))
    site.publish()
    assert [site.page(one) for one in others] == before
    assert b"Similar data" not in site.page(alone)
