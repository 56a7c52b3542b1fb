"""Times the search in the browser: builds the static files of N made-up documents, then asks them in Chromium.

    python tests/bench/bench_static_search.py [--count 100000] [--folder DIR]

Prints the time of analysing and of writing, the number and the size of the files and the peak memory; then what opening
moves, what the first answer with all facets moves, and for each kind of query: how many it finds, the bytes and files
it moves when facets are loaded, and the milliseconds, first and again. `--folder` keeps the files for another call.
"""

import argparse
import functools
import http.server
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_search import _document, _word
from playwright.sync_api import Page, sync_playwright

from panfair.builders.assets import addresses, static_files
from panfair.builders.search.documents.document import Documents
from panfair.builders.search.static.files import Scope, search_files
from panfair.builders.search.static.language import search_language
from panfair.site.run.static_search.entries import SearchEntries, packed_entries
from support.records import PORTAL

QUERIES = {
    "everything": "",
    "rare word": f"q={_word(900)}",
    "common word": "q=zeolite",
    "very common": "q=foam",
    "two words": "q=silica+drainage",
    "compound": "q=x-ray",
    "compound, word": "q=x-ray+tomography",
    "phrase": "q=%22silica+foam%22",
    "author": "q=author:beispiel",
    "word, range": f"q={_word(40)}&energy=10..14keV",
    "word, 3 facets": f"q={_word(12)}&technique=diffraction&instrument=EX02&year=2018&year=2019",
    "beginning": "q=magn*",
    "DOI": "q=10.1000/example-300",
    "newest": "q=neutron&sort=newest",
    "largest": "q=neutron&sort=largest",
    "misspelt": "q=tomografy",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="keeps the files here, and takes those of an earlier call")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "www").exists():
            _build(folder, options.count)
        files = list((folder / "www/search/data").rglob("*.bin"))
        sizes: dict[str, list[int]] = {}
        for path in files:
            sizes.setdefault(path.stem.split("-")[0], []).append(path.stat().st_size)
        print(f"files          {len(files)}, {sum(map(sum, sizes.values())) / 1e6:.1f} MB")
        for name, found in sorted(sizes.items(), key=lambda pair: -sum(pair[1])):
            print(f"  {name:12} {len(found):7} files {sum(found) / 1e6:8.2f} MB, largest {max(found) / 1e3:7.1f} kB")
        _ask(folder / "www")
    print(f"peak memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _build(folder: Path, count: int) -> None:
    store = folder / "entries.sqlite"
    begun = time.perf_counter()
    if not store.exists():
        with SearchEntries(store) as entries:
            for number in range(count):
                document = _document(number)
                entries.put(document["key"], "", packed_entries(Documents(document, [])))
        took = time.perf_counter() - begun
        print(f"analysed       {count} documents, {took:.1f} s, {store.stat().st_size / 1e6:.0f} MB kept")
    begun = time.perf_counter()
    with SearchEntries(store) as entries:
        scope = Scope("publications", entries.keys("publications"), lambda keys: entries.read("publications", keys))
        files = search_files([scope], search_language(PORTAL), "1a2b3c4d5e6f")
        for artifact in (*static_files(), *files):
            path = folder / "www" / artifact.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(artifact.body)
    (folder / "www/index.html").write_text('<!doctype html><title>Search</title><link rel="icon" href="data:,">')
    print(f"written        {time.perf_counter() - begun:.1f} s")


class _Counting(http.server.SimpleHTTPRequestHandler):
    """A plain file host that counts what it sends."""

    protocol_version = "HTTP/1.1"
    sent = 0
    files = 0

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def copyfile(self, source, outputfile) -> None:
        body = source.read()
        _Counting.sent += len(body)
        _Counting.files += 1
        outputfile.write(body)


def _ask(www: Path) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Counting, directory=www))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        address = f"http://127.0.0.1:{server.server_port}/"
        for kind, query in QUERIES.items():
            context = browser.new_context()
            page = context.new_page()
            first = kind == next(iter(QUERIES))
            _open(page, address, told=first)
            if first:
                print(f"{'kind':16}{'found':>8}{'kB':>8}{'files':>7}{'ms':>7}{'shown':>7}{'again':>7}{'shown':>7}")
            _Counting.sent = _Counting.files = 0
            found, took = _timed(page, query)
            early, sent, files = page.evaluate("window.early"), _Counting.sent, _Counting.files
            times = sorted((_timed(page, query)[1], page.evaluate("window.early")) for _ in range(5))
            again, shown = times[2]
            print(f"{kind:16}{found:8}{sent / 1e3:8.1f}{files:7}{took:7.0f}{early:7.0f}{again:7.0f}{shown:7.0f}")
            context.close()
        browser.close()
    server.shutdown()
    server.server_close()


def _open(page: Page, address: str, told: bool) -> None:
    """Opens the search as a first visitor does, up to the facets of everything."""
    page.goto(address)
    _Counting.sent = _Counting.files = 0
    page.evaluate(
        "async (engine) => { const { openSearch } = await import(engine);"
        " window.search = await openSearch(new URL('/search/data/', location.href)); }",
        addresses()["search/engine/engine.js"],
    )
    opened = f"opened         {_Counting.sent / 1e3:.0f} kB, {_Counting.files} files"
    found, took = _timed(page, "limit=0")
    if told:
        print(opened)
        print(f"facets         {_Counting.sent / 1e3:.0f} kB, {_Counting.files} files, {took:.0f} ms, {found} found")


def _timed(page: Page, query: str) -> tuple[int, float]:
    return tuple(
        page.evaluate(
            """async (query) => {
              const begun = performance.now();
              const shown = () => { window.early = performance.now() - begun; };
              const answer = await search.search(new URLSearchParams(query), shown);
              return [answer.total, performance.now() - begun];
            }""",
            query,
        )
    )


if __name__ == "__main__":
    main()
