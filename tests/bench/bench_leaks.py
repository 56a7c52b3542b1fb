"""What the leak scan costs: milliseconds a record, MB a second over all that a record gives, memory of a large file.

    python tests/bench/bench_leaks.py --records 300 --closed 10

The records are those of bench_publish; of every so many one is closed. Printed are CPU milliseconds of this process,
the best of several rounds, each with a scanner that has seen nothing but the first fifty records.
"""

import argparse
import resource
import sqlite3
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import orjson
from bench_publish import publication

from panfair.builders.html.renderer import Renderer
from panfair.builders.oai.store import payloads_of
from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.search.documents.document import documents
from panfair.builders.sitewide.rdf_dump import quads_member
from panfair.ontologies.embargo import reopen
from panfair.ontologies.record import canonical
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.said import texts_of_panfair
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.render import record_artifacts
from support.records import TODAY
from support.site_run import SiteRun

_FIRST = 50  # records that a scanner sees before the clock runs
_ROUNDS = 5


def _outputs(number: int, site: SiteRun, renderer: Renderer) -> list[tuple[str, bytes]]:
    """All that is scanned of a record."""
    portal = site.config.portal
    released = reopen(publication(number), TODAY)
    outputs = [(item.path, item.body) for item in record_artifacts(released, portal, renderer)]
    outputs += [(f"oai:{prefix}.xml", body) for prefix, body in payloads_of(released, portal).items()]
    found = documents(released)
    outputs += [("search index.json", orjson.dumps(found)), ("PaNOSC store.json", panosc_entry(released))]
    return [*outputs, ("RDF dump.nq.gz", quads_member(released, portal))]


def _texts(number: int) -> list[tuple[str, str]]:
    return list(texts_of(orjson.loads(canonical(publication(number)))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300)
    parser.add_argument("--closed", type=int, default=10, metavar="N", help="of every N records one is closed")
    asked = parser.parse_args()
    closed = [number for number in range(asked.records) if number % asked.closed == 1]
    opened = [number for number in range(asked.records) if number % asked.closed != 1]
    tables = LeakTables(sqlite3.connect(":memory:"), b"key of this bench")
    for number in closed:
        tables.close(str(number), _texts(number))
    began = time.process_time()
    own = ("panfair", "1", lambda: list(texts_of_panfair()))
    tables.listen([own])
    once = time.process_time() - began
    texts = {number: [text for _field, text in _texts(number)] for number in opened}
    began = time.process_time()
    tables.listen([own, *((str(number), "1", texts[number].copy) for number in opened)])
    spoken = (time.process_time() - began) / len(opened)
    with TemporaryDirectory() as folder:
        site = SiteRun(Path(folder))
        renderer = Renderer(site.config.portal)
        outputs = [_outputs(number, site, renderer) for number in opened]
    size = sum(len(body) for found in outputs[_FIRST:] for _path, body in found)
    best = min(_scanned(tables, outputs) for _round in range(_ROUNDS))
    print(f"the site's own words, once {once:.2f} s; an open record's words {1000 * spoken:.2f} ms")
    print(f"scan {1000 * best / (len(outputs) - _FIRST):.2f} ms a record, {size / best / 1e6:.0f} MB/s")
    large = b"".join(body for found in outputs for path, body in found if path.endswith(".ttl")) * 10
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert not list(tables.scanner().findings("www/dump.nq", large))
    more = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    print(f"a file of {len(large) / 1e6:.0f} MB: {more / len(large):.2f} bytes of memory a byte")


def _scanned(tables: LeakTables, outputs: list[list[tuple[str, bytes]]]) -> float:
    scanner = tables.scanner()
    for found in outputs[:_FIRST]:
        assert not list(scanner.of_record(found))
    began = time.process_time()
    for found in outputs[_FIRST:]:
        assert not list(scanner.of_record(found))
    return time.process_time() - began


if __name__ == "__main__":
    main()
