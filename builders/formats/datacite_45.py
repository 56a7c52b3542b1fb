"""DataCite 4.5 XML: the DataCite description without the words that 4.6 added, for readers that know 4.5 only.

Follows the DataCite Metadata Schema 4.5; what is new in 4.6 is told by its "Version 4.6 update".
"""

from panfair.builders.formats.datacite import datacite_values
from panfair.builders.metadata.datacite_xml import KERNEL, Values, datacite_xml
from panfair.builders.metadata.format import Format
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION
from panfair.ontologies.embargo import Released

_XSD = "https://schema.datacite.org/meta/kernel-4.5/metadata.xsd"
_RELATIONS = {"IsTranslationOf": "IsVariantFormOf", "HasTranslation": "IsOriginalFormOf"}
_KINDS = frozenset({"Award", "Project"})


def values_in_4_5(values: Values) -> Values:
    """The same values; each word that 4.5 lacks is the nearest one that it has, or left out where it may be."""
    changed = dict(values)
    changed["relatedIdentifiers"] = [
        {k: _RELATIONS.get(v, v) for k, v in one.items() if k != "resourceTypeGeneral" or v not in _KINDS}
        for one in values.get("relatedIdentifiers", [])
    ]
    changed["relatedItems"] = [
        one
        | {
            "relationType": _RELATIONS.get(one["relationType"], one["relationType"]),
            "relatedItemType": "Other" if one["relatedItemType"] in _KINDS else one["relatedItemType"],
        }
        for one in values.get("relatedItems", [])
    ]
    changed["dates"] = [
        one | {"dateType": "Other", "dateInformation": one.get("dateInformation") or "Coverage"}
        if one["dateType"] == "Coverage"
        else one
        for one in values.get("dates", [])
    ]
    return changed


def _render(released: Released, portal: Portal) -> bytes:
    text = datacite_xml(values_in_4_5(datacite_values(released, portal)), _XSD)
    return (DECLARATION + text).encode() + b"\n"


FORMATS = (
    Format(
        name="DataCite 4.5 XML",
        file="datacite-4.5.xml",
        media_type="application/vnd.datacite.datacite+xml",
        render=_render,
        profile=f"{KERNEL}.5",
        order=32,
    ),
)
