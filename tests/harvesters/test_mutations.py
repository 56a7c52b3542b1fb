"""Hostile documents of four kinds of source, 300 of each: one costs itself and nothing else, and never the source."""

import json
import random
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from panfair.harvesters import Context, Harvested, dump, icat, icatplus, records
from panfair.ontologies.record import Publication, canonical
from support.servers.icat import IcatWorld
from support.servers.odd_values import ODD, put_an_odd_value
from support.site_run import numbered

MANY = 300


def _but(found: list[Harvested], victim: str) -> list[Publication]:
    return [one for one in found if isinstance(one, Publication) and one.doi.key != victim]


def _context(root: Path) -> Context:
    return Context(root=root, contact="data@example.org", extra_doi_prefixes=("00.0815",))


def _without_a_network(monkeypatch, harvester: str, answer: Callable[[str, str, dict[str, str]], object]) -> None:
    """Lets a harvester ask a function and no server; the function gives what is answered as JSON."""

    @contextmanager
    def sender(*_args, **_more):
        yield lambda method, path, query, _sent: (200, json.dumps(answer(method, path, query)).encode())

    monkeypatch.setattr(f"panfair.harvesters.{harvester}.open_sender", sender)


def test_an_odd_line_of_records_costs_itself_at_most(tmp_path):
    lines = [orjson.loads(canonical(numbered(number))) for number in range(4)]
    options = records.Options(name="made-up", kind="records", path="a.jsonl")

    def harvested(documents: list) -> list[Publication]:
        (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, documents)))
        return _but(list(records.harvest(options, _context(tmp_path))), numbered(2).doi.key)

    whole = harvested(lines)
    assert len(whole) == 3
    for seed in range(MANY):
        chance, documents = random.Random(seed), json.loads(json.dumps(lines))
        for _change in range(chance.randint(1, 3)):
            put_an_odd_value(chance, documents[2], frozenset({"doi"}))
        assert harvested(documents) == whole, seed


def _session(number: int) -> dict:
    return {
        "id": number, "name": f"HG-{number}", "title": f"Session {number}", "visitId": "1", "summary": "Foam.",
        "startDate": "2020-02-01T08:00:00.000Z", "endDate": "2020-02-03T08:00:00.000Z",
        "releaseDate": "2023-02-01T00:00:00.000Z", "doi": f"10.15151/ESRF-ES-{number}",
        "instrument": {"id": 13, "name": "ID13"}, "parameters": {"__fileCount": "7", "__volume": "77"},
        "investigationUsers": [{"role": "Participant", "user": {"name": "x", "fullName": f"Xu Example{number}"}}],
    }  # fmt: skip


def _dataset(number: int) -> dict:
    return {
        "id": 10 * number, "name": f"scan{number}", "type": "raw", "startDate": "2020-02-01T09:00:00.000Z",
        "location": f"/data/hg{number}/scan", "sampleName": "foam", "sampleId": number,
        "parameters": [{"name": "InstrumentMonochromator_energy", "value": "12.4", "units": "keV"}],
        "investigation": {"id": number, "name": f"HG-{number}"}, "techniques": [{"name": "SAXS", "pid": "PaNET01188"}],
    }  # fmt: skip


def test_an_odd_document_of_icat_plus_costs_its_session_at_most(monkeypatch):
    sessions, datasets = [_session(n) for n in range(1, 5)], {n: _dataset(n) for n in range(1, 5)}
    stands = json.dumps([sessions, list(datasets.values())])

    def answer(method: str, path: str, query: dict[str, str]) -> object:
        if (method, path) == ("POST", "session"):
            return {"sessionId": "one"}
        if path.endswith("/investigation"):
            return sessions[int(query["skip"]) :] if query.get("filter") == "released" else []
        if "dataset" in path and "datafile" not in path:
            number = int(str(query.get("investigationId") or query.get("investigationIds") or "0").split(",")[0] or 0)
            return [datasets[number]] if number in datasets and query.get("skip", "0") == "0" else []
        return []

    _without_a_network(monkeypatch, "icatplus", answer)
    options = icatplus.Options(
        name="plus", kind="icatplus", url="https://x", publisher="Example", collections=False, files=False, page_size=50
    )
    victim = "10.15151/esrf-es-2"

    def harvested() -> list[Publication]:
        return _but(list(icatplus.harvest(options, _context(Path("/")))), victim)

    whole = harvested()
    assert len(whole) == 3 and all(one.datasets for one in whole)
    for seed in range(MANY):
        chance = random.Random(seed)
        sessions[:], (*rows,) = json.loads(stands)
        datasets = dict(enumerate(rows, 1))
        for _change in range(chance.randint(1, 3)):
            put_an_odd_value(chance, chance.choice([sessions[1], datasets[2]]), frozenset({"id", "doi"}))
        if chance.random() < 0.1:
            datasets[2] = chance.choice(ODD)
        assert harvested() == whole, seed


def test_an_odd_row_of_icat_costs_the_records_that_it_is_in(monkeypatch, shared):
    world = IcatWorld(shared / "data/icat/icatdump-6.2.yaml", max_entities=10_000)
    options = icat.Options(name="esnf", kind="icat", url="https://x/icat", page_size=1000)

    def answer(method: str, path: str, query: dict[str, str]) -> object:
        if path == "properties":
            return world.properties | {"maxEntities": world.max_entities}
        return world.answer(query["query"])[1] if path == "entityManager" else {"sessionId": "one"}

    _without_a_network(monkeypatch, "icat", answer)

    def harvested() -> dict[str, Publication]:
        found = icat.harvest(options, _context(Path("/")))
        return {one.doi.key: one for one in found if isinstance(one, Publication)}

    whole = harvested()
    assert len(whole) == 4
    catalogue = world.catalogue
    entities = ("Investigation", "Dataset", "DatasetParameter", "Keyword", "User", "Sample")
    rows = [(entity, row) for entity in entities for row in catalogue.rows(entity)]
    told = {  # what a row says, but for its numbers and its DOI
        (entity, row["id"]): {
            name: row[name]
            for name, field in catalogue.schema.entities[entity].items()
            if field.relation == "ATTRIBUTE" and name not in ("id", "doi")
        }
        for entity, row in rows
    }
    concerned: dict[tuple[str, int], set[str]] = {}
    for place in list(told)[:: max(1, len(told) // 40)]:
        values = {name: value for name, value in told[place].items() if value is not None and name != "pid"}
        others = {name: "another" if isinstance(value, str) else value + 1 for name, value in values.items()}
        catalogue.change(*place, **others)
        other = harvested()
        concerned[place] = {key for key in whole if other.get(key) != whole[key]}
        catalogue.change(*place, **told[place])
    for seed in range(MANY):
        chance = random.Random(seed)
        place = chance.choice(list(concerned))
        name, value = chance.choice(list(told[place])), chance.choice(ODD)
        catalogue.change(*place, **{name: value})
        found = harvested()
        assert {key for key in whole if found.get(key) != whole[key]} <= concerned[place], (seed, place, name, value)
        catalogue.change(*place, **told[place])


_PORT = """\
1.0

Facility(name:0,fullName:1)
"EPS","Example Source"

Investigation(doi:0,facility(name:1),name:2,releaseDate:3,title:4,summary:5,type(facility(name:1),name:6),visitId:7)
{investigations}

User(name:0,fullName:1,givenName:2,familyName:3)
{users}

InvestigationUser(investigation(facility(name:0),name:1,visitId:2),role:3,user(name:4))
{members}

Dataset(complete:0,investigation(facility(name:1),name:2,visitId:3),name:4,startDate:5)
{datasets}
"""
_CELLS = ["NULL", "NA", "true", "false", "0", "-1", "1e999", "9" * 400, '""', '" "', '"\\\\"', '"\\t"', '"<b>"',
          "2024-13-45T00:00:00.000Z", "99999-01-01T00:00:00.000Z", '"https://["', f'"{"x" * 100_000}"']  # fmt: skip


def _port(number: int) -> dict[str, list[str]]:
    return {
        "investigations": [f'"10.5072/p-{number}"', '"EPS"', f'"EX-{number}"', "2024-05-01T00:00:00.000Z", '"Foam"',
                           '"Of foam"', '"Experiment"', '"1"'],
        "users": [f'"db/{number}"', f'"Testa Madeup{number}"', '"Testa"', f'"Madeup{number}"'],
        "members": ['"EPS"', f'"EX-{number}"', '"1"', '"Principal Investigator"', f'"db/{number}"'],
        "datasets": ["true", '"EPS"', f'"EX-{number}"', '"1"', '"scan_1"', "2024-01-01T00:00:00.000Z"],
    }  # fmt: skip


def test_an_odd_value_in_icats_exchange_file_costs_its_session_at_most(tmp_path):
    options = dump.Options(name="made-up", kind="dump", path="a.port", publisher="Example Source")

    def harvested(rows: list[dict[str, list[str]]]) -> list[Publication]:
        tables = {name: "\n".join(",".join(row[name]) for row in rows) for name in rows[0]}
        (tmp_path / "a.port").write_text(_PORT.format(**tables))
        return _but(list(dump.harvest(options, _context(tmp_path))), "10.5072/p-2")

    whole = harvested([_port(number) for number in range(4)])
    assert len(whole) == 3 and all(one.creators and one.datasets for one in whole)
    for seed in range(MANY):
        chance, rows = random.Random(seed), [_port(number) for number in range(4)]
        for _change in range(chance.randint(1, 3)):
            cells = rows[2][chance.choice(list(rows[2]))]
            cells[chance.randrange(len(cells))] = chance.choice(_CELLS)
        rest = [one for one in harvested(rows) if one.doi.key in {other.doi.key for other in whole}]
        assert rest == whole, seed


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_a_document_is_changed_by_each_odd_value(value):
    document = {"a": [1]}
    chance = random.Random(0)
    chance.choice = lambda choices: value if choices is ODD else choices[0]
    put_an_odd_value(chance, document)
    assert repr(document) != repr({"a": [1]})
