"""ICAT over REST: the same records as from a dump, through ended sessions and failing gateways, and no secret told."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from panfair.harvesters import Checkpoint, Context, Finished, Kept, Refused, dump, icat
from panfair.harvesters import http as rest_sender
from panfair.harvesters.icat.store import Store
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication
from support.servers.icat import IcatWorld, icat_serving
from support.servers.icat.content import rest_moment

_FILE = "data/icat/icatdump-6.2.yaml"


@pytest.fixture
def world(shared) -> IcatWorld:
    return IcatWorld(shared / _FILE)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(rest_sender, "_FIRST_PAUSE", 0.0)


def _context(**more) -> Context:
    return Context(root=Path("/"), contact="data@example.org", extra_doi_prefixes=("00.0815",), **more)


def _options(url: str, **more) -> icat.Options:
    return icat.Options(name="esnf", kind="icat", url=url, **more)


def _harvest(world: IcatWorld, context: Context | None = None, **more) -> list:
    with icat_serving(world) as url:
        return list(icat.harvest(_options(url, **more), context or _context()))


def _records(items: list) -> list:
    return [item for item in items if not isinstance(item, Checkpoint | Finished)]


def _plain(items: list) -> list:
    """Records as JSON; datasets, which ICAT numbers and dumps name, called by their names."""
    plain = []
    for item in _records(items):
        assert isinstance(item, Publication), item
        raw = item.model_dump(mode="json", exclude={"catalogue_id"})  # which a dump does not know
        for dataset in raw["datasets"]:
            dataset["id"] = dataset["name"]
            for link in dataset["inputs"]:
                link["id"] = link["name"]
            dataset["inputs"].sort(key=lambda link: link["name"])
        plain.append(raw)
    return plain


def _dois(world: IcatWorld) -> dict[int, str]:
    """The sessions' numbers with the keys of their DOIs."""
    return {row["id"]: str(row["doi"]).removeprefix("DOI:") for row in world.catalogue.rows("Investigation")}


def test_the_live_catalogue_gives_the_records_of_its_dump(world, shared):
    options = dump.Options(name="esnf", kind="dump", path=str(shared / _FILE))
    wanted = _plain(list(dump.harvest(options, _context())))
    assert len(wanted) == 4
    assert any(dataset["inputs"] and dataset["software"] for raw in wanted for dataset in raw["datasets"])
    # When rows were made and modified, no dump tells.
    untold = {"created": None, "modified": None}
    assert [raw | untold for raw in _plain(_harvest(world))] == wanted


@pytest.mark.parametrize("page_size", [1, 2, 3])
def test_the_size_of_a_page_changes_no_record(world, shared, page_size):
    whole = _plain(_harvest(IcatWorld(shared / _FILE, max_entities=10_000), page_size=1000))
    world.max_entities = 10
    assert _plain(_harvest(world, page_size=page_size)) == whole


def test_a_harvest_goes_on_behind_its_last_checkpoint(world):
    items = _harvest(world, page_size=1)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            rest = _harvest(world, _context(resume=item.token), page_size=1)
            assert _records(rest) == _records(items[place:])
    assert sum(isinstance(item, Checkpoint) for item in items) == 4


def test_a_session_that_ends_is_begun_anew(world):
    whole = _plain(_harvest(world))
    world.queries.clear()
    world.sign_ins, world.dies_after = 0, {3, 9}
    assert _plain(_harvest(world)) == whole
    assert world.sign_ins == 3


def test_sessions_that_always_end_stop_the_source_after_one_more_sign_in(world):
    world.sessions_always_die = True
    with pytest.raises(HarvestError, match="SESSION"):
        _harvest(world)
    assert world.sign_ins == 2


def test_a_session_is_signed_out_at_the_end(world):
    _harvest(world)
    assert world.sessions == {}


def test_gateways_that_fail_for_a_moment_change_nothing(world):
    whole = _plain(_harvest(world))
    world.queries.clear()
    world.answers = dict.fromkeys((1, 2, 7, 20), (502, b"<html>Bad Gateway</html>"))
    assert _plain(_harvest(world)) == whole


def test_a_gateway_that_keeps_failing_stops_the_source(world):
    world.answers = dict.fromkeys(range(5, 50), (502, b"<html>Bad Gateway</html>"))
    with pytest.raises(HarvestError, match=r"^esnf: .*502.*again"):
        _harvest(world)


_ROW = b'{"Investigation": {"id": %d, "name": "x"}}'


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Sign in</body></html>",
        b'[{"Investigation": {"id": 7, "na',
        b'{"results": []}',
        b"[7, 8]",
        b'[{"Investigation": {"name": "no number"}}]',
        b'[{"Dataset": {"id": 7}}]',
        b"[" + _ROW % -7 + b"]",
        b"[" + _ROW % 900 + b"," + _ROW % 900 + b"]",
        b"[" + _ROW % 901 + b"," + _ROW % 900 + b"]",
        b"\xff\xfe",
    ],
)
def test_what_is_no_answer_of_icat_stops_the_source(world, body):
    world.answers = {1: (200, body)}
    with pytest.raises(HarvestError, match=r"^esnf: "):
        _harvest(world)


def test_a_server_that_gives_one_page_for_ever_stops_the_source(world):
    page = orjson.dumps([{"Investigation": {"id": 5, "name": "a", "visitId": "1", "title": "t"}}])
    world.answers = dict.fromkeys((1, 2, 3, 4, 5, 6, 7, 8, 9), (200, page))
    with pytest.raises(HarvestError, match=r"again|order"):
        _harvest(world, page_size=1)


@pytest.mark.parametrize("code", ["INTERNAL", "INSUFFICIENT_PRIVILEGES", "VALIDATION", "NO_SUCH_OBJECT_FOUND"])
def test_an_error_of_icat_names_its_code_and_quotes_no_message(world, code):
    world.answers = {6: (500, orjson.dumps({"code": code, "message": "Zebrafish larva"}))}
    with pytest.raises(HarvestError, match=code) as caught:
        _harvest(world)
    assert "Zebrafish" not in str(caught.value)


def test_an_icat_before_data_publications_gives_its_investigations(shared):
    missing = frozenset({"DataPublication", "DatasetTechnique", "DatasetInstrument", "InvestigationFunding", "Subject"})
    found = _records(_harvest(IcatWorld(shared / _FILE, missing=missing)))
    assert [item.kind for item in found] == ["session"] * 3
    assert not any(dataset.techniques for item in found for dataset in item.datasets)


def test_an_investigation_without_doi_is_refused_and_nothing_of_it_is_fetched(world):
    number = world.catalogue.rows("Investigation")[0]["id"]
    world.catalogue.change("Investigation", number, doi=None)
    found = _records(_harvest(world))
    assert isinstance(found[0], Refused)
    assert found[0].reason == "it has no DOI"
    children = [query for query in world.queries if ".investigation.id IN" in query or "a.investigation.id" in query]
    assert children
    assert not any(f"({number}," in query or f"({number})" in query for query in children)


def test_two_records_of_one_doi_are_both_handed_on_to_the_gate(world):
    first, second, *_ = world.catalogue.rows("Investigation")
    world.catalogue.change("Investigation", second["id"], doi=first["doi"])
    found = [item for item in _records(_harvest(world)) if isinstance(item, Publication)]
    assert len([item for item in found if item.doi == found[0].doi]) == 2


def test_no_secret_is_told(world, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("READER", world.password)
    _harvest(world, plugin="db", username="reader", password_env="READER")
    monkeypatch.setenv("READER", "wrong-zebra-42")
    with pytest.raises(HarvestError) as caught:
        _harvest(world, plugin="db", username="reader", password_env="READER")
    told = str(caught.value) + repr(caught.value.__cause__) + caplog.text
    assert "wrong-zebra-42" not in told
    assert world.password not in told
    assert "sessionId=" not in told


def test_a_password_that_is_not_set_is_asked_for_by_its_variable(world, monkeypatch):
    monkeypatch.delenv("READER", raising=False)
    with pytest.raises(HarvestError, match="READER"):
        _harvest(world, plugin="db", username="reader", password_env="READER")
    assert world.queries == []


def test_a_server_that_is_not_there_is_an_error_and_no_crash():
    with pytest.raises(HarvestError, match="failed 4 times"):
        list(icat.harvest(_options("http://127.0.0.1:9/icat"), _context()))


def test_the_next_harvest_asks_for_what_was_modified_and_keeps_the_rest(world):
    first = _harvest(world)
    token = first[-1].token
    known = {item.doi.key: item.model_dump(mode="json", exclude_defaults=True) for item in _records(first)}
    # What has no release date stands as closed, and is read each time; here all are open.
    for record in known.values():
        record.pop("public", None)
    queries = len(world.queries)
    again = _harvest(world, _context(last=token, previous=known.get))
    assert [item for item in again if isinstance(item, Publication)] == []
    assert sorted(item.key for item in again if isinstance(item, Kept)) == sorted(known)
    assert not any("DatasetParameter a WHERE a.dataset" in query for query in world.queries[queries:])

    dataset = world.catalogue.rows("Dataset")[0]
    world.catalogue.change("Dataset", dataset["id"], modTime=rest_moment(datetime.now(UTC) + timedelta(hours=1)))
    third = _harvest(world, _context(last=token, previous=known.get))
    sessions = [item for item in third if isinstance(item, Publication) and item.kind == "session"]
    assert [item.doi.key for item in sessions] == [_dois(world)[dataset["investigation"]]]


def test_what_fell_due_since_the_last_harvest_is_read_again_though_nothing_was_modified(world):
    for year, number in enumerate(_dois(world), 2020):
        world.catalogue.change("Investigation", number, releaseDate=f"{year}-05-01T00:00:00.000Z")
    whole = _harvest(world)
    records, seen = _records(whole), whole[-1].token.partition(" ")[2]
    known = {item.doi.key: item.model_dump(mode="json", exclude_defaults=True) for item in records}
    again = _harvest(world, _context(last=f"2020-06-01T00:00:00+00:00 {seen}", previous=known.get))
    read = [item for item in again if isinstance(item, Publication) and item.kind == "session"]
    assert read == [item for item in records if item.release_date and item.release_date.year > 2020]
    assert 0 < len(read) < len([item for item in records if item.kind == "session"])


@pytest.mark.parametrize("token", ["", "rubbish", "0001-01-01T00:00:00+00:00", "2024-01-01T00:00:00"])
def test_a_last_harvest_whose_moment_cannot_be_told_is_asked_for_from_the_beginning(token):
    assert icat._moment(token) - timedelta(days=1) < datetime(1970, 1, 1, tzinfo=UTC)


def test_the_users_of_a_publication_are_found_by_one_look_at_all_users():
    class Counted(dict):
        looks = 0

        def values(self):
            self.looks += 1
            return super().values()

    users = Counted({str(n): {"publication": f"p{n % 3}", "n": n} for n in range(9)})
    store = Store({"dataPublicationUser": users})
    for key in ("p0", "p1", "p2", "p3"):
        found = [user["n"] for user in store.naming("dataPublicationUser", "publication", key)]
        assert found == [n for n in range(9) if f"p{n % 3}" == key]
    assert users.looks == 1


def _standing(items: list) -> tuple[str, dict]:
    """The token of a finished harvest, and its records as the next one is told them, all open."""
    known = {item.doi.key: item.model_dump(mode="json", exclude_defaults=True) for item in _records(items)}
    for record in known.values():
        record.pop("public", None)
    return items[-1].token, known


def _read_again(world: IcatWorld, token: str, known: dict) -> dict[str, Publication]:
    again = _harvest(world, _context(last=token, previous=known.get))
    return {item.doi.key: item for item in again if isinstance(item, Publication)}


@pytest.mark.parametrize("entity", ["Dataset", "Keyword", "InvestigationUser", "Datafile", "DatasetParameter"])
def test_what_was_deleted_without_a_trace_is_gone_at_the_next_harvest(world, entity):
    token, known = _standing(_harvest(world))
    row = world.catalogue.rows(entity)[0]
    session = row.get("investigation")
    if session is None:
        session = next(one["investigation"] for one in world.catalogue.rows("Dataset") if one["id"] == row["dataset"])
    world.catalogue.delete(entity, row["id"])
    assert _dois(world)[session] in _read_again(world, token, known)


def test_a_dataset_that_moved_leaves_the_record_that_it_was_in(world):
    token, known = _standing(_harvest(world))
    row, names = world.catalogue.rows("Dataset")[0], _dois(world)
    here = row["investigation"]
    there = next(one for one in names if one != here)
    world.catalogue.change("Dataset", row["id"], investigation=there)  # and nothing says when: `modTime` is long ago
    read = _read_again(world, token, known)
    assert {names[here], names[there]} <= set(read)
    assert row["name"] not in [dataset.name for dataset in read[names[here]].datasets]
    assert row["name"] in [dataset.name for dataset in read[names[there]].datasets]


def test_a_token_of_an_older_version_or_a_damaged_one_has_everything_read(world):
    token, known = _standing(_harvest(world))
    assert _read_again(world, token, known) == {}
    for odd in (token.partition(" ")[0], token[:-3], token.split(" ")[0] + " x y", "nonsense"):
        assert _read_again(world, odd, known), odd


def test_what_changed_during_a_break_is_not_published_as_it_was(world):
    items = _harvest(world, page_size=1)
    mark = next(item for item in items if isinstance(item, Checkpoint))
    first = next(iter(_dois(world)))
    assert _records(_harvest(world, _context(resume=mark.token), page_size=1))
    later = rest_moment(datetime.now(UTC) + timedelta(minutes=1))
    world.catalogue.change("Investigation", first, modTime=later)  # put under embargo, say
    with pytest.raises(HarvestError, match="changed since") as caught:
        _harvest(world, _context(resume=mark.token), page_size=1)
    assert caught.value.begin_anew
    old = " ".join(mark.token.split(" ")[:2])  # as an earlier version wrote it
    with pytest.raises(HarvestError, match="read anew"):
        _harvest(world, _context(resume=old), page_size=1)


def test_a_plugin_that_this_icat_does_not_have_is_told_with_those_that_it_has(world):
    world.properties["authenticators"] = [{"mnemonic": "simple", "keys": []}, {"mnemonic": "anon", "keys": []}]
    with pytest.raises(HarvestError, match="no authenticator 'ldap'; `plugin` may be simple or anon"):
        _harvest(world, plugin="ldap")
    assert world.sign_ins == 0


def test_a_page_of_html_in_place_of_icat_is_told_as_what_it_is(world):
    world.answers[0] = (404, b"<html>Not Found</html>")
    with pytest.raises(HarvestError, match="it is starting"):
        _harvest(world)
