"""DataCite 4.6 as XML and JSON from a released publication: what DOI registration and OAI-PMH share.

Follows the DataCite Metadata Schema 4.6; property numbers in comments are its own. The JSON says what the XML says, in
the form of DataCite's REST API. Both are written from the same values (`datacite_values`), so they cannot disagree.
"""

import re
from typing import NamedTuple

import orjson

from panfair.builders.addresses import identifier_address, web_address
from panfair.builders.metadata.crosswalk import Description, describe
from panfair.builders.metadata.datacite_xml import KERNEL, XSD, Values, datacite_xml
from panfair.builders.metadata.description import Grant, Licence, Party, Work
from panfair.builders.metadata.format import Format, OaiPrefix
from panfair.builders.metadata.memo import memoized
from panfair.builders.metadata.summaries import has_own_summary
from panfair.builders.metadata.terms import (
    COAR_OPEN,
    EU_REPO_OPEN,
    FUNDER_IDENTIFIER_TYPES,
    KIND_WORDS,
    RELATED_IDENTIFIER_TYPES,
    RESOURCE_TYPES,
    SINCE_4_7,
    SPDX_SET,
)
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION, attribute, escaped
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Identifier

_OAI = "http://schema.datacite.org/oai/oai-1.1/"
_OAI_XSD = "http://schema.datacite.org/oai/oai-1.1/oai.xsd"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_CODE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?[A-Za-z0-9._~!$&'()*+,;=@-][A-Za-z0-9._~!$&'()*+,;=@/?-]*")
"""A classification code that is a URI reference too, as `61.05.C-` is (RFC 3986, section 4.1, and not all of that)."""
_UNKNOWN = ":unav"
"""DataCite's word for a value that is not known (4.6, appendix 3): a record must have a creator."""
_SINGLE = frozenset({"Available", "Issued", "Created", "Updated", "Submitted", "Accepted", "Withdrawn"})
"""What happens to a record once: two dates of one of these kinds contradict each other."""
_ROR = "https://ror.org"
_ORCID = "https://orcid.org"


@memoized
def datacite_values(released: Released, portal: Portal) -> Values:
    """The publication in DataCite's JSON form: properties by the names of the REST API, without empty ones.

    The answer is shared.
    """
    d = describe(released, portal)
    publication = d.publication
    language = publication.language if _LANGUAGE.fullmatch(publication.language or "") else None
    values: Values = {
        "doi": str(publication.doi),
        "url": d.landing,
        # 10: a collection of data is a Dataset to those who look for data; the exact word is beside it.
        "types": {
            "resourceTypeGeneral": "Dataset",
            "resourceType": publication.resource_type or KIND_WORDS[publication.kind],
        },
        "creators": [_agent(party) for party in d.creators] or [{"name": _UNKNOWN}],
        "titles": [_known(title=publication.title, lang=language)],
        "publisher": _publisher(d.publisher),
        "publicationYear": str(publication.publication_year),
        "subjects": _subjects(d),
        "contributors": _contributors(d),
        "dates": _dates(d),
        "language": language,
        "alternateIdentifiers": [
            {"alternateIdentifier": value, "alternateIdentifierType": kind}
            for kind, value in (("Proposal", publication.proposal), ("Session", publication.session))
            if value
        ],
        **related_values(d, WORDS_4_6),
        "sizes": _sizes(d),
        "formats": d.formats,
        "version": publication.version,
        "rightsList": _rights(d),
        "descriptions": _descriptions(d, language),
        "geoLocations": [{"geoLocationPlace": portal.place}] if portal.place else [],
        "fundingReferences": _once([_funding(grant) for grant in d.grants]),
        "schemaVersion": KERNEL,
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def _descriptions(d: Description, language: str | None) -> list[Values]:
    texts = (("Abstract", d.publication.abstract), ("Methods", d.publication.methods))
    found = [_known(description=text, descriptionType=kind, lang=language) for kind, text in texts if text]
    if not has_own_summary(d.publication):
        found.append({"description": d.summary, "descriptionType": "Other"})
    return found


def _known(**values: str | None) -> Values:
    return {name: value for name, value in values.items() if value}


def _once(values: list[Values]) -> list[Values]:
    return list({orjson.dumps(value, option=orjson.OPT_SORT_KEYS): value for value in values}.values())


def _agent(party: Party) -> Values:
    # 2.1.1: nameType stays out for who is neither a person nor an organisation for certain.
    agent = party.agent
    values: Values = {"name": agent.inverted if party.is_person else agent.name}
    if agent.has_type:
        values["nameType"] = "Personal" if party.is_person else "Organizational"
    if party.is_person:
        values |= _known(givenName=agent.given_name, familyName=agent.family_name)
    identifiers = []
    if party.orcid:
        identifiers.append(_identifier(party.orcid, "ORCID", _ORCID))
    if party.ror:
        identifiers.append(_identifier(party.ror, "ROR", _ROR))
    if identifiers:
        values["nameIdentifiers"] = identifiers
    affiliations = [
        {
            "name": each.name,
            **(
                {
                    "affiliationIdentifier": each.ror.url,
                    "affiliationIdentifierScheme": "ROR",
                    "schemeUri": _ROR,
                }
                if each.ror
                else {}
            ),
        }
        for each in agent.affiliations
    ]
    if affiliations:
        values["affiliation"] = _once(affiliations)
    return values


def _identifier(value: str, scheme: str, uri: str) -> Values:
    return {"nameIdentifier": value, "nameIdentifierScheme": scheme, "schemeUri": uri}


def _publisher(party: Party) -> Values:
    values: Values = {"name": party.agent.name}
    if party.ror:
        values |= {"publisherIdentifier": party.ror, "publisherIdentifierScheme": "ROR", "schemeUri": _ROR}
    return values


def _subjects(d: Description) -> list[Values]:
    subjects = [
        _known(subject=term.name, subjectScheme=term.scheme, schemeUri=term.scheme_url, valueUri=term.iri)
        for term in d.techniques
    ]
    subjects += [
        _known(
            subject=term.name,
            subjectScheme=term.scheme,
            schemeUri=term.scheme_url,
            valueUri=term.iri,
            classificationCode=_code(term.code),
        )
        for term in d.keywords
    ]
    subjects += [{"subject": device.name, "subjectScheme": "Instrument"} for device in d.devices]
    return _once(subjects)


def _code(code: str | None) -> str | None:
    # 6: an anyURI in the XSD. A code that is none is left out, for quoted it would be another code.
    return code if code and (_CODE.fullmatch(code) or web_address(code) == code) else None


def _contributors(d: Description) -> list[Values]:
    contributors = [
        _agent(party) | {"contributorType": party.agent.contributor_type or "Other"} for party in d.contributors
    ]
    if d.facility:
        host: Values = {"name": d.facility.name, "nameType": "Organizational"}
        if d.facility.ror:
            host["nameIdentifiers"] = [_identifier(d.facility.ror, "ROR", _ROR)]
        contributors.append(host | {"contributorType": "HostingInstitution"})
    if not any(one["contributorType"] == "ContactPerson" for one in contributors):
        contributors.append(_contact(d.portal))
    return contributors


def _contact(portal: Portal) -> Values:
    """Whom to ask where a record names nobody: the organisation behind the site."""
    contact: Values = {"name": portal.publisher, "nameType": "Organizational", "contributorType": "ContactPerson"}
    if portal.publisher_ror:
        contact["nameIdentifiers"] = [_identifier(portal.publisher_ror, "ROR", _ROR)]
    return contact


def _dates(d: Description) -> list[Values]:
    publication = d.publication
    dates: list[Values] = []
    if d.span:
        # The first date: B2FIND takes it as the time that was covered. RKMS-ISO8601 leaves an open end empty (8).
        dates.append({"date": d.span.replace("..", ""), "dateType": "Collected"})
    dates += [{"date": d.issued, "dateType": "Available"}, {"date": d.issued, "dateType": "Issued"}]
    if d.created:
        dates.append({"date": d.created, "dateType": "Created"})
    if d.modified:
        dates.append({"date": d.modified, "dateType": "Updated"})
    registered = publication.publication_date
    if registered and str(registered) != d.issued:
        # Not Issued: nobody could read it then.
        dates.append(
            {"date": str(registered), "dateType": "Other", "dateInformation": "publication date in the catalogue"}
        )
    kinds = {date["dateType"] for date in dates}
    for other in publication.other_dates:
        if other.kind in _SINGLE and other.kind in kinds:
            if any(date["date"] == str(other.day) for date in dates if date["dateType"] == other.kind):
                continue
            # What the site knows stands under that word; the source's other day keeps its meaning in words.
            words = other.note or f"{other.kind} in the catalogue"
            dates.append({"date": str(other.day), "dateType": "Other", "dateInformation": words})
        else:
            kinds.add(other.kind)
            dates.append(_known(date=str(other.day), dateType=other.kind, dateInformation=other.note))
    return _once(dates)


class Words(NamedTuple):
    """What a version of the schema can call other works."""

    kinds: frozenset[str]
    """resourceTypeGeneral."""
    schemes: dict[str, str]
    """relatedIdentifierType, by our schemes."""


WORDS_4_6 = Words(RESOURCE_TYPES, RELATED_IDENTIFIER_TYPES)


def related_values(d: Description, words: Words) -> Values:
    """The other works, with identifiers (12) and without (20), in the words of one version."""
    identified = [*_related(d, words), *_instruments(d, words), *_samples(d, words), *_parts(d, words)]
    others = [work for work in d.works if not _identified(work, words) and work.words]
    return {"relatedIdentifiers": _once(identified), "relatedItems": _once([_item(work, words) for work in others])}


def _identified(work: Work, words: Words) -> bool:
    return work.related.identifier is not None and _related_type(work.related.identifier, words) is not None


def _related_type(identifier: Identifier, words: Words) -> str | None:
    if identifier.scheme != "URL" and identifier.scheme in words.schemes:
        return words.schemes[identifier.scheme]
    if identifier.scheme in {"ROR", "ISNI", "Funder", "PDB", "EMDB", "URL", *SINCE_4_7}:
        return "URL" if identifier_address(identifier) else None
    return None


def _related_value(identifier: Identifier, words: Words) -> str:
    if _related_type(identifier, words) == "URL":
        return identifier_address(identifier) or identifier.value
    return identifier.value


def _related(d: Description, words: Words) -> list[Values]:
    related = []
    for work in d.works:
        kind = work.related.kind if work.related.kind in words.kinds else None
        related += _identifiers(work.related.identifier, work.related.relation, kind, words)
    return related


def _instruments(d: Description, words: Words) -> list[Values]:
    named = [device.instrument.identifier for device in d.devices]
    return [value for one in named for value in _identifiers(one, "IsCollectedBy", "Instrument", words)]


def _samples(d: Description, words: Words) -> list[Values]:
    # 12.b: the data come from the sample, as a derived work does; an IGSN names a physical object.
    return [v for m in d.materials for v in _identifiers(m.sample.identifier, "IsDerivedFrom", "PhysicalObject", words)]


def _identifiers(identifier: Identifier | None, relation: str, kind: str | None, words: Words) -> list[Values]:
    """The related identifier, or none where DataCite has no type for it."""
    scheme = _related_type(identifier, words) if identifier else None
    if identifier is None or scheme is None:
        return []
    return [
        _known(
            relatedIdentifier=_related_value(identifier, words),
            relatedIdentifierType=scheme,
            relationType=relation,
            resourceTypeGeneral=kind,
        )
    ]


def _parts(d: Description, words: Words) -> list[Values]:
    """The datasets that have identifiers of their own."""
    others = [part.dataset.identifier for part in d.parts if part.pid != d.iri]
    return [value for identifier in others for value in _identifiers(identifier, "HasPart", "Dataset", words)]


def _item(work: Work, words: Words) -> Values:
    # 20: a work without an identifier is still told, by its title or as people cite it.
    return {
        "titles": [{"title": work.related.title or work.words}],
        "relatedItemType": work.related.kind if work.related.kind in words.kinds else "Other",
        "relationType": work.related.relation,
    }


def _sizes(d: Description) -> list[str]:
    sizes = [f"{d.size_bytes} bytes"] if d.size_bytes is not None else []
    return sizes + ([f"{d.file_count} {'file' if d.file_count == 1 else 'files'}"] if d.file_count is not None else [])


def _rights(d: Description) -> list[Values]:
    rights = [_licence(licence) for licence in d.licences]
    rights.append({"rights": "open access", "rightsUri": COAR_OPEN})
    rights.append({"rights": "Open Access", "rightsUri": EU_REPO_OPEN})
    return _once(rights)


def _licence(licence: Licence) -> Values:
    values = _known(rights=licence.name, rightsUri=licence.iri)
    if licence.spdx:
        values |= {"rightsIdentifier": licence.spdx, "rightsIdentifierScheme": "SPDX", "schemeUri": SPDX_SET}
    return values


def _funding(grant: Grant) -> Values:
    funding = grant.funding
    values = _known(
        funderName=funding.funder,
        awardNumber=funding.award_number,
        awardUri=grant.url,
        awardTitle=funding.award_title,
    )
    if funding.funder_id:
        address = identifier_address(funding.funder_id)
        values["funderIdentifier"] = address or funding.funder_id.value
        # The Crossref Funder Registry's identifiers are DOIs of this prefix, and most sources say no more than that.
        registered = funding.funder_id.scheme == "DOI" and funding.funder_id.value.startswith("10.13039/")
        scheme = "Funder" if registered else funding.funder_id.scheme
        values["funderIdentifierType"] = FUNDER_IDENTIFIER_TYPES.get(scheme, "Other")
    return values


def _render_json(released: Released, portal: Portal) -> bytes:
    return orjson.dumps(datacite_values(released, portal), option=orjson.OPT_INDENT_2) + b"\n"


def _payload(released: Released, portal: Portal) -> bytes:
    return datacite_xml(datacite_values(released, portal)).encode()


def _render_xml(released: Released, portal: Portal) -> bytes:
    return DECLARATION.encode() + _payload(released, portal) + b"\n"


def _render_oai(released: Released, portal: Portal) -> bytes:
    """The payload in OpenAIRE's and DataCite's wrapper (oai 1.1).

    The symbol names the repository that registers the DOI; where the operator does not give it, the prefix names it.
    """
    symbol = escaped(portal.extra.get("datacite_symbol") or released.doi.prefix)
    head = (
        f'<oai_datacite xmlns="{_OAI}" {_XSI} xsi:schemaLocation="{_OAI} {attribute(_OAI_XSD)}">'
        f"<schemaVersion>4.6</schemaVersion><datacentreSymbol>{symbol}</datacentreSymbol><payload>"
    )
    return head.encode() + _payload(released, portal) + b"</payload></oai_datacite>"


FORMATS = (
    Format(
        name="DataCite XML",
        file="datacite.xml",
        media_type="application/vnd.datacite.datacite+xml",
        render=_render_xml,
        profile=KERNEL,
        also=(f"{KERNEL}.6",),
        order=30,
        oai=(
            OaiPrefix("datacite", KERNEL, XSD, _payload),
            OaiPrefix("oai_datacite", _OAI, _OAI_XSD, _render_oai),
        ),
    ),
    Format(
        name="DataCite JSON",
        file="datacite.json",
        media_type="application/vnd.datacite.datacite+json",
        render=_render_json,
        profile=KERNEL,
        also=(f"{KERNEL}.6",),
        order=31,
    ),
)
