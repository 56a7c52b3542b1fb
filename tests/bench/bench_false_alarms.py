"""False alarms of the leak scan over a real catalogue: random records closed, all outputs of the others scanned.

    python tests/bench/bench_false_alarms.py DUMP --closed 60 --draws 200

Nothing leaks here, so each finding is false. Each record is rendered once; a draw costs what the scan costs.
"""

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from panfair.builders import Artifact
from panfair.builders.html.renderer import Renderer
from panfair.builders.oai.store import payloads_of
from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.search.documents.document import documents
from panfair.harvesters import Context, dump
from panfair.ontologies import mapping
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.record import Publication, canonical
from panfair.site.run.leaks.record_texts import texts_of
from panfair.site.run.leaks.said import texts_of_panfair
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.leaks.values import readings_of
from panfair.site.run.render import record_artifacts
from support.records import PORTAL, TODAY


def _released(path: Path) -> dict[str, Released]:
    """The open records of a dump, described as a run describes them."""
    options = dump.Options(name="real", kind="dump", path=str(path), publisher="Example Source", licence="CC-BY-4.0")
    context = Context(root=Path("/"), contact="data@example.org", on=TODAY, extra_doi_prefixes=("00.0815",))
    found = {}
    for record in dump.harvest(options, context):
        if isinstance(record, Publication):
            verdict = judge(record, TODAY, GatePolicy())
            if isinstance(verdict, Released):
                found[record.doi.key] = verdict.refined(lambda one: mapping.map_publication(one, lambda _: None, None))
    return found


def _outputs(released: Released, renderer: Renderer) -> list[Artifact]:
    others = [Artifact(f"oai:{prefix}.xml", body) for prefix, body in payloads_of(released, PORTAL).items()]
    others.append(Artifact("search index.json", orjson.dumps(documents(released))))
    others.append(Artifact("PaNOSC store.json", panosc_entry(released)))
    return [*record_artifacts(released, PORTAL, renderer), *others]


def _texts(released: Released) -> list[tuple[str, str]]:
    return list(texts_of(orjson.loads(canonical(released.publication))))


def _speakers(texts: dict[str, list[tuple[str, str]]], closed: set[str]) -> Iterator[tuple]:
    yield "panfair", "1", lambda: list(texts_of_panfair())
    for key in sorted(texts.keys() - closed):
        said = [reading for _field, text in texts[key] for reading in (text, *readings_of(text))]
        yield key, "1", said.copy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dump", type=Path)
    parser.add_argument("--closed", type=int, default=60)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="The number of the first draw.")
    wanted = parser.parse_args()
    released, renderer = _released(wanted.dump), Renderer(PORTAL)
    texts = {key: _texts(one) for key, one in released.items()}
    outputs = {key: _outputs(one, renderer) for key, one in released.items()}
    size = sum(len(item.body) for some in outputs.values() for item in some)
    print(f"{len(released)} open records, {size / 1e6:.0f} MB of outputs; {time.process_time():.0f} CPU s", flush=True)
    false = 0
    for draw in range(wanted.first, wanted.first + wanted.draws):
        closed = set(random.Random(draw).sample(sorted(released), min(wanted.closed, len(released) * 2 // 3)))
        tables = LeakTables(sqlite3.connect(":memory:"), b"key of this bench")
        for key in closed:
            tables.close(key, texts[key])
        tables.listen(_speakers(texts, closed))
        scanner = tables.scanner()
        for key in sorted(released.keys() - closed):
            for item in outputs[key]:
                for finding in scanner.findings(item.path, item.body):
                    false += 1
                    print(f"  {draw}: {key} {finding.path}: {finding.value!r} of {finding.field} in {finding.around!r}")
        print(f"draw {draw}: {false} false alarms so far; {time.process_time():.0f} CPU s", flush=True)


if __name__ == "__main__":
    main()
