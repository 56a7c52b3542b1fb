"""The same over REST: of ICAT, ICAT+ and SciCat, nothing that only a closed neighbour says comes out of the gate."""

import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Context, icat, icatplus
from panfair.ontologies.embargo import GatePolicy, Released, judge, statement
from panfair.ontologies.record import Publication, canonical
from support.scicat import block, dataset, harvested, published
from support.servers.icat import IcatWorld
from support.servers.scicat import SciCat, served

NOW = date(2026, 11, 24)
FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
_STATES = st.lists(st.sampled_from(["open", "embargoed", "undated"]), min_size=1, max_size=4)


def _shown(items) -> tuple[bytes, list[Publication]]:
    """All that the gate lets out, notices too, and the open records."""
    told, opened = [], []
    for item in items:
        if isinstance(item, Publication):
            verdict = judge(item, NOW, GatePolicy())
            if isinstance(verdict, Released):
                opened.append(verdict.publication)
                told.append(canonical(verdict.publication))
            elif hasattr(verdict, "doi"):
                told.append(statement(verdict))
    return b"".join(told).lower(), opened


def _context() -> Context:
    return Context(root=Path("/"), contact="data@example.org", on=NOW)


@contextmanager
def _answered_by(harvester: str, answer):
    """Lets a harvester ask a function and no server."""

    @contextmanager
    def sender(*_args, **_more):
        yield lambda method, path, query, _sent: (200, json.dumps(answer(method, path, query)).encode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"panfair.harvesters.{harvester}.open_sender", sender)
        yield


def _icat(states: list[str]) -> dict:
    """Sessions in these states, full of words of their state, which share a person, an instrument and a study."""
    days = {"open": "2024-05-01T00:00:00+00:00", "embargoed": "2031-05-01T00:00:00+00:00"}
    tables: dict[str, dict] = {
        "facility": {"f": {"name": "EPS"}}, "investigation": {}, "dataset": {}, "sample": {}, "dataCollection": {},
        "user": {"both": {"name": "both", "fullName": "Bo Shared"}}, "dataPublication": {}, "datafile": {},
        "parameterType": {"p": {"name": "energy", "units": "keV", "facility": "f"}},
        "instrument": {"i": {"name": "BL1", "facility": "f"}},
    }  # fmt: skip
    for n, state in enumerate(states):
        word = "open" if state == "open" else "vorpal"
        tables["user"][f"u{n}"] = {"name": f"{word}{n}", "fullName": f"{word}given {word}family"}
        tables["investigation"][f"i{n}"] = {
            "doi": f"10.5072/icat-{n}", "name": f"{word}proposal-{n}", "visitId": "1", "title": f"{word}title",
            "facility": "f", "endDate": "2024-04-01T00:00:00+00:00", "summary": f"{word}summary",
            "keywords": [{"name": f"{word}keyword"}], "parameters": [{"type": "p", "stringValue": f"{word}value"}],
            "investigationUsers": [{"user": f"u{n}", "role": f"{word}role"}, {"user": "both", "role": "Participant"}],
            "investigationInstruments": [{"instrument": "i"}],
        } | ({"releaseDate": days[state]} if state in days else {})  # fmt: skip
        tables["sample"][f"s{n}"] = {"name": f"{word}sample", "investigation": f"i{n}"}
        other = (n + 1) % len(states)
        tables["dataset"][f"d{n}"] = {
            "name": f"{word}scan", "complete": True, "investigation": f"i{n}", "sample": f"s{other}",
            "description": f"{word}description", "parameters": [{"type": "p", "stringValue": f"{word}setting"}],
        }  # fmt: skip
        tables["datafile"][f"x{n}"] = {"name": f"{word}file.h5", "dataset": f"d{n}", "location": f"/data/{word}"}
    return tables


@FEW
@given(_STATES, st.sampled_from([1, 50]))
def test_icat_says_nothing_of_closed_sessions_to_an_account_that_sees_everything(tmp_path_factory, states, size):
    path = tmp_path_factory.mktemp("icat") / "a.yaml"
    path.write_text(yaml.safe_dump(_icat(states)))
    world = IcatWorld(path, max_entities=10_000)

    def answer(method, asked, query):
        if asked == "properties":
            return world.properties | {"maxEntities": world.max_entities}
        return world.answer(query["query"])[1] if asked == "entityManager" else {"sessionId": "one"}

    with _answered_by("icat", answer):
        options = icat.Options(name="made-up", kind="icat", url="https://x/icat", page_size=size)
        told, opened = _shown(icat.harvest(options, _context()))
    assert b"vorpal" not in told
    assert len(opened) == states.count("open") and all(one.title == "opentitle" for one in opened)
    assert all({agent.name for agent in one.creators} >= {"Bo Shared"} for one in opened)


@FEW
@given(_STATES, st.booleans())
def test_icat_plus_says_nothing_of_closed_sessions_whatever_its_lists_give(states, filters):
    days = {"open": "2024-05-01T00:00:00.000Z", "embargoed": "2031-05-01T00:00:00.000Z"}
    sessions, datasets = [], []
    for n, state in enumerate(states, 1):
        word = "open" if state == "open" else "vorpal"
        sessions.append({
            "id": n, "name": f"{word}-{n}", "title": f"{word}title", "summary": f"{word}summary", "visitId": "1",
            "startDate": "2020-02-01T08:00:00.000Z", "releaseDate": days.get(state), "doi": f"10.15151/ESRF-ES-{n}",
            "investigationUsers": [{"role": f"{word}role", "user": {"name": word, "fullName": f"Xu {word}"}}],
            "parameters": {"Title": f"{word}parameter"}, "instrument": {"id": 1, "name": "ID13"},
        })  # fmt: skip
        datasets.append({
            "id": 10 * n, "name": f"{word}scan", "type": "raw", "sampleName": f"{word}sample", "sampleId": n,
            "location": f"/data/{word}/scan", "investigation": {"id": n, "name": f"{word}-{n}"},
            "parameters": [{"name": f"{word}name", "value": f"{word}value"}],
        })  # fmt: skip

    def answer(method, path, query):
        if (method, path) == ("POST", "session"):
            return {"sessionId": "one"}
        if path.endswith("/investigation"):
            return sessions[int(query["skip"]) :]  # the same to each filter: a server that does not know it
        if path == "catalogue/datasets" and query.get("skip", "0") == "0":
            return [one for one in datasets if not filters or str(one["id"] // 10) == query["investigationIds"]]
        if path.endswith("/samples"):
            return [{"id": n, "name": one["sampleName"]} for n, one in enumerate(datasets, 1)
                    if str(n) == query["investigationId"]]  # fmt: skip
        return []

    with _answered_by("icatplus", answer):
        options = icatplus.Options(
            name="plus", kind="icatplus", url="https://x", publisher="Example", collections=False, files=False,
            page_size=50, embargoed=True,
        )  # fmt: skip
        told, opened = _shown(icatplus.harvest(options, _context()))
    assert b"vorpal" not in told
    assert len(opened) == states.count("open") and all(len(one.datasets) == 1 for one in opened)


def _closed_dataset(number: int, word: str, shown: bool) -> dict:
    return dataset(
        number, isPublished=shown, datasetName=f"{word}name", description=f"{word}description", owner=f"Ada {word}",
        orcidOfOwner="0000-0002-1825-0097" if shown else "0000-0001-8676-0091", proposalId=f"{word}proposal",
        license=f"{word}licence", keywords=[f"{word}keyword"], creationLocation=f"/{word}PLACE/{word}SOURCE/P08",
        principalInvestigator=f"{word}leader Example", sourceFolder=f"/data/{word}", sampleId=f"{word}sample",
        scientificMetadata={f"{word}key": f"{word}value"}, techniques=[{"name": f"{word}technique", "pid": word}],
    )  # fmt: skip


@FEW
@given(st.lists(st.booleans(), min_size=1, max_size=3), st.sampled_from([set(), {"v3"}, {"v4"}]), st.booleans())
def test_scicat_says_nothing_of_closed_datasets_and_publications(shown, hidden, names_first):
    datasets = [_closed_dataset(n, "open" if one else "vorpal", one) for n, one in enumerate(shown)]
    pids = [one["pid"] for one in datasets]
    open_one = published(1, creator=["nass_k"], createdBy="ldap.nass_k", pidArray=pids)
    later = {"registeredTime": "2026-11-25T00:00:00.000Z", "metadata": {"dates": [
        {"date": "2031-01-01", "dateType": "Available"}]}}  # fmt: skip
    closed = published(2, title="vorpaltitle", creator=["Vorpal Nass", "Karol Nass"], pidArray=[], **later)
    both = [closed, open_one] if names_first else [open_one, closed]
    blocks = [block(n, isPublished=one, dataFileList=[{"path": f"{'open' if one else 'vorpal'}.h5", "size": 1}])
              for n, one in enumerate(shown)]  # fmt: skip
    with served(SciCat(both, datasets, blocks)) as server:
        server.hidden = hidden
        found, _notes, error = harvested(server, context={"on": NOW})
    assert error is None
    told, opened = _shown(found)
    assert b"vorpal" not in told and b"karol" not in told and b"0000-0001-8676-0091" not in told
    (record,) = opened
    # Of the others there is the number alone, which the open publication names itself.
    assert [one.name for one in record.datasets if "open" in one.name] == ["openname"] * sum(shown)
