"""The door to HDF5 reads a file and its listed siblings, and nothing else, whatever the file names."""

import re
import struct
import subprocess
import sys
import threading

import h5py
import numpy as np
import orjson
import pytest

from panfair.harvesters.contents import worker
from panfair.harvesters.contents.hdf5 import Array, opened
from panfair.harvesters.contents.jobs import JOBS
from panfair.harvesters.contents.reader import Limits, Reader
from panfair.ontologies.errors import ContentsError
from support.house import ROOT


@pytest.fixture
def theirs(tmp_path):
    """A file beside ours."""
    path = tmp_path / "theirs.h5"
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(12.0)
        file["nested"] = h5py.ExternalLink("third.h5", "/x")
    with h5py.File(tmp_path / "third.h5", "w") as file:
        file["x"] = np.full(12, 7.77125)
    return path


def _virtual(file, name, source, inside="x", size=12):
    layout = h5py.VirtualLayout(shape=(size,), dtype="f8")
    layout[:] = h5py.VirtualSource(source, inside, shape=(size,))
    file.create_virtual_dataset(name, layout, fillvalue=-1)


def test_one_module_of_the_product_imports_h5py_and_hands_none_of_it_on():
    of_ours = [
        path for room in ("ontologies", "harvesters", "builders", "site") for path in (ROOT / room).rglob("*.py")
    ]
    importing = [
        path.relative_to(ROOT).as_posix()
        for path in of_ours
        if re.search(
            r"^\s*(import|from) (h5py|tables|nexusformat|silx|h5netcdf)\b(?!  # noqa: F401$)", path.read_text(), re.M
        )
    ]
    reading = [path.relative_to(ROOT).as_posix() for path in of_ours if re.search(r"\.raw\b", path.read_text())]
    demo = {name for name in importing if name.startswith("site/demo/")}  # it writes files, and reads none
    assert set(importing) - demo - {"site/catalogue/ingest/nexus.py"} == {"harvesters/contents/hdf5.py"}
    assert [name for name in reading if name.startswith("harvesters/contents/")] == ["harvesters/contents/hdf5.py"]


def test_members_of_the_file_and_of_a_listed_sibling_are_read(tmp_path, theirs):
    ours = tmp_path / "ours.h5"
    with h5py.File(ours, "w") as file:
        file["x"] = 5.5
        file["soft"] = h5py.SoftLink("/x")
        file["away"] = h5py.ExternalLink("theirs.h5", "/x")
        _virtual(file, "virtual", "theirs.h5")
        _virtual(file, "inside", ".", "virtual")
    with opened(ours, [theirs]) as root:
        assert root.array("soft").number() == 5.5
        for name in ("away", "virtual", "inside"):
            assert root.array(name).read().tolist() == list(range(12))


@pytest.mark.parametrize(
    "way", ["link", "absolute", "soft", "virtual", "inside", "through", "nested", "raw", "pattern", "hidden"]
)
def test_what_leads_out_of_the_listed_files_is_refused(tmp_path, theirs, way):
    """`third.h5` is never listed; `theirs.h5` is, where the way goes through it."""
    ours, outside = tmp_path / "ours.h5", tmp_path / "third.h5"
    with h5py.File(ours, "w") as file:
        file["away"] = h5py.ExternalLink("third.h5", "/x")
        file["folder"] = h5py.ExternalLink("third.h5", "/")
        if way == "absolute":
            file["planted"] = h5py.ExternalLink(str(outside), "/x")
        elif way == "soft":
            file["planted"] = h5py.SoftLink("/folder/x")
        elif way == "virtual":
            _virtual(file, "planted", "third.h5")
        elif way == "inside":  # of itself, by a link that leads out
            _virtual(file, "planted", ".", "folder/x")
        elif way == "through":  # a listed file whose link leads out
            file["planted"] = h5py.ExternalLink("theirs.h5", "/nested")
        elif way == "nested":
            _virtual(file, "planted", "theirs.h5", "nested")
        elif way == "raw":
            file.create_dataset("planted", shape=(12,), dtype="f8", external=[(str(outside), 0, 96)])
        elif way == "pattern":
            _virtual(file, "planted", "third%%.h5")
        elif way == "hidden":  # raw storage elsewhere behind a virtual dataset of its own
            file.create_dataset("raw", shape=(12,), dtype="f8", external=[(str(outside), 0, 96)])
            _virtual(file, "planted", ".", "raw")
        else:
            file["planted"] = h5py.SoftLink("away")
    with opened(ours, [theirs]) as root, pytest.raises(ContentsError):
        found = root.at("planted")
        assert isinstance(found, Array)
        found.read()


def test_listing_a_group_opens_no_other_file(tmp_path):
    """A link to a pipe would wait for ever for somebody who writes."""
    import os

    os.mkfifo(tmp_path / "pipe.h5")
    with h5py.File(tmp_path / "ours.h5", "w") as file:
        file["away"] = h5py.ExternalLink("pipe.h5", "/x")
        file["x"] = 1.0
    found: list[str] = []

    def look():
        with opened(tmp_path / "ours.h5") as root:
            found.extend(name for name, _ in root.members())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(20)
    assert found == ["x"]


def test_circles_and_very_large_things_are_refused(tmp_path):
    with h5py.File(tmp_path / "ours.h5", "w") as file:
        file["circle"] = h5py.SoftLink("/circle")
        file.create_dataset("huge", shape=(8_800_000_000,), dtype="f4", chunks=(1 << 20,))
        file.create_dataset("chunk", shape=(1, 8192, 8192), dtype="f4", chunks=(1, 8192, 8192))
        file.attrs["long"] = "x" * 60_000
        _virtual(file, "itself", ".", "itself", 4)
    with opened(tmp_path / "ours.h5") as root:
        for name, reading in (("circle", ()), ("huge", ()), ("chunk", (0, slice(0, 2), slice(0, 2)))):
            with pytest.raises(ContentsError):
                root.at(name).read(*reading)
        assert len(root.word("long")) < 5000
        assert root.array("huge").read(slice(0, 3)).tolist() == [0, 0, 0]


def test_a_reader_outlives_files_that_kill_or_stop_its_process(tmp_path, shared):
    bomb = tmp_path / "bomb.h5"
    with h5py.File(bomb, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        for number in range(400):
            entry[f"soft{number}"] = h5py.SoftLink("/" + "/".join(["entry"] * 1))
        deep = "/".join(["loop"] * 60)
        entry["loop"] = h5py.SoftLink("/entry")
        entry["title"] = h5py.SoftLink("/entry/" + deep)
    (tmp_path / "text.h5").write_text("this is no HDF5 file")
    with Reader(Limits(seconds=20)) as reader:
        with pytest.raises(ContentsError):
            reader.read("values", tmp_path / "text.h5")
        with pytest.raises(ContentsError):
            reader.read("values", tmp_path / "not there.h5")
        first = reader.read("values", shared / "data/nexus/dmc01.h5").said
        reader._process.kill()
        with pytest.raises(ContentsError, match="ended the process"):
            reader.read("values", bomb)
        assert reader.read("values", shared / "data/nexus/dmc01.h5").said == first
        assert ["crystal/d_spacing", "3.3536999225616455", "Angstroem"] in first["values"]
        assert orjson.loads(orjson.dumps(JOBS["values"](str(shared / "data/nexus/dmc01.h5"), [])[0])) == first


def test_the_process_refuses_what_it_does_not_know_and_ends_with_its_input():
    question = orjson.dumps({"job": "erase", "path": "/", "siblings": [], "told": {}})
    asked = struct.pack("<Q", len(question)) + question
    done = subprocess.run(
        [sys.executable, "-m", worker.__name__, str(2 << 30)], input=asked, capture_output=True, timeout=60
    )
    assert done.returncode == 0 and b"refused" in done.stdout
