"""Harvests of one real catalogue by four accounts: what is open comes out whole and equal, whoever asks."""

from datetime import date
from pathlib import Path

import pytest

from panfair.harvesters import Context, icat
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.record import Publication, canonical
from support.servers.icat import IcatWorld, icat_serving
from support.servers.icat.catalogue import Catalogue
from support.servers.icat.recordings import ACCOUNTS, recorded_catalogue

_DAY = date(2026, 11, 30)
_RELEASED_SINCE = frozenset({"10.5072/inv-1", "10.5072/inv-21", "10.5072/inv-37"})
"""Sessions whose words say closed and that were released before the server was asked."""


@pytest.fixture(scope="module")
def catalogue(shared) -> Catalogue:
    return recorded_catalogue(shared)


@pytest.fixture(scope="module")
def shown(catalogue) -> dict[str, dict[str, Publication]]:
    """What each account's harvest opens, by DOI; `notes` of each are empty but for ORCID iDs that are none."""
    found = {}
    with icat_serving(IcatWorld(catalogue, max_entities=10_000)) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("READER", "correct horse")
        for name, account in ACCOUNTS.items():
            plugin, _, user = account.partition("/")
            known = {} if plugin == "anon" else {"username": user, "password_env": "READER"}
            options = icat.Options.model_validate({"name": "a", "kind": "icat", "url": url, "plugin": plugin, **known})
            notes: list[str] = []
            context = Context(
                root=Path("/"), contact="data@example.org", extra_doi_prefixes=("00.0815",), on=_DAY, note=notes.append
            )
            verdicts = [
                judge(one, _DAY, GatePolicy()) for one in icat.harvest(options, context) if isinstance(one, Publication)
            ]
            found[name] = {one.publication.doi.key: one.publication for one in verdicts if isinstance(one, Released)}
            assert [note for note in notes if "ORCID" not in note] == []
    return found


def test_every_account_opens_the_same_records(shown):
    whole = shown["root"].keys()
    assert len(whole) == 103
    assert all(opened.keys() == whole for opened in shown.values())


@pytest.mark.parametrize("field", ["title", "abstract", "creators", "contributors", "keywords", "funding", "related"])
def test_a_public_account_is_told_what_one_that_sees_everything_is_told(shown, field):
    for key, record in shown["root"].items():
        for account, opened in shown.items():
            assert getattr(opened[key], field) == getattr(record, field), (key, account)


def test_a_dataset_that_an_account_sees_has_its_parameters_samples_and_files(shown):
    for account in ("anon", "pubreader", "reader"):
        for key, record in shown[account].items():
            if record.kind == "session":
                whole = {dataset.id: dataset for dataset in shown["root"][key].datasets}
                assert all(whole[dataset.id] == dataset for dataset in record.datasets), (key, account)
    assert sum(len(one.parameters) for record in shown["anon"].values() for one in record.datasets) == 586


def test_files_that_nobody_has_counted_are_counted_by_what_is_listed(shown):
    datasets = shown["anon"]["10.5072/inv-3"].datasets  # ICAT says of each: 0 files, 0 bytes
    assert [(one.file_count, one.size_bytes) for one in datasets] == [(4, 4006)] * 2
    assert shown["anon"]["10.5072/inv-3"].size_bytes is None


def test_no_word_of_a_closed_session_is_on_the_page_of_an_open_one(shown):
    for account, opened in shown.items():
        for key, record in opened.items():
            if record.kind == "session" and key not in _RELEASED_SINCE:
                assert b"zqshut" not in canonical(record), (key, account)


def test_a_public_account_hears_of_changes_and_losses_where_it_may_ask_for_nothing(shared):
    catalogue = recorded_catalogue(shared)
    places = [
        ("Keyword", 121, "10.5072/inv-196"),
        ("DatasetParameter", 121, "10.5072/inv-12"),
        ("Subject", 5, "10.5072/pub-embset"),
        ("Datafile", 121, "10.5072/pub-embset"),  # of a session that the account does not see
    ]
    with icat_serving(IcatWorld(catalogue, max_entities=10_000)) as url:

        def harvest(**more) -> tuple[str, dict[str, Publication]]:
            context = Context(root=Path("/"), contact="data@example.org", extra_doi_prefixes=("00.0815",), **more)
            items = list(icat.harvest(icat.Options(name="a", kind="icat", url=url), context))
            return items[-1].token, {one.doi.key: one for one in items if isinstance(one, Publication)}

        token, whole = harvest()
        known = {key: one.model_dump(mode="json", exclude_defaults=True) for key, one in whole.items()}
        for record in known.values():
            record.pop("public", None)  # what has no release date stands as closed, and is read each time
        due = harvest(last=token, previous=known.get)[1].keys()  # what opens today or did yesterday
        assert len(due) < 3
        for entity, number, doi in places:
            before = next(row["modTime"] for row in catalogue.rows(entity) if row["id"] == number)
            catalogue.change(entity, number, modTime="2036-11-30T01:00:00.000Z")
            read = harvest(last=token, previous=known.get)[1].keys() - due
            assert doi in read and len(read) <= 2, entity  # a publication may hold the session
            catalogue.change(entity, number, modTime=before)
        for entity, number, _doi in places:
            catalogue.delete(entity, number)
        assert harvest(last=token, previous=known.get)[1].keys() - due >= {doi for _entity, _number, doi in places}
