"""The page at /viewer/: an HDF5 file of a dataset of this site, opened in the browser. One page for all files.

Which file it shows, its address says: the dataset's page and the file's number. It looks that up in the list that
stands beside that page (see `builders.viewer.listing`), so it opens what the site lists and nothing else.
"""

from collections.abc import Iterator
from dataclasses import replace

from panfair.builders import Sheet
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.viewer.bundle import bundle
from panfair.builders.viewer.policy import ADDRESS, viewer_policy


def _sheets(site: Site) -> Iterator[Sheet]:
    policy = viewer_policy(site.renderer.portal.file_hosts)
    sheet = site.sheet(ADDRESS, "pages/viewer.html", policy=policy, bundle=bundle())
    yield replace(sheet, page="")  # by itself it shows nothing: it stands in no sitemap


PAGES = (PageKind("viewer", _sheets),)
"""What `page_sheets` asks for."""
