"""Simple Dublin Core (oai_dc) from a released publication: the form that every OAI-PMH client understands.

Follows the oai_dc schema 2.0 and the fifteen elements of DCMES 1.1, in its order; OpenAIRE's words for access rights.
"""

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import Format, OaiPrefix
from panfair.builders.metadata.grant_agreements import grant_agreement
from panfair.builders.metadata.summaries import has_own_summary
from panfair.builders.metadata.terms import EU_REPO_OPEN, KIND_WORDS
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION, element
from panfair.ontologies.embargo import Released

_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XSD = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_HEAD = (
    f'<oai_dc:dc xmlns:oai_dc="{_OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{_OAI_DC} {_XSD}">'
)


def _payload(released: Released, portal: Portal) -> bytes:
    d = describe(released, portal)
    publication = d.publication
    terms = [term.name for term in (*d.techniques, *d.keywords)] + [device.name for device in d.devices]
    rights = [words for licence in d.licences for words in (licence.name, licence.iri)]
    relations = [*(work.iri or work.words for work in d.works), *map(grant_agreement, d.grants)]
    summary = None if has_own_summary(publication) else d.summary
    values: list[tuple[str, list[str | None]]] = [
        ("title", [publication.title]),
        ("creator", [p.agent.inverted if p.is_person else p.agent.name for p in d.creators]),
        ("subject", [*terms]),
        ("description", [publication.abstract, publication.methods, summary]),
        ("publisher", [d.publisher.agent.name]),
        ("contributor", [p.agent.inverted if p.is_person else p.agent.name for p in d.contributors]),
        ("date", [d.issued]),
        ("type", ["Dataset", publication.resource_type or KIND_WORDS[publication.kind]]),
        ("format", [*d.formats]),
        ("identifier", [d.iri, d.landing]),
        ("language", [publication.language]),
        ("relation", [*relations]),
        ("coverage", [d.span, portal.place]),
        ("rights", [*rights, EU_REPO_OPEN]),
    ]
    parts = [_HEAD]
    for name, texts in values:
        parts += [element(f"dc:{name}", text) for text in dict.fromkeys(texts) if text]
    parts.append("</oai_dc:dc>")
    return "".join(parts).encode()


def _render(released: Released, portal: Portal) -> bytes:
    return DECLARATION.encode() + _payload(released, portal) + b"\n"


FORMATS = (
    Format(
        name="Dublin Core",
        file="dublincore.xml",
        media_type="application/xml",
        render=_render,
        profile=_OAI_DC,
        order=40,
        oai=(OaiPrefix("oai_dc", _OAI_DC, _XSD, _payload),),
    ),
)
