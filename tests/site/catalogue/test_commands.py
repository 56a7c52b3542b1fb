"""`panfair catalogue …` looks after a core: accounts, days, withdrawals, ingestion."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from click.testing import CliRunner

from panfair.site.catalogue.accounts.sign_in import SignIn
from panfair.site.catalogue.settings import read_settings
from panfair.site.catalogue.store.access import ANONYMOUS
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.entries import InstrumentEntry
from panfair.site.catalogue.store.query import InvestigationQuery
from panfair.site.cli.main import main
from support.catalogue.document import DOCUMENT


@pytest.fixture
def core(tmp_path):
    path = tmp_path / "catalogue.toml"
    path.write_text('database = "core.sqlite"\nfiles = "files"\n', encoding="utf-8")
    (tmp_path / "a.json").write_bytes(orjson.dumps(DOCUMENT))
    return path


def _run(core, *arguments: str, text: str | None = None):
    name, *rest = arguments
    return CliRunner().invoke(main, ["catalogue", name, "--core", str(core), *rest], input=text)


def test_a_core_is_filled_released_and_withdrawn_from_the_command_line(core, tmp_path):
    told = _run(core, "ingest", str(tmp_path / "a.json"))
    assert told.exit_code == 0 and "created        4" in told.output
    today = datetime.now(UTC).date()
    told = _run(core, "release", "MA-1:1", today.isoformat())
    assert told.exit_code == 0 and f"MA-1:1 opens on {today}" in told.output
    with Store(tmp_path / "core.sqlite") as store, store.seen_by(ANONYMOUS, today) as view:
        assert view.investigations(InvestigationQuery())[1] == 1
    assert "the public site follows at its next run" in told.output
    told = _run(core, "withdraw", "MA-1:1", "the made-up data are wrong")
    assert told.exit_code == 0 and "the public site follows" in told.output
    with Store(tmp_path / "core.sqlite") as store, store.seen_by(ANONYMOUS, today) as view:
        assert view.investigations(InvestigationQuery())[1] == 0
    again = _run(core, "withdraw", "MA-1:1", "again")
    assert again.exit_code == 2 and "withdrawn before" in again.output


def test_an_account_gets_a_password_from_standard_input_and_rights(core, tmp_path):
    told = _run(core, "user", "dee", "--password", "--give", "administrator", text="correct horse battery\n")
    assert told.exit_code == 0 and "dee: administrator, with a password" in told.output
    assert "horse" not in told.output
    with Store(read_settings(core).database) as store:
        signed = SignIn(store, 60, 24, lambda: datetime.now(UTC)).by_password(
            "dee", "correct horse battery", "127.0.0.1"
        )
        assert signed.identity.administrator
    told = _run(core, "user", "dee", "--take", "administrator", "--disable")
    assert "dee: disabled, with a password" in told.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("release", "MA-9:1", "2099-01-01"), "no session MA-9 1"),
        (("release", "nonsense", "2099-01-01"), "PROPOSAL:VISIT"),
        (("release", "MA-1:1", str(date.today() - timedelta(days=9))), "in the past"),
        (("withdraw", "10.1234/none", "why"), "no session and no publication"),
        (("user", "dee", "--password"), "12 to 1024 characters"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(core, arguments, said):
    told = _run(core, *arguments, text="short\n")
    assert told.exit_code == 2 and said in told.output and "Traceback" not in told.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file"),
        ("database = ", "not readable as TOML"),
        ('database = "x"\ncolour = 1', "`colour`"),
        ("", "`database`"),
    ],
)
def test_settings_that_are_wrong_are_named(tmp_path, text, said):
    path = tmp_path / "catalogue.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    told = _run(path, "release", "MA-1:1", "2099-01-01")
    assert told.exit_code == 2 and said in told.output


def test_an_account_gets_instruments_a_subject_and_an_address_from_the_command_line(core, tmp_path):
    assert _run(core, "ingest", str(tmp_path / "a.json")).exit_code == 0
    with Store(read_settings(core).database) as store, store.writing() as writer:
        facility = DOCUMENT["facilities"][0]["name"]
        writer.put_instrument(InstrumentEntry(facility=facility, name="EX07"))
    told = _run(core, "user", "cho", "--instrument", "EX07", "--subject", "s-1", "--email", "cho@example.org")
    assert (told.exit_code, told.output) == (0, "cho: scientist of EX07, without a password, known to the issuer\n")
    with Store(read_settings(core).database) as store, store.accounts_as_they_are() as accounts:
        assert accounts.user_of_subject("s-1") == accounts.row_of("cho")
        assert accounts.details(accounts.row_of("cho"))["email"] == "cho@example.org"
    taken = _run(core, "user", "dee", "--subject", "s-1")
    assert taken.exit_code == 2 and "'cho' has this subject" in taken.output
    assert "no instruments are called 'EX99'" in _run(core, "user", "cho", "--instrument", "EX99").output
    told = _run(core, "user", "cho", "--no-instrument", "EX07", "--subject", "")
    assert told.output == "cho: no special rights, without a password\n"
