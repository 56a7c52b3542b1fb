"""Tests of croissant.json: mlcroissant reads it without a remark, and only where enough is known is there one."""

import json

import mlcroissant
import pytest
from hypothesis import given, settings

from panfair.builders.formats.croissant import applies
from panfair.builders.metadata.crosswalk import describe
from panfair.ontologies.embargo import Released
from panfair.ontologies.record import Agent, Parameter
from support.format_cases import PORTAL, real_releases, releases, rendered
from support.judges.croissant import check_croissant
from support.records import a_dataset, a_publication, released


def check(one: Released, tmp_path, caplog) -> None:
    path = tmp_path / "croissant.json"
    path.write_bytes(rendered(one, "croissant.json"))
    check_croissant(path, caplog)


def test_a_complete_record_is_read_without_a_remark(tmp_path, caplog):
    scans = tuple(
        a_dataset(id=f"ds-{n}", name=f"scan {n}", parameters=(Parameter(name="energy", value=20 + n, unit="keV"),))
        for n in range(3)
    )
    one = released(a_publication(datasets=scans, version="1.0.0"))
    check(one, tmp_path, caplog)
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    assert not dataset.metadata.ctx.issues.warnings
    assert [row["datasets/energy"] for row in dataset.records("datasets")] == [20.0, 21.0, 22.0]


def test_raw_and_processed_datasets_that_share_nothing_are_a_table_each(tmp_path, caplog):
    scans = tuple(
        a_dataset(id=f"ds-{n}", name=f"scan {n}", kind=kind, parameters=(Parameter(name=name, value=n),))
        for n, (kind, name) in enumerate([("raw", "energy"), ("processed", "resolution"), ("raw", "energy")])
    )
    check(released(a_publication(datasets=scans)), tmp_path, caplog)
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    assert [row["raw-datasets/energy"] for row in dataset.records("raw-datasets")] == [0.0, 2.0]
    assert [row["processed-datasets/resolution"] for row in dataset.records("processed-datasets")] == [1.0]


def test_odd_values_and_names_are_read_too(tmp_path, caplog):
    odd = a_dataset(
        name='</script> "q" ]]> 日本語',
        parameters=(
            Parameter(name="a/b {c}", value="x\\y"),
            Parameter(name="list", value=(1.0, 2.0)),
            Parameter(name="on", value=True),
            Parameter(name="huge", value=10**40),
        ),
    )
    people = (Agent(name="nobody_k", kind="account"), Agent(name="Some Group", kind="organisation"))
    one = released(a_publication(datasets=(odd,), title='{"@id": "x"} & <b>', creators=people))
    check(one, tmp_path, caplog)
    fields = json.loads(rendered(one, "croissant.json"))["recordSet"][0]["field"]
    assert [field["@id"] for field in fields][2:] == ["datasets/a-b-c", "datasets/on", "datasets/huge"]
    # No double holds it, so the record keeps it as text.
    assert fields[-1]["dataType"] == "sc:Text"


def tables(one: Released) -> list[dict]:
    return json.loads(rendered(one, "croissant.json"))["recordSet"]


def test_a_table_has_every_dataset_and_every_value_that_they_share(tmp_path, caplog):
    parts = tuple(
        a_dataset(id=f"d{n}", name=f"n{n}", parameters=tuple(Parameter(name=f"p{k}", value=k + 0.5) for k in range(90)))
        for n in range(20)
    )
    one = released(a_publication(datasets=parts))
    (table,) = tables(one)
    assert len(table["data"]) == 20 and len(table["field"]) == 2 + 90
    assert table["description"] == "What is known of each dataset: the values that all of them share."
    check(one, tmp_path, caplog)


def test_a_table_that_ends_before_its_datasets_and_values_do_says_so():
    parts = tuple(
        a_dataset(id=f"d{n}", name=f"n{n}", parameters=tuple(Parameter(name=f"p{k}", value=k) for k in range(101)))
        for n in range(501)
    )
    (table,) = tables(released(a_publication(datasets=parts)))
    assert len(table["data"]) == 500 and len(table["field"]) == 2 + 100
    assert table["description"] == (
        "What is known of the first 500 of 501 datasets: the first 100 of 101 values that all of them share."
    )


def test_a_flux_beyond_64_bits_is_a_number(tmp_path, caplog):
    one = released(a_publication(datasets=(a_dataset(parameters=(Parameter(name="flux", value=1e20),)),)))
    assert tables(one)[0]["data"][0]["datasets/flux"] == 1e20
    check(one, tmp_path, caplog)


@pytest.mark.parametrize(
    "changes",
    [
        {"rights": ()},
        {"datasets": ()},
        {"datasets": (a_dataset(parameters=()),)},
        {"datasets": (a_dataset(files=()),)},
    ],
)
def test_there_is_none_where_too_little_is_known(changes):
    assert not applies(describe(released(a_publication(**changes)), PORTAL))


@given(releases)
@settings(max_examples=60, deadline=None)
def test_whatever_the_record_a_document_is_whole_or_absent(one):
    if applies(describe(one, PORTAL)):
        told = json.loads(rendered(one, "croissant.json"))
        assert told["recordSet"]
        for table in told["recordSet"]:
            ids = [field["@id"] for field in table["field"]]
            assert len(set(ids)) == len(ids) and all(set(row) == set(ids) for row in table["data"])
        assert all({"sha256", "md5"} & set(file) for file in told["distribution"])


def test_real_records_have_one_only_if_it_is_read_without_a_remark(shared, tmp_path, caplog):
    for one in real_releases(shared):
        if applies(describe(one, PORTAL)):
            check(one, tmp_path, caplog)
