"""ISPyB on a MariaDB of our own, read by an account that has what `panfair ispyb grants` prints and nothing more."""

import subprocess
import sys
from collections import Counter
from copy import deepcopy
from datetime import datetime
from pathlib import Path

import pymysql
import pytest
from click.testing import CliRunner

from panfair.harvesters import Context, ispyb
from panfair.harvesters.ispyb.columns import columns_read
from panfair.harvesters.ispyb.sessions import additions
from panfair.ontologies.additions import Addition
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Instrument, canonical
from panfair.site.cli.main import main
from support.ispyb.esrf import esrf_rows
from support.ispyb.mariadb import connected, create, mariadb, put, run
from support.ispyb.rows import Rows, rows_of_dump
from support.planted import LATER, all_words
from support.site_run import SiteRun, numbered

pytestmark = pytest.mark.xdist_group("ispyb")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The socket of a server with two databases, `dls` with the real rows and `esrf` with made-up ones."""
    folder = tmp_path_factory.mktemp("m")
    with mariadb(folder) as socket:
        yield socket


@pytest.fixture(scope="module")
def dls_rows(shared):
    return rows_of_dump(shared / "data/ispyb/diamond_data.sql")


def _reader(socket: Path, database: str, flavour: str, *also: str) -> None:
    """Gives the account `reader` what the command prints, and takes all else from it."""
    options = [word for one in also for word in ("--also", one)]
    asked = ["ispyb", "grants", "--flavour", flavour, "--database", database, "--account", "reader@localhost", *options]
    printed = CliRunner().invoke(main, asked)
    assert printed.exit_code == 0, printed.output
    run(socket, ["DROP USER IF EXISTS reader@localhost", "CREATE USER reader@localhost"])
    run(socket, printed.output.splitlines())


def _options(socket: Path, database: str, **changes):
    keys = {"name": "ispyb", "kind": "ispyb", "adds_to": "ours", "username": "reader", "database": database}
    return ispyb.Options(**{**keys, "unix_socket": str(socket), **changes})


def _harvest(options) -> tuple[list[Addition], list[str]]:
    notes: list[str] = []
    return list(ispyb.harvest(options, Context(root=Path("/"), contact="a@b.org", note=notes.append))), notes


def test_the_reader_with_these_grants_reads_the_real_rows_whole(server, dls_rows):
    create(server, "dls", dls_rows, "DLS")
    _reader(server, "dls", "DLS")
    found, notes = _harvest(_options(server, "dls"))
    assert Counter(one.kind_said for addition in found for one in addition.datasets) == {
        "data collection": 6, "integration": 11, "molecular replacement and refinement": 2, "characterisation": 21,
        "energy scan": 27, "fluorescence spectrum": 62,
    }  # fmt: skip
    (lacking,) = [note for note in notes if "lacks" in note]
    wanted = {one.name for some in columns_read().values() for one in some if one.flavour == "ESRF"}
    assert {word.strip() for word in lacking.partition(": ")[2].split(",")} == wanted
    assert list(map(canonical, found)) == list(
        map(canonical, additions(Rows(dls_rows), _options(server, "dls"), False, notes.append))
    )


@pytest.mark.parametrize("statement", [
    "SELECT * FROM Person", "SELECT familyName FROM Person", "SELECT beamLineOperator FROM BLSession",
    "SELECT comments FROM DataCollection", "SELECT imageDirectory FROM DataCollection",
    "SELECT processingCommandLine FROM AutoProcProgram", "SELECT filePath FROM AutoProcProgramAttachment",
    "SELECT sequence FROM Protein", "SELECT SMILES FROM BLSample", "SELECT code FROM BLSample",
    "SELECT * FROM BLSession", "SELECT * FROM Shipping", "UPDATE BLSession SET visit_number = 9",
])  # fmt: skip
def test_the_reader_can_do_nothing_more(server, dls_rows, statement):
    create(server, "dls", {name: dls_rows[name] for name in ("Person", "BLSession", "Shipping")}, "DLS")
    _reader(server, "dls", "DLS")
    with connected(server, "reader", "dls") as connection, connection.cursor() as cursor, \
            pytest.raises(pymysql.Error) as refused:  # fmt: skip
        cursor.execute(statement)
    assert refused.value.args[0] in (1142, 1143, 1054)  # table or column denied, or not even known to it


def test_the_esrfs_flavour_is_read_by_the_same_command(server):
    create(server, "esrf", esrf_rows(), "ESRF")
    run(
        server,
        ["ALTER TABLE AutoProcProgram MODIFY processingStatus ENUM('RUNNING','FAILED','SUCCESS','0','1')"],
        "esrf",
    )
    _reader(server, "esrf", "ESRF")
    found, notes = _harvest(_options(server, "esrf"))
    assert list(map(canonical, found)) == list(
        map(canonical, additions(Rows(esrf_rows()), _options(server, "esrf"), False, notes.append))
    )


def test_a_column_that_the_schema_lacks_is_reported_and_not_asked_for(server):
    create(server, "esrf", esrf_rows(), "ESRF")
    _reader(server, "esrf", "ESRF")
    run(server, ["ALTER TABLE DataCollection DROP COLUMN flux_end", "DROP TABLE EnergyScan"], "esrf")
    found, notes = _harvest(_options(server, "esrf"))
    assert any("DataCollection.flux_end" in note and "EnergyScan" in note for note in notes)
    assert Counter(one.kind_said for one in found[0].datasets)["data collection"] == 1


def test_an_account_that_sees_no_sessions_fails_and_says_what_to_grant(server):
    create(server, "esrf", esrf_rows(), "ESRF")
    run(server, ["DROP USER IF EXISTS reader@localhost", "CREATE USER reader@localhost",
                 "GRANT SELECT (sessionId) ON esrf.BLSession TO reader@localhost"])  # fmt: skip
    with pytest.raises(HarvestError, match=r"BLSession\.proposalId.*panfair ispyb grants|panfair ispyb grants"):
        _harvest(_options(server, "esrf"))


def _site(folder: Path, socket: Path, database: str, more: str = "") -> SiteRun:
    table = f'[[source]]\nname = "ispyb"\nkind = "ispyb"\nadds_to = "made-up"\nusername = "reader"\n' \
            f'database = "{database}"\nunix_socket = "{socket}"\n{more}'  # fmt: skip
    return SiteRun(folder, ["made-up"], tables=table)


def test_what_the_real_rows_say_of_a_released_visit_stands_on_its_page_and_of_others_nowhere(
    server, dls_rows, tmp_path
):
    """The second visit, the sample of the other proposal and all that stands in columns never read are planted."""
    rows = deepcopy(dls_rows)
    of_the_second_visit = {1040398, 1040407, 1054243}
    for table, rows_there in rows.items():
        for row in rows_there:
            if table == "DataCollection" and row["dataCollectionGroupId"] in of_the_second_visit:
                row |= {"imagePrefix": "vorpalprefix", "fileTemplate": "vorpaltemplate_####.cbf",
                        "runStatus": "vorpalstatus", "beamShape": "vorpalshape"}  # fmt: skip
            if table == "Screening":
                row["programVersion"] = "vorpalscreening"
            if table == "EnergyScan" and row["sessionId"] == 55168:
                row["element"] = "vorpalelement"
            if table in ("DataCollection", "DataCollectionGroup", "BLSession", "BLSample", "Screening"):
                row["comments"] = "vorpalcomment"
            if table == "BLSession":
                row["beamLineOperator"] = "Vorpal Operator"
            if table == "AutoProcProgram":
                row |= {"processingCommandLine": "vorpalcommand", "processingEnvironment": "vorpalhost"}
            if table == "BLSample" and row["blSampleId"] not in (374695,):
                row["name"] = f"vorpalsample{row['blSampleId']}"
            if table == "Protein" and row["proteinId"] != 121393:
                row |= {"acronym": f"VORPALACR{row['proteinId']}", "name": "vorpalprotein"}
            if table == "Proposal":
                row["title"] = "vorpaltitle of a proposal"
    create(server, "dls", rows, "DLS")
    _reader(server, "dls", "DLS")
    site = _site(tmp_path / "site", server, "dls")
    record = numbered(1, proposal="cm14451", session="cm14451-1", title="Thermolysin at I03")
    later = numbered(2, proposal="cm14451", session="cm14451-2", title="Another visit", release_date=LATER)
    site.put(record, later)
    report = site.publish()
    assert not report.failed and report.released == 1
    pages = b"".join(body for path, body in site.files("www/doi").items() if path.endswith(".html")).decode()
    for word in ("xia2 dials", "tlys_jan_4_1", "P 61 2 2", "dimple", "tlys_jan_4", "therm"):
        assert word in pages, word
    everything = all_words(site).casefold()
    at = everything.find("vorpal")
    assert at < 0, everything[max(0, at - 200) : at + 200]
    assert "/dls/" not in everything


def test_a_session_of_the_esrfs_kind_is_told_by_its_day_where_the_operator_says_so(server, tmp_path):
    create(server, "esrf", esrf_rows(), "ESRF")
    _reader(server, "esrf", "ESRF")
    record = numbered(
        1, proposal="MX9001", session="ID30X", instruments=(Instrument(name="ID30X"),),
        start=datetime(2024, 3, 5, 9, 30),
    )  # fmt: skip
    for more, shown in (("", False), ("match_by_day = true\n", True)):
        site = _site(tmp_path / f"site{shown}", server, "esrf", more)
        site.put(record)
        report = site.publish()
        assert not report.failed
        assert (b"grenades_fastproc" in site.page(record)) is shown
        everything = all_words(site).casefold()
        assert "vorpal" not in everything


def test_the_command_moves_a_database_with_the_same_account(server, tmp_path):
    create(server, "esrf", esrf_rows(), "ESRF")
    _reader(server, "esrf", "ESRF")
    site = _site(tmp_path, server, "esrf")
    command = ["ispyb", "migrate", "--config", str(site.path), "--source", "ispyb", "--facility", "EPS"]
    for words in ("3 sessions moved, 0 unchanged", "0 sessions moved, 3 unchanged"):
        done = CliRunner().invoke(main, [*command, "--output", str(tmp_path / "moved")])
        assert done.exit_code == 0 and words in done.output, done.output
    assert "the schema lacks" in (tmp_path / "moved/report.txt").read_text()
    everything = b"".join(path.read_bytes() for path in (tmp_path / "moved").iterdir())
    for word in (b"orpaloperator", b"vorpalcomment", b"vorpallogin", b"vorpalbarcode", b"/data/"):
        assert word not in everything, word


def test_the_memory_of_a_harvest_does_not_grow_with_the_number_of_sessions(server):
    """Read by a process of its own, whose peak tells; the figure for 100,000 collections is the bench's."""
    peaks = []
    for sessions in (100, 800):
        create(server, "many", {}, "ESRF")
        with connected(server, database="many") as connection, connection.cursor() as cursor:
            cursor.execute("BEGIN")
            put(cursor, "Proposal", {"proposalId": 1, "proposalCode": "MX", "proposalNumber": "1"})
            for number in range(1, sessions + 1):
                put(cursor, "BLSession", {"sessionId": number, "proposalId": 1, "beamLineName": "ID30X"})
                put(cursor, "DataCollectionGroup", {"dataCollectionGroupId": number, "sessionId": number})
                for one in range(5):
                    put(cursor, "DataCollection", {"dataCollectionId": number * 10 + one, "imagePrefix": "x",
                                                   "dataCollectionGroupId": number})  # fmt: skip
            cursor.execute("COMMIT")
        program = (
            "import resource; from pathlib import Path; from panfair.harvesters import Context, ispyb\n"
            f"options = ispyb.Options(name='i', kind='ispyb', adds_to='o', username='root', database='many',"
            f" unix_socket={str(server)!r})\n"
            "count = sum(1 for _ in ispyb.harvest(options, Context(root=Path('/'), contact='a@b.org')))\n"
            "print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        count, peak = map(int, told.split())
        assert count == sessions
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.1, peaks
