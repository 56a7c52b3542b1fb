"""A whole small site in memory: what the page builders make of made-up records, without catalogue, ledger or run."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from panfair.builders import Artifact
from panfair.builders.card import Card, ClosedCounts, Shelf, Totals, YearCount, YearSum, card_of, part_of
from panfair.builders.downloads.viewer.bundle import viewer_files
from panfair.builders.html.list_kind import shelves_of
from panfair.builders.html.renderer import Renderer, static_files
from panfair.builders.metadata.crosswalk import render_formats
from panfair.builders.pages.closed_states import notice_page, tombstone_page
from panfair.builders.pages.landing import landing_pages
from panfair.builders.pages.page_kind import Site, page_sheets
from panfair.builders.portal import Portal
from panfair.builders.search.language.answer import SearchAnswer
from panfair.builders.search.page.page import served
from panfair.builders.search.page.reading import read_leniently
from panfair.builders.sitewide.catalogue import catalogue_sheets
from panfair.builders.sitewide.feeds import feed_sheets
from panfair.builders.sitewide.sitemap import sitemap_sheets
from panfair.builders.stretches import Line, Stretch, stretches
from panfair.ontologies.embargo import GatePolicy, Notice, Released, Tombstone, bury, judge, opening_day
from panfair.ontologies.identifiers import Doi, Identifier, Orcid
from panfair.ontologies.record import (
    Affiliation,
    Agent,
    DatasetLink,
    File,
    Funding,
    Instrument,
    Keyword,
    Parameter,
    Publication,
    Related,
    Technique,
    Withdrawal,
)
from support.house import ROOT
from support.records import PORTAL, TODAY, a_dataset, a_publication, released


class MemoryListing:
    """A listing of releases, as the ledger would keep it."""

    def __init__(self, releases: Iterable[Released]) -> None:
        cards = []
        for one in releases:
            shelves = shelves_of(one)
            cards.append((card_of(one, str(opening_day(one.publication)), shelves), shelves))
        self._cards = sorted(cards, key=lambda item: (item[0].day, item[0].doi), reverse=True)

    def totals(self) -> Totals:
        cards = [card for card, _ in self._cards]
        years = [card.year for card in cards] or [0]
        return Totals(
            publications=len(cards),
            datasets=sum(card.datasets for card in cards),
            files=sum(card.files for card in cards),
            size_bytes=sum(card.size_bytes for card in cards),
            first_year=min(years),
            last_year=max(years),
        )

    def years(self) -> list[YearSum]:
        found: dict[int, YearSum] = {}
        for card, _ in self._cards:
            year = found.get(card.year, YearSum(card.year, 0, 0, 0, 0))
            found[card.year] = YearSum(
                card.year,
                year.publications + 1,
                year.datasets + card.datasets,
                year.files + card.files,
                year.size_bytes + card.size_bytes,
            )
        return [found[year] for year in sorted(found, reverse=True)]

    def closed(self) -> ClosedCounts:
        return ClosedCounts(0, 0, 0, ())

    def span(self) -> tuple[str, str]:
        cards = [card for card, _ in self._cards]
        return min((card.day for card in cards), default=""), max((card.changed for card in cards), default="")

    def shelves(self, kind: str) -> list[Shelf]:
        found: dict[str, Shelf] = {}
        for _, shelves in self._cards:
            for shelf in shelves:
                if shelf.kind == kind:
                    count = found[shelf.slug].count if shelf.slug in found else 0
                    found[shelf.slug] = dataclasses.replace(found.get(shelf.slug, shelf), count=count + 1)
        return sorted(found.values(), key=lambda shelf: (shelf.label.casefold(), shelf.slug))

    def cards(self, kind: str | None = None, slug: str = "", *, offset: int = 0, limit: int = 50) -> list[Card]:
        found = [
            card
            for card, shelves in self._cards
            if kind is None or any((shelf.kind, shelf.slug) == (kind, slug) for shelf in shelves)
        ]
        return found[offset : offset + limit]

    def part(self, number: int, of: int) -> list[Card]:
        return [card for card, _ in self._cards if part_of(card.doi.lower(), of) == number]

    def part_key(self, number: int, of: int) -> str:
        return hashlib.sha256(repr(self.part(number, of)).encode()).hexdigest()

    def beside(self, kind: str, slug: str, other: str) -> list[Shelf]:
        here = MemoryListing([])
        here._cards = [both for both in self._cards if any((one.kind, one.slug) == (kind, slug) for one in both[1])]
        return here.shelves(other)

    def by_year(self, kind: str, slug: str) -> list[YearCount]:
        here = self.cards(kind, slug, limit=10**6)
        years = sorted({card.year for card in here}, reverse=True)
        found = [(year, [card for card in here if card.year == year]) for year in years]
        return [YearCount(year, len(cards), sum(card.datasets for card in cards)) for year, cards in found]

    def together(self, kind: str, slugs: Iterable[str]) -> int:
        wanted = {(kind, slug) for slug in slugs}
        return sum(any((shelf.kind, shelf.slug) in wanted for shelf in shelves) for _, shelves in self._cards)

    def stretches(self, kind: str | None = None, slug: str = "") -> list[Stretch]:
        cards = self.cards(kind, slug, limit=10**6)
        return stretches([Line(card.doi.lower(), card.day, hashlib.sha256(card.to_json()).digest()) for card in cards])

    def shelf_key(self, kind: str | None = None, slug: str = "", *, limit: int = 50) -> str:
        return hashlib.sha256(repr(self.cards(kind, slug, limit=limit)).encode()).hexdigest()


def texts(language: str = "en") -> dict[str, str]:
    """The site's own pages in Markdown."""
    folder = ROOT / "site/config/pages" / ("" if language == "en" else language)
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def small_site(
    releases: list[Released], others: Iterable[Notice | Tombstone] = (), portal: Portal = PORTAL
) -> dict[str, bytes]:
    """Every file below www/, by its path; a path that is made twice is an error."""
    renderer, listing = Renderer(portal), MemoryListing(releases)
    made: list[Artifact] = [*static_files(), *viewer_files()]
    for one in releases:
        made += [*landing_pages(one, renderer), *render_formats(one, portal)]
    for other in others:
        made += notice_page(other, renderer) if isinstance(other, Notice) else tombstone_page(other, renderer)

    def entries() -> Iterator[tuple[str, str]]:
        return iter([(card.page, card.changed) for card in listing.cards(limit=10**6)])

    sheets = (
        *page_sheets(Site(renderer, listing, texts(portal.language))),
        *feed_sheets(listing, portal, renderer.fingerprint()),
        *catalogue_sheets(listing, portal, renderer.fingerprint()),
        *sitemap_sheets(entries, portal, "key"),
    )
    made += [Artifact(sheet.path, sheet.render()) for sheet in sheets]
    files = {artifact.path: artifact.body for artifact in made}
    assert len(files) == len(made), "a path was made twice"
    return files


def a_rich_publication() -> Publication:
    """A publication that has something for every part of a landing page; all of it is made up."""
    university = Affiliation(name="Example University, Department of Invented Physics")
    source = Affiliation(name="Example Photon Source")

    def person(given: str, family: str, *places: Affiliation, orcid: str = "", role: str | None = None) -> Agent:
        iri = Orcid.parse(orcid) if orcid else None
        name = f"{given} {family}"
        return Agent(name=name, given_name=given, family_name=family, orcid=iri, affiliations=places, role=role)

    def technique(term: str, label: str) -> Technique:
        return Technique(said=label, iri=f"http://purl.org/pan-science/PaNET/{term}", label=label)

    def conditions(energy: float) -> tuple[Parameter, ...]:
        return (
            Parameter(name="photon energy", value=energy, unit="keV"),
            Parameter(name="exposure time", value=0.0004, unit="s"),
            Parameter(name="voxel size", value=1.625, unit="µm"),
            Parameter(name="projections", value=3600),
            Parameter(name="detector distance", value=120.5, unit="mm", error=0.5),
        )

    techniques = (technique("PaNET01129", "tomography"), technique("PaNET01203", "time-resolved imaging"))
    scans = tuple(
        a_dataset(
            id=f"scan-{number}",
            name=f"scan_000{number}_{celsius}C",
            description=f"Drainage at {celsius} °C, one volume every 0.4 s.",
            start=datetime(2024, 5, 1 + number, 8),
            techniques=techniques,
            parameters=conditions(energy),
            files=tuple(
                File(
                    name=f"scan_000{number}_{part}.h5",
                    size_bytes=2_234_567_890,
                    checksum=hashlib.sha256(f"{number}/{part}".encode()).hexdigest(),
                    checksum_algorithm="SHA-256",
                    media_type="application/x-hdf5",
                    url=f"https://data.example.org/files/scan_000{number}_{part}.h5",
                    description="flats and darks" if part == "fields" else None,
                )
                for part in ("projections", "fields")
            ),
            file_count=2,
            size_bytes=4_469_135_780,
        )
        for number, celsius, energy in ((1, 20, 21.5), (2, 45, 21.5), (3, 85, 25.0))
    )
    volumes = a_dataset(
        id="volumes",
        name="volumes",
        kind="processed",
        description="Reconstructed volumes and the network of Plateau borders.",
        techniques=techniques[:1],
        parameters=(),
        inputs=tuple(DatasetLink(id=scan.id) for scan in scans),
        software=("https://example.org/foamseg", "reconstruct 2.1"),
        files=(),
        file_count=0,
        size_bytes=9_876_543_210,
    )
    return a_publication(
        doi=Doi.parse("10.99999/EXAMPLE-DC-2024-0417"),
        title="How a silica foam drains: fast tomography of capillary flow between 20 °C and 85 °C",
        abstract=(
            "Liquid foams drain under gravity, and how fast they do decides how long they live. We followed the "
            "drainage of a silica-stabilised foam in three dimensions with fast tomography, one volume every 0.4 s "
            "over two hours, at three temperatures between 20 °C and 85 °C.\n\n"
            "The data hold the raw projections with flats and darks, the reconstructed volumes, and the network of "
            "Plateau borders with the local liquid fraction. Drainage speeds up with temperature, mostly through the "
            "viscosity of the liquid, while the shape of the network hardly changes. Everything here is made up."
        ),
        version="2",
        creators=(
            person("Testa", "Madeup", university, orcid="0000-0002-1825-0097", role="Principal investigator"),
            person("Invented", "Person", university, source),
            person("Exempla", "Gratia", source),
        ),
        contributors=(person("Local", "Contact", source, role="Local contact"),),
        instruments=(Instrument(name="EX01", full_name="EX01 – Fast imaging"),),
        techniques=techniques,
        keywords=tuple(Keyword(term=term) for term in ("liquid foam", "drainage", "Plateau borders", "silica")),
        session="2",
        datasets=(*scans, volumes),
        related=(
            Related(
                relation="IsSupplementTo",
                identifier=Identifier(scheme="DOI", value="10.99999/paper-1"),
                citation="Madeup, T., Person, I. & Gratia, E. (2025). Drainage of silica foams seen in three "
                "dimensions. Journal of Examples 12, 345–359.",
            ),
            Related(
                relation="IsNewVersionOf",
                identifier=Identifier(scheme="DOI", value="10.99999/EXAMPLE-DC-2024-0398"),
                title="Version 1",
            ),
        ),
        funding=(Funding(funder="Example Research Fund", award_number="EX-1", award_title="Foams in motion"),),
        catalogue_url="https://catalogue.example.org/experiment/417",
    )


def a_big_publication() -> Publication:
    """Twenty-four people, 60 datasets, no licence, and a newer version elsewhere."""
    return a_publication(
        doi=Doi.parse("10.99999/BIG"),
        title="A publication of many datasets",
        creators=tuple(Agent(name=f"Person Number{number}") for number in range(24)),
        rights=(),
        related=(
            Related(relation="IsPreviousVersionOf", identifier=Identifier(scheme="DOI", value="10.99999/EXAMPLE-1")),
        ),
        datasets=tuple(a_dataset(id=f"d{number}", name=f"scan {number}") for number in range(60)),
    )


def a_bare_publication() -> Publication:
    """As little as a catalogue can say."""
    return Publication(
        source="made-up",
        source_id="bare",
        doi=Doi.parse("10.99999/BARE"),
        title="Nothing but a title",
        publisher=Agent(name="Example Photon Source", kind="organisation"),
        publication_year=2020,
        release_date=date(2020, 1, 1),
    )


def some_releases() -> list[Released]:
    """One of each, and enough others that lists have two pages."""
    others = [
        a_publication(
            source_id=f"i{number}",
            doi=Doi.parse(f"10.99999/EX-{number}"),
            title=f"Made-up sample {number} under load",
            publication_year=2018 + number % 8,
            release_date=date(2018 + number % 8, 1 + number % 12, 1 + number % 28),
            instruments=(Instrument(name=f"EX0{number % 7}", full_name=f"EX0{number % 7} – Beamline"),),
        )
        for number in range(52)
    ]
    made = (a_publication(), a_rich_publication(), a_big_publication(), a_bare_publication(), *others)
    return [released(publication) for publication in made]


def some_states() -> list[Notice | Tombstone]:
    """A bare notice, one with its citation, one without a day, and two tombstones."""
    notices = [
        judge(
            a_publication(
                doi=Doi.parse(f"10.99999/CLOSED-{number}"),
                release_date=day,
                publication_date=None,
                catalogue_url="https://catalogue.example.org/experiment/9",
            ),
            TODAY,
            policy,
            shown_before=True,
        )
        for number, (day, policy) in enumerate(
            [(date(2027, 6, 1), GatePolicy()), (date(2027, 6, 1), GatePolicy(page="citation")), (None, GatePolicy())]
        )
    ]
    assert all(isinstance(notice, Notice) for notice in notices)
    gone = Withdrawal(
        on=date(2025, 3, 1),
        reason="The sample was mislabelled.",
        by="Data office",
        replaced_by=Doi.parse("10.99999/EXAMPLE-1"),
    )
    return [
        *[notice for notice in notices if isinstance(notice, Notice)],
        bury(a_publication(doi=Doi.parse("10.99999/GONE")), gone),
        bury(a_publication(doi=Doi.parse("10.99999/GONE-BARE")), Withdrawal(), GatePolicy(tombstone="bare")),
    ]


def a_search_answer(**changes: object) -> SearchAnswer:
    """What a search would find: five results with all that may stand in one, facets of every kind, two histograms."""
    results = [
        {
            "doi": "10.99999/BARE",
            "title": f"Made-up result {number}",
            "title_html": f"Made-up <mark>result</mark> {number} &amp; more",
            "url": "/doi/10.99999/bare/",
            "score": 2.5,
            "creators": [f"Person Number{person}" for person in range(6)],
            "creator_count": 6,
            "year": 2024,
            "day": "2024-05-02",
            "highlight": "where the <mark>foam</mark> of a &lt;b&gt; drains",
            "instruments": ["EX01 – Fast imaging"],
            "techniques": ["tomography"],
            "facility": "Example Photon Source",
            "datasets": 3,
            "files": 1,
            "size_bytes": 21_200_000_000,
            "superseded": number == 1,
            "numbers": [{"label": "Energy", "value_words": "12.4 keV"}] if number < 3 else [],
            "publication": "The <b> of it" if number == 2 else "",
        }
        for number in range(5)
    ]

    def facet(**values: int) -> list[dict[str, object]]:
        return [{"value": value.replace("_", " "), "count": count, "chosen": False} for value, count in values.items()]

    answer: dict[str, object] = {
        "query": "foam",
        "total": 1123,
        "limit": 20,
        "offset": 0,
        "sort": "relevance",
        "in": "publications",
        "results": results,
        "notes": ["“year:abc” is no year, so it was searched for as <words>."],
        "understood": {
            "query": 'foam year:<2020 -"<b>" energy:6..7keV',
            "conditions": [
                {
                    "key": "year",
                    "value": "< 2020",
                    "negated": False,
                    "typed": "before 2020",
                    "exact": "year:<2020",
                    "without": "foam",
                },
                {
                    "key": "word",
                    "value": "<b>",
                    "negated": True,
                    "typed": "without <b>",
                    "exact": '-"<b>"',
                    "without": "foam",
                },
                {
                    "key": "energy",
                    "value": "6..7keV",
                    "negated": False,
                    "typed": "6-7 keV",
                    "exact": "energy:6..7keV",
                    "without": 'foam "<b>"',
                },
            ],
        },
        "suggestion": None,
        "facets": {
            "technique": facet(tomography=1100, imaging=1123, x_ray_tomography=0, magic=3),
            "instrument": facet(**{f"EX{number:02}": 100 - number for number in range(12)}),
            "year": facet(**{str(year): 20 * (year - 1990) for year in range(1998, 2027, 2)}),
            "element": facet(O=900, Si=880, Fe=12),
            "kind": facet(session=1000, collection=123),
            "has": facet(orcid=500, files=3),
        },
        "histograms": [
            {
                "key": "energy",
                "label": "Energy",
                "unit": "keV",
                "count": 1000,
                "bars": [{"low": 5.0 + step, "high": 6.0 + step, "count": 37 * step} for step in range(8)],
            },
            {
                "key": "exposure",
                "label": "Exposure time",
                "unit": "s",
                "count": 12,
                "bars": [
                    {"low": 10.0**-power, "high": 10.0 ** (1 - power), "count": power} for power in range(9, 0, -1)
                ],
            },
        ],
    }
    return SearchAnswer.model_validate({**answer, **changes})


def search_pages(portal: Portal = PORTAL) -> dict[str, bytes]:
    """What the server's search would answer: a page of results with all that may stand in one, and an empty one."""
    renderer = Renderer(portal)
    request = read_leniently(
        [("q", 'foam "<b>"'), ("technique", "tomography"), ("element", "Fe"), ("energy", "6..7keV"), ("offset", "20")]
    )
    world = a_search_answer()
    found = served(renderer, request, a_search_answer(), world, lambda other: 7)
    empty = a_search_answer(total=0, results=[], facets={}, histograms=[], suggestion="foam", notes=[])
    return {"found.html": found, "not-found.html": served(renderer, request, empty, world, lambda other: 7)}
