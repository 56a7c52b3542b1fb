"""DataCite 4.7 XML: the DataCite description with the words that 4.7 added, of the records that have a use for them.

Follows the DataCite Metadata Schema 4.7 (2026-03): posters and presentations among the types of other works, RAiD and
SWHID among their identifiers. A record without them says in 4.7 what it says in 4.6, and has no such file.
"""

from panfair.builders.formats.datacite import WORDS_4_6, Words, datacite_values, related_values
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.datacite_xml import KERNEL, datacite_xml
from panfair.builders.metadata.description import Description
from panfair.builders.metadata.format import Format
from panfair.builders.metadata.terms import RESOURCE_TYPES_SINCE_4_7, SINCE_4_7
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION
from panfair.ontologies.embargo import Released

_XSD = "https://schema.datacite.org/meta/kernel-4.7/metadata.xsd"
_WORDS = Words(WORDS_4_6.kinds | RESOURCE_TYPES_SINCE_4_7, WORDS_4_6.schemes | SINCE_4_7)


def _serves(d: Description) -> bool:
    return related_values(d, _WORDS) != related_values(d, WORDS_4_6)


def _render(released: Released, portal: Portal) -> bytes:
    values = {**datacite_values(released, portal), **related_values(describe(released, portal), _WORDS)}
    return (DECLARATION + datacite_xml(values, _XSD)).encode() + b"\n"


FORMATS = (
    Format(
        name="DataCite 4.7 XML",
        file="datacite-4.7.xml",
        media_type="application/vnd.datacite.datacite+xml",
        render=_render,
        profile=f"{KERNEL}.7",
        order=33,
        applies=_serves,
    ),
)
