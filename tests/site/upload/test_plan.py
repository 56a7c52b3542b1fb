"""Tests of the order in which objects are written: whatever is killed, the next upload ends it."""

from hypothesis import given
from hypothesis import strategies as st

from panfair.site.upload.plan import Phase, plan

paths = st.sampled_from(
    [
        "index.html", "sitemap.xml", "doi/10.1/a/index.html", "doi/10.1/a/datacite.json", "doi/10.1/b/index.html",
        "doi/10.1/b/datasets/x/index.html", "_panfair/style-1.css", "search/data/manifest.json",
        "search/data/1/words-0.bin", "search/data/2/words-0.bin", "years/2020/index.html",
    ]
)  # fmt: skip
sites = st.dictionaries(paths, st.sampled_from("12"))


@given(sites, sites, sites, st.integers(0, 12))
def test_an_upload_that_is_killed_at_any_step_is_finished_by_the_next_whatever_it_brings(old, coming, wanted, kill):
    store = dict(old)

    def take(steps, to):
        for step in steps:
            if step.delete:
                store.pop(step.path, None)
            else:
                store[step.path] = to[step.path]

    take(list(plan(old, coming))[:kill], coming)
    uncertain = {path for path in {*old, *coming} if old.get(path) != coming.get(path)}
    take(plan(old, wanted, uncertain), wanted)
    assert store == wanted


@given(sites, sites)
def test_nothing_is_sent_that_stands_and_phases_come_in_order(old, new):
    steps = list(plan(old, new))
    assert [step.phase for step in steps] == sorted(step.phase for step in steps)
    for step in steps:
        assert old.get(step.path) != new.get(step.path)
    assert len({step.path for step in steps}) == len(steps)


def test_what_a_closed_record_loses_goes_first_and_its_page_becomes_a_notice_before():
    old = {"doi/10.1/a/index.html": "page", "doi/10.1/a/datacite.json": "x", "years/2020/index.html": "with a"}
    new = {"doi/10.1/a/index.html": "notice", "years/2020/index.html": "without", "doi/10.1/b/index.html": "page"}
    steps = list(plan({**old, "_panfair/old.css": "1"}, {**new, "_panfair/new.css": "1"}))
    assert [(step.path, step.delete) for step in steps] == [
        ("doi/10.1/a/index.html", False),
        ("doi/10.1/a/datacite.json", True),
        ("_panfair/new.css", False),
        ("doi/10.1/b/index.html", False),
        ("years/2020/index.html", False),
        ("_panfair/old.css", True),
    ]
    assert steps[0].phase is Phase.TAKE_AWAY and steps[-1].phase is Phase.LEFTOVERS


def test_an_index_that_is_new_comes_after_what_it_names():
    steps = list(plan({}, {"search/data/manifest.json": "1", "search/data/1/words-0.bin": "1", "sitemap.xml": "1"}))
    assert next(step.path for step in steps) == "search/data/1/words-0.bin"
