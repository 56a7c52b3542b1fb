"""Sign-in through OpenID Connect, against an issuer of our own that tells the truth, and one that does not."""

import httpx2
import pytest

from panfair.ontologies.errors import ConfigError
from panfair.site.catalogue.pages import forms
from panfair.site.catalogue.pages.open_id import BEGIN
from panfair.site.catalogue.settings import OpenIdSettings
from support.catalogue.facility import a_facility, served
from support.catalogue.issuer import CLIENT, SECRET, Issuer


@pytest.fixture
def issuer():
    issuer = Issuer()
    with served(issuer.app) as address:
        issuer.address = address
        yield issuer


@pytest.fixture
def core(issuer, tmp_path, monkeypatch):
    """The address of a core that trusts the issuer, and its facility."""
    monkeypatch.setenv("PANFAIR_TEST_OPENID", SECRET)
    table = {"issuer": issuer.address, "client_id": CLIENT, "client_secret_env": "PANFAIR_TEST_OPENID"}
    facility = a_facility(tmp_path, open_id=table)

    @facility.app.get("/whoami")
    def whoami(request: forms.Request) -> str:
        signed = forms.signed_in(request)
        return signed.identity.name if signed else "nobody"

    with facility.core.store.accounts() as accounts:
        accounts.set_subject("ada", "subject-of-ada")
    with served(facility.app) as address:
        yield facility, address


def sign_in(address):
    """A browser that walks through the flow; the last answer and who it is then."""
    with httpx2.Client() as browser:
        answer = browser.get(address + BEGIN)
        for _ in range(5):
            if "location" not in answer.headers or answer.status_code == 303:
                break
            # The core believes that it is at its base_url: the browser is sent to where it really is.
            target = answer.headers["location"].replace("http://127.0.0.1:8090", address)
            answer = browser.get(target)
        return answer, browser.get(f"{address}/whoami").json()


def test_who_the_issuer_knows_and_we_know_is_signed_in(core):
    answer, who = sign_in(core[1])
    assert (answer.status_code, answer.headers["location"], who) == (303, "/", "ada")
    assert "httponly" in answer.headers["set-cookie"].lower()


def test_who_only_the_issuer_knows_is_not_signed_in(core, issuer):
    issuer.subject = "a stranger"
    answer, who = sign_in(core[1])
    assert (answer.status_code, answer.json()["code"], who) == (403, "SESSION", "nobody")


def test_a_disabled_account_is_not_signed_in_by_the_issuer(core):
    facility, address = core
    with facility.core.store.accounts() as accounts:
        accounts.set_right("ada", "disabled", True)
    assert sign_in(address)[1] == "nobody"


@pytest.mark.parametrize(
    "lie",
    [
        lambda issuer: issuer.forge(),
        lambda issuer: setattr(issuer, "audience", "another-client"),
        lambda issuer: setattr(issuer, "nonce", "of-another-sign-in"),
        lambda issuer: setattr(issuer, "expires_in", -3600),
        lambda issuer: setattr(issuer, "denies", True),
        lambda issuer: setattr(issuer, "keeps_back_the_id_token", True),
    ],
    ids=["forged signature", "another audience", "another nonce", "expired", "denied", "no id_token"],
)
def test_a_token_that_is_not_right_signs_nobody_in(core, issuer, lie):
    lie(issuer)
    answer, who = sign_in(core[1])
    assert (answer.status_code, answer.json()["code"], who) == (403, "SESSION", "nobody")


def test_an_answer_that_nobody_asked_for_signs_nobody_in(core):
    answer = httpx2.get(f"{core[1]}/sign-in/openid/back", params={"code": "x", "state": "y"})
    assert answer.status_code == 403 and answer.json()["code"] == "SESSION"


def test_a_secret_that_is_not_in_the_environment_is_told_at_the_start(tmp_path, monkeypatch):
    monkeypatch.delenv("PANFAIR_TEST_OPENID", raising=False)
    table = {"issuer": "http://127.0.0.1:1", "client_id": CLIENT, "client_secret_env": "PANFAIR_TEST_OPENID"}
    with pytest.raises(ConfigError, match="PANFAIR_TEST_OPENID"):
        a_facility(tmp_path, open_id=table)


def roles_of(facility, name):
    """The rights and the instruments of an account."""
    with facility.core.store.accounts_as_they_are() as accounts:
        (one,) = [account for account in accounts.all() if account.name == name]
        rights = {right for right in ("administrator", "lister", "minter") if getattr(one, right)}
        return rights, accounts.instruments_of(one.id)


def trusting(issuer, folder, **more):
    """A core whose issuer's groups and e-mail addresses count as the operator says."""
    table = {"issuer": issuer.address, "client_id": CLIENT, "client_secret_env": "PANFAIR_TEST_OPENID", **more}
    facility = a_facility(folder, open_id=table)

    @facility.app.get("/whoami")
    def whoami(request: forms.Request) -> str:
        signed = forms.signed_in(request)
        return signed.identity.name if signed else "nobody"

    return facility


@pytest.mark.parametrize(
    ("claims", "allowed", "who"),
    [
        ({"email": "Ben@example.org", "email_verified": True}, True, "ben"),
        ({"email": "ben@example.org", "email_verified": True}, False, "nobody"),
        ({"email": "ben@example.org", "email_verified": False}, True, "nobody"),
        ({"email": "ben@example.org"}, True, "nobody"),
        ({"email": "ben@example.org", "email_verified": "true"}, True, "nobody"),
        ({"email": "dee@example.org", "email_verified": True}, True, "nobody"),  # an administrator
        ({"email": "ada@example.org", "email_verified": True}, True, "nobody"),  # somebody else's already
        ({"email": "nobody@example.org", "email_verified": True}, True, "nobody"),
    ],
)
def test_a_first_sign_in_by_email_is_for_verified_addresses_where_allowed(
    issuer, tmp_path, monkeypatch, claims, allowed, who
):
    monkeypatch.setenv("PANFAIR_TEST_OPENID", SECRET)
    facility = trusting(issuer, tmp_path, first_sign_in_by_email=allowed)
    with facility.core.store.accounts() as accounts:
        accounts.set_subject("ada", "subject-of-ada")
    issuer.subject, issuer.claims = "a new subject", claims
    with served(facility.app) as address:
        assert sign_in(address)[1] == who
        issuer.claims = {}  # from now on the subject is known
        assert sign_in(address)[1] == who


def test_groups_give_their_roles_and_take_them_at_the_next_sign_in(issuer, tmp_path, monkeypatch):
    monkeypatch.setenv("PANFAIR_TEST_OPENID", SECRET)
    groups = {"office": ["administrator", "lister"], "id02": ["instrument:ID02"], "gone": ["instrument:NONE"]}
    facility = trusting(issuer, tmp_path, groups=groups, groups_claim="entitlements")
    with facility.core.store.accounts() as accounts:
        accounts.set_subject("ada", "subject-of-ada")
    with served(facility.app) as address:
        for said, roles in (
            (["office", "id02", "gone", "others"], ({"administrator", "lister", "minter"}, ["ID02"])),
            ("id02", ({"minter"}, ["ID02"])),
            (None, ({"minter"}, [])),  # a claim that does not come gives nothing; the right given by hand stays
            ({"office": True}, ({"minter"}, [])),
        ):
            issuer.claims = {} if said is None else {"entitlements": said}
            assert sign_in(address)[1] == "ada"
            assert roles_of(facility, "ada") == roles


def test_a_group_that_gives_no_known_role_is_refused_in_the_settings():
    table = {"issuer": "http://127.0.0.1:1", "client_id": CLIENT, "client_secret_env": "X"}
    for role in ("root", "instrument:", "disabled"):
        with pytest.raises(ValueError, match="is no role"):
            OpenIdSettings(**table, groups={"office": [role]})
