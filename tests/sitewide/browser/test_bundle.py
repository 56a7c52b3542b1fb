"""The scripts of the search bundled, as a package carries them: what the modules of a checkout do in half the bytes."""

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from panfair.builders.assets import _files, addresses, bundled, named, static_files
from support.house import ROOT
from support.search.queries import queries
from support.search.site import plain_host, publish

_PAGES = (
    "?q=lysozyme",
    "?technique=tomography&year=2024",
    "?q=zzzz&element=Fe",
    "?in=datasets&sort=largest&view=compact",
)
_ASK = """async ([engine, all]) => {
  const { openSearch } = await import(engine);
  const search = await openSearch(new URL("/search/data/", location.href));
  const told = [];
  for (const one of all) told.push(await search.search(new URLSearchParams(one)).catch((error) => error.message));
  return JSON.stringify(told);
}"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> dict[str, bytes]:
    """The bundled scripts by their paths."""
    if not (ROOT / "node_modules/.bin/esbuild").exists() or not shutil.which("npm"):
        if os.environ.get("CI"):
            pytest.fail("esbuild is not installed: npm ci")
        pytest.skip("esbuild is not installed: npm ci")
    folder = tmp_path_factory.mktemp("bundle")
    subprocess.run(["npm", "run", "--silent", "bundle", "--", f"--outdir={folder}"], cwd=ROOT, check=True)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.js")}


@pytest.fixture(scope="module")
def two(bundle, tmp_path_factory) -> Iterator[tuple[str, str, str]]:
    """A site on a plain file host with the modules, the same with the bundle, and the bundled engine's address."""
    www = publish(tmp_path_factory.mktemp("bundled") / "site").output / "www"
    other = Path(shutil.copytree(www, tmp_path_factory.mktemp("bundled") / "www"))
    static = _files(resources.files("panfair.templates").joinpath("static"), "")
    made = named(bundled(static, bundle))
    for artifact in static_files():
        (other / artifact.path).unlink(missing_ok=True)
    for artifact in made.values():
        (other / artifact.path).write_bytes(artifact.body)
    page = (other / "search/index.html").read_text("utf-8")
    page = re.sub(r'<link rel="modulepreload" [^>]*>\n', "", page)
    main, bundled_main = addresses()["search/page/main.js"], f"/{made['search/page/main.js'].path}"
    assert main in page
    (other / "search/index.html").write_text(page.replace(main, bundled_main), "utf-8")
    with plain_host(www) as modules, plain_host(other) as bundles:
        yield modules, bundles, f"/{made['search/engine/engine.js'].path}"


def test_the_bundle_is_half_of_the_modules(bundle):
    modules = [file.body for file in static_files() if "/search-" in file.path and file.path.endswith(".js")]
    assert len(bundle) == 4 < len(modules)
    sizes = [sum(len(gzip.compress(body)) for body in bodies) for bodies in (bundle.values(), modules)]
    assert 2 * sizes[0] <= sizes[1]


def test_the_bundled_engine_answers_as_the_modules_do(browser, two):
    modules, bundles, engine = two
    answers = []
    for host, address in ((modules, addresses()["search/engine/engine.js"]), (bundles, engine)):
        page = browser.new_page()
        page.goto(f"{host}/about/")
        answers.append(page.evaluate(_ASK, [address, queries(60, seed=9)]))
        page.close()
    assert answers[0] == answers[1] and len(answers[0]) > 10_000


@pytest.mark.parametrize("asked", _PAGES)
def test_the_bundled_page_shows_what_the_modules_show(browser, two, asked):
    shown = []
    for host in two[:2]:
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
        page.goto(f"{host}/search/{asked}")
        page.wait_for_selector("#results .card, #results .nothing li, #results .nothing p")
        page.wait_for_load_state("networkidle")
        page.locator('[data-facet="element"] > summary').click()  # fetches what is fetched late
        page.wait_for_load_state("networkidle")
        shown.append(page.locator("#find").inner_text())
        assert wrong == []
        page.close()
    assert shown[0] == shown[1] and len(shown[0]) > 500
