"""Tests of the static search in a run: made once, anew when a record changes, and never with a closed word in it."""

import gzip
from datetime import date

import pytest

from panfair.builders.search.static import files as search_files
from panfair.ontologies.errors import LeakError, PublishError
from panfair.site.run.static_search import files as static_search
from panfair.site.run.static_search.entries import NAME
from support.site_run import SiteRun, copied, numbered

LATER = date(2031, 1, 1)


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> SiteRun:
    site = SiteRun(tmp_path_factory.mktemp("before") / "site")
    site.put(*(numbered(number, title=f"Foam of Müller, X-ray {number}") for number in range(5)))
    site.publish()
    return site


@pytest.fixture
def site(before, tmp_path) -> SiteRun:
    """A site of five records, as its first run left it."""
    return copied(before, tmp_path / "site")


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
    site.put(numbered(0), numbered(1, title="vorpalembargo", release_date=LATER))
    site.publish(accept_shrink=True)
    before = site.files("www")
    real = search_files.search_files

    def leaking(scopes, language, generation):
        for file in real(scopes, language, generation):
            if "words-0" in file.path:
                text, _, numbers = gzip.decompress(file.body).partition(b"\0")
                file = type(file)(file.path, gzip.compress(text + b"\nvorpalembargo\0" + numbers))
            yield file

    monkeypatch.setattr(search_files, "search_files", leaking)
    site.put(numbered(0, title="Topaz"), numbered(1, title="vorpalembargo", release_date=LATER))
    with pytest.raises(LeakError, match="words-0"):
        site.publish(accept_shrink=True)
    assert site.files("www") == before


def test_an_operator_can_do_without(site):
    site.path.write_text(site.path.read_text() + "\n[search]\nstatic = false\n")
    site.publish()
    assert site.files("www/search/data") == {} and not (site.config.state / NAME).exists()


# --- a base, and what has changed since


@pytest.fixture
def with_delta(site, monkeypatch) -> SiteRun:
    """The site with a base that is large enough for a delta of three documents at most: a record has two."""
    monkeypatch.setattr(static_search, "_SMALL", 4)
    monkeypatch.setattr(static_search, "_LEAST", 3)
    return site


def _records(*changed, **changes):
    return [
        numbered(number, **({"title": f"Foam of Müller, X-ray {number}"} | (changes if number in changed else {})))
        for number in range(5)
    ]


def _base(site: SiteRun) -> dict[str, bytes]:
    return {path: body for path, body in site.files("www/search/data").items() if "words-" in path}


def test_a_changed_record_changes_the_delta_and_the_manifest_alone(with_delta):
    site, before = with_delta, with_delta.files("www/search/data")
    site.put(*_records(3, title="Quartz"))
    site.publish()
    first = site.files("www/search/data")
    changed = {path for path in first.keys() | before.keys() if first.get(path) != before.get(path)}
    assert len(changed) == 2 and b"quartz" in _plain(site)
    site.put(*_records(3, title="Topaz"))
    site.publish()
    second = site.files("www/search/data")
    assert len({path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}) == 3
    assert len(second) == len(first) and b"quartz" not in _plain(site) and b"topaz" in _plain(site)
    assert site.publish().written == 0


def test_what_goes_back_to_what_it_was_leaves_an_empty_delta_and_the_same_base(with_delta):
    site, base = with_delta, _base(with_delta)
    site.put(*_records(3, title="Quartz"))
    site.publish()
    site.put(*_records())
    site.publish()
    assert _base(site) == base and b"quartz" not in _plain(site)


def test_more_changes_than_a_delta_holds_make_a_base_as_of_a_fresh_site(with_delta, tmp_path):
    site, fresh = with_delta, SiteRun(tmp_path / "fresh")
    site.put(*_records(3, title="Quartz"))
    site.publish()
    for one in (site, fresh):
        one.put(*_records(1, 2, 3, title="Quartz"))
        one.publish()
    assert site.files("www/search/data") == fresh.files("www/search/data")


@pytest.mark.parametrize("history", ["in the base", "in the delta", "in both"])
def test_no_word_of_what_closes_stays_in_base_or_delta(with_delta, history):
    site = with_delta
    old = {"title": "Zebrafish larva", "abstract": "xenopusword"}
    if history != "in the delta":
        site.put(*_records(2, **old))
        site.path.write_text(site.path.read_text().replace("Open data of the", "Data of the"))  # other code: a new base
        site.publish()
    if history != "in the base":
        site.put(*_records(2, title="Zebrafish juvenile", abstract="danioword"))
        site.publish()
    assert b"zebrafish" in _plain(site)
    site.put(*_records(2, **old, release_date=LATER))
    site.publish(accept_shrink=True)
    for word in (b"zebrafish", b"xenopusword", b"danioword"):
        assert word not in _plain(site).lower()
    assert b"10.99999/example-2" not in (site.config.state / NAME).read_bytes()


def test_what_closes_leaves_the_base_and_the_rest_of_it_stands(with_delta):
    site = with_delta
    site.put(*_records(2, title="Zebrafish larva"))
    site.path.write_text(site.path.read_text().replace("Open data of the", "Data of the"))  # other code: a new base
    site.publish()
    generation, before = _generation(site), site.files("www/search/data")
    site.put(*_records(2, title="Zebrafish larva", release_date=LATER))
    site.publish(accept_shrink=True)
    after = site.files("www/search/data")
    assert _generation(site) == generation and b"zebrafish" not in _plain(site).lower()
    assert any(path.endswith("titles.bin") for path in before.keys() & after.keys())
    revised = [path for path in after if "words-0-" in path]
    assert revised and not any(path.endswith("words-0.bin") for path in after)
    assert site.publish().written == 0
    closed = _records(2, title="Zebrafish larva", release_date=LATER)[2]
    site.put(*(closed if number == 2 else one for number, one in enumerate(_records(3, title="Quartz"))))
    site.publish()
    assert revised[0] in site.files("www/search/data") and b"quartz" in _plain(site)


def test_a_run_that_fails_behind_a_closing_leaves_no_word_of_it_in_the_next(with_delta, monkeypatch):
    site = with_delta
    site.put(*_records(2, title="Zebrafish larva"))
    site.publish()
    site.put(*_records(2, title="Zebrafish larva", release_date=LATER))

    def failing(*_: object) -> None:
        raise OSError("made up")

    with monkeypatch.context() as patch:
        patch.setattr("panfair.site.state.staging.Staging.commit", failing)
        patch.setattr("panfair.site.state.staging.Staging.commit_deletions", failing)
        with pytest.raises(PublishError):
            site.publish(accept_shrink=True)
    site.publish(accept_shrink=True)
    assert b"zebrafish" not in _plain(site).lower()


def test_a_file_of_the_base_that_is_damaged_is_not_taken_over(with_delta):
    site = with_delta
    site.put(*_records(2, title="Zebrafish larva"))
    site.publish()
    for path in sorted((site.output / "www/search/data").rglob("words-0*.bin")):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    site.put(*_records(2, title="Zebrafish larva", release_date=LATER))
    assert site.publish(accept_shrink=True).all_well
    assert b"zebrafish" not in _plain(site).lower()


def test_a_store_that_knows_no_base_makes_a_new_one(with_delta, tmp_path):
    site, fresh = with_delta, SiteRun(tmp_path / "fresh")
    (site.config.state / NAME).unlink()
    for one in (site, fresh):
        one.put(*_records(3, title="Quartz"))
        one.publish()
    assert site.files("www/search/data") == fresh.files("www/search/data")


def test_a_run_that_fails_behind_the_search_leaves_no_base_that_does_not_stand(with_delta, monkeypatch):
    site, before = with_delta, with_delta.files("www/search/data")
    site.put(*_records(1, 2, 3, title="Quartz"))

    def failing(*_: object) -> None:
        raise OSError("made up")

    with monkeypatch.context() as patch:
        patch.setattr("panfair.site.state.staging.Staging.commit", failing)
        with pytest.raises(PublishError):
            site.publish()
    assert site.files("www/search/data") == before
    site.put(*_records(1, title="Topaz"))
    site.publish()
    assert b"topaz" in _plain(site) and b"quartz" not in _plain(site)
