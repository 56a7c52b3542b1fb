"""Searches of every kind, and rubbish, made with a seed: as parameters of an address, for whoever compares engines."""

from random import Random
from urllib.parse import urlencode

from support.search.cases import FACILITIES, FORMATS, INSTRUMENTS, LICENCES, PEOPLE, TECHNIQUES, VOCABULARY
from support.strategies import NASTY

FIELDS = ("title", "author", "abstract", "technique", "instrument", "sample", "keyword", "doi", "nonsense", "year")
RANGES = (
    "energy:10..14keV", "energy>8keV", "energy:8.05keV", "wavelength<1.1Å", "resolution:>=2", "resolution:1.5..2Å",
    "temperature:<=300K", "temperature:0..30°C", "temperature:293", "size>1GB", "size:..5MiB", "date:2016..2018-06",
    "date:2017-02", "date<2016-02-30", "files>12", "files:5..20", "files: 7 x", "files:3x", "measured:2016..2017-02",
    "measured<2017-05", "measured:2017-13", "energy:10..14 keV", "energy:1e4eV", "energy=12400 eV", "resolution<0.2nm",
    "wavelength < 1.1 Å", "resolution≤2\u00a0Å foam", "energy: 10 keV", "energy:10..14 foam", "size > 1 e3",
    "date:2017 -02", "temperature <b>", "energy = 12 e3", "energy > -5 eV",
    "energy:nonsense", "size:10lightyears", "pressure>1hPa", "pressure:1..2kbar", "energy:-5..MeV", "energy:..",
    "energy:0e999keV", "size:1e400", "size>0e99999999999999999", "size:1e300PB..", "energy:1e308..2e308keV",
    "size>1e-400", "energy:5 constructor", "energy:5toString", "energy:5e-9999999999999999999999999keV",
)  # fmt: skip
DOIS = (
    "10.1234/ABC;", "10.1234/ABC’", "10.1234/ABC…", "10.1234/ABC?", "10.1234/ABC>", "10.1234/ABC/", "10.1234/ABC:",
    "doi:10.1234/ABC;", "doi:‘10.1234/ABC’.", "doi:<10.1234/ABC>", "doi: 10.1234/ABC", "DOI 10.1234/ABC,",
    "doi=10.1234/abc",
    "urn:doi:10.1234/ABC", "info:doi/10.1234/ABC", "doi.org/10.1234/ABC]", "https://www.doi.org/10.1234/ABC",
    "https://data.example.org/doi/10.1234/abc/", "https://hdl.handle.net/10.1234/ABC", "10.1234/ABC\u200b",
)  # fmt: skip
"""Ways to write one DOI as it is copied from a sentence, a page or an address."""
IDENTIFIERS = (
    "https://orcid.org/0000-0001-5109-3700", "arXiv:2001.01234v2", "https://arxiv.org/pdf/2001.01234.pdf",
    "hdl:20.500.12269/d1", "https://hdl.handle.net/20.500.12269/d1.", "pdb: 6VXX", "paper:https://doi.org/10.1234/ABC",
    "file:scan_0001.h5", "file:scan*", 'file:"a b.h5"', "(arxiv:2001.01234)", "-igsn:EX1", "title: foam", "nope:foam",
    "https://data.example.org/instruments/ex01/", "https://doi.org/10.1234/a%5Bb%5D", "paper:", "paper:…", "Mueller*",
    "author: Jürgen-Müller", "keyword:(arxiv:1 OR pdb: 6vxx)", "https://www.rcsb.org/structure/6VXX", "http://",
    "Kind: raw", "is there a scan of silica foam by X-ray tomography", "silica +foam magnet scattering",
    "foam silica magnet tomography -zeolite", "Y a-t-il des données de diffraction sur la silica foam ?",
)  # fmt: skip
"""Identifiers and file names as they are copied and typed."""
SENTENCES = (
    "is there a scan of an insect's eye from 2022 that is not larger than a gigabyte?",
    "find datasets measured at the Paul Scherrer Institute between 2019 and 2021 with more than 12,000 bytes",
    "energy between 12 and 14 keV at temperature less than 2 K", "pressure above 10 GPa", "at most two kelvin",
    "silica foam with -100 microtesla", "sample formula Fe2O3 on beamline ID16B",
    "first author curie, proposal MD-1370", "premier auteur Curie",
    "principal investigator: Ada Bragg, PI Doe", "datasets by Marie Curie under CC-BY", "by Bragg’s law and by J. Doe",
    "SAXS of proteins in water", "12 keV", "foam measured by X-ray tomography without alumina", "MX 12-13 keV",
    "12keV–13keV", "100 K", "1.5 Å resolution", "protein 1.5 A", "lysozyme 1.5 Å", "published before 2020",
    "publication year is not after 2020", "not in 2022 but 2021", "publiés entre 2019 et 2021",
    "Daten von silica, veröffentlicht nach 2020, größer als 9 GB", "since March 2021 or 5 T",
    "twelve thousand kilobytes or more", "1.5 million MB", "5e-3 dozen GB", "released in March 2021",
    "more than 12 files measured between 2016-02 and 2017-03", "fewer than thirty files", "three files",
    "moins de trente fichiers, mesurés avant 2017", "mindestens 20 Dateien, gemessen 2016", "recorded in 2005",
    "scans at EX-01", "https://doi.org/10.1234/abc from 2022", '"12 keV" from 2022', "12 kev and 20 °C",
    "water at 20 degrees Celsius", "une énergie de 12,5 keV", "licence CC0", "under CC BY 4.0 in 2021",
    "between 12 March 2021 and 2021-06-30", "12. März 2021 bis 5 K", "from Jan 3rd, 2021 onwards", "a T cell, one T",
    "ohne Aluminium vor 2020", "year:2020 12 keV", "2 ſ K and Σ 5 K", "a million million million K", "sans 𝒳 10 kV",
    "5 constructor", "data by toString Valueof",
    "foam on EX07 or at B 2",
)  # fmt: skip
"""Questions with conditions in them, and what only looks like one."""
SITE_LABELS = {
    "technique": ("small angle x-ray scattering", "x-ray tomography", "tomography"),
    "instrument": ("ID16B", "EX-01", "Bench", "EX07 – X-ray absorption", "B 2 (old)"),
    "facility": ("PSI", "Example Light Source"),
    "licence": ("CC-BY-4.0", "CC-BY-3.0", "CC-BY-SA-4.0", "CC0-1.0", 'A "licence"'),
}
"""What a site may have, for names in a sentence."""
CHOICES = {
    "technique": (*TECHNIQUES, "unheard of"), "instrument": INSTRUMENTS, "facility": FACILITIES, "format": FORMATS,
    "element": ("H", "O", "Fe", "Ni", "Xe"), "year": ("2016", "2018", "02019", "2020", "1812", "x"),
    "kind": ("session", "collection", "raw"), "has": ("files", "orcid", "licence"), "licence": LICENCES,
    "detail": ("Space group: P 1", "Edge: K"),
}  # fmt: skip
RANGED = {
    "energy": ("8..12.4keV", ">10", "1..1.3Å", "x", "\x1c5keV", "1..2\x85keV", "5__proto__"),
    "resolution": ("<2", "0.15..0.2nm"), "size": ("1GB..", "0"),
    "date": ("2016..2018-06", "2017-02-03..", "2017-13"), "temperature": ("4.2..300", ""),
}  # fmt: skip
_LETTERS = "aeionrstxyßøıſςΣµμÅÅéǅﬁ²½٣٠Ⅷ日本ក្ជ가힣𝒳𐐀🔬-_.:/'’ \t\u2029\u200b\u0301\"()*0123456789"


def queries(count: int, seed: int = 1) -> list[str]:
    """So many query strings, all different."""
    random = Random(seed)
    found: dict[str, None] = {"": None}
    while len(found) < count:
        found[urlencode(_pairs(random))] = None
    return list(found)


def texts(count: int, seed: int = 2) -> list[str]:
    """Texts that a search may be asked for, from sensible to none at all."""
    random = Random(seed)
    return [*NASTY, *(_query(random, 3) if random.random() < 0.6 else _rubbish(random) for _ in range(count))]


def _pairs(random: Random) -> list[tuple[str, str]]:
    pairs = [("q", _query(random, 2) if random.random() < 0.9 else _rubbish(random))] if random.random() < 0.9 else []
    if random.random() < 0.4:
        for name in random.sample(list(CHOICES), random.randint(1, 3)):
            pairs += [(name, value) for value in random.sample(CHOICES[name], random.randint(1, 2))]
    if random.random() < 0.2:
        name = random.choice(list(RANGED))
        pairs.append((name, random.choice(RANGED[name])))
    pairs += [("elements", random.choice(("all", "any", "only")))] if random.random() < 0.2 else []
    pairs += [("sort", random.choice(("newest", "oldest", "largest", "title")))] if random.random() < 0.4 else []
    pairs += [("in", "datasets")] if random.random() < 0.25 else []
    pairs += [("limit", str(random.choice((0, 1, 7, 50, 100))))] if random.random() < 0.3 else []
    pairs += [("offset", str(random.choice((1, 20, 300, 10_000))))] if random.random() < 0.15 else []
    pairs += [(random.choice(("fields", "page", "é")), "1")] if random.random() < 0.05 else []
    return pairs


def _query(random: Random, depth: int) -> str:
    parts = [_term(random, depth) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))]
    return random.choice((" ", " ", " OR ", " AND ")).join(parts)


def _term(random: Random, depth: int) -> str:
    word = random.choice(VOCABULARY)
    kind = random.randrange(14)
    if kind < 4:
        return word
    if random.random() < 0.05:
        return random.choice(SENTENCES)
    match kind:
        case 4:
            return f'"{" ".join(random.choices(VOCABULARY, k=random.randint(1, 3)))}"'
        case 5:
            return word[: random.randint(2, 6)] + "*"
        case 6:
            return f"{random.choice(FIELDS)}:{random.choice((word, random.choice(PEOPLE).split()[0]))}"
        case 7:
            return random.choice(RANGES)
        case 8:
            return random.choice(
                (
                    "year:2016..2018",
                    "year:>2019",
                    "year:2018",
                    "year:20x",
                    "element:Fe,O",
                    "element:Q",
                    "has:ORCID",
                    "has:x",
                )
            )
        case 9:
            name, values = random.choice([(name, values) for name, values in CHOICES.items() if name != "year"])
            return f'{name}:="{random.choice(values)}"'
        case 10:
            number = random.randrange(200)
            return random.choice(
                (
                    f"10.{1000 + number % 3}/EXAMPLE-{number}",
                    "doi:10.1001/*",
                    "doi:10.1002/example-1*",
                    *random.choices(IDENTIFIERS + DOIS, k=3),
                )
            )
        case 11 if depth:
            return f"{random.choice(('', '-'))}({_query(random, depth - 1)})"
        case 12:
            return f"{random.choice(('-', 'NOT '))}{word}"
    at = random.randrange(len(word))
    return word[:at] + random.choice("aeot") + word[at + 1 :]  # a slip of the finger


def _rubbish(random: Random) -> str:
    if random.random() < 0.2:
        return random.choice(NASTY)
    return "".join(random.choices(_LETTERS, k=random.randint(0, 30)))
