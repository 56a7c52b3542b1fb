"""Tests of the static search in a run: made once, anew when a record changes, and never with a closed word in it."""

import gzip
from datetime import date

import pytest

from panfair.builders.search.static import files as search_files
from panfair.ontologies.errors import LeakError
from panfair.site.run.static_search_entries import NAME
from support.site_run import SiteRun, numbered

LATER = date(2031, 1, 1)


@pytest.fixture
def site(tmp_path) -> SiteRun:
    site = SiteRun(tmp_path)
    site.put(*(numbered(number, title=f"Foam of Müller, X-ray {number}") for number in range(5)))
    site.publish()
    return site


def _plain(site: SiteRun) -> bytes:
    """All that the static search says, unpacked, and what the store beside the ledger keeps."""
    files = site.files("www/search/data").values()
    return b"\n".join(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in files)


def _generation(site: SiteRun) -> str:
    (name,) = {path.split("/")[3] for path in site.files("www/search/data") if path.count("/") > 3}
    return name


def test_files_are_made_once_and_anew_when_a_record_changes(site):
    before = _generation(site)
    assert b"muller" in _plain(site) and site.publish().written == 0
    site.put(*(numbered(number) for number in range(4)), numbered(4, title="Quartz"))
    site.publish()
    assert _generation(site) != before and b"quartz" in _plain(site)


def test_a_store_that_is_lost_or_torn_is_made_again(site, tmp_path):
    records = [numbered(number, title=f"Foam of Müller, X-ray {number}") for number in range(6)]
    fresh = SiteRun(tmp_path / "fresh")
    fresh.put(*records)
    fresh.publish()
    (site.config.state / NAME).write_bytes(b"SQLite format 3\0 but torn")
    site.put(*records)
    site.publish()
    assert site.files("www/search/data") == fresh.files("www/search/data")


def test_a_record_that_closes_leaves_files_and_store(site):
    site.put(numbered(0), numbered(1, title="Zebrafish larva", abstract="xenopusword"))
    site.publish(accept_shrink=True)
    store = site.config.state / NAME
    assert b"zebrafish" in _plain(site) and b"10.99999/example-1" in store.read_bytes()
    site.put(numbered(0), numbered(1, title="Zebrafish larva", abstract="xenopusword", release_date=LATER))
    site.publish(accept_shrink=True)
    assert b"zebrafish" not in _plain(site).lower() and b"xenopusword" not in _plain(site)
    assert b"10.99999/example-0" in store.read_bytes() and b"10.99999/example-1" not in store.read_bytes()


def test_an_open_word_that_folds_into_a_closed_one_stops_no_run(site):
    site.put(numbered(0, title="Foam of Müller"), numbered(1, title="Foam of Muller", release_date=LATER))
    site.publish(accept_shrink=True)
    assert b"muller" in _plain(site)


def test_a_closed_word_in_the_vocabulary_stops_the_run(site, monkeypatch):
    before = site.files("www")
    real = search_files.search_files

    def leaking(scopes, language, generation):
        for file in real(scopes, language, generation):
            if "words-0" in file.path:
                text, _, numbers = gzip.decompress(file.body).partition(b"\0")
                file = type(file)(file.path, gzip.compress(text + b"\nvorpalembargo\0" + numbers))
            yield file

    monkeypatch.setattr(search_files, "search_files", leaking)
    site.put(numbered(0), numbered(1, title="vorpalembargo", release_date=LATER))
    with pytest.raises(LeakError, match="words-0"):
        site.publish(accept_shrink=True)
    assert site.files("www") == before


def test_an_operator_can_do_without(site):
    site.path.write_text(site.path.read_text() + "\n[search]\nstatic = false\n")
    site.publish()
    assert site.files("www/search/data") == {} and not (site.config.state / NAME).exists()
