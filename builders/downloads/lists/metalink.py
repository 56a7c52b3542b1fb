"""files.meta4: the files with sizes and checksums as Metalink 4, which aria2 fetches and verifies (RFC 5854)."""

from collections.abc import Sequence

from lxml import etree

from panfair.builders.downloads.checksums import checksum_of
from panfair.builders.downloads.list_kind import ListKind
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.language import marked

_NAMESPACE = "urn:ietf:params:xml:ns:metalink"


def _metalink(files: Sequence[Placed], name: str) -> str:
    root = etree.Element("metalink", xmlns=_NAMESPACE)
    etree.SubElement(root, "generator").text = "panfair"
    for item in files:
        if not item.address:
            continue
        # Section 4.1.2.1: a name is a relative path, and no part of it is a dot.
        entry = etree.SubElement(root, "file", name=item.path.removeprefix("./"))
        etree.SubElement(entry, "identity").text = name
        if item.file.size_bytes is not None:
            etree.SubElement(entry, "size").text = str(item.file.size_bytes)
        if known := checksum_of(item):
            etree.SubElement(entry, "hash", type=known.hash).text = known.digits
        etree.SubElement(entry, "url").text = item.address
    if not root.findall("file"):
        return ""
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


LISTS = (
    ListKind(
        "files.meta4",
        _metalink,
        marked("Metalink, with checksums"),
        command="aria2c --continue=true --follow-metalink=mem {address}",
        advice=marked("aria2: several files at a time, each verified."),
        order=30,
    ),
)
