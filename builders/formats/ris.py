"""RIS from a released publication: what EndNote, Mendeley and Zotero import.

Follows the RIS format specification (2011): one tag a line, `XX  - value`, lines ending in CR LF, UTF-8.
"""

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import Format
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released


def _render(released: Released, portal: Portal) -> bytes:
    d = describe(released, portal)
    publication = d.publication
    lines: list[tuple[str, str | None]] = [("TY", "DATA"), ("TI", publication.title)]
    lines += [("AU", p.agent.inverted if p.is_person else p.agent.name) for p in d.creators]
    lines += [("PY", str(publication.publication_year))]
    if d.issued.startswith(f"{publication.publication_year}-"):
        lines.append(("DA", d.issued.replace("-", "/")))
    lines += [
        ("PB", d.publisher.agent.name),
        ("ET", publication.version),
        ("DO", str(publication.doi)),
        ("UR", d.iri),
        ("AB", publication.abstract),
        ("LA", publication.language),
    ]
    lines += [("KW", name) for name in dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))]
    lines += [("C1", licence.iri or licence.said) for licence in d.licences]
    text = "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value)
    return (text + "ER  - \r\n").encode()


FORMATS = (
    Format(
        name="RIS",
        file="citation.ris",
        media_type="application/x-research-info-systems",
        render=_render,
        order=70,
        cites=True,
    ),
)
