"""Killed at any instant of a first, a changing or a withdrawing run, the next ends in the site of one left alone."""

import os
import random
import shutil
import signal
import time

import pytest

from panfair.builders.oai.store import texts_in
from panfair.site.state.recovery import finish_interrupted
from support.planted import all_words, planted
from support.site_run import SiteRun, numbered

KILLS = int(os.environ.get("PANFAIR_KILLS", "1"))
"""Of each kind of run with each engine."""
OLD = (*(numbered(n) for n in range(4)), planted(9, "vorpalonce"))
NEW = {
    "first": OLD,
    "change": (numbered(0, title="Changed"), *OLD[1:], numbered(5)),
    "withdrawal": (
        *(numbered(n) for n in range(1, 4)),
        numbered(0, public=False),
        planted(9, "vorpalonce", public=False),
    ),
}


@pytest.fixture(scope="module", params=[(kind, engine) for kind in NEW for engine in ("whoosh", "tantivy")], ids=str)
def about(request, tmp_path_factory):
    """A site about to make a run of a kind, the site that the run ends in, and how long it takes."""
    kind, engine = request.param
    site = SiteRun(tmp_path_factory.mktemp("about") / "site")
    site.path.write_text(f'{site.path.read_text()}\n[search]\nengine = "{engine}"\n')
    if kind != "first":
        site.put(*OLD)
        site.publish()
    site.put(*NEW[kind])
    whole = _copy(site, tmp_path_factory.mktemp("whole"))
    began = time.monotonic()
    whole.publish(accept_shrink=True)
    return kind, engine, site, whole, time.monotonic() - began


def _copy(site: SiteRun, folder) -> SiteRun:
    copy = SiteRun(folder / "site")
    shutil.rmtree(copy.folder)
    shutil.copytree(site.folder, copy.folder)
    return copy


def _same(site: SiteRun, whole: SiteRun, engine: str) -> None:
    if engine == "whoosh":
        assert site.files() == whole.files()
        return
    # Tantivy names its segments at random (the library's choice): all but them, and the manifest that lists them.
    wanted, found = (
        {path: body for path, body in one.files().items() if not path.startswith(("search/", "manifest.json"))}
        for one in (whole, site)
    )
    assert found == wanted


@pytest.mark.parametrize("kill", range(KILLS))
def test_the_run_after_a_kill_ends_in_the_site_of_one_that_was_not_killed(about, tmp_path, kill):
    kind, engine, before, whole, length = about
    dice = random.Random(f"{kind} {engine} {kill}")
    site = _copy(before, tmp_path)
    child = os.fork()
    if child == 0:
        try:
            site.publish(accept_shrink=True)
        finally:
            os._exit(0)
    time.sleep(dice.uniform(0, length))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    finish_interrupted(site.config)
    words = all_words(site, engine)
    if kind == "withdrawal":
        standing = {n for n in range(4) if (site.output / "www/doi" / numbered(n).doi.path).exists()}
        assert standing >= {1, 2, 3}
        assert ("vorpalonce" in words) == (b"specimen0" in site.page(numbered(0))), "closed together, or not yet"
        assert ("vorpalonce" in words) == any(b"vorpalonce" in body for _, body in texts_in(site.output / "oai.sqlite"))
    site.publish(accept_shrink=True)
    _same(site, whole, engine)
