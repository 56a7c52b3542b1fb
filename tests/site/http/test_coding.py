"""Bodies as gzip and their tags: unpacked the same, the same bytes every time, another tag for other bytes."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from panfair.site.http.coding import FAST, THOROUGH, gzipped, strong_tag, zipped_tag


@given(st.binary(max_size=5000), st.sampled_from([FAST, THOROUGH]))
def test_a_body_comes_back_from_gzip_and_is_packed_without_the_time(body, level):
    packed = gzipped(body, level)
    assert gzip.decompress(packed) == body
    assert packed == gzipped(body, level) and packed[4:8] == b"\0\0\0\0"


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_two_bodies_share_a_tag_only_when_they_are_the_same(one, other):
    assert (strong_tag(one) == strong_tag(other)) is (one == other)
    assert zipped_tag(strong_tag(one)) != strong_tag(other)
