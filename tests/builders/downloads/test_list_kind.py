"""Sixty files of equal names, fetched by the commands that the page shows, from a server on this machine."""

import os
import shutil
import subprocess
from dataclasses import replace
from hashlib import md5, sha256
from pathlib import Path

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.landing import landing_pages
from panfair.ontologies.record import File
from support.page_checks import check_page
from support.records import PORTAL, a_dataset, a_publication, released
from support.servers.answering import answering
from support.serving import a_free_port, serving

ODD = [
    "it's $(touch pwned) `touch pwned`.cbf",
    "a b [1-3] {x}.cbf",
    "-rf.cbf",
    "größe;touch pwned.cbf",
    'q"uote\\n.cbf',
]


@pytest.fixture(scope="module")
def fetched_from(tmp_path_factory):
    """The base address, the web root, and what each path is to hold: three datasets of twenty files, names repeat."""
    root, port = tmp_path_factory.mktemp("served"), a_free_port()
    base, datasets, wanted = f"http://127.0.0.1:{port}", [], {}
    for scan in range(3):
        files = []
        for number, name in enumerate([*ODD, *(f"img_{n:04}.cbf" for n in range(15))]):
            body = bytes([65 + scan, number]) * (1500 + 700 * scan) if number < 19 else b""
            kept = root / "data" / str(scan) / f"{number}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(body)
            sums = (md5(body).hexdigest(), "MD5") if number == 6 else (sha256(body).hexdigest(), "SHA-256")
            size = None if number == 7 else len(body)
            url = f"{base}/data/{scan}/{number}"
            files.append(File(name=name, size_bytes=size, checksum=sums[0], checksum_algorithm=sums[1], url=url))
            wanted[f"scan-{scan}/{name.replace(chr(92), '_')}"] = body
        datasets.append(a_dataset(id=f"d{scan}", name=f"scan {scan}", files=tuple(files)))
    publication = a_publication(doi=a_publication().doi, datasets=tuple(datasets), files=())
    for artifact in landing_pages(released(publication), Renderer(replace(PORTAL, base_url=base))):
        path = root / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)
    with serving(Starlette(routes=[Mount("/", StaticFiles(directory=root))]), port):
        yield base, root, wanted


def _page(root: Path):
    return check_page((root / "doi/10.99999/example-1/index.html").read_bytes())


def _command(root: Path, name: str) -> str:
    (found,) = ["".join(pre.itertext()) for pre in _page(root).iter("pre") if pre.get("id") == f"download-{name}"]
    return found


def _run(command: str, folder: Path, program: str = "curl", status: int = 0) -> str:
    if shutil.which(program) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not installed")
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert not list(folder.rglob("pwned"))
    return done.stdout + done.stderr


def _saved(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_script_saves_every_byte_and_a_second_run_fetches_nothing(fetched_from, tmp_path):
    _, root, wanted = fetched_from
    assert "60 fetched, 0 there already, 0 failed" in _run(_command(root, "download.sh"), tmp_path)
    assert _saved(tmp_path) == wanted | {"download.sh": (root / "doi/10.99999/example-1/download.sh").read_bytes()}
    assert "0 fetched, 60 there already, 0 failed" in _run("sh download.sh", tmp_path)
    _run(_command(root, "SHA256SUMS"), tmp_path)


def test_a_script_that_was_broken_off_goes_on_and_does_not_trust_what_it_left(fetched_from, tmp_path):
    _, root, wanted = fetched_from
    _run("sh " + str(root / "doi/10.99999/example-1/download.sh") + " . >/dev/null", tmp_path)
    first, second, third = (f"scan-1/img_{n:04}.cbf" for n in (4, 5, 6))
    for path, left in ((first, wanted[first][:700]), (second, wanted[second]), (third, b"x" * len(wanted[third]))):
        (tmp_path / path).unlink()
        (tmp_path / f"{path}.unfinished").write_bytes(left)
    script = str(root / "doi/10.99999/example-1/download.sh")
    assert f"FAILED {third}" in _run(f"sh {script}", tmp_path, status=1)
    _run(f"sh {script}", tmp_path)
    assert _saved(tmp_path) == wanted


def test_a_file_that_is_not_what_the_catalogue_says_is_named_and_not_kept(fetched_from, tmp_path):
    _, root, wanted = fetched_from
    served, path = root / "data/2/9", "scan-2/img_0004.cbf"
    try:
        served.write_bytes(b"y" * len(wanted[path]))
        said = _run(f"sh {root}/doi/10.99999/example-1/download.sh", tmp_path, status=1)
    finally:
        served.write_bytes(wanted[path])
    assert f"FAILED {path}: its checksum" in said and "59 fetched" in said
    assert path not in _saved(tmp_path)


def test_a_host_that_cannot_go_on_in_the_middle_is_asked_from_the_start(fetched_from, tmp_path):
    base, root, wanted = fetched_from
    path = "scan-0/img_0004.cbf"
    script = (root / "doi/10.99999/example-1/download.sh").read_text()
    lines = [line for line in script.splitlines() if not line.startswith("get ") or path in line]
    with answering(lambda asked, query, host: (200, wanted[path], "application/octet-stream")) as plain:
        (tmp_path / "one.sh").write_text("\n".join(lines).replace(base, plain) + "\n")
        (tmp_path / "scan-0").mkdir()
        (tmp_path / f"{path}.unfinished").write_bytes(wanted[path][:100])
        _run("sh one.sh", tmp_path)
    assert (tmp_path / path).read_bytes() == wanted[path]


def test_aria2_saves_and_verifies_every_byte(fetched_from, tmp_path):
    _, root, wanted = fetched_from
    _run(_command(root, "files.meta4") + " --quiet", tmp_path, "aria2c")
    assert _saved(tmp_path) == wanted


def test_wget_saves_every_byte_below_its_address(fetched_from, tmp_path):
    base, root, _ = fetched_from
    _run(_command(root, "files.txt") + " --quiet", tmp_path, "wget")
    host = base.removeprefix("http://")
    assert {path: body for path, body in _saved(tmp_path).items() if "/data/" in path} == {
        f"{host}/data/{path}": body for path, body in _saved(root / "data").items()
    }


def test_rclone_saves_every_byte(fetched_from, tmp_path):
    if shutil.which("rclone") is None:
        pytest.skip("rclone 1.72 or later is not installed")
    _, root, wanted = fetched_from
    _run(_command(root, "files-rclone.csv"), tmp_path, "rclone")
    assert {path: body for path, body in _saved(tmp_path).items() if path != "files-rclone.csv"} == wanted


def test_the_metalink_names_no_dot_and_every_checksum_by_iana_s_name(fetched_from):
    _, root, wanted = fetched_from
    tree = etree.parse(root / "doi/10.99999/example-1/files.meta4")
    names = {None: "urn:ietf:params:xml:ns:metalink"}
    assert [entry.get("name") for entry in tree.findall("file", names)] == list(wanted)
    assert {entry.get("type") for entry in tree.findall("file/hash", names)} == {"sha-256", "md5"}


def test_each_list_is_linked_where_it_stands(fetched_from):
    _, root, _ = fetched_from
    folder = root / "doi/10.99999/example-1"
    linked = {link.get("href").rsplit("/", 1)[1] for link in _page(root).iter("a") if link.get("download") is not None}
    assert linked == {path.name for path in folder.iterdir() if path.is_file()} - {"index.html"}
    assert {"SHA256SUMS", "MD5SUMS", "files.csv", "download.sh", "files.meta4"} <= linked
