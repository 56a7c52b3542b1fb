"""Pictures of data belong to their dataset: they open and close with it, and are read once."""

from datetime import date
from urllib.parse import urlsplit

import h5py
import numpy as np
import orjson
import pytest

from panfair.builders.search.language.request import SearchRequest
from panfair.harvesters.contents.reader import Reader
from panfair.harvesters.reading.files import file_place
from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import File
from panfair.site.run import publish as publishing
from panfair.site.search.engine import SearchEngine
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered

LATER = date(2200, 1, 1)
_TABLE = """\
[[source]]
name = "made-up"
kind = "records"
path = "made-up.jsonl"
file_path = "mount/{location}"
[search]
static = false
"""


def _curve(path, seed=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.attrs["default"] = "entry"
        entry = file.create_group("entry")
        entry.attrs.update(NX_class="NXentry", default="data")
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="y", axes=["x"])
        data["x"] = np.linspace(0, 1, 50)
        data["y"] = np.sin(np.linspace(0, 9, 50) * seed)


def _with_file(name, **changes):
    file = File(name=f"{name}.h5", server_path=f"data/{name}.h5", size_bytes=1)
    return a_dataset(**{"id": name, "name": name, "files": (file,), **changes})


@pytest.fixture
def site(tmp_path):
    made = SiteRun(tmp_path, sources=(), tables=_TABLE)
    for number, name in enumerate(("shown", "hidden", "other", "embargoed")):
        _curve(tmp_path / "mount/data" / f"{name}.h5", number + 1)
    return made


@pytest.fixture
def opened(monkeypatch):
    """The names of the files that were opened, in order."""
    found = []
    read = Reader.read
    monkeypatch.setattr(
        Reader, "read", lambda self, job, path, *rest: found.append(path.name) or read(self, job, path, *rest)
    )
    return found


def _pictures(site):
    return sorted(path for path in site.files() if "/view-" in path)


def _datasets(**changes):
    return (_with_file("shown"), _with_file("other"), _with_file("hidden", public=False, **changes))


def test_only_files_of_open_datasets_are_opened_and_shown_everywhere(site, opened):
    record = numbered(1, datasets=_datasets())
    site.put(record, numbered(2, release_date=LATER, datasets=(_with_file("embargoed"),)))
    report = site.publish()
    assert report.all_well and sorted(opened) == ["other.h5", "shown.h5"]
    folders = {path.split("/datasets/")[1].split("/")[0] for path in _pictures(site)}
    assert folders == {"shown", "other"}
    address = f"{record.doi.page}datasets/shown/view-1-1-320.webp"
    page = site.page(record).decode()
    assert '<svg class="plot"' in page and f"{record.doi.page}datasets/other/view-1-1-320.webp" in page
    assert (
        f'<meta property="og:image" content="https://data.example.org{record.doi.page}datasets/shown/view-1-1-640.webp">'
        in page
    )
    told = orjson.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert told["thumbnailUrl"] == f"https://data.example.org{address}" and "image" in told
    files = site.files("www")
    assert address.encode() in files["www/index.html"]  # on the card
    assert files["www" + address].startswith(b"RIFF")
    page = files[f"www{record.doi.page}datasets/shown/index.html"]
    assert b"50 points" in page and b"What is in <bdi>shown.h5</bdi>: 4 groups, arrays and links" in page
    assert b'<code dir="auto">x</code> <span>50 float64</span>' in page


def test_a_path_inside_a_file_is_found_and_gone_with_its_dataset(site):
    record = numbered(1, datasets=_datasets())
    site.put(record)
    site.publish()

    def found(query, scope):
        engine = SearchEngine({scope: site.output / "search" / scope})
        answer = engine.search(SearchRequest(query=query, scope=scope))
        engine.close()
        return [urlsplit(one.url).path for one in answer.results]

    pages = [f"{record.doi.page}datasets/{name}/" for name in ("shown", "other")]
    assert found("/entry/data/y", "publications") == [record.doi.page]
    assert sorted(found("/entry/data/y", "datasets")) == sorted(pages)
    assert found("/entry/data/nothing_like_it", "publications") == []
    site.put(numbered(1, datasets=(_with_file("shown", public=False), _with_file("other"))))
    site.publish()
    assert found("/entry/data/y", "datasets") == pages[1:]


def test_a_second_run_opens_no_file_and_a_changed_file_is_read_again(site, opened, tmp_path):
    site.put(numbered(1, datasets=_datasets()))
    site.publish()
    before, pictures = list(opened), site.files("www/doi")
    site.put(numbered(1, datasets=_datasets(), title="A better title"))
    site.publish()
    assert opened == before
    assert {path for path in pictures if "/view-" in path} == set(_pictures(site))
    _curve(tmp_path / "mount/data/shown.h5", 5)
    site.put(numbered(1, datasets=_datasets(), title="Another title"))
    site.publish()
    assert opened == [*before, "shown.h5"]


def _second_commit_fails(monkeypatch):
    def fails(*_):
        raise PublishError("planted")

    monkeypatch.setattr(publishing, "_open_and_change", fails)


@pytest.mark.parametrize("way", ["dataset closes", "record closes", "record is withdrawn"])
def test_the_first_commit_takes_the_pictures_of_what_closes(site, opened, monkeypatch, way):
    record = numbered(1, datasets=_datasets())
    site.put(record, numbered(2))
    site.publish()
    assert any("/other/" in path for path in _pictures(site))
    opened.clear()
    if way == "dataset closes":
        site.put(numbered(1, datasets=(_with_file("shown"), _with_file("other", public=False))), numbered(2))
    elif way == "record closes":
        site.put(numbered(1, datasets=_datasets(), release_date=LATER), numbered(2))
    else:
        site.put(numbered(2))
    _second_commit_fails(monkeypatch)
    with pytest.raises(PublishError, match="planted"):
        site.publish(accept_shrink=True)
    left = _pictures(site)
    assert opened == []
    assert not any("/other/" in path for path in left)
    assert any("/shown/" in path for path in left) == (way == "dataset closes")
    if way == "dataset closes":
        assert b"/other/" not in site.page(record)
    address = f"{record.doi.page}datasets/other/".encode()
    shown = {path for path, body in site.files("www").items() if address in body}
    assert shown == set()


def test_files_that_show_nothing_cost_one_line_each_and_say_so_on_the_page(site, tmp_path):
    whole = (tmp_path / "mount/data/shown.h5").read_bytes()
    (tmp_path / "mount/data/cut.h5").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "mount/data/text.h5").write_text("no HDF5")
    with h5py.File(tmp_path / "mount/data/virtual.h5", "w") as file:
        file.attrs["default"] = "entry"
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="y")
        layout = h5py.VirtualLayout(shape=(488, 4362, 4148), dtype="i8")
        layout[0] = h5py.VirtualSource(str(tmp_path / "mount/data/hidden.h5"), "y", shape=(4362, 4148))
        data.create_virtual_dataset("y", layout)
    names = ("cut", "text", "virtual", "missing")
    record = numbered(1, datasets=(_with_file("shown"), *(_with_file(name) for name in names)))
    site.put(record)
    report = site.publish()
    lines = [line for line in report.notes if "no picture" in line]
    assert [name for name in names if any(f"{name}.h5" in line for line in lines)] == ["cut", "text", "virtual"]
    assert len(lines) == 3 and any("/shown/" in path for path in _pictures(site))
    for name in ("cut", "text", "virtual"):
        page = (site.output / f"www{record.doi.page}datasets/{name}/index.html").read_text()
        assert f"No picture of {name}.h5" in page and "<figure" not in page
    assert "No picture" not in (site.output / f"www{record.doi.page}datasets/missing/index.html").read_text()


def test_what_a_run_has_no_time_for_is_left_for_the_next(site, opened):
    text = site.path.read_text()
    site.path.write_text(text + "[previews]\nminutes = 0\n")
    site.put(numbered(1, datasets=_datasets()))
    site.publish()
    assert opened == [] and _pictures(site) == []
    site.path.write_text(text)
    site.publish()
    assert sorted(opened) == ["other.h5", "shown.h5"] and _pictures(site)


def test_a_source_without_file_path_has_no_pictures(tmp_path, opened):
    site = SiteRun(tmp_path)
    _curve(tmp_path / "mount/data/shown.h5")
    site.put(numbered(1, datasets=_datasets()))
    site.publish(TODAY)
    assert opened == [] and _pictures(site) == []


def test_no_path_leads_out_of_the_folder_of_files(tmp_path):
    mount, outside = tmp_path / "mount", tmp_path / "outside.h5"
    mount.mkdir()
    outside.write_bytes(b"x")
    (mount / "in.h5").write_bytes(b"x")
    (mount / "out.h5").symlink_to(outside)

    def place(location, pattern="mount/{location}"):
        return file_place(pattern, tmp_path, name="n", location=location, folder=None)

    assert place("in.h5") == place("/in.h5") == place(str(mount / "in.h5"), f"{mount}/{{location}}") == mount / "in.h5"
    for wrong in ("../outside.h5", "out.h5", "a/../../outside.h5", "not there.h5", "in.h5\0", "", None, "."):
        assert place(wrong) is None


def test_a_file_that_a_closed_dataset_names_too_is_not_opened(site, opened):
    shared = File(name="shown.h5", server_path="data/shown.h5", size_bytes=1)
    datasets = (_with_file("shown"), _with_file("hidden", files=(shared,), release_date=LATER))
    site.put(numbered(0, datasets=datasets))
    site.publish()
    assert opened == [] and _pictures(site) == []


def test_a_picture_that_cannot_be_drawn_costs_itself_and_is_told(site, monkeypatch):
    monkeypatch.setattr("panfair.builders.gallery.album.svg_of", lambda *_: 1 / 0)
    site.put(numbered(0, datasets=(_with_file("shown"),)))
    report = site.publish()
    assert report.released == 1 and _pictures(site) == []
    assert any("could not draw it (ZeroDivisionError)" in line for line in report.lines())
