"""A harvest in part: what changed is read, what stands is kept, and the whole is what a full harvest finds."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.harvesters import Finished, Kept
from panfair.ontologies.record import Publication, canonical
from support.scicat import dataset, harvested, many
from support.servers.scicat import SciCat, served


def _again(server: SciCat, before: dict[str, Publication], last: str | None, **options):
    """One more harvest: all records by DOI key, how many were kept, and the next token."""
    documents = {key: json.loads(canonical(one)) for key, one in before.items()}
    context = {"last": last, "known": lambda: documents, "previous": documents.get}
    found, notes, error = harvested(server, context=context, **options)
    assert error is None, error
    records = {item.doi.key: item for item in found if isinstance(item, Publication)}
    kept = [item.key for item in found if isinstance(item, Kept)]
    assert not set(kept) & set(records)
    records.update({key: before[key] for key in kept})
    (token,) = [item.token for item in found if isinstance(item, Finished)]
    return records, len(kept), token, notes


@pytest.mark.parametrize("hidden", [set(), {"v4"}, {"v3"}])
def test_what_has_not_changed_is_not_read_again(hidden):
    server = many(10)
    server.hidden = hidden
    with served(server):
        first, kept, token, _notes = _again(server, {}, None)
        assert kept == 0 and len(first) == 10
        server.questions.clear()
        second, kept, token, _notes = _again(server, first, token)
        assert kept == 10 and second == first
        assert not [path for path, query in server.questions if "include" in query.get("filter", "")]
        server.datasets[3]["updatedAt"] = "2024-08-01T00:00:00.000Z"
        server.datasets[3]["datasetName"] = "scan renamed"
        third, kept, _token, _notes = _again(server, second, token)
    assert kept == 9 and third["10.5072/made-up-3"].datasets[0].name == "scan renamed"


def test_a_dataset_that_is_closed_without_a_trace_leaves_the_page_at_the_next_harvest():
    server = many(3)
    with served(server):
        first, _kept, token, _notes = _again(server, {}, None)
        server.datasets[1]["isPublished"] = False
        second, kept, _token, _notes = _again(server, first, token)
    assert kept == 2 and not second["10.5072/made-up-1"].datasets[0].described


def test_an_input_that_is_closed_without_a_trace_is_named_by_its_pid_alone():
    server = many(2)
    server.datasets[0]["inputDatasets"] = ["20.500.0/ds-7"]
    server.datasets.append({**dataset(7, datasetName="calibration"), "_id": "20.500.0/ds-7"})
    with served(server):
        first, _kept, token, _notes = _again(server, {}, None)
        assert first["10.5072/made-up-0"].datasets[0].inputs[0].name == "calibration"
        server.datasets[-1]["isPublished"] = False
        second, _kept, _token, _notes = _again(server, first, token)
    assert second["10.5072/made-up-0"].datasets[0].inputs[0].name is None


def test_a_token_of_another_form_has_everything_read_anew():
    server = many(3)
    with served(server):
        first, _kept, token, _notes = _again(server, {}, None)
        for odd in (
            "",
            "2024-05-01T00:00:00Z",
            "[]",
            '{"form": "0 v4", "marks": {}}',
            token.replace('"2 v4"', '"1 v4"'),
        ):
            assert _again(server, first, odd)[1] == 0


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "close", "open", "amend", "register", "withdraw", "add", "file"]), st.integers(0, 5)
    ),
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(_STEPS, _STEPS, st.sampled_from([set(), {"v3"}]))
def test_a_catalogue_told_in_part_is_the_catalogue_told_whole(first, second, hidden):
    server = many(6)
    server.hidden = hidden
    with served(server):
        records, _kept, token, _notes = _again(server, {}, None)
        for number, steps in enumerate((first, second)):
            for step, place in steps:
                _step(server, step, place, f"2024-0{number + 6}-01T00:00:00.000Z")
            records, _kept, token, _notes = _again(server, records, token)
        whole, _kept, _token, _notes = _again(server, records, None)
    assert records == whole


def _step(server: SciCat, step: str, place: int, moment: str) -> None:
    """What a catalogue's people do, with the traces that SciCat leaves of it."""
    one, part = server.published[place], server.datasets[place]
    match step:
        case "rename":
            one.update(title=f"Renamed at {moment}", updatedAt=moment)
        case "close" | "open":
            part["isPublished"] = step == "open"
        case "amend" | "register" | "withdraw":
            state = {"amend": "amended", "register": "registered", "withdraw": "private"}[step]
            one.update(status=state, updatedAt=moment)
        case "add":
            pid = f"new-{place}-{moment[:7]}"
            if all(each["pid"] != pid for each in server.datasets):
                server.datasets.append({**dataset(50 + place), "_id": pid, "pid": pid})
                one.update(datasetPids=[*one["datasetPids"], pid], updatedAt=moment)
        case "file":
            block = {**server.blocks[place], "_id": f"more-{place}-{moment}"}
            block["dataFileList"] = [{"path": f"{len(server.blocks)}.h5"}]
            server.blocks.append(block)
            part.update(numberOfFiles=part["numberOfFiles"] + 1, updatedAt=moment)
    if all(each["status"] != "registered" for each in server.published):
        server.published[0]["status"] = "registered"


@pytest.mark.parametrize("changed", [1, 3, 4, 9])
def test_what_changed_is_read_whole_one_by_one_or_by_its_page(changed):
    server = many(10)
    with served(server):
        first, _kept, token, _notes = _again(server, {}, None, page_size=10)
        for one in server.published[:changed]:
            one.update(title="Renamed", updatedAt="2024-08-01T00:00:00.000Z")
        server.questions.clear()
        second, kept, _token, _notes = _again(server, first, token, page_size=10)
    assert kept == 10 - changed and sum(one.title == "Renamed" for one in second.values()) == changed
    alone = [path for path, _query in server.questions if "publisheddata/10.5072" in path]
    assert len(alone) == (changed if changed <= 5 else 0)


def test_what_the_report_says_of_what_stands_is_said_again():
    server = many(4)
    server.published[0]["registeredTime"] = None
    server.datasets[1]["numberOfFiles"] = 5
    with served(server):
        first, _kept, token, notes = _again(server, {}, None)
        _second, kept, _token, again = _again(server, first, token)
    assert kept == 4 and notes == again and len(notes) == 2
