"""The RDF dump of a run: what did not change is taken over, what was damaged is not."""

import gzip

import pytest

from panfair.site.run.products import dump_members
from support.site_run import SiteRun, numbered


def _dump(site: SiteRun) -> bytes:
    return (site.output / "www/dump/catalogue.nq.gz").read_bytes()


def test_a_run_takes_over_the_members_that_stand_and_ends_in_the_dump_of_a_fresh_site(tmp_path, monkeypatch):
    site, fresh = SiteRun(tmp_path / "a"), SiteRun(tmp_path / "b")
    site.put(*(numbered(number) for number in range(4)))
    site.publish()
    site.put(*(numbered(number) for number in range(3)), numbered(3, title="Quartz"))
    with monkeypatch.context() as patch:  # what did not change is not made again in the run's own process
        patch.setattr(dump_members, "quads_member", lambda *_: pytest.fail("made again"))
        site.publish()
    fresh.put(*(numbered(number) for number in range(3)), numbered(3, title="Quartz"))
    fresh.publish()
    assert _dump(site) == _dump(fresh) and b"Quartz" in gzip.decompress(_dump(site))


def test_a_damaged_dump_is_not_taken_over(tmp_path):
    site, fresh = SiteRun(tmp_path / "a"), SiteRun(tmp_path / "b")
    site.put(numbered(1), numbered(2))
    site.publish()
    body = bytearray(_dump(site))
    body[-200] ^= 1
    (site.output / "www/dump/catalogue.nq.gz").write_bytes(body)
    for one in (site, fresh):
        one.put(numbered(1), numbered(2, title="Quartz"))
        one.publish()
    assert _dump(site) == _dump(fresh)
