"""ontologies/scrubbing.py: no server path and no e-mail address is left in any field of what the gate releases."""

import orjson
import pytest

from panfair.ontologies.embargo import GatePolicy
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import (
    DatasetLink,
    File,
    Keyword,
    Parameter,
    Publication,
    Related,
    Sample,
    Withdrawal,
    canonical,
)
from panfair.ontologies.scrubbing import TakenOut, scrubbed_part
from support.records import a_dataset, a_publication, released

HOME = "/data/visitor/zz9999/secretword"


def _files(*names: str, folder: str | None = None) -> list[str]:
    dataset = a_dataset(server_path=folder, files=tuple(File(name=name) for name in names))
    return [file.name for file in released(a_publication(datasets=(dataset,))).publication.datasets[0].files]


def test_a_path_in_any_text_of_a_record_is_taken_out_and_counted():
    record = a_publication(
        title=f"Foam in {HOME}/a",
        abstract=f"The data lie in {HOME} on our disk.",
        methods=f"python {HOME}/scan.py",
        keywords=(Keyword(term=f"{HOME}/k"),),
        samples=(Sample(name=f"{HOME}/s", description=f"see file://{HOME}"),),
        related=(Related(relation="References", identifier=Identifier(scheme="local", value=f"{HOME}/p.pdf")),),
        datasets=(
            a_dataset(
                name=HOME,
                description=f"in {HOME}",
                parameters=(
                    Parameter(name="file", value=f"{HOME}/my file.h5"),
                    Parameter(name="cmd", value=f"x {HOME}"),
                ),
                software=(f"{HOME}/bin/tool.py", HOME, "PyMca 5.9"),
                files=(File(name=f"{HOME}/x.h5", url=f"file://{HOME}/x.h5"),),
            ),
        ),
    )
    shown = released(record)
    assert b"secretword" not in canonical(shown.publication)
    assert shown.taken_out == TakenOut(paths=15)
    assert shown.publication.datasets[0].name == "ds-1"
    assert shown.publication.datasets[0].software == ("tool.py", "PyMca 5.9")


def test_an_e_mail_address_is_counted_apart_from_a_path():
    assert released(a_publication(abstract="Ask ada@example.org.")).taken_out == TakenOut(emails=1)


def test_files_are_called_by_their_way_inside_the_dataset():
    assert _files("/gpfs/secretword/x/a.h5", "b/c.h5", folder="/gpfs/secretword/x") == ["a.h5", "b/c.h5"]
    assert _files("gpfs/secretword/x/a.h5", folder="/gpfs/secretword/x/") == ["a.h5"]
    assert _files("C:\\users\\secretword\\x\\a.h5", folder="C:\\users\\secretword\\x") == ["a.h5"]
    assert _files(f"{HOME}/x.h5") == ["x.h5"]
    assert _files(f"{HOME}/x/1.h5", f"{HOME}/y/1.h5") == ["x/1.h5", "y/1.h5"]
    assert _files("/home/ada/1.h5", "/home/bob/1.h5") == ["1/1.h5", "2/1.h5"]
    assert _files("raw/a.h5", "scan 1/b.h5") == ["raw/a.h5", "scan 1/b.h5"]


def test_files_are_called_so_where_all_paths_are_published_too():
    dataset = a_dataset(server_path="/gpfs/x", files=(File(name="/gpfs/x/a.h5", server_path="/gpfs/x/a.h5"),))
    shown = released(a_publication(datasets=(dataset,)), policy=GatePolicy(server_paths=True)).publication.datasets[0]
    assert (shown.files[0].name, shown.files[0].server_path, shown.server_path) == ("a.h5", "/gpfs/x/a.h5", "/gpfs/x")


def test_a_dataset_whose_id_is_a_path_keeps_its_links_under_another_id():
    one = a_dataset(id=f"{HOME}/1", name="one")
    two = a_dataset(id="2", name="two", inputs=(DatasetLink(id=f"{HOME}/1", name=f"{HOME}/1"),))
    shown = released(a_publication(datasets=(one, two))).publication
    assert b"secretword" not in canonical(shown)
    assert [link.id for link in shown.datasets[1].inputs] == [shown.datasets[0].id]


def test_the_operator_may_keep_named_parameters_of_one_source():
    parameters = (Parameter(name="scan_filename", value=f"{HOME}/x.h5"), Parameter(name="log", value=f"{HOME}/y"))
    record = a_publication(datasets=(a_dataset(parameters=parameters),))
    policy = GatePolicy(keep_paths=(("made-up", ("scan_filename",)), ("other", ("log",))))
    kept, log = released(record, policy=policy).publication.datasets[0].parameters
    assert kept.value == f"{HOME}/x.h5" and log.value == "(server path withheld)"


def test_a_nexus_path_a_unit_and_a_web_address_stay():
    parameters = (Parameter(name="energy", value=1.0, unit="1/s/mm2", nexus="/entry/instrument/energy"),)
    record = a_publication(url="https://data.example.org/data/visitor/1", datasets=(a_dataset(parameters=parameters),))
    shown = released(record)
    assert shown.publication.datasets[0].parameters == parameters and shown.publication.url == record.url
    assert shown.taken_out == TakenOut()


def test_a_reason_of_withdrawal_names_no_path():
    assert "secretword" not in (scrubbed_part(Withdrawal(reason=f"lost with {HOME}")).reason or "")


@pytest.mark.parametrize("number", range(4))
def test_the_records_with_paths_handed_to_us_lose_them(shared, number):
    line = (shared / "cases/05-paths/records.jsonl").read_bytes().splitlines()[number]
    shown = released(Publication.model_validate({"source": "ours", **orjson.loads(line)}))
    body = canonical(shown.publication)
    assert b"plantedword" not in body and b"zz9999" not in body and shown.taken_out.paths >= 1
