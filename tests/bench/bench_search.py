"""Times the search: builds an index of N made-up documents with one of the engines and asks twelve kinds of queries.

    python tests/bench/bench_search.py [--engine whoosh|tantivy] [--count 10000] [--repeat 15] [--check] [--folder DIR]

Prints documents a second, the index's size, the time of opening it, of taking in one changed document and of leaving no
word of one that closed, and for each kind of query the median and the 95th percentile in milliseconds of the processor,
both the first time that an open index is asked it and again: of whole answers, with twenty results, highlights, the
counts of all facets and histograms.
`--check` also compares every answer's total with the oracle's, which reads all documents.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from panfair.builders.search.language.request import SearchRequest, read_request
from panfair.site.run.indexes import index_writer
from panfair.site.search.engine import SearchEngine
from support.search.cases import Oracle, a_document

_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "xe", "zu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=("whoosh", "tantivy"), default="whoosh")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--folder", type=Path, help="an index from an earlier call, to be asked again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / options.engine
        if not (folder / "FORMAT").exists():
            _build(options.engine, folder, options.count)
        _change_one(options.engine, folder)
        _close_one(options.engine, folder)
        _query(folder, options.count, options.repeat, options.check)
    print(f"peak memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _document(number: int) -> dict:
    """A made-up document with words of a vocabulary that is spread as in real texts (Zipf)."""
    random = Random(number)
    found = a_document(number, random)
    rare = " ".join(_word(min(int(random.paretovariate(0.7)), 200_000)) for _ in range(120))
    found["abstract"] = f"{found['abstract']} {rare}"
    found["text"]["abstract"] = found["abstract"]
    return found


def _word(number: int) -> str:
    """The n-th word of a language that nobody speaks."""
    word = ""
    while True:
        word += _SYLLABLES[number % 16]
        number //= 16
        if not number:
            return word + "n"


def _build(engine: str, folder: Path, count: int) -> None:
    begun = time.perf_counter()
    with index_writer(engine, folder) as writer:
        for number in range(count):
            writer.put(_document(number))
    took = time.perf_counter() - begun
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"build          {count} documents, {took:.1f} s, {count / took:.0f}/s, {size / 1e6:.1f} MB")


def _change_one(engine: str, folder: Path) -> None:
    begun = time.perf_counter()
    with index_writer(engine, folder) as writer:
        writer.put({**_document(5), "title": "Changed foam"})
    print(f"one change     {time.perf_counter() - begun:.3f} s")


def _close_one(engine: str, folder: Path) -> None:
    """Takes one document out, so that no file keeps a word of it, and in again."""
    begun = time.perf_counter()
    with index_writer(engine, folder) as writer:
        writer.remove(str(_document(6)["owner"]))
        writer.put(_document(6))
    print(f"one closed     {time.perf_counter() - begun:.1f} s")


def _kinds(random: Random) -> dict[str, list[SearchRequest]]:
    """Searches by kind."""
    some = [_word(random.randint(300, 3000)) for _ in range(12)]
    often = [_word(number) for number in range(1, 7)] + ["foam", "silica", "tomography"]
    texts = {
        "rare word": some,
        "common word": often,
        "two words": [f"{one} {other}" for one, other in zip(often, reversed(often), strict=True) if one != other],
        "or, not": [f"{one} OR {other} -{some[0]}" for one, other in zip(some, often, strict=False)],
        "phrase": ['"in situ"', '"x-ray tomography"', '"silica foam"', '"the neutron"', f'"{often[0]} {often[1]}"'],
        "field": [f"title:{word}" for word in ("foam", "silica", "zeolite")]
        + ["author:madeup", "technique:tomography"],
        "beginning": ["tom*", "scat*", "ban*", "magn*"],
        "doi": [f"10.{1000 + number % 3}/example-{number}" for number in (3, 77, 500)],
        "everything": [""],
    }
    kinds = {kind: [SearchRequest(text) for text in found] for kind, found in texts.items()}
    kinds["ranges"] = [
        read_request([("q", word), ("energy", "8..12.4keV"), ("date", "2017..2021")]) for word in (*often, "")
    ]
    kinds["three facets"] = [
        read_request([("q", word), ("technique", "diffraction"), ("instrument", "EX02"), ("year", "2018")])
        for word in (*often, "")
    ]
    kinds["sort by date"] = [read_request([("q", word), ("sort", "newest")]) for word in often]
    return kinds


def _query(folder: Path, count: int, repeat: int, check: bool) -> None:
    begun = time.perf_counter()
    engine = SearchEngine({"publications": folder})
    engine.count()
    print(f"open           {(time.perf_counter() - begun) * 1000:.0f} ms")
    begun = time.process_time()
    engine.wait_until_warm()
    print(f"read ahead     {(time.process_time() - begun) * 1000:.0f} ms")
    engine.close()
    oracle = None
    if check:
        documents = [_document(number) for number in range(count)]
        documents[5] = {**documents[5], "title": "Changed foam"}
        oracle = Oracle(documents)
    print(f"{'kind':18}{'found':>9}{'first p50':>11}{'p95':>8}{'again p50':>11}{'p95':>8}  ms")
    for kind, queries in _kinds(Random(1)).items():
        first, again, found = [], [], []
        for query in queries:
            fresh = SearchEngine({"publications": folder})
            fresh.search(SearchRequest(""))  # opened, and what is made of the columns once for a state is made
            fresh.wait_until_warm()
            first.append(_timed(fresh, query))
            again += [_timed(fresh, query) for _ in range(repeat)]
            answer = fresh.search(query)
            found.append(answer.total)
            if oracle is not None:
                expected = oracle.found(query)
                assert answer.total == len(expected), (query, answer.total, len(expected))
            fresh.close()
        middle = statistics.median
        print(
            f"{kind:18}{round(middle(found)):9}{middle(first):11.1f}{_late(first):8.1f}"
            f"{middle(again):11.1f}{_late(again):8.1f}"
        )


def _timed(engine: SearchEngine, query: SearchRequest) -> float:
    """Milliseconds of the processor: what else the machine does, does not count."""
    begun = time.process_time()
    engine.search(query)
    return (time.process_time() - begun) * 1000


def _late(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


if __name__ == "__main__":
    main()
