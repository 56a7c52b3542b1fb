"""What foreign judges look at: the demo and all shared real records, published and served as a facility would."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from panfair.site.config.settings import read_config
from panfair.site.serve.app import create_app
from support.house import ROOT
from support.judged import Judged
from support.search.site import plain_host
from support.serving import a_free_port, serving

HERE = Path(__file__).resolve().parent
_REAL = """\
[site]
title = "Real records, published for a test"
base_url = "http://127.0.0.1:{port}"
contact = "data@example.org"
extra_doi_prefixes = ["00.0815"]
{sources}
"""


def _published(folder: Path) -> None:
    command = [sys.executable, "-c", "from panfair.site.cli.main import main; main()", "publish", "--config"]
    done = subprocess.run([*command, str(folder / "panfair.toml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Iterator[Judged]:
    """The made-up facility of `panfair demo`."""
    folder, port = tmp_path_factory.mktemp("demo"), a_free_port()
    command = [sys.executable, "-c", "from panfair.site.cli.main import main; main()", "demo", "--no-serve"]
    done = subprocess.run([*command, "--dir", str(folder), "--port", str(port)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    yield from _served(folder, port)


@pytest.fixture(scope="session")
def real(tmp_path_factory) -> Iterator[Judged]:
    """PSI's and SciCatLive's records, python-icat's (its dumps hold one facility in several forms) and the ESRF's."""
    shared = Path(os.environ.get("PANFAIR_SHARED", ROOT.parent / "shared")) / "data"
    if not shared.is_dir():
        pytest.skip("no real material here (PANFAIR_SHARED or ../shared)")
    folder, port = tmp_path_factory.mktemp("real"), a_free_port()
    registered = folder / "esrf.json"
    _as_in_scicat(shared / "datacite" / "datacite-esrf-dc-2493599001.json", registered)
    paths = {"scicat": shared / "scicat", "icat": shared / "icat" / "icatdump-6.2.yaml", "esrf": registered}
    sources = "".join(
        f'[[source]]\nname = "{name}"\nkind = "dump"\npath = "{path}"\npublisher = "Example Facility (made up)"\n'
        for name, path in paths.items()
    )
    (folder / "panfair.toml").write_text(_REAL.format(port=port, sources=sources), encoding="utf-8")
    _published(folder)
    yield from _served(folder, port)


def _as_in_scicat(registered: Path, published: Path) -> None:
    """A DataCite record in the place where SciCat v4 keeps it: `metadata` of a document of PublishedData."""
    known = json.loads(registered.read_bytes())["data"]["attributes"]
    titles = [one["title"] for one in known["titles"]]
    entry = {"doi": known["doi"], "title": titles[0], "status": "registered", "registeredTime": known["registered"]}
    published.write_text(json.dumps([{**entry, "metadata": known}]), encoding="utf-8")


def _served(folder: Path, port: int) -> Iterator[Judged]:
    config = read_config(folder / "panfair.toml")
    www = config.output / "www"
    with serving(create_app(config), port) as address, plain_host(www) as plain:
        yield Judged(www, address, plain)


# Each site is built once, in the process of its group.
@pytest.fixture(
    scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("demo", "real")]
)
def judged(request) -> Judged:
    return request.getfixturevalue(request.param)
