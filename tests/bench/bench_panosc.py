"""Measures the PaNOSC store and its filters: building, size, p50 and p95 of each kind of question. Asserts nothing.

Usage: python tests/bench/bench_panosc.py [documents] [datasets a document] [parameters a dataset]
"""

import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from panfair.builders.panosc.entry import in_si, meant_unit
from panfair.builders.panosc.store import PanoscWriter
from panfair.ontologies import panet
from panfair.ontologies.quantities import quantity_named
from panfair.site.panosc.filter import filter_of
from panfair.site.panosc.find import count, find
from panfair.site.panosc.models import DATASET, DOCUMENT
from panfair.site.panosc.store import PanoscStore, TooMuch
from support.panosc_cases import NAMES, PANET

ROUNDS = 25
WORDS = (
    "foam",
    "silica",
    "copper",
    "zeolite",
    "drainage",
    "tomogram",
    "of",
    "the",
    "under",
    "load",
    "fast",
    "hot",
    "sample",
)


def _entry(number: int, datasets: int, parameters: int, random: Random, names: list[str], terms: list[Any]) -> bytes:
    def text(words: int) -> str:
        return " ".join(random.choice(WORDS) for _ in range(words)) + f" {number}"

    def parameter(name: str) -> list[Any]:
        unit = {"energy": "keV", "photon_energy": "eV", "wavelength": "Å", "temperature": "K"}.get(name)
        value = (
            random.choice([round(random.uniform(0, 40000), 3), random.choice(WORDS)])
            if unit is None
            else (round(random.uniform(1, 400), 3))
        )
        meant, quantity = meant_unit(name, unit), quantity_named(name)
        si = in_si(value, meant) if meant else None
        return [name, unit, meant.kind if meant else None, quantity.key if quantity else None, value, si]

    day = f"20{random.randrange(10, 26)}-0{random.randrange(1, 10)}-11T00:00:00.000Z"
    return orjson.dumps({
        "pid": f"10.99999/B-{number}", "type": "proposal", "title": text(8), "summary": text(120),
        "start": day, "end": day,
        "release": day, "licence": "CC-BY-4.0", "keywords": random.sample(WORDS, 4), "parameters": [],
        "members": [["principal investigator", f"p{number}", f"Person {number % 997}", None, None, None,
                     [["Place", None]]]],
        "datasets": [
            {
                "pid": f"10.99999/B-{number}#{place}", "found_as": f"10.99999/b-{number}#{place}", "title": text(3),
                "created": day, "size": random.randrange(10**10),
                "instrument": [f"i{number % 40}", f"ID{number % 40}", "EPS"],
                "techniques": [[(term := random.choice(terms)).iri, term.label, term.iri]],
                "samples": [[f"s{number % 3000}", f"sample {number % 3000}", None]],
                "parameters": [parameter(name) for name in names[:parameters]],
                "files": [[f"scan_{place}_{one}.h5", f"raw/scan_{place}_{one}.h5", 10**9] for one in range(8)],
            }
            for place in range(datasets)
        ],
    })  # fmt: skip


def _having(relation: str, **scope: Any) -> dict[str, Any]:
    return {"include": [{"relation": relation, "scope": scope}]}


QUESTIONS: dict[str, tuple[Any, dict[str, Any]]] = {
    "page of documents": (DOCUMENT, {"limit": 50}),
    "deep page": (DOCUMENT, {"limit": 50, "skip": 9000}),
    "title like": (DOCUMENT, {"where": {"title": {"like": "zeolite copper"}}, "limit": 50}),
    "text in summary": (DOCUMENT, {"where": {"text": "Zeolite Silica Hot"}, "limit": 50}),
    "text, nothing found": (DOCUMENT, {"where": {"text": "nowhere"}}),
    "regexp": (DATASET, {"where": {"title": {"regexp": "(foam|hot)+ .*9$"}}, "limit": 50}),
    "energy in eV": (DATASET, {**_having("parameters", where={"name": "energy", "value": {"between": [9e3, 9.5e3]},
                     "unit": "eV"}), "limit": 50}),
    "documents by their datasets' wavelength": (DOCUMENT, {**_having("datasets", **_having("parameters", where={
        "name": "wavelength", "value": {"lt": 10}, "unit": "nm"})), "limit": 50}),
    "value without a name": (DATASET, {**_having("parameters", where={"value": {"gt": 39999}}), "limit": 50}),
    "technique with narrower": (DOCUMENT, {**_having("datasets", **_having("techniques", where={
        "name": "small angle scattering"})), "limit": 50}),
    "not a technique": (DATASET, {**_having("techniques", where={"name": {"neq": "x-ray probe"}}), "limit": 50}),
    "two parameters and a sample": (DATASET, {"include": [
        *_having("parameters", where={"name": "temperature", "value": {"lt": 100}, "unit": "K"})["include"],
        *_having("parameters", where={"name": "energy", "value": {"gt": 200}, "unit": "keV"})["include"],
        *_having("samples", where={"name": {"like": "sample 77"}})["include"]], "limit": 50}),
    "file by text": (DATASET, {**_having("files", where={"text": "scan_3_7"}), "limit": 50}),
    "person": (DOCUMENT, {**_having("members", **_having("person", where={"fullName": "Person 5"})), "limit": 50}),
    "everything of 50 datasets": (DATASET, {"include": ["parameters", "files", "techniques", "samples", "documents"],
                                  "limit": 50}),
}  # fmt: skip


def main(documents: int = 10_000, datasets: int = 10, parameters: int = 40) -> None:
    random, terms = Random(7), [term for term in panet.load().techniques if term.iri.startswith(PANET)]
    names = [*NAMES, *(f"parameter_{number}" for number in range(parameters))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panosc.sqlite"
        begun = perf_counter()
        with PanoscWriter(path) as writer:
            for number in range(documents):
                writer.put(f"10.99999/b-{number:06d}", _entry(number, datasets, parameters, random, names, terms))
        took = perf_counter() - begun
        print(f"{documents} documents, {datasets} datasets each, {parameters} parameters each: {took:.1f} s, "
              f"{path.stat().st_size / 1e6:.0f} MB")  # fmt: skip
        begun = perf_counter()
        with PanoscWriter(path) as writer:
            writer.put("10.99999/b-000005", _entry(5, datasets, parameters, random, names, terms))
        print(f"one document changed: {perf_counter() - begun:.2f} s")
        store = PanoscStore(path)
        for name, (model, asked) in QUESTIONS.items():
            times, found, number = [], 0, ""
            for _ in range(ROUNDS):
                begun = perf_counter()
                try:
                    with store.reading() as db:
                        found = len(orjson.dumps(find(db, model, filter_of(asked, model))))
                except TooMuch as error:
                    number = f"refused: {error}"[:60]
                times.append((perf_counter() - begun) * 1000)
            if not number:
                with store.reading() as db:
                    number = str(count(db, model, filter_of(asked, model)))
            times.sort()
            p95 = times[int(len(times) * 0.95) - 1]
            print(f"{name:42} p50 {median(times):7.1f} ms  p95 {p95:7.1f} ms  {found / 1000:7.1f} kB  of {number}")
        store.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
