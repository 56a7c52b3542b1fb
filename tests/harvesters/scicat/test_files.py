"""The lists of files: whole where SciCat has them whole, held against their number, and said where they are not."""

import json

import pytest

from panfair.harvesters import Context, Refused
from support.scicat import block, dataset, harvested, many, publications, published
from support.servers.scicat import SciCat, served


def _with_blocks(count: int, **changes) -> SciCat:
    """One dataset with so many lists of one file."""
    blocks = [
        block(0, _id=f"block-{n:04}", dataFileList=[{"path": f"f{n}.h5", "size": 1}], **changes) for n in range(count)
    ]
    return SciCat([published(0)], [dataset(0, numberOfFiles=count)], blocks)


@pytest.mark.parametrize("hidden", [set(), {"v4"}, {"v3"}])
@pytest.mark.parametrize("count", [1, 11, 105, 1001])
def test_all_files_come_by_whichever_version_there_is(hidden, count):
    server = _with_blocks(count, isPublished=True)
    server.hidden = hidden
    with served(server):
        found, notes, error = harvested(server)
    (one,) = publications(found)
    assert error is None and not [note for note in notes if "not whole" in note]
    assert {file.name for file in one.datasets[0].files} == {f"f{n}.h5" for n in range(count)}


def test_lists_that_v4_keeps_back_come_from_v3_and_are_missed_without_it():
    server = _with_blocks(3)  # as the usual way of ingestion leaves them
    with served(server):
        found, notes, _error = harvested(server)
        assert len(publications(found)[0].datasets[0].files) == 3 and notes == []
        server.hidden = {"v3"}
        found, notes, error = harvested(server)
    dataset_of = publications(found)[0].datasets[0]
    assert error is None and dataset_of.files == () and dataset_of.file_count == 3
    (note,) = notes
    assert "1 datasets are not whole: SciCat shows 0 of their 3 files (20.500.0/ds-0 0 of 3)" in note


def test_what_is_missing_is_still_known_after_a_break():
    server = many(8)
    for one in server.datasets:
        one["numberOfFiles"] = 2
    server.fault = lambda path, number: (502, {}, b"") if len(server.asked) > 8 else None
    with served(server):
        found, notes, error = harvested(server)
        token = found[-1].token
        server.fault = lambda path, number: None
        _found, notes, error = harvested(server, context={"resume": token})
    assert error is None and any("8 datasets are not whole: SciCat shows 8 of their 16" in note for note in notes)


def _over(server: SciCat, pid: str, route: str):
    """A server that fails over every question that names this dataset."""

    def fault(path: str, number: int):
        query = server.questions[-1][1].get("filter", "")
        return (500, {}, b"Internal server error") if pid in query and route in query + path else None

    return fault


def test_a_dataset_that_scicat_fails_over_costs_that_dataset():
    server = many(6)
    server.fault = _over(server, "20.500.0/ds-2", "")
    with served(server):
        found, notes, error = harvested(server)
    described = [one.datasets[0].described for one in publications(found)]
    assert error is None and described == [True, True, False, True, True, True]
    assert any("20.500.0/ds-2" in note and "status 500" in note for note in notes)


@pytest.mark.parametrize("status", [403, 404])
def test_a_list_of_files_that_is_refused_costs_those_of_that_dataset(status):
    server = many(6)
    over = _over(server, "20.500.0/ds-2", "origdatablocks")

    def fault(path: str, number: int):
        return (status, {}, b"{}") if path.endswith("ds-2/origdatablocks") else over(path, number)

    server.fault = fault
    with served(server):
        found, notes, error = harvested(server)
    assert error is None and [len(one.datasets[0].files) for one in publications(found)] == [1, 1, 0, 1, 1, 1]
    assert any("20.500.0/ds-2: SciCat does not show its files" in note for note in notes)


def test_a_scicat_that_fails_over_every_dataset_stops_the_source():
    server = many(30)
    server.fault = lambda path, number: (500, {}, b"") if path.endswith(("/datasets", "/public")) else None
    with served(server):
        _found, _notes, error = harvested(server, page_size=30)
    assert error is not None and "status 500" in str(error)
    assert len(server.asked) < 60  # each with and without what is to be included


def test_a_pid_too_long_for_an_address_refuses_its_publication_and_no_other():
    server = many(3)
    server.published[1]["datasetPids"] = ["20.500.0/" + "x" * 100_000]
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None and len(publications(found)) == 2
    assert [item.key for item in found if isinstance(item, Refused)] == ["10.5072/made-up-1"]


def test_many_long_pids_are_asked_for_in_addresses_that_servers_take():
    pids = [f"20.500.0/{'y' * 300}-{number}" for number in range(30)]
    server = SciCat([published(0, pidArray=pids)], [dataset(0, pid=pid) for pid in pids])
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None and all(one.described for one in publications(found)[0].datasets)
    assert max(len(json.dumps(query)) for _path, query in server.questions) < 5000


def test_a_context_without_a_run_knows_nothing(tmp_path):
    assert list(Context(root=tmp_path, contact="data@example.org").known()) == []
