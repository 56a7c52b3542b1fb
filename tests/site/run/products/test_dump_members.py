"""The RDF dump of a run: what did not change is taken over, what was damaged is not."""

import gzip

import pytest

from panfair.site.run import render
from panfair.site.run.leaks import scanner
from panfair.site.run.leaks.pieces import _gunzipped
from panfair.site.run.products import dump_members
from support.planted import all_words, planted
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


def test_what_a_dump_took_over_is_scanned_again_only_when_more_has_closed(tmp_path, monkeypatch):
    scanned: list[bool] = []
    pieces_of, quads_member = scanner.pieces_of, render.quads_member

    def watched(body, path, is_known=lambda _: False):
        if path.endswith(".nq.gz"):
            scanned.extend(not is_known(member) for member in _gunzipped(body))
        return pieces_of(body, path, is_known)

    def leaking(released, portal):  # a builder that reads a neighbour
        body = gzip.decompress(quads_member(released, portal))
        more = b'<a:b> <a:c> "vorpaloncedssample" .\n' if released.doi.key == numbered(1).doi.key else b""
        return gzip.compress(body + more, mtime=0)

    monkeypatch.setattr(scanner, "pieces_of", watched)
    monkeypatch.setattr(render, "quads_member", leaking)
    site = SiteRun(tmp_path / "site")
    always = (numbered(1), planted(8, "vorpalother", public=False))
    site.put(*always, numbered(2), planted(9, "vorpalonce"))
    site.publish()
    assert b"vorpaloncedssample" in gzip.decompress(_dump(site))  # which is open
    scanned.clear()
    site.put(*always, numbered(2, title="Quartz"), planted(9, "vorpalonce"))
    site.publish()
    assert scanned[-3:] == [False, False, False]  # before them what was rendered, by who rendered it
    scanned.clear()
    site.put(*always, numbered(2, title="Quartz"), planted(9, "vorpalonce", public=False))
    site.publish(accept_shrink=True)
    assert any(scanned) and "vorpaloncedssample" not in all_words(site)
