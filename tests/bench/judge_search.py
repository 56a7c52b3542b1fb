"""How often a question finds its record: success@1, success@3 and the mean of 1/place over a judged set, by engine.

    python tests/bench/judge_search.py SHARED [--only psi demo icat] [--browser] [--misses tuned]

Publishes PSI's records, the demo and ICAT's dump (`SHARED` is the folder with data/) and asks what tests/bench/judged
has, without conditions of its own. Which questions may be tuned on is settled before any of them is asked: those seen
before, and of the new ones every third, by the digest of its words. The others are held back: look at their sums only.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from panfair.builders.search.language.request import SearchRequest
from panfair.site.demo.facility import facility
from panfair.site.search.engine import SearchEngine
from support.records import TODAY
from support.site_run import SiteRun

_JUDGED = Path(__file__).resolve().parent / "judged"
_LOOKED_AT = 20
_SOURCES = {
    "psi": ("10.16907", 'kind = "dump"\npath = "{shared}/data/scicat/psi_publisheddata.json"'),
    "demo": ("10.5072", 'kind = "dump"\npath = "catalogue.yaml"'),
    "icat": ("00.0815", 'kind = "dump"\npath = "{shared}/data/icat/icatdump-6.2.yaml"\npublisher = "Made-up"'),
}


class Question(NamedTuple):
    half: str
    """`tuned` or `held`."""
    kind: str
    asked: str
    meant: tuple[str, ...]
    """The beginnings of DOIs in lower case; one of them must come."""


Ask = Callable[[list[str]], Iterable[list[str]]]
"""The DOIs that each of some questions finds, in their order and in lower case."""


def questions(name: str) -> list[Question]:
    """Those of one set."""
    found = []
    for line in (_JUDGED / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            known, kind, asked, meant = line.split("\t")
            third = sha256(asked.encode()).digest()[0] % 3 == 0
            beginnings = tuple(f"{_SOURCES[name][0]}/{one}".lower() for one in meant.split())
            found.append(Question("tuned" if known == "seen" or third else "held", kind, asked, beginnings))
    return found


def published(name: str, shared: Path, folder: Path, engine: str) -> SiteRun:
    """The site that a set is about."""
    source = _SOURCES[name][1].format(shared=shared.resolve())
    tables = f'[[source]]\nname = "{name}"\nlicence = "CC-BY-4.0"\n{source}\n\n[search]\nengine = "{engine}"\n'
    run = SiteRun(folder, site='extra_doi_prefixes = ["00.0815"]', tables=tables, processes=1)
    if name == "demo":
        (folder / "catalogue.yaml").write_text(json.dumps(facility(TODAY, 46)), encoding="utf-8")
    run.publish()
    return run


@contextmanager
def by_server(run: SiteRun) -> Iterator[Ask]:
    engine = SearchEngine({"publications": run.output / "search/publications"})
    yield lambda asked: (
        [hit.doi.lower() for hit in engine.search(SearchRequest(query=one, limit=_LOOKED_AT)).results] for one in asked
    )
    engine.close()


@contextmanager
def by_browser(run: SiteRun) -> Iterator[Ask]:
    from panfair.builders.assets import addresses
    from support.chromium import started
    from support.search.site import plain_host

    with plain_host(run.output / "www") as host, started() as browser:
        page = browser.new_page()
        page.goto(f"{host}/404.html")
        page.evaluate(
            """async (name) => {
              const { openSearch } = await import(name);
              window.search = await openSearch(new URL("/search/data/", location.href));
            }""",
            addresses()["search/engine/engine.js"],
        )
        yield lambda asked: page.evaluate(
            """async (all) => {
              const found = [];
              for (const one of all)
                found.push((await search.search(new URLSearchParams(one))).results.map((hit) => hit.doi.toLowerCase()));
              return found;
            }""",
            [urlencode({"q": one, "limit": _LOOKED_AT}) for one in asked],
        )


def judge(name: str, engine: str, ask: Ask, misses: str, sums: dict[tuple[str, ...], list[int]]) -> None:
    """Asks all questions of a set and puts down at which place each record came, 0 for none."""
    asked = questions(name)
    for question, found in zip(asked, ask([one.asked for one in asked]), strict=True):
        place = next((at for at, doi in enumerate(found, 1) if doi.startswith(question.meant)), 0)
        for key in (("kind", question.kind), ("set", name), ("all", "")):
            sums[engine, question.half, *key].append(place)
        if question.half == misses and not 0 < place <= 3:
            print(f"{engine:8} {place or '-':>3}  {question.asked}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--only", nargs="*", choices=_SOURCES, default=list(_SOURCES))
    parser.add_argument("--browser", action="store_true", help="ask the static search too")
    parser.add_argument("--misses", choices=["tuned"], default="", help="names the questions that failed")
    options = parser.parse_args()
    sums: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for name in options.only:
        for engine in ("whoosh", "tantivy"):
            with tempfile.TemporaryDirectory() as folder:
                run = published(name, options.shared, Path(folder), engine)
                with by_server(run) as ask:
                    judge(name, engine, ask, options.misses, sums)
                if options.browser and engine == "whoosh":
                    with by_browser(run) as ask:
                        judge(name, "browser", ask, options.misses, sums)
    for key, places in sorted(sums.items()):
        first, three = (sum(0 < place <= most for place in places) / len(places) for most in (1, 3))
        rank = sum(1 / place for place in places if place) / len(places)
        words = f"{key[0]:8} {key[1]:6} {key[2]:5} {key[3]:10} {len(places):4} questions"
        print(f"{words}   @1 {first:.2f}   @3 {three:.2f}   MRR {rank:.2f}")


if __name__ == "__main__":
    main()
