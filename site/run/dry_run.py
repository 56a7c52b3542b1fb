"""What a run would do: the whole of it, over a copy of the site in the state folder, which goes with it.

Published files are linked and not copied, as no run writes into a file that stands. So the answer is what the run
itself says, not a guess; site, ledger and harvests stay as they are.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from filecmp import cmp
from pathlib import Path

from panfair.site.config.settings import Config
from panfair.site.run.day import Day
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Progress
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.site.state.lock import locked

_PREFIX = "dry-run-"


def dry_run(
    config: Config,
    day: Day,
    report: Report,
    progress: Progress,
    accept_shrink: bool,
    with_harvest: bool,
    full: bool = False,
) -> list[str]:
    """The pages that a run would write or delete, a line each: `new /doi/…`, `changed …`, `deleted …`.

    Raises PublishError where the run would.
    """
    with locked(config.state), _copied(config) as copy:
        if with_harvest:
            harvest(copy, report, progress, full)
        build(copy, day, report, progress, accept_shrink)
        return list(_pages(config.output / "www", copy.output / "www"))


@contextmanager
def _copied(config: Config) -> Iterator[Config]:
    for left in config.state.glob(f"{_PREFIX}*"):  # by one that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=config.state) as name:
        folder = Path(name)
        output, state = folder / "output", folder / "state"
        if config.output.is_dir():  # with what a killed run had staged: the copy finishes it, as a run would
            shutil.copytree(config.output, output, copy_function=_link)
        shutil.copytree(config.state, state, ignore=shutil.ignore_patterns(f"{_PREFIX}*", "preview-*", "lock"))
        site = config.site.model_copy(update={"output": str(output), "state": str(state)})
        yield config.model_copy(update={"site": site})


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def _pages(standing: Path, fresh: Path) -> Iterator[str]:
    for path in sorted(fresh.rglob("*.html")):
        name = path.relative_to(fresh)
        if path.is_file() and not (standing / name).is_file():
            yield f"new      {_address(name)}"
        elif path.is_file() and not cmp(path, standing / name):
            yield f"changed  {_address(name)}"
    for path in sorted(standing.rglob("*.html")):
        if path.is_file() and not (fresh / path.relative_to(standing)).is_file():
            yield f"deleted  {_address(path.relative_to(standing))}"


def _address(name: Path) -> str:
    return f"/{name.as_posix().removesuffix('index.html')}"
