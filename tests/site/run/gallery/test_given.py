"""Files that the site gives out itself: those of open datasets, in parts, for as long as these are open."""

from datetime import date

import orjson
import pytest

from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import File
from panfair.site.config.settings import read_config
from panfair.site.run import publish as publishing
from panfair.site.serve.app import create_app
from support.records import a_dataset
from support.serving import ask, serving
from support.site_run import SiteRun, copied, numbered

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
RECORD = numbered(1)
HERE = f"{RECORD.doi.page}datasets/"


def _dataset(name, *files, **changes):
    listed = tuple(File(name=one, server_path=f"data/{one}") for one in files)
    return a_dataset(**{"id": name, "name": name, "files": listed, **changes})


def _record(**changes):
    open_one = _dataset("open", "a.h5", "page.html", "gone.h5", **changes)
    return numbered(1, datasets=(open_one, _dataset("closed", "secret.h5", public=False)))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    made = SiteRun(folder, sources=(), tables=_TABLE)
    mount = folder / "mount/data"
    mount.mkdir(parents=True)
    for name in ("a.h5", "page.html", "secret.h5", "embargoed.h5"):
        (mount / name).write_bytes(name.encode() * 100)
    made.put(_record(), numbered(2, release_date=date(2200, 1, 1), datasets=(_dataset("later", "embargoed.h5"),)))
    assert made.publish().all_well
    return made


@pytest.fixture(scope="module")
def address(site):
    with serving(create_app(read_config(site.path))) as served:
        yield served


def test_a_file_of_an_open_dataset_is_given_in_parts_and_as_a_download(site, address):
    body = b"a.h5" * 100
    whole = ask(address, f"{HERE}open/files/a.h5")
    assert (whole.status, whole.body, whole.headers["content-type"]) == (200, body, "application/x-hdf5")
    part = ask(address, f"{HERE}open/files/a.h5", range="bytes=5-9")
    assert (part.status, part.body, part.headers["content-range"]) == (206, body[5:10], "bytes 5-9/400")
    assert part.headers["access-control-allow-origin"] == "*"
    page = ask(address, f"{HERE}open/files/page.html")
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"] == "attachment" and "sandbox" in page.headers["content-security-policy"]


def test_its_address_is_in_page_list_and_metadata_and_its_place_is_nowhere(site):
    files = site.files("www")
    given = f"https://data.example.org{HERE}open/files/a.h5".encode()
    page, listed = files[f"www{HERE}open/index.html"], orjson.loads(files[f"www{HERE}open/viewer.json"])
    assert given in page and given in files[f"www{RECORD.doi.page}ro-crate-metadata.json"]
    assert [one["name"] for one in listed["files"]] == ["a.h5", "page.html"] and listed["shown"] == [0]
    assert b"open/files/gone.h5" not in page
    assert not [path for path, body in files.items() if str(site.folder).encode() in body]


@pytest.mark.parametrize(
    "path",
    ["closed/files/secret.h5", "open/files/secret.h5", "open/files/../files/a.h5", "open/files/", "open/files/gone.h5"],
)
def test_nothing_else_is_given(address, path):
    assert ask(address, HERE + path).status in (301, 404)


def test_no_list_says_a_word_of_closed_data(site):
    said = b"".join(body for path, body in site.files().items() if path.startswith("given/"))
    assert b"a.h5" in said and b"secret" not in said and b"embargoed" not in said


@pytest.mark.parametrize("way", ["dataset closes", "record closes", "record is withdrawn", "a link comes"])
def test_what_closes_is_given_no_more_with_the_first_commit(site, tmp_path, monkeypatch, way):
    own = copied(site, tmp_path / "own")
    app = create_app(read_config(own.path))
    own.publish()  # its files lie elsewhere now
    with serving(app) as address:
        assert ask(address, f"{HERE}open/files/a.h5").status == 200
        if way == "a link comes":
            place = own.folder / "mount/data/a.h5"
            place.unlink()
            place.symlink_to(own.folder / "mount/data/secret.h5")
            assert ask(address, f"{HERE}open/files/a.h5").status == 404
            return
        if way == "dataset closes":
            own.put(_record(public=False), numbered(2))
        elif way == "record closes":
            own.put(numbered(1, release_date=date(2200, 1, 1), datasets=_record().datasets), numbered(2))
        else:
            own.put(numbered(2))
        monkeypatch.setattr(publishing, "_open_and_change", _fails)
        with pytest.raises(PublishError, match="planted"):
            own.publish(accept_shrink=True)
        assert ask(address, f"{HERE}open/files/a.h5").status == 404
    assert not [path for path in own.files() if path.startswith(("given/", f"www{HERE}open/viewer"))]


def _fails(*_):
    raise PublishError("planted")


def test_the_viewers_page_alone_may_run_web_assembly(address):
    told = {path: ask(address, path).headers["content-security-policy"] for path in ("/", "/viewer/", f"{HERE}open/")}
    assert [path for path, policy in told.items() if "wasm-unsafe-eval" in policy] == ["/viewer/"]
