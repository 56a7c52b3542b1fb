"""All versions of one work that are open here: what a landing page says of them, and the page that lists them all.

The page stands at the concept DOI's own address when the catalogue has no page for it, else beside the newest version.
It tells, field by field, what changed from each version to the next; it is made from released records only. Beside the
page of a concept DOI stands what DataCite is told of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import orjson

from panfair.builders import Sheet
from panfair.builders.citations.citations import all_versions
from panfair.builders.formats.datacite import datacite_values
from panfair.builders.html.entries import sheet_key
from panfair.builders.html.head import embedded
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import counted
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.pages.version_changes import Change, changes
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Doi


@dataclass(frozen=True, slots=True)
class Version:
    """One version, as lists show it."""

    doi: Doi
    title: str
    number: str
    """As the catalogue counts; empty where it does not."""
    day: str
    """The day it opened, in words."""
    superseded: bool
    """Whether a newer one is known for certain."""

    @property
    def label(self) -> str:
        """`Version 2`, or nothing where the catalogue counts no versions."""
        return f"Version {self.number}" if self.number else ""


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one work, the newest first."""

    page: str
    """The address of the page that lists them all, from the root."""
    concept: Doi | None
    """The DOI that stands for all versions."""
    own_page: bool
    """Whether the page stands at the concept DOI's address."""
    all: tuple[Version, ...]

    @property
    def dois(self) -> frozenset[str]:
        """The keys of all versions, and of the DOI that stands for them."""
        return frozenset(one.doi.key for one in self.all) | ({self.concept.key} if self.concept else set())

    @property
    def newest(self) -> Version:
        return self.all[0]

    def newer_than(self, doi: Doi) -> Doi | None:
        """The newest version's DOI, when this one is superseded."""
        return next((self.newest.doi for one in self.all if one.doi == doi and one.superseded), None)


@dataclass(frozen=True, slots=True)
class Step:
    """What changed from one version to the next."""

    older: Version
    newer: Version
    changes: tuple[Change, ...]


Releases = Callable[[list[str]], Iterator[Released]]
"""The open records of some keys, in the order of the keys."""


def _sheets(site: Site) -> Iterator[Sheet]:
    """A page for each work; the landing pages of its versions lead to it."""
    for versions, digest in site.works:
        if versions.own_page and versions.concept:
            path = f"doi/{versions.concept.path}/index.html"
        else:
            path = f"doi/{versions.newest.doi.path}/versions.html"

        def render(versions: Versions = versions) -> bytes:
            return versions_page(versions, site.releases, site.renderer)

        page = versions.page if versions.own_page else ""
        yield Sheet(path, sheet_key(site.renderer, "versions", digest, versions), render, page)
        if page:

            def describe(versions: Versions = versions) -> bytes:
                return concept_description(versions, site.releases, site.renderer.portal)

            path = f"doi/{versions.concept.path}/datacite.json" if versions.concept else path
            yield Sheet(path, sheet_key(site.renderer, "concept", digest, versions), describe)


def versions_page(versions: Versions, releases: Releases, renderer: Renderer) -> bytes:
    """The page of all versions of a work."""
    oldest_first = versions.all[::-1]
    keys = [one.doi.key for one in oldest_first]
    records = {one.doi.key: one for one in releases(keys)}
    steps = [
        Step(older, newer, changes(records[older.doi.key].publication, records[newer.doi.key].publication))
        for older, newer in pairwise(oldest_first)
        if older.doi.key in records and newer.doi.key in records
    ]
    newest = records.get(versions.newest.doi.key)
    return renderer.render(
        "pages/versions.html",
        versions=versions,
        address=renderer.portal.url(versions.page),
        how_many=counted(len(versions.all), "version", "versions"),
        steps=steps[::-1],
        citation=all_versions(newest.publication) if newest else None,
        document=embedded(_document(versions, renderer)),
    )


def concept_description(versions: Versions, releases: Releases, portal: Portal) -> bytes:
    """What DataCite is told of the DOI that stands for all versions: the newest one's words, and what they are."""
    assert versions.concept is not None
    newest = next(releases([versions.newest.doi.key]), None)
    values = dict(datacite_values(newest, portal)) if newest else {}
    for of_one_version in ("version", "sizes", "formats", "dates", "alternateIdentifiers", "relatedItems"):
        values.pop(of_one_version, None)
    values |= {
        "doi": str(versions.concept),
        "url": portal.url(versions.page),
        "relatedIdentifiers": [
            {"relatedIdentifier": str(one.doi), "relatedIdentifierType": "DOI", "relationType": "HasVersion"}
            for one in versions.all
        ],
    }
    return orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n"


def _document(versions: Versions, renderer: Renderer) -> dict[str, object]:
    """The work and its versions in schema.org's words."""
    iri = versions.concept.url if versions.concept else renderer.portal.url(versions.page)
    return {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": iri,
        "url": renderer.portal.url(versions.page),
        "name": versions.newest.title,
        "workExample": [{"@type": "Dataset", "@id": one.doi.url, "name": one.title} for one in versions.all],
    }


PAGES = (PageKind("versions", _sheets),)
