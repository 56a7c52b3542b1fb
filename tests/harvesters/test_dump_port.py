"""ICAT's own exchange files: the same entities as python-icat dumps them, so the same publications come out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from panfair.harvesters import Context, dump
from panfair.harvesters.dump.port import is_port, read_port
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.record import Publication

_SMALL = """\
# written by a test
1.0

Facility(createTime:0,name:1,fullName:2)
2024-01-01T00:00:00.000Z,"EPS","Example \\"Photon\\" Source\\n"

Investigation(doi:0,facility(name:1),name:2,releaseDate:3,title:4,type(facility(name:5),name:6),visitId:7)
"10.5072/p-1","EPS","EX-1",2024-05-01T00:00:00.000Z,"Foam, draining","EPS","Experiment","1"
"10.5072/p-2","EPS","EX-2",NULL,"Foam","EPS","Experiment","1"

User(name:0,fullName:1,givenName:2,familyName:3)
"db/test","Testa Madeup","Testa","Madeup"

InvestigationUser(investigation(facility(name:0),name:1,visitId:2),role:3,user(name:4))
"EPS","EX-1","1","Principal Investigator","db/test"

Dataset(complete:0,investigation(facility(name:1),name:2,visitId:3),name:4,sample(investigation(name:5),name:6))
true,"EPS","EX-1","1","scan_1",NULL,NA

DataCollection(?:0,doi:1)
"17","10.5072/c-1"

DataCollectionDataset(dataCollection(?:0),dataset(investigation(facility(name:1),name:2,visitId:3),name:4))
"17","EPS","EX-1","1","scan_1"
"""


def _harvest(folder: Path, name: str) -> dict[str, Publication]:
    options = dump.Options(name="made-up", kind="dump", path=name, publisher="Example Photon Source")
    found = dump.harvest(options, Context(folder, "data@example.org", extra_doi_prefixes=("00.0815",)))
    return {item.doi: item for item in found if isinstance(item, Publication)}


def test_texts_references_keys_and_nothing_are_read_as_they_are_meant():
    entities = read_port(_SMALL.encode(), Path("a.port"), "made-up")
    (facility,) = entities["facility"].values()
    assert facility["fullName"] == 'Example "Photon" Source\n'
    one, other = entities["investigation"].values()
    assert one["title"] == "Foam, draining" and "releaseDate" not in other
    assert entities["facility"][one["facility"]] is facility
    (user,) = one["investigationUsers"]
    assert entities["user"][user["user"]]["familyName"] == "Madeup" and "investigationUsers" not in other
    (dataset,) = entities["dataset"].values()
    assert entities["investigation"][dataset["investigation"]] is one and dataset["complete"] is True
    assert "sample" not in dataset
    (collection,) = entities["dataCollection"].values()
    assert entities["dataset"][collection["dataCollectionDatasets"][0]["dataset"]] is dataset


def test_a_reference_that_lacks_a_part_leads_to_no_neighbour():
    halved = _SMALL.replace('"EPS","EX-1","1","Principal', '"EPS",NULL,"1","Principal')
    one, other = read_port(halved.encode(), Path("a.port"), "made-up")["investigation"].values()
    assert "investigationUsers" not in one and "investigationUsers" not in other


def test_a_file_of_icat_is_told_by_its_content(tmp_path):
    (tmp_path / "export.yaml").write_text(_SMALL)
    records = _harvest(tmp_path, "export.yaml")
    assert records.keys() == {"10.5072/p-1"}  # the other has neither a date nor a year
    assert [one.name for one in records["10.5072/p-1"].creators] == ["Testa Madeup"]
    assert [one.name for one in records["10.5072/p-1"].datasets] == ["scan_1"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (_SMALL.replace('"db/test","Testa', '"db/test,"Testa'), 12),
        (_SMALL.replace('"EPS","EX-1","1","Principal Investigator","db/test"', '"EPS","EX-1"'), 15),
        ('1.0\n"a"\n', 2),
    ],
)
def test_a_line_that_icat_does_not_write_fails_the_source_by_its_number(tmp_path, text, line):
    (tmp_path / "a.port").write_text(text)
    with pytest.raises(HarvestError, match=rf"a\.port: line {line} "):
        _harvest(tmp_path, "a.port")


def test_other_files_are_none_of_icats():
    assert not is_port(b"---\na: 1.0\n") and not is_port(b"1\n") and not is_port(b"<data/>") and is_port(b"# x\n1.0\n")


_TYPES = {"dataset": "datasetType", "investigation": "investigationType", "sample": "sampleType"}
_TYPES |= {"dataPublication": "dataPublicationType"}
_TARGETS = {"content": "dataCollection", "publication": "dataPublication", "inputDataCollection": "dataCollection",
            "outputDataCollection": "dataCollection", "sourceDatafile": "datafile", "destDatafile": "datafile",
            "funding": "fundingReference"}  # fmt: skip
_OWN = {
    "investigationUsers": "InvestigationUser", "investigationInstruments": "InvestigationInstrument",
    "keywords": "Keyword", "publications": "Publication", "datasetInstruments": "DatasetInstrument",
    "datasetTechniques": "DatasetTechnique", "dates": "DataPublicationDate", "relatedItems": "RelatedItem",
    "subjects": "Subject", "affiliations": "Affiliation", "dataCollectionDatasets": "DataCollectionDataset",
    "dataCollectionDatafiles": "DataCollectionDatafile", "studyInvestigations": "StudyInvestigation",
    "dataCollectionInvestigations": "DataCollectionInvestigation",
}  # fmt: skip
_BACK = {"DataPublicationDate": "publication", "RelatedItem": "publication", "Affiliation": "user"}


def _exported(path: Path) -> str:
    """A python-icat dump as ICAT's own file: each entity has a key of the file, each reference names one."""
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for chunk in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        for table, members in chunk.items():
            if table not in ("rule", "publicStep", "grouping"):
                tables.setdefault(table, {}).update(members)
    rows: dict[str, list[dict[str, Any]]] = {}

    def put(entity: str, key: str, values: dict[str, Any], above: dict[str, Any]) -> None:
        table = entity[0].lower() + entity[1:]
        row: dict[str, Any] = {"?": key, **above}
        for name, value in values.items():
            if isinstance(value, list):
                upper = table[0].upper() + table[1:]
                inner = f"{upper}Parameter" if name == "parameters" else _OWN.get(name)
                if name == "fundingReferences":
                    inner = f"{upper}Funding"
                back = _BACK.get(inner or "", table)
                for number, child in enumerate(value if inner else ()):
                    put(str(inner), f"{key}/{name}/{number}", child, {back: ("?", key)})
                continue
            target = _TYPES.get(table, "parameterType") if name == "type" else _TARGETS.get(name, name)
            known = isinstance(value, str) and value in tables.get(target, {})
            row[name] = ("?", value) if known else value
        rows.setdefault(entity, []).append(row)

    for table, members in tables.items():
        for key, values in members.items():
            put(table[0].upper() + table[1:], key, values, {})
    lines = ["1.0", ""]
    for entity, found in rows.items():
        names = sorted({name for row in found for name in row})
        refers = {name for row in found for name, value in row.items() if isinstance(value, tuple)}
        head = (f"{name}(?:{place})" if name in refers else f"{name}:{place}" for place, name in enumerate(names))
        lines.append(f"{entity}({','.join(head)})")
        lines += [",".join(_cell(row.get(name)) for name in names) for row in found]
        lines.append("")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, tuple):
        return _cell(value[1])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.mark.parametrize("name", ["icatdump-6.2.yaml", "icatdump-5.0.yaml"])
def test_a_whole_facility_comes_out_as_from_python_icats_dump(tmp_path, shared, name):
    (tmp_path / "export.port").write_text(_exported(shared / "data/icat" / name))
    meant = _harvest(shared / "data/icat", name)
    assert meant and _harvest(tmp_path, "export.port") == meant
