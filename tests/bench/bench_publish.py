"""How fast a whole site is built: N generated publications with all files, then a run where one of N changed.

    python tests/bench/bench_publish.py --records 10000 --processes 2

Prints records/s, CPU per record, peak memory, and beside them a floor from the same machine and the same minute:
hashing and writing the same bytes to as many new files, with nothing rendered at all.
"""

import argparse
import hashlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

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


def _write_catalogue(site: SiteRun, publications: Iterator[Publication]) -> None:
    with (site.folder / "made-up.jsonl").open("wb") as file:
        for record in publications:
            file.write(canonical(record) + b"\n")


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock, seconds of CPU of us and our children."""
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return time.perf_counter() - wall, _cpu() - cpu


def _floor(site: SiteRun, folder: Path) -> tuple[int, int, float, float]:
    """Files, bytes, wall and CPU of hashing and writing the same bytes as new files."""
    paths = [path for path in (site.output / "www").rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in paths)

    def write() -> None:
        for path in paths:
            body = path.read_bytes()
            hashlib.sha256(body).hexdigest()
            target = folder / path.relative_to(site.output)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        os.sync()

    return len(paths), total, *_timed(write)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    count = asked.records
    with tempfile.TemporaryDirectory() as folder:
        site = SiteRun(Path(folder) / "site", processes=asked.processes)
        _write_catalogue(site, (publication(number) for number in range(count)))
        wall, cpu = _timed(site.publish)
        files, size, floor_wall, floor_cpu = _floor(site, Path(folder) / "floor")
        same_wall, same_cpu = _timed(site.publish)
        _write_catalogue(site, (publication(number, 1 + (number == count // 2)) for number in range(count)))
        one_wall, one_cpu = _timed(site.publish)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"publications             {count:>10}   ({files} files, {size / 1e6:.0f} MB, {asked.processes} processes)")
    print(
        f"first run                {wall:>10.1f} s   {count / wall:.0f} records/s, {1000 * cpu / count:.2f} ms CPU each"
    )
    print(
        f"floor: hash and write    {floor_wall:>10.1f} s   the first run takes {wall / floor_wall:.1f} times as long,"
    )
    print(f"                                        and {cpu / floor_cpu:.1f} times as much CPU")
    print(f"nothing changed          {same_wall:>10.1f} s   {1000 * same_cpu / count:.3f} ms CPU each")
    print(f"one of them changed      {one_wall:>10.1f} s   {1000 * one_cpu / count:.3f} ms CPU each")
    print(f"peak memory              {own:>10.0f} MB  (a worker {worker:.0f} MB)")


if __name__ == "__main__":
    main()
