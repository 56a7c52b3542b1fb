"""Makes the tables of NeXus facts that we ship, from NXDL files and from ESRF's definitions of ICAT parameters.

Facts only, no sentence of either: names, classes, units. Run when a new release of one of them comes out:
`python -m panfair.ontologies.nexus_tables fields FOLDER` and `python -m panfair.ontologies.nexus_tables icat`.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

VOCABULARIES = Path(__file__).parent / "vocabularies"
FIELDS = VOCABULARIES / "nexus_fields.tsv"
ICAT = VOCABULARIES / "nexus_icat.tsv"
_NXDL = "{http://definition.nexusformat.org/nxdl/3.1}"
_FIELDS_HEAD = """# The fields of NeXus base classes: class, field, kind of unit. A table of facts.
# Source: the NeXus definitions of the NeXus International Advisory Committee, github.com/nexusformat/definitions.
"""
_ICAT_HEAD = """# Parameters of ICAT at the ESRF in NeXus: name, path in the entry, class/field, unit, new name.
# A table of facts. Source: icat-esrf-definitions {version} (MIT), gitlab.esrf.fr/icat/hdf5-master-config.
"""


def fields_table(folder: Path) -> bytes:
    """The table of all fields that stand directly in a base class, from a folder of NXDL files."""
    rows = set()
    for path in sorted(folder.glob("*.nxdl.xml")):
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        for field in root.iterfind(f"{_NXDL}field"):
            rows.add((root.get("name", ""), field.get("name", ""), field.get("units", "")))
    return _table(_FIELDS_HEAD, sorted(rows))


def icat_table() -> bytes:
    """The table of ICAT's parameters, from the installed package of definitions."""
    from importlib.metadata import version

    from icat_esrf_definitions.models import IcatDatasetParameters

    rows = []
    for name, field in IcatDatasetParameters.icat_fields().items():
        unit = format(field.unit_info.units, "~P") if field.unit_info and field.unit_info.units else ""
        path = "/".join(field.nexus_location)
        rows.append((name, path, _class_and_field(field), unit, field.new_icat_name or ""))
    return _table(_ICAT_HEAD.format(version=version("icat-esrf-definitions")), sorted(rows))


def _class_and_field(field: object) -> str:
    url = getattr(field, "nexus_url", None)
    if not url:
        return ""
    page, _, anchor = url.rpartition("/")[2].partition(".html#")
    name = getattr(field, "nexus_location")[-1]  # noqa: B009 (the package has no types)
    return f"{page}/{name}" if anchor == f"{page}-{name}-field".lower().replace("_", "-") else ""


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> bytes:
    return (head + "".join("\t".join(row).rstrip("\t") + "\n" for row in rows)).encode()


if __name__ == "__main__":
    if sys.argv[1:2] == ["fields"]:
        FIELDS.write_bytes(fields_table(Path(sys.argv[2])))
    else:
        ICAT.write_bytes(icat_table())
