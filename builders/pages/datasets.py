"""The pages of a publication's datasets: one for each that is described, and a paged listing when there are many.

And one page for the HDF5 files of all of them, at /viewer/: its address says which dataset and file it shows. It looks
that up in the list that stands beside the dataset's page, so it opens what the site lists and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from panfair.builders import Artifact, Sheet
from panfair.builders.card import Shelf
from panfair.builders.citations.citations import StyledCitation, dataset_citation
from panfair.builders.downloads.placed import placed
from panfair.builders.downloads.snippets import Remote, remote
from panfair.builders.downloads.viewer.bundle import bundle
from panfair.builders.downloads.viewer.listing import FILE, Openable, listing, openable
from panfair.builders.downloads.viewer.policy import ADDRESS, viewer_policy
from panfair.builders.gallery.shown import NO_PICTURES, Album, Groups, described, groups_of, large_address
from panfair.builders.html.grid import Cell, Column, Grid, grid
from panfair.builders.html.head import embedded
from panfair.builders.html.language import tr
from panfair.builders.html.list_kind import address_of
from panfair.builders.html.paging import stretch
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import (
    DATASET_KIND_WORDS,
    excerpt,
    foreign,
    host_of,
    paragraphs,
    size_words,
    web_address,
)
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.schema_org_datasets import dataset_document
from panfair.builders.pages.downloads import Download, download, lists_beside, lists_of, tape_in_words
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.pages.rights import RightsView, rights_views
from panfair.builders.pages.tables import (
    SampleView,
    dataset_grid,
    identifier_address,
    identifier_words,
    parameter_grid,
    sample_views,
    when,
)
from panfair.builders.techniques.comparison import Compared, Comparisons
from panfair.builders.techniques.summary import TechniqueBlock, blocks, step_words, techniques_of
from panfair.ontologies.embargo import Released
from panfair.ontologies.file_trees import FileTree
from panfair.ontologies.record import Dataset, Publication

_ROWS = 50


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The dataset before or after this one."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a name and perhaps an address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class DatasetView:
    """All that the template of a dataset page places."""

    name: str
    address: str
    trail: tuple[tuple[str, str], ...]
    parent: str
    parent_title: str
    parent_doi: str
    description: str
    kind: str
    measured: str
    identifier: str
    identifier_address: str
    text: tuple[tuple[str, ...], ...]
    foreign: str
    """The language of the record's words where it is not the site's."""
    instruments: tuple[Named, ...]
    techniques: tuple[Named, ...]
    keywords: tuple[str, ...]
    samples: tuple[SampleView, ...]
    samples_left_out: int
    blocks: tuple[TechniqueBlock, ...]
    comparisons: tuple[Compared, ...]
    """What programs made of the same data."""
    step: str
    parameters: Grid
    inputs: Grid
    software: tuple[Named, ...]
    download: Download
    remote: Remote | None
    """How its first HDF5 file is opened where it is."""
    viewable: tuple[Openable, ...]
    """Its files that the viewer opens."""
    viewer_size: str
    """What the viewer itself moves once, in words; empty where it is not built."""
    trees: tuple[FileTree, ...]
    """What is in its files."""
    has_download: bool
    tape: str
    """What is said when its files lie on tape."""
    request: str
    """The subject of a letter that asks for them."""
    data_url: str
    data_host: str
    citation: StyledCitation
    """Of this dataset alone."""
    rights: tuple[RightsView, ...]
    """Its own, else the publication's."""
    document: Markup
    """Its description for machines, embedded."""
    previous: Neighbour | None
    next: Neighbour | None
    pictures: Groups
    image: str
    """The address of its picture for who shows the page elsewhere."""


def dataset_pages(
    released: Released, renderer: Renderer, names: dict[str, str], shelves: list[Shelf], album: Album = NO_PICTURES
) -> list[Artifact]:
    """A page for each described dataset, at `datasets/<name>/index.html` below the landing page.

    `names` is the folder of each dataset by its id, `shelves` those that the publication stands on.
    """
    publication = released.publication
    description = describe(released, renderer.portal)
    parts = {part.dataset.id: part for part in description.parts}
    described = [dataset for dataset in publication.datasets if dataset.described]
    root = f"{released.doi.page}datasets/"
    known: dict[tuple[str, str], str] = {(shelf.kind, shelf.label): address_of(shelf) for shelf in shelves}
    by_id = {dataset.id: Neighbour(dataset.name, f"{root}{names[dataset.id]}/") for dataset in described}
    order = [by_id[dataset.id] for dataset in described]
    compared = Comparisons(
        renderer.portal.profiles.of_all(techniques_of(publication)),
        publication.datasets,
        lambda one: by_id[one.id].address if one.id in by_id else "",
    )
    found = []
    for place, dataset in enumerate(described):
        folder = f"doi/{released.doi.path}/datasets/{names[dataset.id]}/"
        files = placed([("", dataset.files)])
        lists = lists_of(files, f"{dataset.name} ({publication.doi})")
        view = _view(
            dataset,
            publication,
            renderer,
            files=download(
                files,
                lists,
                f"{root}{names[dataset.id]}/",
                renderer.portal,
                count=dataset.file_count,
                size_bytes=dataset.size_bytes,
            ),
            known=known,
            by_id=by_id,
            compared=compared.of(dataset),
            opened=remote(files),
            document=dataset_document(parts[dataset.id], description),
            previous=order[place - 1] if place else None,
            following=order[place + 1] if place + 1 < len(order) else None,
            pictures=groups_of(album, dataset.id),
            viewable=openable(files, f"{root}{names[dataset.id]}/", renderer.portal),
            trees=tuple(tree for tree in album.trees if tree.dataset == dataset.id),
        )
        found.append(Artifact(folder + "index.html", renderer.render("pages/dataset.html", page=view)))
        found += lists_beside(lists, folder)
        if (listed := listing(files, dataset.name, publication.title, renderer.portal)) is not None:
            found.append(Artifact(folder + FILE, listed))
    return found


def listing_pages(publication: Publication, renderer: Renderer, page_of: Callable[[Dataset], str]) -> list[Artifact]:
    """The paged listing of a publication's datasets, fifty a page, at `datasets/` below the landing page."""
    datasets, root = publication.datasets, f"{publication.doi.page}datasets/"
    profiles = renderer.portal.profiles.of_all(techniques_of(publication))
    found = []
    for pages in stretch(root, len(datasets), _ROWS):
        rows = datasets[pages.offset : pages.offset + _ROWS]
        body = renderer.render(
            "pages/datasets.html",
            pages=pages,
            address=renderer.portal.url(pages.address),
            title=publication.title,
            doi=str(publication.doi),
            parent=publication.doi.page,
            count=len(datasets),
            datasets=dataset_grid(rows, page_of, profiles),
        )
        found.append(Artifact(f"doi/{publication.doi.path}/datasets/{pages.folder}index.html", body))
    return found


def _view(
    dataset: Dataset,
    publication: Publication,
    renderer: Renderer,
    *,
    files: Download,
    opened: Remote | None,
    known: dict[tuple[str, str], str],
    by_id: dict[str, Neighbour],
    compared: tuple[Compared, ...],
    document: dict[str, object],
    previous: Neighbour | None,
    following: Neighbour | None,
    pictures: Groups,
    viewable: tuple[Openable, ...],
    trees: tuple[FileTree, ...],
) -> DatasetView:
    data_url = web_address(dataset.url)
    samples, samples_left_out = sample_views(dataset.samples)
    here = by_id[dataset.id].address
    profiles = renderer.portal.profiles.of_all(techniques_of(publication, dataset))
    return DatasetView(
        name=dataset.name,
        address=renderer.portal.url(here),
        trail=(("/", tr("Home")), (publication.doi.page, str(publication.doi))),
        parent=publication.doi.page,
        parent_title=publication.title,
        parent_doi=str(publication.doi),
        description=excerpt(dataset.description)
        or tr("{name}, a dataset of: {title}").format(name=dataset.name, title=excerpt(publication.title)),
        kind=_kind(dataset),
        measured=when(dataset),
        identifier=identifier_words(dataset.identifier),
        identifier_address=identifier_address(dataset.identifier),
        text=paragraphs(dataset.description),
        foreign=foreign(publication.language),
        instruments=tuple(
            Named(name, known.get(("instrument", name), ""))
            for name in dict.fromkeys(
                item.full_name or item.name for item in dataset.instruments or publication.instruments
            )
        ),
        techniques=tuple(
            Named(shown, known.get(("technique", name), ""))
            for shown, name in dict.fromkeys(
                (item.shown, item.name) for item in dataset.techniques or publication.techniques
            )
        ),
        keywords=tuple(dict.fromkeys(keyword.term for keyword in dataset.keywords)),
        samples=samples,
        samples_left_out=samples_left_out,
        blocks=blocks(profiles, (dataset,)),
        comparisons=compared,
        step=step_words(profiles, dataset),
        parameters=parameter_grid(tr("List of parameters"), dataset.parameters),
        inputs=_inputs(dataset, by_id),
        software=tuple(Named(name, web_address(name)) for name in dataset.software),
        download=files,
        remote=opened,
        viewable=viewable,
        viewer_size=size_words(found.transfer_bytes) if (found := bundle()) else "",
        trees=trees,
        has_download=bool(files.said or data_url or dataset.availability == "tape"),
        tape=tape_in_words((dataset,)),
        request=quote(tr("{doi}, {dataset}: please fetch from tape").format(doi=publication.doi, dataset=dataset.name)),
        data_url=data_url,
        data_host=host_of(data_url),
        citation=dataset_citation(dataset, publication),
        rights=rights_views(dataset.rights or publication.rights),
        document=embedded(described(document, pictures.all, renderer.portal)),
        previous=previous,
        next=following,
        pictures=pictures,
        image=large_address(pictures.all),
    )


def _inputs(dataset: Dataset, by_id: dict[str, Neighbour]) -> Grid:
    def row(link_id: str, name: str, identifier: str, address: str) -> tuple[Cell, Cell]:
        near = by_id.get(link_id)
        return Cell(name, address=near.address if near else address), Cell(identifier if identifier != name else "")

    rows = [
        row(
            link.id,
            link.name
            or (by_id[link.id].name if link.id in by_id else "")
            or identifier_words(link.identifier)
            or link.id,
            identifier_words(link.identifier),
            identifier_address(link.identifier),
        )
        for link in dataset.inputs
    ]
    return grid(tr("Datasets"), (Column(tr("Dataset")), Column(tr("Identifier"))), rows)


def _kind(dataset: Dataset) -> str:
    """What it is, as a heading says it."""
    if dataset.kind != "other":
        words = tr(DATASET_KIND_WORDS[dataset.kind])
        return words[:1].upper() + words[1:]
    return dataset.kind_said or tr("Dataset")


def _viewer(site: Site) -> Iterator[Sheet]:
    policy = viewer_policy(site.renderer.portal.file_hosts)
    sheet = site.sheet(ADDRESS, "pages/viewer.html", policy=policy, bundle=bundle())
    yield replace(sheet, page="")  # by itself it shows nothing: it stands in no sitemap


PAGES = (PageKind("viewer", _viewer),)
"""What `page_sheets` asks for."""
