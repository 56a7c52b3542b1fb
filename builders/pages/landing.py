"""The landing page of a DOI, with the pages of its datasets: what a reader needs to understand, get, cite and reuse.

The order is that of a reader's questions: is it open, what is it, who made it, how do I get it, what is in it, what
belongs to it; beside it how to cite, what is allowed, and the forms for machines.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from panfair.builders import Artifact
from panfair.builders.card import Shelf, files_and_bytes
from panfair.builders.citations.citations import StyledCitation, all_versions, publication_citations
from panfair.builders.downloads.placed import placed
from panfair.builders.formats.schemaorg import page_document
from panfair.builders.gallery.picture import Picture
from panfair.builders.gallery.shown import NO_PICTURES, Album, described, hero_of, tiles_of
from panfair.builders.html.entries import CardLine
from panfair.builders.html.grid import Grid
from panfair.builders.html.head import embedded, meta_tags
from panfair.builders.html.language import local_day, tr
from panfair.builders.html.list_kind import address_of, all_lists, shelves_of
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import (
    DATE_WORDS,
    KIND_WORDS,
    counted,
    day_in_words,
    excerpt,
    foreign,
    host_of,
    language_tag,
    opened_in_words,
    paragraphs,
    web_address,
)
from panfair.builders.metadata.crosswalk import Link, dataset_folder, describe, typed_links
from panfair.builders.metadata.format import Format, formats_of
from panfair.builders.pages.datasets import dataset_pages, listing_pages
from panfair.builders.pages.downloads import Download, download, lists_beside, lists_of, tape_in_words
from panfair.builders.pages.lists.funder import funder_of, grant_of
from panfair.builders.pages.people import Byline, byline
from panfair.builders.pages.related import RelatedGroup, related_groups, version_groups
from panfair.builders.pages.rights import RightsView, rights_views
from panfair.builders.pages.tables import SampleView, dataset_grid, identifier_address, sample_views, summary_grid, when
from panfair.builders.pages.versions import Versions
from panfair.builders.techniques.comparison import Compared, Comparisons
from panfair.builders.techniques.summary import TechniqueBlock, blocks, techniques_of
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Dataset, Funding, Technique

MOST_DATASETS = 20
"""A publication with more datasets has a paged listing of its own, and shows the first ten here."""
_FIRST_DATASETS = 10


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts."""

    label: str
    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A technique, an instrument, a proposal…, with its page on this site."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class ChipRow:
    """The publication's shelves of one list: its instruments, its techniques…"""

    label: str
    kind: str
    """The list's name."""
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Fund:
    """A funder with its page on this site, and the grant, if it is known, with its page here and its own elsewhere."""

    funder: str
    page: str
    grant: str
    grant_page: str
    award: str
    award_host: str


@dataclass(frozen=True, slots=True)
class FormatLink:
    """One machine-readable form beside the page."""

    name: str
    address: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Landing:
    """All that the template of a landing page places."""

    doi: str
    doi_url: str
    page: str
    address: str
    title: str
    language: str
    foreign: str
    """The record's language where it is not the site's."""
    description: str
    meta: tuple[tuple[str, str], ...]
    links: list[Link]
    document: Markup
    trail: tuple[tuple[str, str], ...]
    kind: str
    version: str
    opened: str
    measured: str
    superseded_by: Doi | None
    people: Byline
    chips: tuple[ChipRow, ...]
    keywords: tuple[str, ...]
    abstract: tuple[tuple[str, ...], ...]
    methods: tuple[tuple[str, ...], ...]
    blocks: tuple[TechniqueBlock, ...]
    comparisons: tuple[Compared, ...]
    """Results of programs side by side, and the samples of the session."""
    summary: Grid
    summary_left_out: int
    samples: tuple[SampleView, ...]
    samples_left_out: int
    datasets: Grid
    dataset_count: int
    dataset_words: str
    dataset_listing: str
    download: Download
    has_download: bool
    within_reach: bool
    """Whether any address leads to files, be it the facility's catalogue."""
    tape: str
    """What is said when files lie on tape."""
    datasets_lead: bool
    """Whether datasets have identifiers that resolve somewhere else."""
    data_url: str
    data_host: str
    catalogue_url: str
    related: tuple[RelatedGroup, ...]
    versions: tuple[RelatedGroup, ...]
    family: Versions | None
    """The versions that are open here."""
    funding: tuple[Fund, ...]
    acknowledgements: tuple[str, ...]
    citations: tuple[StyledCitation, ...]
    """In every style, the first to be shown at once."""
    all_versions: StyledCitation | None
    rights: tuple[RightsView, ...]
    details: tuple[Fact, ...]
    request: str
    problem: str
    """The subjects of letters: one that asks for the files, one about this page."""
    formats: tuple[FormatLink, ...]
    citation_formats: tuple[FormatLink, ...]
    hero: Picture | None
    """The picture that comes first."""
    tiles: tuple[Picture, ...]
    """One of each other dataset."""
    similar: tuple[CardLine, ...]
    """Other records that are like it, the nearest first."""


def landing_pages(
    released: Released,
    renderer: Renderer,
    versions: Versions | None = None,
    album: Album = NO_PICTURES,
    near: tuple[CardLine, ...] = (),
) -> list[Artifact]:
    """The landing page `doi/<path>/index.html`, the pages of described datasets, and lists too long for a page.

    A dataset's page is `datasets/<name>/index.html` below it; with more than twenty datasets there is a paged listing
    `datasets/index.html`, `datasets/page-2/index.html`… `versions` are those of the work that are open on this site,
    `album` the pictures of its datasets, whose files stand beside the pages, `near` the records that are like it.
    """
    publication = released.publication
    folder = f"doi/{released.doi.path}/"
    names = {dataset.id: dataset_folder(dataset, publication) for dataset in publication.datasets}
    page = released.doi.page
    pages = {
        dataset.id: f"{page}datasets/{names[dataset.id]}/" for dataset in publication.datasets if dataset.described
    }
    shelves = shelves_of(released)
    files = placed([("", publication.files), *((names[dataset.id], dataset.files) for dataset in publication.datasets)])
    count, size = files_and_bytes(publication)
    lists = lists_of(files, str(publication.doi))
    box = download(files, lists, page, renderer.portal, count=count, size_bytes=size or None)
    view = _landing(released, renderer, shelves, lambda dataset: pages.get(dataset.id, ""), box, versions, album, near)
    found = [Artifact(folder + "index.html", renderer.render("pages/landing.html", page=view))]
    found += lists_beside(lists, folder)
    if len(publication.datasets) > MOST_DATASETS:
        found += listing_pages(publication, renderer, lambda dataset: pages.get(dataset.id, ""))
    found += dataset_pages(released, renderer, names, shelves, album)
    return found


def _landing(
    released: Released,
    renderer: Renderer,
    shelves: list[Shelf],
    page_of: Callable[[Dataset], str],
    box: Download,
    versions: Versions | None,
    album: Album,
    near: tuple[CardLine, ...],
) -> Landing:
    publication, portal = released.publication, renderer.portal
    doi, page = publication.doi, publication.doi.page
    datasets = publication.datasets
    many = len(datasets) > MOST_DATASETS
    profiles = portal.profiles.of_all(techniques_of(publication))
    technique_blocks = blocks(profiles, (publication, *datasets))
    summary, summary_left_out = summary_grid(publication, frozenset().union(*(one.used for one in technique_blocks)))
    samples, samples_left_out = sample_views(
        [*publication.samples, *(sample for dataset in datasets for sample in dataset.samples)]
    )
    instruments = [shelf for shelf in shelves if shelf.kind == "instrument"]
    citations = publication_citations(publication)
    data_url = web_address(publication.url)
    forms = formats_of(describe(released, portal))
    return Landing(
        doi=str(doi),
        doi_url=doi.url,
        page=page,
        address=portal.url(page),
        title=publication.title,
        language=language_tag(publication.language),
        foreign=foreign(publication.language),
        description=excerpt(publication.abstract) or citations[0].text,
        meta=meta_tags(released, portal),
        links=typed_links(released, portal),
        document=embedded(described(page_document(released, portal), album.pictures, portal)),
        trail=(("/", tr("Home")), *((address_of(shelf), shelf.label) for shelf in instruments[:1])),
        kind=tr(KIND_WORDS[publication.kind]),
        version=publication.version or "",
        opened=opened_in_words(released),
        measured=when(publication),
        superseded_by=(versions.newer_than(doi) if versions else None) or publication.superseded_by,
        people=byline(publication),
        chips=_chip_rows(shelves, techniques_of(publication)),
        keywords=tuple(dict.fromkeys(keyword.term for keyword in publication.keywords)),
        abstract=paragraphs(publication.abstract),
        methods=paragraphs(publication.methods),
        blocks=technique_blocks,
        comparisons=Comparisons(profiles, datasets, page_of).all(),
        summary=summary,
        summary_left_out=summary_left_out,
        samples=samples,
        samples_left_out=samples_left_out,
        datasets=dataset_grid(datasets[:_FIRST_DATASETS] if many else datasets, page_of, profiles),
        dataset_count=len(datasets),
        dataset_words=counted(len(datasets), "dataset", "datasets"),
        dataset_listing=f"{page}datasets/" if many else "",
        download=box,
        has_download=bool(box.said or data_url or publication.catalogue_url or datasets),
        within_reach=bool(data_url or box.addressed or web_address(publication.catalogue_url))
        or any(web_address(dataset.url) for dataset in datasets),
        tape=tape_in_words(datasets),
        datasets_lead=any(identifier_address(dataset.identifier) for dataset in datasets),
        data_url=data_url,
        data_host=host_of(data_url),
        catalogue_url=web_address(publication.catalogue_url),
        related=related_groups(publication),
        versions=version_groups(publication, versions.dois if versions else frozenset()),
        family=versions,
        funding=tuple(map(_fund, publication.funding)),
        acknowledgements=tuple(
            dict.fromkeys(fund.acknowledgement for fund in publication.funding if fund.acknowledgement)
        ),
        citations=citations,
        all_versions=all_versions(publication),
        rights=rights_views(publication.rights),
        details=tuple(_details(released, box, shelves, portal.policies)),
        request=quote(tr("{doi}: request for data").format(doi=doi)),
        problem=quote(tr("{doi}: a problem with its page").format(doi=doi)),
        formats=tuple(_linked(form, page) for form in forms if not form.cites),
        citation_formats=tuple(_linked(form, page) for form in forms if form.cites),
        hero=hero_of(album),
        tiles=tiles_of(album),
        similar=near,
    )


def _linked(form: Format, page: str) -> FormatLink:
    return FormatLink(tr(form.name), page + form.file, form.media_type)


def _chip_rows(shelves: list[Shelf], techniques: Iterable[Technique]) -> tuple[ChipRow, ...]:
    kinds = sorted((kind.chips, kind.name, kind.one) for kind in all_lists() if kind.chips is not None)
    said: dict[str, dict[str, None]] = {}
    for technique in techniques:
        words = tr("{technique}, by its keywords").format(technique=technique.shown)
        said.setdefault(technique.name, {})[words if technique.derived else technique.shown] = None
    rows = (
        ChipRow(
            tr(one),
            name,
            tuple(
                Chip(label, address_of(shelf))
                for shelf in shelves
                if shelf.kind == name
                for label in (said.get(shelf.label, {}) if name == "technique" else {}) or {shelf.label: None}
            ),
        )
        for _, name, one in kinds
    )
    return tuple(row for row in rows if row.chips)


def _fund(fund: Funding) -> Fund:
    funder, grant = funder_of(fund), grant_of(fund)
    number = tr("grant {number}").format(number=fund.award_number) if fund.award_number else ""
    award = web_address(fund.award_url)
    return Fund(
        funder=fund.funder,
        page=address_of(funder) if funder.slug else identifier_address(fund.funder_id),
        grant=", ".join(filter(None, (number, fund.award_title))),
        grant_page=address_of(grant) if grant else "",
        award=award,
        award_host=host_of(award),
    )


def _details(
    released: Released, box: Download, shelves: list[Shelf], policies: tuple[tuple[str, str, str], ...]
) -> list[Fact]:
    publication = released.publication
    rows = [
        Fact(
            tr("Published by"),
            publication.publisher.name,
            publication.publisher.ror.url if publication.publisher.ror else "",
        )
    ]
    rows += [
        Fact(tr(kind.one), shelf.label, address_of(shelf))
        for kind in all_lists()
        for shelf in shelves
        if kind.in_details and shelf.kind == kind.name
    ]
    facility = publication.facility.name if publication.facility else ""
    rows += [Fact(tr("Data policy"), line, address) for name, line, address in policies if name == facility]
    rows += [Fact(tr("Session"), words) for words in (publication.session,) if words]
    rows += [Fact(tr("Measured"), words) for words in (when(publication),) if words]
    registered = publication.publication_date
    if registered and publication.release_date and registered != publication.release_date:
        rows.append(Fact(tr("Registered"), day_in_words(registered)))
    rows += [Fact(tr("Open since"), words) for words in (opened_in_words(released),) if words]
    if publication.modified:
        rows.append(Fact(tr("Metadata changed"), day_in_words(local_day(publication.modified))))
    rows += [
        Fact(other.note or tr(DATE_WORDS[other.kind]), day_in_words(other.day)) for other in publication.other_dates
    ]
    if publication.version:
        rows.append(Fact(tr("Version"), publication.version))
    if publication.resource_type:
        rows.append(Fact(tr("Type"), publication.resource_type))
    if box.size:
        rows.append(Fact(tr("Size"), box.size))
    if publication.language:
        rows.append(Fact(tr("Language"), publication.language))
    return rows
