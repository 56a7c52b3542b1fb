"""Paths that files are saved under."""

import re
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.downloads.placed import placed
from panfair.ontologies.record import File

NAMES = st.one_of(
    st.sampled_from(["a.h5", "A.h5", "a", "a/b", "./a", "-rf", "a~2.h5", "..", "ß", "SS", "e\u0301", "x\n.h5"]),
    st.text(max_size=12),
).filter(lambda name: bool(re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", name)))


@given(st.lists(st.tuples(st.sampled_from(["", "scan-1", "scan-2"]), st.lists(NAMES, max_size=6)), max_size=4))
def test_no_file_is_saved_over_another_nor_where_another_needs_a_folder(groups):
    found = placed((folder, [File(name=name) for name in names]) for folder, names in groups)
    paths = [PurePosixPath(item.path.casefold()) for item in found]
    assert len(set(paths)) == len(paths)
    assert not {parent for path in paths for parent in path.parents} & set(paths)


@given(st.lists(NAMES, max_size=6))
def test_a_path_is_one_line_below_its_folder(names):
    for item in placed([("scan-1", [File(name=name) for name in names])]):
        assert item.path.startswith("scan-1/")
        assert len(item.path.splitlines()) == 1
        assert not {".", "..", ""} & set(item.path.split("/"))


def test_of_files_of_one_name_the_later_get_a_number_before_the_ending():
    found = placed([("", [File(name="a/img.cbf"), File(name="a/IMG.cbf"), File(name="a/img.cbf"), File(name="a")])])
    assert [item.path for item in found] == ["a/img.cbf", "a/IMG~2.cbf", "a/img~3.cbf", "a~2"]


def test_a_hundred_thousand_files_of_one_name_are_told_apart_in_good_time():
    found = placed([("", [File(name="img.cbf")] * 100_000)])
    assert len({item.path for item in found}) == 100_000
