"""How fast a whole site is built: N generated publications with all files, then runs in which little changes.

    python tests/bench/bench_publish.py --records 10000 --processes 2 --engine tantivy --profile same one

Each run has a process of its own, as a timer starts it. Printed are CPU seconds of that process, from its start, and
of its workers: they count on a shared machine, where the clock does not. Beside them stand the files written and
deleted, the peak memory of the run's process and of its largest worker, and a floor from the same machine and the
same minute: hashing and writing the same bytes to as many new files, with nothing rendered at all. A profiled run
writes NAME.prof beside the site; its seconds are a third too many.
"""

import argparse
import cProfile
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from panfair.ontologies.record import File, Keyword, Publication, canonical
from support.records import a_dataset
from support.site_run import SiteRun, numbered

_TECHNIQUES = ("PaNET01129", "PaNET01188", "PaNET01196", "PaNET01100", "PaNET01217", "PaNET01168")
_WORDS = [
    *("foam", "silica", "lattice", "catalyst", "polymer", "membrane", "crystal", "phase", "scattering", "absorption"),
    *("tomography", "diffraction", "bone", "battery", "alloy", "protein", "ferrite", "oxide", "glass", "fibre"),
    *("interface", "strain", "temperature", "pressure", "oxidation", "reduction", "map"),
]


def publication(number: int, edition: int = 1) -> Publication:
    """One of N: three datasets with two files each, an abstract of 150 words, six techniques and forty instruments."""
    words = [_WORDS[(number * 7 + place * place) % len(_WORDS)] for place in range(150)]
    technique = _TECHNIQUES[number % len(_TECHNIQUES)]
    day = date(2010, 1, 1) + timedelta(days=number % 5000)
    base = a_dataset()
    kind = base.techniques[0].model_copy(update={"iri": f"http://purl.org/pan-science/PaNET/{technique}"})
    datasets = tuple(
        a_dataset(
            id=f"{number}-{scan}",
            name=f"scan_{scan:04}",
            techniques=(kind,),
            files=tuple(
                File(name=f"scan_{scan:04}_{part}.h5", size_bytes=10_000 + number, checksum=f"{number:064x}",
                     checksum_algorithm="SHA-256", url=f"https://files.example.org/{number}/{scan}/{part}.h5")
                for part in range(2)
            ),
        )
        for scan in range(3)
    )  # fmt: skip
    instrument = numbered(0).instruments[0].model_copy(update={"name": f"EX{number % 40:02}", "full_name": None})
    return numbered(
        number,
        title=f"{words[0]} and {words[1]} of sample {number}, edition {edition}",
        abstract=" ".join(words),
        keywords=tuple(Keyword(term=word) for word in words[:4]),
        techniques=(kind,),
        instruments=(instrument,),
        datasets=datasets,
        publication_year=day.year,
        publication_date=day,
        release_date=day,
        start=datetime(day.year, day.month, day.day, 8),
    )


_CLOSED = date(2100, 1, 1)
_RUNS = ("first", "same", "one", "another", "closed")
"""All new; nothing changed; one title changed; another one; the first of them closed again."""


def catalogue(count: int, run: str, closed_share: int) -> Iterator[Publication]:
    """The records as they are before a run; of a tenth, say, the day has not come."""
    for number in range(count):
        edition = 2 if run in ("one", "another", "closed") and number == count // 2 else 1
        edition = 3 if run in ("another", "closed") and number == count // 2 + 1 else edition
        made = publication(number, edition)
        if (closed_share and number % closed_share == 1) or (run == "closed" and number == count // 2):
            made = made.model_copy(update={"release_date": _CLOSED})
        yield made


def _seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _run_once(folder: Path, tables: dict[str, Any], profile: str) -> None:
    """What a process of its own does: one publication, and what it took, as JSON."""
    began = time.perf_counter()
    with cProfile.Profile(time.process_time) if profile else nullcontext() as watched:
        report = SiteRun(folder, **tables).publish()
    if watched:
        watched.dump_stats(folder.parent / f"{profile}.prof")
    told = {
        "wall": time.perf_counter() - began,
        "own": _seconds(resource.RUSAGE_SELF),
        "workers": _seconds(resource.RUSAGE_CHILDREN),
        "files": report.written + report.deleted,
        "failed": report.failed,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "of a worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    print(json.dumps(told))


def _floor(site: SiteRun, folder: Path) -> tuple[int, int, float]:
    """Files, bytes and CPU seconds of hashing and writing the same bytes as new files."""
    paths = [path for path in (site.output / "www").rglob("*") if path.is_file()]
    before = _seconds(resource.RUSAGE_SELF)
    for path in paths:
        body = path.read_bytes()
        hashlib.sha256(body).hexdigest()
        target = folder / path.relative_to(site.output)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    os.sync()
    return len(paths), sum(path.stat().st_size for path in paths), _seconds(resource.RUSAGE_SELF) - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--closed", type=int, default=0, metavar="N", help="of every N records one is closed")
    parser.add_argument("--engine", choices=("whoosh", "tantivy"), default="whoosh")
    parser.add_argument("--runs", nargs="+", choices=_RUNS, default=_RUNS, help="the others are taken as done")
    parser.add_argument("--profile", nargs="+", choices=_RUNS, default=(), help="runs to profile")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the site is made, and stays")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    tables = {"processes": asked.processes, "tables": f'[search]\nengine = "{asked.engine}"\n', "sources": ["made-up"]}
    if asked.folder:
        _run_once(asked.folder, tables, *asked.profile or ("",))
        return
    with tempfile.TemporaryDirectory() if not asked.keep else nullcontext(asked.keep) as folder:
        site = SiteRun(Path(folder) / "site", **tables)
        for run in asked.runs:
            with (site.folder / "made-up.jsonl").open("wb") as file:
                file.writelines(canonical(record) + b"\n" for record in catalogue(asked.records, run, asked.closed))
            command = [sys.executable, __file__, "--in", str(site.folder), "--processes", str(asked.processes)]
            command += ["--engine", asked.engine, *(("--profile", run) if run in asked.profile else ())]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            _tell(run, json.loads(done.stdout), asked.records)
            if run == "first":
                files, size, floor = _floor(site, Path(folder) / "floor")
                print(f"floor   {floor:>9.2f} CPU s  ({files} files, {size / 1e6:.0f} MB, {asked.processes} processes)")


def _tell(run: str, took: dict[str, Any], count: int) -> None:
    whole = took["own"] + took["workers"]
    print(
        f"{run:<8}{whole:>9.2f} CPU s ({1000 * whole / count:.2f} ms a record; own process {took['own']:.2f} s, "
        f"{1000 * took['own'] / count:.2f} ms) {took['wall']:>8.1f} s  {took['files']:>7} files "
        f"{took['memory']:>5.0f} MB, a worker {took['of a worker']:.0f} {took['failed'] or ''}",
        flush=True,
    )


if __name__ == "__main__":
    main()
