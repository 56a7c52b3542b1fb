"""EndNote's tagged form (.enw) from a released publication: one tag a line, `%X value`, UTF-8.

Tags by EndNote's own table of its import form (Refer/BibIX); the reference type is Dataset.
"""

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import Format
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released


def _render(released: Released, portal: Portal) -> bytes:
    d = describe(released, portal)
    publication = d.publication
    lines: list[tuple[str, str | None]] = [("%0", "Dataset")]
    # A comma at the end tells an organisation, so no person's name keeps one there.
    lines += [
        ("%A", party.agent.inverted.rstrip(", ") if party.is_person else f"{party.agent.name},") for party in d.creators
    ]
    lines += [
        ("%T", publication.title),
        ("%D", str(publication.publication_year)),
        ("%I", d.publisher.agent.name),
        ("%7", publication.version),
        ("%8", d.issued),
        ("%R", str(publication.doi)),
        ("%U", d.iri),
        ("%G", publication.language),
        ("%X", publication.abstract),
    ]
    lines += [("%K", name) for name in dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))]
    return "".join(f"{tag} {' '.join(value.split())}\n" for tag, value in lines if value).encode()


FORMATS = (
    Format(
        name="EndNote",
        file="citation.enw",
        media_type="application/x-endnote-refer",
        render=_render,
        order=80,
        cites=True,
    ),
)
