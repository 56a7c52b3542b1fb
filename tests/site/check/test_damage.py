"""Whatever happened to a file, `check` says so and never ends in an error, and the next run makes it anew."""

import random
import shutil

import pytest

from panfair.ontologies.errors import PublishError
from panfair.ontologies.identifiers import Doi
from panfair.site.check.output import check
from support.planted import LATER, all_words, planted
from support.site_run import SiteRun, numbered

_KINDS = ("flipped", "cut", "deleted")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> SiteRun:
    site = SiteRun(tmp_path_factory.mktemp("sound") / "site")
    site.put(*(numbered(n) for n in range(4)), planted(9, "vorpalclosed", release_date=LATER))
    site.publish()
    return site


def _copy(sound: SiteRun, folder) -> SiteRun:
    site = SiteRun(folder / "site")
    shutil.copytree(sound.folder, site.folder, dirs_exist_ok=True)
    return site


def _harm(path, kind: str, dice: random.Random) -> None:
    body = bytearray(path.read_bytes())
    if kind == "deleted":
        path.unlink()
        return
    if kind == "cut":
        del body[dice.randrange(len(body)) :]
    else:
        for _ in range(20):
            body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    path.write_bytes(body)


def _harmed(site: SiteRun) -> list:
    output, state = site.output, site.config.state
    indexes = [path for path in sorted((output / "search").rglob("*")) if path.is_file()]
    others = [output / name for name in ("oai.sqlite", "panosc.sqlite", "manifest.json")]
    return [*indexes, *others, *(output / "oai-records").iterdir(), state / "ledger.sqlite"]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_check_tells_of_every_damaged_file_and_never_ends_in_an_error(sound, tmp_path, kind):
    site = _copy(sound, tmp_path)
    assert list(check(site.config)) == []
    dice = random.Random(20261130)
    for path in _harmed(site):
        whole = path.read_bytes()
        _harm(path, kind, dice)
        try:
            told = list(check(site.config))
            assert told or path.name == "ledger.sqlite", path  # a bit of an empty page may be anything
        except PublishError as error:
            assert path.name == "ledger.sqlite" and "backup" in str(error)
        path.write_bytes(whole)


def test_a_damaged_volume_of_a_large_site_is_found_when_it_is_read(sound, tmp_path, monkeypatch):
    site = _copy(sound, tmp_path)
    monkeypatch.setattr("panfair.site.run.indexes._LOOKED_AT_ANYWAY", 0)
    _harm(next((site.output / "oai-records").iterdir()), "flipped", random.Random(5))
    site.put(numbered(0, title="Changed"), *(numbered(n) for n in (1, 2, 3)), planted(9, "vorpalclosed", public=False))
    report = site.publish()
    assert any(line.endswith("made anew") for line in report.notes), report.notes
    assert list(check(site.config)) == []


@pytest.mark.parametrize("kind", _KINDS)
def test_a_damaged_index_or_store_is_made_anew_before_it_is_opened(sound, tmp_path, kind):
    site = _copy(sound, tmp_path)
    dice = random.Random(7)
    segment = max((site.output / "search/publications").glob("*.seg"), key=lambda path: path.stat().st_size)
    for path in (segment, site.output / "oai.sqlite"):
        _harm(path, kind, dice)
    site.put(numbered(0, title="Changed"), *(numbered(n) for n in (1, 2, 3)), planted(9, "vorpalclosed", public=False))
    report = site.publish()
    assert any(line.endswith("made anew") for line in report.notes), report.notes
    assert list(check(site.config)) == []
    assert "specimen2" in all_words(site) and "vorpal" not in all_words(site)


def test_a_doi_that_looks_like_a_file_name_does_not_end_check(tmp_path):
    site = SiteRun(tmp_path / "site")
    site.put(numbered(1, doi=Doi.parse("10.99999/a.html")), numbered(2, doi=Doi.parse("10.99999/b.json")))
    site.publish()
    assert list(check(site.config)) == []


def test_what_closed_leaves_no_word_in_ledger_or_curators_list(tmp_path):
    site = SiteRun(tmp_path / "site")
    site.put(*(numbered(n) for n in range(4)), planted(9, "vorpalonce"))
    site.publish()
    todo = site.config.state / "todo"
    todo.mkdir()
    (todo / "todo.csv").write_text("vorpalonce")
    assert b"vorpalonceabstract" in (site.config.state / "ledger.sqlite").read_bytes()
    site.put(*(numbered(n) for n in range(4)), planted(9, "vorpalonce", release_date=LATER))
    site.publish()
    for path in site.config.state.rglob("*"):
        if path.is_file() and path.parent.name != "harvest":
            assert b"vorpalonce" not in path.read_bytes(), path
    assert site.config.state.stat().st_mode & 0o077 == 0


def test_a_record_that_was_changed_in_the_ledger_by_hand_is_told(sound, tmp_path):
    site = _copy(sound, tmp_path)
    path = site.config.state / "ledger.sqlite"
    body = path.read_bytes()
    assert b"specimen1" in body
    path.write_bytes(body.replace(b"specimen1", b"specimen8"))
    assert any(line.startswith("ledger: 10.99999/example-1 is not what") for line in check(site.config))
