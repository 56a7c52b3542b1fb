"""The core's own DOIs at DataCite: what is wanted of each, by what it is today."""

from datetime import UTC, datetime, timedelta

import pytest

from panfair.ontologies.errors import ConfigError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.doi.wanted import wanted_dois, wanted_of_file
from panfair.site.registrar.settings import RegistrarTable
from support.catalogue.facility import a_facility


@pytest.fixture
def facility(tmp_path):
    registrar = RegistrarTable(account="EPS.DATA", prefix="10.5072")
    made = a_facility(tmp_path, portal_url="https://data.example.org/", registrar=registrar)
    yield made
    made.core.store.close()


def _aims(facility, **settings):
    core = facility.core
    changed = core.settings.registrar.model_copy(update=settings)
    wanted = wanted_dois(core.store, core.settings.model_copy(update={"registrar": changed}), core.today)
    return {one.doi.key: one.aim for one in wanted}


def test_a_session_is_findable_from_its_day_on_and_reserved_before(facility):
    aims = _aims(facility)
    assert aims["10.5072/open-1"] == "findable" and aims["10.5072/closed-2"] == "draft"
    assert _aims(facility, embargoed="registered")["10.5072/closed-2"] == "registered"
    facility.clock.wait(days=400)
    assert _aims(facility)["10.5072/closed-2"] == "findable"


def test_a_withdrawn_session_is_hidden_only_if_it_was_ever_open(facility):
    with facility.core.store.writing() as writer:
        for row in (facility.rows.open, facility.rows.closed):
            writer.withdraw("investigation", row, "a mistake", facility.clock.now)
    aims = _aims(facility, embargoed="registered")
    assert aims["10.5072/open-1"] == "withdrawn" and aims["10.5072/closed-2"] == "registered"


def test_a_reserved_doi_stays_a_draft_without_a_page_of_its_own(facility):
    with facility.core.store.writing() as writer:
        writer.reserve(Doi("10.5072/DC-1"), [facility.rows.open_raw], facility.clock.now)
    assert _aims(facility, embargoed="registered")["10.5072/dc-1"] == "draft"


def test_only_dois_that_may_be_touched_are_wanted_and_lead_to_the_public_site(facility):
    assert set(_aims(facility, only=("10.5072/open-*",))) == {"10.5072/open-1"}
    (one,) = [
        one
        for one in wanted_dois(facility.core.store, facility.core.settings, facility.core.today)
        if one.doi.key == "10.5072/open-1"
    ]
    assert one.url == "https://data.example.org/doi/10.5072/open-1/"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no table \\[registrar\\]"),
        ('[registrar]\naccount = "A"\nprefix = "10.5072"\n', "needs `portal_url`"),
        ('portal_url = "https://d.example.org"\n[registrar]\naccount = "A"\nprefix = "10.1234"\n', "two prefixes"),
    ],
)
def test_settings_without_what_a_registrar_needs_are_refused(tmp_path, text, words):
    path = tmp_path / "catalogue.toml"
    path.write_text(f'database = "core.sqlite"\n{text}')
    with pytest.raises(ConfigError, match=words):
        wanted_of_file(path)


def test_today_is_the_day_in_utc(tmp_path):
    facility = a_facility(tmp_path)
    facility.core.store.close()
    path = tmp_path / "catalogue.toml"
    path.write_text(
        'database = "core.sqlite"\nportal_url = "https://d.example.org"\n'
        '[registrar]\naccount = "A"\nprefix = "10.5072"\n'
    )
    _settings, wanted = wanted_of_file(path)
    opens = datetime(2027, 1, 1, tzinfo=UTC)
    expected = "findable" if datetime.now(UTC) >= opens + timedelta(0) else "draft"
    assert {one.doi.key: one.aim for one in wanted}["10.5072/closed-2"] == expected
