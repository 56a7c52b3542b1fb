"""Tests of builders/oai/volumes.py: slices of files, and files that stay readable while others take their place."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.oai.pieces import piece, text_of
from panfair.builders.oai.volumes import Place, VolumeFile, Volumes, folder_of, keep_only, runs


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_neighbours_are_one_run_and_nothing_between_is_taken_along(taken):
    every = [
        Place(1 + number // 20, number * 10, 10, number * 7, 7, number, number + 1) for number in range(len(taken))
    ]
    chosen = [place for place, wanted in zip(every, taken, strict=True) if wanted]
    told = list(runs(chosen))
    covered = [byte for one in told for byte in range(one.start, one.start + one.length)]
    assert covered == [byte for one in chosen for byte in range(one.start, one.start + 10)]
    assert sum(one.size for one in told) == 7 * len(chosen)
    assert all(a.volume != b.volume or a.start + a.length < b.start for a, b in pairwise(told))


def test_an_open_volume_is_read_to_the_end_though_it_was_taken_away(tmp_path):
    store = tmp_path / "oai.sqlite"
    file, one = VolumeFile(store), piece(b"of a record")
    start = file.add(one.packed)
    volumes = Volumes(store, {4: file.finish()})
    keep_only(store, set())
    assert not folder_of(store).exists()
    assert text_of(volumes.piece(Place(4, start, len(one.packed), 0, one.size, 0, one.after))) == b"of a record"
    volumes.close()
