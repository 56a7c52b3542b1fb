"""The demo: a made-up facility that is published without a fault, the same each time, with all that readers can use."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph, Namespace

from panfair.site.cli.main import main
from panfair.site.demo.facility import facility
from support.judges.croissant import check_croissant
from support.judges.search_engines import faults, read_page

SPDX = Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, Result]:
    """The demo's folder, published, and what was said of it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return folder, CliRunner().invoke(main, ["demo", "--dir", str(folder), "--no-serve"])


@pytest.fixture
def pages(demo) -> Path:
    return demo[0] / "output/www/doi/10.5072"


def test_the_demo_publishes_a_made_up_facility_without_a_fault(demo, pages):
    folder, done = demo
    assert done.exit_code == 0, done.output
    assert len(list(pages.glob("*/metadata.jsonld"))) >= 280
    report = done.output
    assert "10 with a notice under their DOI" in report and "withdrawn          2" in report
    withdrawn = [page for page in pages.glob("*/index.html") if "made-up beam" in page.read_text()]
    assert len(withdrawn) == 1, "the reason that the core gives stands on the tombstone"
    assert CliRunner().invoke(main, ["check", "--config", str(folder / "panfair.toml")]).exit_code == 0


def test_the_same_day_gives_the_same_facility():
    one, other = (facility(date(2026, 11, 24), 40) for _ in range(2))
    assert one == other and all(len(file["checksum"]) == 64 for file in one["datafile"].values())


def test_most_pages_of_the_demo_have_a_croissant_that_is_read_without_a_remark(pages, caplog):
    found = sorted(pages.glob("*/croissant.json"))
    assert len(found) > 0.9 * len(list(pages.glob("*/metadata.jsonld")))
    for path in found[::30]:
        check_croissant(path, caplog)


def test_search_engines_find_no_fault_in_the_demos_pages(pages):
    for path in sorted(pages.glob("*/croissant.json"))[::30]:
        dataset, _ = read_page((path.parent / "index.html").read_text(), "https://data.example.org/")
        assert faults(dataset) == [], path


def test_every_format_tells_the_demos_files_with_the_same_typed_checksums(pages):
    for folder in [path.parent for path in sorted(pages.glob("*/croissant.json"))[::60]]:
        schema_org = json.loads((folder / "metadata.jsonld").read_text())["distribution"]
        files = {one["contentUrl"]: (one["sha256"], one["encodingFormat"]) for one in schema_org}
        assert len(files) == len(schema_org) > 1
        crate = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
        assert files == {one["@id"]: (one["sha256"], one["encodingFormat"]) for one in crate if one["@type"] == "File"}
        dcat = Graph().parse(folder / "dcat.ttl")
        checksums = dcat.query(
            "SELECT ?url ?digits WHERE { ?file dcat:downloadURL ?url ; spdx:checksum ?sum . "
            "?sum spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?digits }",
            initNs={"spdx": SPDX},
        )
        assert {str(url): str(digits) for url, digits in checksums} == {
            url: digits for url, (digits, _) in files.items()
        }


def test_the_viewer_is_offered_for_files_that_are_there_and_no_others(demo, pages):
    offered = [json.loads(path.read_text()) for path in pages.glob("*/datasets/*/viewer.json")]
    shown = [one["files"][place] for one in offered for place in one["shown"]]
    assert len(shown) >= 20
    for file in shown:
        assert file["address"].startswith("/doi/"), "the site gives it out itself"
        assert (demo[0] / "files" / file["name"]).stat().st_size == file["size"]
