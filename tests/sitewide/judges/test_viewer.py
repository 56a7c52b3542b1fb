"""The HDF5 viewer in Chromium, over a served site: what it shows, what it moves, what it may not, what axe finds."""

import os
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import hdf5plugin
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from panfair.builders.downloads.viewer.bundle import bundle
from panfair.ontologies.record import File
from panfair.site.config.settings import read_config
from panfair.site.serve.app import create_app
from support.chromium import started
from support.judges import hdf5_files
from support.judges.axe import violations
from support.records import a_dataset
from support.serving import a_free_port, serving
from support.site_run import SiteRun, numbered

pytestmark = pytest.mark.xdist_group("viewer")
_TABLE = """\
[[source]]
name = "made-up"
kind = "records"
path = "made-up.jsonl"
file_path = "mount/{location}"
[files]
serve = true
[search]
static = false
"""
_FILTERS = {
    "blosc": hdf5plugin.Blosc(),
    "blosc2": hdf5plugin.Blosc2(),
    "lz4": hdf5plugin.LZ4(),
    "zstd": hdf5plugin.Zstd(),
    "bitshuffle": hdf5plugin.Bitshuffle(cname="zstd"),
    "gzip": {"compression": "gzip", "shuffle": True},
}
_WITHIN = 60_000  # milliseconds, for a machine that has no graphics card and much else to do


class _Viewed:
    """A served site with a viewer, and a page of a browser."""

    def __init__(self, record, address: str, page: Page) -> None:
        self.record, self.address, self.page = record, address, page
        self.said: list[str] = []
        page.on("console", lambda message: self._heard(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def _heard(self, text: str) -> None:
        if "GL Driver Message" not in text:  # of our own look at the pixels
            self.said.append(text)

    def open(self, dataset: str, file: int = 0, path: str = "") -> None:
        self.said.clear()
        self.page.goto("about:blank")
        place = f"{self.record.doi.page}datasets/{dataset}/"
        self.page.goto(f"{self.address}/viewer/?dataset={place}&file={file}{'#' + path if path else ''}")

    def moved(self) -> dict[str, int]:
        return self.page.evaluate("panfairMoved()")

    def drawn(self) -> np.ndarray:
        """The pixels of what h5web draws, once it has drawn something."""
        canvas = self.page.locator("#viewer canvas").first
        canvas.wait_for(timeout=_WITHIN)
        for _ in range(60):
            self.page.wait_for_timeout(250)
            pixels = np.asarray(Image.open(BytesIO(canvas.screenshot())).convert("RGB"))
            if len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20:
                break
        keep = os.environ.get("PANFAIR_PICTURES")
        if keep:
            self.page.screenshot(
                path=f"{keep}/{os.environ['PYTEST_CURRENT_TEST'].split('::')[1].split(' ')[0][:60]}.png"
            )
        return pixels

    def colours(self) -> int:
        """How many colours the middle of the drawing has: a canvas that shows nothing has one or two."""
        pixels = self.drawn()
        high, wide, _ = pixels.shape
        middle = pixels[high // 4 : 3 * high // 4, wide // 4 : 3 * wide // 4]
        return len(np.unique(middle.reshape(-1, 3), axis=0))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    if bundle() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the viewer is not built: make viewer")
        pytest.skip("the viewer is not built: make viewer")
    folder, port = tmp_path_factory.mktemp("viewer"), a_free_port()
    mount = folder / "mount"
    mount.mkdir()
    hdf5_files.curve(mount / "curve.h5")
    hdf5_files.stack(mount / "stack.h5")
    hdf5_files.sparse(mount / "sparse.h5")
    hdf5_files.filtered(mount / "filtered.h5", _FILTERS)
    groups = {
        "curve": ["curve.h5"],
        "stack": ["stack.h5"],
        "sparse": ["sparse.h5"],
        "filtered": ["filtered.h5"],
        "virtual": hdf5_files.virtual(mount),
        "linked": hdf5_files.linked(mount),
    }
    site = SiteRun(folder, sources=(), tables=_TABLE)
    settings = site.path.read_text(encoding="utf-8")
    site.path.write_text(settings.replace("https://data.example.org", f"http://127.0.0.1:{port}"), encoding="utf-8")
    record = numbered(1, datasets=tuple(_dataset(mount, name, files) for name, files in groups.items()))
    site.put(record)
    assert site.publish(on=date(2200, 1, 1)).all_well
    with serving(create_app(read_config(site.path)), port) as address:
        yield site, record, address


def _dataset(mount, name, files):
    listed = tuple(File(name=one, server_path=one, size_bytes=(mount / one).stat().st_size) for one in files)
    return a_dataset(id=name, name=name, files=listed)


@pytest.fixture(scope="module")
def viewed(published) -> Iterator[_Viewed]:
    _, record, address = published
    with started() as browser:
        yield _Viewed(record, address, browser.new_page(viewport={"width": 1600, "height": 1000}))


def test_the_viewer_itself_stays_small():
    assert (built := bundle()) is None or built.transfer_bytes < 1.6e6


def test_a_curve_is_drawn_and_its_numbers_come_as_csv(viewed):
    viewed.open("curve", path="/entry/data")
    viewed.page.locator("#viewer svg path").first.wait_for(timeout=_WITHIN)
    viewed.drawn()
    viewed.page.goto("about:blank")
    viewed.open("curve", path="/entry/data/intensity")
    viewed.page.get_by_role("button", name="Export").first.click(timeout=_WITHIN)
    with viewed.page.expect_download(timeout=_WITHIN) as download:
        viewed.page.get_by_text("CSV").first.click()
    lines = download.value.path().read_text().split()
    assert len(lines) in (500, 501) and abs(float(lines[-1].split(",")[-1]) - 100 * np.exp(-9 * 0.25)) < 1e-6
    assert viewed.said == []


def test_a_frame_of_a_compressed_stack_moves_a_frame(viewed):
    viewed.open("stack", path="/entry/data/frames")
    assert viewed.colours() > 20 and viewed.moved()["bytes"] < 3e6
    assert viewed.said == []


def test_a_frame_of_five_gigabytes_moves_a_frame(viewed):
    viewed.open("sparse", path="/entry/data/volume")
    assert viewed.colours() > 20 and viewed.moved()["bytes"] < 6e6
    assert viewed.said == []


def test_a_virtual_dataset_is_read_from_the_files_beside_it(viewed):
    viewed.open("virtual", path="/entry/data/stack")
    assert viewed.colours() > 20 and viewed.said == []


def test_an_external_link_leads_into_a_listed_file_and_no_other(viewed):
    viewed.open("linked", path="/entry/data/image")
    assert viewed.colours() > 20
    viewed.open("linked", path="/entry/data/elsewhere")
    viewed.page.get_by_text("Nothing to display").first.wait_for(timeout=_WITHIN)
    assert viewed.page.locator("#viewer canvas").count() == 0
    assert viewed.said == []


@pytest.mark.parametrize("name", _FILTERS)
def test_every_filter_is_fetched_when_it_is_needed(viewed, name):
    viewed.open("filtered", path=f"/{name}")
    assert viewed.colours() > 20 and viewed.said == []


def test_nothing_is_opened_that_no_dataset_lists(viewed, published):
    _, record, address = published
    place = f"{record.doi.page}datasets/curve/"
    for query in (
        "",
        "?dataset=https://example.org/doi/10.5072/a/datasets/x/",
        "?dataset=//example.org/doi/10.5072/a/datasets/x/",
        f"?dataset={place}../../../../secret/",
        f"?dataset={place}&file=7",
        f"?dataset={place.replace('curve', 'none')}",
    ):
        viewed.page.goto(f"{address}/viewer/{query}")
        viewed.page.get_by_text("No dataset of this site lists such a file").wait_for(timeout=_WITHIN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_viewer_fits_a_phone_and_axe_finds_nothing_wrong_with_the_page_around_it(viewed, scheme):
    page = viewed.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    viewed.open("stack", path="/entry/data/frames")
    assert viewed.colours() > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("document.getElementById('viewer').remove()")  # what h5web makes of itself is its own affair
    assert violations(page) == []
    assert viewed.said == []
