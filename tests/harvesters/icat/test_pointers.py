"""What an account that sees everything carries along: a closed session's sample never comes onto an open page."""

import json
from datetime import date
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Context, dump, icat
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.record import Publication, canonical
from support.servers.icat import IcatWorld, icat_serving

NOW = date(2026, 11, 24)
_DAYS = {"open": "2024-05-01T00:00:00+00:00", "embargoed": "2031-05-01T00:00:00+00:00", "undated": None}


def _session(number: int, state: str) -> dict:
    word = "open" if state == "open" else "vorpal"
    session = {
        "doi": f"10.5072/icat-{number}", "name": f"EX-{number}", "visitId": "1", "title": f"{word}title {number}",
        "facility": "Facility_name-EPS", "endDate": "2024-04-01T00:00:00+00:00", "summary": f"{word}summary",
        "keywords": [{"name": f"{word}keyword"}],
    }  # fmt: skip
    return session | ({"releaseDate": _DAYS[state]} if _DAYS[state] else {})


def _facility(states: list[str], named: list[int]) -> dict:
    """Sessions in these states, each with a sample and a dataset; dataset n names the sample of session named[n]."""
    sessions = {f"inv-{n}": _session(n, state) for n, state in enumerate(states)}
    samples = {
        f"sample-{n}": {"name": f"{'open' if state == 'open' else 'vorpal'}sample {n}", "investigation": f"inv-{n}"}
        for n, state in enumerate(states)
    }
    datasets = {
        f"ds-{n}": {"name": f"scan {n}", "complete": True, "investigation": f"inv-{n}", "sample": f"sample-{other}"}
        for n, other in enumerate(named)
    }
    return {
        "facility": {"Facility_name-EPS": {"name": "EPS"}},
        "investigation": sessions, "sample": samples, "dataset": datasets,
    }  # fmt: skip


def _shown(items) -> tuple[bytes, list[Publication]]:
    verdicts = [judge(item, NOW, GatePolicy()) for item in items if isinstance(item, Publication)]
    opened = [verdict.publication for verdict in verdicts if isinstance(verdict, Released)]
    return b"".join(map(canonical, opened)), opened


def _context(folder: Path) -> Context:
    return Context(root=folder, contact="data@example.org", on=NOW)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data(), st.lists(st.sampled_from(sorted(_DAYS)), min_size=1, max_size=4))
def test_of_closed_sessions_nothing_is_said_on_the_pages_of_open_ones(tmp_path_factory, data, states):
    named = [data.draw(st.integers(0, len(states) - 1)) for _ in states]
    folder = tmp_path_factory.mktemp("dump")
    (folder / "a.json").write_text(json.dumps(_facility(states, named)))
    options = dump.Options(name="made-up", kind="dump", path="a.json")
    told, opened = _shown(dump.harvest(options, _context(folder)))
    assert b"vorpal" not in told and len(opened) == states.count("open")
    for record in opened:
        number = int(record.doi.rsplit("-", 1)[1])
        (dataset,) = record.datasets
        seen = states[named[number]] == "open"
        assert [sample.name for sample in dataset.samples] == ([f"opensample {named[number]}"] if seen else [])


def test_the_same_holds_over_rest_for_an_account_that_sees_everything(tmp_path):

    states, named = ["open", "embargoed", "open", "open"], [1, 1, 3, 3]
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(_facility(states, named)))
    for size in (1, 50):
        with icat_serving(IcatWorld(tmp_path / "a.yaml")) as url:
            options = icat.Options(name="made-up", kind="icat", url=url, page_size=size)
            told, opened = _shown(icat.harvest(options, _context(tmp_path)))
        assert b"vorpal" not in told
        names = {record.doi: [one.name for one in record.datasets[0].samples] for record in opened}
        assert names == {"10.5072/icat-0": [], "10.5072/icat-2": ["opensample 3"], "10.5072/icat-3": ["opensample 3"]}
