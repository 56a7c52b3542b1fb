"""[registrar] refuses what would register tests for ever, and touches no DOI but its own."""

import pytest
from pydantic import ValidationError

from panfair.ontologies.errors import ConfigError
from panfair.site.registrar.settings import RegistrarTable

_IN_EARNEST = "https://api.datacite.org"


def _table(**keys):
    return RegistrarTable.model_validate({"account": "EPS.DATA", "prefix": "10.15151", **keys})


def test_without_a_word_it_is_the_api_for_tests():
    assert _table().url == "https://api.test.datacite.org" and not _table().in_earnest


def test_the_prefix_for_tests_is_never_registered_in_earnest():
    with pytest.raises(ConfigError, match=r"10\.5072 is for tests"):
        _table(url=_IN_EARNEST, prefix="10.5072").refuse_tests_in_earnest("https://data.esrf.fr")
    _table(prefix="10.5072").refuse_tests_in_earnest("https://data.example.org")


@pytest.mark.parametrize(
    "site",
    ["https://data.example.org", "https://example.com", "http://localhost:8000", "http://127.0.0.1", "http://[::1]:80",
     "https://eps.test", "https://a.invalid", "https://portal.local", ""],
)  # fmt: skip
def test_addresses_that_nobody_has_are_never_registered_in_earnest(site):
    with pytest.raises(ConfigError, match="registers for ever"):
        _table(url=_IN_EARNEST).refuse_tests_in_earnest(site)


@pytest.mark.parametrize("site", ["https://data.esrf.fr", "https://example-lab.eu", "https://myexample.org"])
def test_a_real_site_is_registered_in_earnest(site):
    _table(url=_IN_EARNEST).refuse_tests_in_earnest(site)


@pytest.mark.parametrize("url", ["http://api.datacite.org", "https://a:b@api.datacite.org", "api.datacite.org"])
def test_the_password_goes_to_no_address_where_others_could_read_it(url):
    with pytest.raises(ValidationError):
        _table(url=url)


@pytest.mark.parametrize("prefix", ["10.5072/abc", "10.123", "10.123456", "11.5072"])
def test_a_prefix_that_datacite_does_not_give_is_refused(prefix):
    with pytest.raises(ValidationError):
        _table(prefix=prefix)
