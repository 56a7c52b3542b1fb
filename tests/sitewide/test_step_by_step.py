"""A site that changed step by step is the site that changed at once: each product is the fold of everything.

All of output/ is compared but what keeps a history: the engines' segments, the bases and deltas of the static search,
the tables and volumes of the stores (their own tests compare what they answer), the manifest, and moments to a second.
"""

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.builders import stretches
from support.records import a_dataset
from support.site_run import SiteRun, copied, numbered

_BASE, _NEW = range(8), range(8, 11)
_HISTORIES = re.compile(r"search/|oai\.sqlite|oai-records/|panosc\.sqlite|manifest\.json|www/_panfair/search")
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_EXAMPLES = int(os.environ.get("PANFAIR_STEPS", "2"))
_STEP = st.dictionaries(
    st.sampled_from([*_BASE, *_NEW]),
    st.sampled_from(["title", "instrument", "day", "dataset", "closed"]),
    min_size=1,
    max_size=4,
)


def _record(number: int, how: str, step: int):
    changes = {
        "": {},
        "title": {"title": f"Quartz {number} in edition {step}"},
        "instrument": {"datasets": (a_dataset(id=f"ds-{number}", name=f"scan{step}", instruments=()),)},
        "day": {"publication_year": 2020 + step},
        "dataset": {"datasets": (a_dataset(id=f"ds-{number}", name=f"scan{number}_000{step}"),)},
        "closed": {"public": False},
    }[how]
    return numbered(number, **changes)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    site = SiteRun(tmp_path_factory.mktemp("base") / "site")
    site.put(*(_record(number, "", 0) for number in _BASE))
    with pytest.MonkeyPatch.context() as patch:  # so that eight records fill several pages of a list
        patch.setattr(stretches, "MOST", 4)
        patch.setattr(stretches, "LEAST", 2)
        site.publish()
        assert len([path for path in site.files("www/publications") if path.endswith("index.html")]) > 1
        yield site


@given(steps=st.lists(_STEP, min_size=2, max_size=2))
@settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_site_that_changed_step_by_step_is_the_one_that_changed_at_once(base, tmp_path_factory, steps):
    steps = [*steps, {number: "title" for step in steps for number in step}]  # no record ends where it began
    closed = {number for number, how in steps[-2].items() if how == "closed" and number in _BASE}
    steps[-1].update(dict.fromkeys(closed, "closed"))
    folder = tmp_path_factory.mktemp("steps")
    walked, at_once = copied(base, folder / "walked"), copied(base, folder / "at once")
    state = dict.fromkeys(_BASE, ("", 0))
    for number, step in enumerate(steps, start=1):
        state |= {which: (how, number) for which, how in step.items() if how != "closed" or which in state}
        records = [_record(which, *how) for which, how in sorted(state.items())]
        walked.put(*records)
        walked.publish(accept_shrink=True)
    at_once.put(*records)
    at_once.publish(accept_shrink=True)
    found, wanted = _said(walked), _said(at_once)
    assert sorted(found) == sorted(wanted)
    assert [path for path in wanted if found[path] != wanted[path]] == []


def _said(site: SiteRun) -> dict[str, object]:
    said: dict[str, object] = {}
    for path, body in site.files().items():
        if path.startswith("www/resourcesync/"):  # in the order of those moments
            said[path] = sorted(_MOMENT.sub(b"", body).split(b"\n"))
        elif not _HISTORIES.match(path):
            said[path] = body
    return said
