"""States and readers: what left a list, who is asked as, and what an empty answer means."""

import pytest

from panfair.harvesters import Checkpoint, Context, dump
from support.scicat import dataset, dumped, harvested, many, publications, published
from support.servers.scicat import SciCat, served
from support.site_run import SiteRun


def _before(*numbers: int) -> dict:
    """What the last harvest had."""
    known = {f"10.5072/made-up-{n}": {"doi": f"10.5072/made-up-{n}"} for n in numbers}
    return {"known": lambda: known, "previous": known.get}


def test_an_amended_publication_that_left_every_list_is_read_by_its_doi():
    server = many(3)
    server.published[1]["status"] = "amended"
    with served(server):
        found, _notes, error = harvested(server, context=_before(0, 1, 2))
    read_now = {str(one.doi): one for one in publications(found)}
    assert error is None and sorted(read_now) == [f"10.5072/made-up-{n}" for n in range(3)]
    assert read_now["10.5072/made-up-1"].public and read_now["10.5072/made-up-1"].datasets[0].files


def test_one_that_scicat_shows_no_more_at_all_is_gone():
    server = many(3)
    server.published[1]["status"] = "private"
    with served(server):
        found, _notes, error = harvested(server, context=_before(0, 1, 2))
    assert error is None and [str(one.doi) for one in publications(found)] == ["10.5072/made-up-0", "10.5072/made-up-2"]


def test_v3_alone_cannot_tell_an_amended_from_a_withdrawn_one_and_says_so():
    server = many(3)
    server.hidden = {"v4"}
    server.published[1]["status"] = "amended"
    with served(server):
        _found, notes, error = harvested(server, context=_before(0, 1, 2))
    assert error is None and any("1 publications left SciCat's list" in note for note in notes)


def test_what_left_the_list_before_a_break_is_asked_for_after_it():
    server = many(9)
    server.published[1]["status"] = "amended"
    server.fault = lambda path, number: (502, {}, b"") if number > 8 else None
    with served(server):
        found, _notes, error = harvested(server, context=_before(*range(9)))
        assert error is not None
        token = [item for item in found if isinstance(item, Checkpoint)][-1].token
        server.fault = lambda path, number: None
        rest, _notes, error = harvested(server, context={**_before(*range(9)), "resume": token})
    assert error is None
    assert {str(one.doi) for one in publications([*found, *rest])} == {f"10.5072/made-up-{n}" for n in range(9)}


@pytest.mark.parametrize("known", [{}, _before(0, 1)])
def test_an_empty_catalogue_fails_the_source_and_buries_nothing(known):
    with served(SciCat([published(0, status="private")])) as server:
        found, _notes, error = harvested(server, context=known)
    assert error is not None and "shows no publications at all" in str(error) and not publications(found)


def test_a_token_that_has_run_out_fails_the_source_before_anything_is_read(monkeypatch):
    monkeypatch.setenv("SCICAT_TOKEN", "made-up-token")
    server = many(2)
    with served(server):
        found, _notes, error = harvested(server, token_env="SCICAT_TOKEN")
    assert found == [] and "does not know the token in SCICAT_TOKEN" in str(error) and "made-up-token" not in str(error)


def test_a_token_that_runs_out_on_the_way_fails_the_source_before_what_was_read_without_it_counts(monkeypatch):
    monkeypatch.setenv("SCICAT_TOKEN", "made-up-token")
    server = many(2)
    server.tokens = {"made-up-token"}
    with served(server):
        assert harvested(server, token_env="SCICAT_TOKEN")[2] is None

        def run_out(path: str, number: int) -> None:
            if path.endswith("/publisheddata"):
                server.tokens.clear()

        server.fault = run_out
        found, _notes, error = harvested(server, token_env="SCICAT_TOKEN")
    assert error is not None and "has run out" in str(error)
    assert not [item for item in found if isinstance(item, Checkpoint)]


def test_a_restricted_publication_is_restricted_whichever_version_the_operator_wrote():
    rights = [{"rights": "restricted access", "rightsUri": "http://purl.org/coar/access_right/c_16ec"}]
    server = SciCat([published(0, rightsList=rights)])
    for path in ("/api/v3", "/api/v4", "/api", ""):
        with served(server):
            found, _notes, _error = harvested(server, path, licence="CC-BY-4.0")
        assert publications(found)[0].restriction is not None


def test_v3_alone_says_what_it_cannot_tell():
    server = many(1)
    server.hidden = {"v4"}
    with served(server):
        _found, notes, error = harvested(server, "/api/v3")
    assert error is None and len(notes) == 1 and "v3 tells no rights, dates, funding" in notes[0]


def test_a_page_of_another_program_in_the_place_of_v4_is_no_v4():
    server = many(2)
    server.fault = lambda path, number: (200, {}, b"<html>single page</html>") if "/v4/" in path else None
    with served(server):
        found, _notes, error = harvested(server)
    assert error is None and len(publications(found)) == 2


def test_what_stays_closed_for_want_of_a_date_is_counted_with_what_would_open_it():
    server = SciCat(
        [published(n, registeredTime=None if n else "2024-05-01T10:00:00.000Z") for n in range(3)],
        [dataset(n, datasetlifecycle={"publishedOn": "2024-06-01T00:00:00.000Z"} if n == 1 else {}) for n in range(3)],
    )
    with served(server):
        _found, notes, _error = harvested(server)
        found, after, _error = harvested(server, date_from=["registeredTime", "datasets.publishedOn"])
    (note,) = (note for note in notes if "want of a date" in note)
    assert (
        note.startswith("2 publications have no registeredTime") and "; 1 of them have datasets with a publish" in note
    )
    assert [one.publication_date is None for one in publications(found)] == [False, False, True]
    assert any(text.startswith("1 publications have no registeredTime or datasets.publishedOn") for text in after)


@pytest.mark.parametrize(("status", "named"), [("registered", True), ("private", False)])
def test_an_account_is_named_by_an_open_publication_and_never_by_a_closed_one(tmp_path, status, named):
    raws = [published(0, creator=["Zqana Exemplar"], createdBy="exemplar_z", status=status)]
    raws.append(published(1, creator=["exemplar_z"]))
    dumped(tmp_path, PublishedData=raws)
    options = dump.Options(name="made-up", kind="dump", path="PublishedData.json")
    found = publications(dump.harvest(options, Context(root=tmp_path, contact="data@example.org")))
    assert ("Zqana" in found[1].model_dump_json()) is named


def test_a_site_keeps_the_page_of_an_amended_publication_and_buries_a_private_one(tmp_path):
    server = many(12)
    site = SiteRun(tmp_path / "site")
    with served(server):
        source = f'[[source]]\nname = "made-up"\nkind = "scicat"\nurl = "{server.url}/api/v3"\n'
        site.path.write_text(site.path.read_text().split("[[source]]")[0] + source)
        assert site.publish().released == 12
        server.published[3].update(status="amended", updatedAt="2024-08-01T00:00:00.000Z")
        server.published[5].update(status="private", updatedAt="2024-08-01T00:00:00.000Z")
        report = site.publish()
    assert (report.released, report.withdrawn) == (11, 1)
    pages = site.output / "www/doi/10.5072"
    words = {n: (pages / f"made-up-{n}/index.html").read_text().casefold() for n in (3, 5)}
    assert "made-up data 3" in words[3] and "withdrawn" not in words[3]
    assert "withdrawn" in words[5]
