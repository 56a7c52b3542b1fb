"""A made-up facility for the demo: its catalogue as a python-icat dump, its settings; nothing in it exists.

The dump is written in JSON, which YAML readers read, and ingested into a live core (`demo_core`). One seed gives one
facility; only the embargo dates move with the day, so that there is always something whose day has not come. Two of its
publications are withdrawn. (ORCID's own fictitious researcher is the only person with an iD.)
"""

import hashlib
import json
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from panfair.site.demo.science import INSTRUMENTS, PEOPLE, SUBJECTS, Subject

_FACILITY = "EPS"
_PREFIX = "10.5072"  # DataCite's prefix for tests
_PUBLICATIONS = 300
_FIRST_WITH_FILES = 276
"""The sessions from this one on have real files: they stand first in most lists."""
_FORMS = {
    ".h5": ("NeXus", "application/x-hdf5"),
    ".txt": ("Text", "text/plain"),
    ".dat": ("Text", "text/plain"),
    ".cbf": ("CBF", "application/octet-stream"),
}

_TOML = """\
# A made-up facility: see site/demo/facility.py.
[site]
title = "Example Photon Source (made up)"
base_url = "http://127.0.0.1:{port}"
contact = "data@example.org"
publisher = "Example Photon Source (made up)"
description = "A facility that does not exist, with data that nobody took: to see what panfair makes of a catalogue."
metadata_licence = "CC0-1.0"

[[source]]
name = "demo"
kind = "icatplus"
url = "http://127.0.0.1:{core_port}"
plugin = "db"
username = "reader"                         # an account that may list DOIs with their days, and see what is public
password_env = "PANFAIR_DEMO_READER"
licence = "CC-BY-4.0"
checksum_algorithm = "SHA-256"              # the catalogue keeps checksums, and does not say of what
file_url = "http://127.0.0.1:{core_port}/ids/data/download?datafileIds={{id}}"
file_path = "files/{{name}}"                  # some of the datasets have real files

[files]
serve = true                                # which `panfair serve` gives out
hosts = []                                  # the others are made up: no link to a viewer that could not open them
"""

_CORE_TOML = """\
# The live core of the made-up facility: panfair catalogue serve --core catalogue.toml --port {core_port}
database = "core.sqlite"
files = "files"
title = "Example Photon Source (made up)"
publisher = "Example Photon Source (made up)"
base_url = "http://127.0.0.1:{core_port}"
secure_cookies = false                      # on one's own machine only
"""


@dataclass
class _Dump:
    """The entities of a dump as they come together."""

    parts: dict[str, dict[str, Any]]
    files: Path | None = None
    """Where real files are written; None: nowhere."""

    def add(self, entity: str, key: str, **values: Any) -> str:
        name = f"{entity[0].upper()}{entity[1:]}_{key}"
        self.parts.setdefault(entity, {})[name] = {k: v for k, v in values.items() if v is not None}
        return name


def write(folder: Path, port: int, core_port: int, today: date) -> Path:
    """Writes catalogue and settings into a folder; the path of its panfair.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    dump = facility(today, _PUBLICATIONS, folder / "files")
    (folder / "catalogue.yaml").write_text(json.dumps(dump, indent=1, sort_keys=True), encoding="utf-8")
    (folder / "catalogue.toml").write_text(_CORE_TOML.format(core_port=core_port), encoding="utf-8")
    path = folder / "panfair.toml"
    path.write_text(_TOML.format(port=port, core_port=core_port), encoding="utf-8")
    return path


def facility(today: date, publications: int, files: Path | None = None) -> dict[str, Any]:
    """The dump of a facility with so many publications; the first ones are the same however many there are.

    Of the last ones some files are written into a folder, where one is given and what writes them is installed.
    """
    dump = _Dump({}, files if files and all(find_spec(name) for name in ("h5py", "fabio")) else None)
    if dump.files:
        dump.files.mkdir(parents=True, exist_ok=True)
    site = dump.add(
        "facility", _FACILITY, name=_FACILITY, fullName="Example Photon Source", url="https://www.example.org/"
    )
    for name, (full_name, description) in INSTRUMENTS.items():
        dump.add(
            "instrument",
            name,
            facility=site,
            name=name,
            fullName=f"{name} – {full_name}",
            description=description,
            pid=f"DOI:{_PREFIX}/eps-inst-{name.lower()}",
        )
    for number, person in enumerate(PEOPLE):
        given, family, affiliation, orcid = person
        dump.add(
            "user",
            str(number),
            name=f"db/person{number}",
            givenName=given,
            familyName=family,
            fullName=f"{given} {family}",
            affiliation=affiliation,
            orcidId=orcid,
        )
    for kind in ("raw", "processed"):
        dump.add("datasetType", kind, facility=site, name=kind)
    funding = dump.add(
        "fundingReference",
        "ERF",
        funderName="Example Research Fund (made up)",
        awardNumber="EX-2023-17",
        awardTitle="Matter in motion",
    )
    for number in range(publications):
        _session(dump, random.Random(f"panfair-{number}"), number, today, site, funding)  # noqa: S311
    return dump.parts


def _session(dump: _Dump, dice: random.Random, number: int, today: date, site: str, funding: str) -> None:
    subject = SUBJECTS[number % len(SUBJECTS)]
    material, formula = dice.choice(subject.samples)
    condition = dice.choice(subject.conditions)
    embargoed = number % 30 == 7
    began = date(2019, 2, 4) + timedelta(days=int(number * 2200 / _PUBLICATIONS) % 2200 + dice.randrange(9))
    start = datetime.combine(began, time(8, 0))
    end = start + timedelta(hours=dice.choice([16, 24, 40, 48, 72]))
    opens = today + timedelta(days=90 + 37 * (number % 29)) if embargoed else began + timedelta(days=3 * 365)
    if not embargoed and opens > today:
        opens = today - timedelta(days=dice.randrange(1, 60))
    title = f"{subject.title} of {material} {condition}"
    instrument = dice.choice(subject.instruments)
    proposal = f"{dice.choice(('MA', 'CH', 'LS', 'HC'))}-{2000 + number}"
    team = dice.sample(range(len(PEOPLE)), dice.randrange(2, 7))
    session = dump.add(
        "investigation",
        str(number),
        facility=site,
        name=proposal,
        visitId=f"{began:%Y%m%d}",
        title=title,
        summary=_abstract(subject, material, condition, instrument),
        doi=f"DOI:{_PREFIX}/EPS-ES-{10_000 + number * 37}",
        startDate=_moment(start),
        endDate=_moment(end),
        releaseDate=_moment(datetime.combine(opens, time())),
        keywords=[{"name": word} for word in (material, *subject.keywords)],
        investigationInstruments=[{"instrument": f"Instrument_{instrument}"}],
        investigationUsers=[
            {"role": "Principal Investigator" if place == 0 else "Investigator", "user": f"User_{person}"}
            for place, person in enumerate(team)
        ],
        fundingReferences=[{"funding": funding}] if number % 3 == 0 else None,
        publications=(
            [{"fullReference": f"Made-up paper on {material} (2024). Journal of Examples {number}, 1–9."}]
            if number % 4 == 1
            else None
        ),
    )
    kind = dump.add("sampleType", str(number), facility=site, name=material, molecularFormula=formula)
    sample = dump.add(
        "sample", str(number), investigation=session, name=f"{material} {dice.randrange(1, 9)}", type=kind
    )
    label, term = subject.technique
    technique = dump.add("technique", term or label, name=label, pid=f"PaNET:{term}" if term else None)
    for scan in range(dice.randrange(2, 7)):
        _scan(dump, dice, subject, f"{number}-{scan}", scan, session, sample, technique, instrument, start)


def _scan(
    dump: _Dump,
    dice: random.Random,
    subject: Subject,
    key: str,
    scan: int,
    session: str,
    sample: str,
    technique: str,
    instrument: str,
    start: datetime,
) -> None:
    began = start + timedelta(minutes=90 * scan + dice.randrange(30))
    raw = _dataset(
        dump, dice, subject, key, f"scan_{scan + 1:04}", "raw", session, sample, technique, instrument, began
    )
    if scan % 2 == 0:
        made = began + timedelta(hours=2)
        processed = _dataset(
            dump, dice, subject, f"{key}p", f"scan_{scan + 1:04}_{subject.step}", "processed", session, sample,
            technique, instrument, made,
        )  # fmt: skip
        before = dump.add("dataCollection", f"{key}i", dataCollectionDatasets=[{"dataset": raw}])
        after = dump.add("dataCollection", f"{key}o", dataCollectionDatasets=[{"dataset": processed}])
        program = dump.add("application", subject.program, name=subject.program, version="1.0")
        dump.add("job", key, application=program, inputDataCollection=before, outputDataCollection=after)


def _dataset(
    dump: _Dump,
    dice: random.Random,
    subject: Subject,
    key: str,
    name: str,
    kind: str,
    session: str,
    sample: str,
    technique: str,
    instrument: str,
    began: datetime,
) -> str:
    values = subject.parameters if kind == "raw" else subject.results
    parameters = []
    for label, unit, low, high, digits in values:
        types = dump.add(
            "parameterType", f"{label}-{unit or 'none'}", name=label, units=unit or "N/A", valueType="NUMERIC"
        )
        parameters.append({"type": types, "numericValue": str(round(dice.uniform(low, high), digits))})
    names = [f"{name}.h5"] if kind == "raw" else [f"{name}.h5", f"{name}.txt"]
    sizes = [dice.randrange(10**8, 9 * 10**10) if kind == "raw" else dice.randrange(10**5, 10**9) for _ in names]
    if real := _written(dump, subject, key, name, kind):
        names, sizes = list(real), [path.stat().st_size for path in real.values()]
    dataset = dump.add(
        "dataset",
        key,
        investigation=session,
        name=name,
        type=f"DatasetType_{kind}",
        complete=True,
        sample=sample,
        startDate=_moment(began),
        endDate=_moment(began + timedelta(minutes=dice.randrange(5, 80))),
        fileCount=len(names),
        fileSize=sum(sizes),
        datasetTechniques=[{"technique": technique}],
        datasetInstruments=[{"instrument": f"Instrument_{instrument}"}],
        parameters=parameters,
    )
    for number, (file, size) in enumerate(zip(names, sizes, strict=True)):
        form, media = _FORMS[Path(file).suffix]
        formats = dump.add("datafileFormat", form, name=form, version="N/A", type=media)
        dump.add(
            "datafile",
            f"{key}-{number}",
            dataset=dataset,
            name=file,
            fileSize=size,
            datafileFormat=formats,
            location=file if real else None,
            checksum=hashlib.sha256(
                real[file].read_bytes() if real else f"{key} {file} {dice.getrandbits(32)}".encode()
            ).hexdigest(),
            datafileModTime=_moment(began + timedelta(hours=1)),
        )
    return dataset


def _written(dump: _Dump, subject: Subject, key: str, name: str, kind: str) -> dict[str, Path]:
    """The files of a dataset that are really there, by name: of the first scan of the newest sessions."""
    number, _, scan = key.partition("-")
    if dump.files is None or int(number) < _FIRST_WITH_FILES or scan.rstrip("p") != "0":
        return {}
    import numpy as np

    from panfair.site.demo import measurements

    known = measurements.RAW if kind == "raw" else measurements.PROCESSED
    measure = known.get(subject.title)
    if measure is None:
        return {}
    names = measure(dump.files, f"eps{number}_{name}", np.random.default_rng(int(number)))
    return {one: dump.files / one for one in names}


def _abstract(subject: Subject, material: str, condition: str, instrument: str) -> str:
    return (
        f"{subject.question.format(material=material)} We used {subject.technique[0]} on {instrument} to follow "
        f"{material} {condition}. {subject.outcome}\n\n"
        "This record is made up: the Example Photon Source does not exist, and nobody took these data."
    )


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
