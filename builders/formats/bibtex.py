"""BibTeX from a released publication: one @misc entry that old BibTeX, biber and reference managers take.

Follows "BibTeXing" (1988) for syntax and names; doi and url are read verbatim by biblatex, all else is LaTeX text.
"""

from hashlib import sha256

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.description import Party
from panfair.builders.metadata.format import Format
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released
from panfair.ontologies.text import slug

# Braces as commands: BibTeX counts every brace, also one behind a backslash.
_LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
    }
)


def latex(text: str) -> str:
    """The text as LaTeX prints it, on one line, with balanced braces.

    >>> latex("50 % of {x}")
    '50 \\\\% of {\\\\textbraceleft}x{\\\\textbraceright}'
    """
    return " ".join(text.split()).translate(_LATEX)


def _name(party: Party) -> str:
    agent = party.agent
    if party.is_person and agent.family_name:
        # A comma or "and" inside a part would be read as one between names; braces keep the part whole.
        family = "{" + latex(agent.family_name) + "}"
        return f"{family}, {{{latex(agent.given_name)}}}" if agent.given_name else family
    return "{" + latex(agent.name) + "}"


def citation_key(released: Released) -> str:
    """`family2026-suffix`, ASCII; the suffix of the DOI makes it differ from the author's other works."""
    publication = released.publication
    first = publication.creators[0] if publication.creators else publication.publisher
    name = slug(first.family_name or first.name).replace("-", "") or "anonymous"
    suffix = slug(publication.doi.split("/", 1)[1])
    return f"{name[:30]}{publication.publication_year}-{suffix or sha256(publication.doi.key.encode()).hexdigest()[:8]}"


def _render(released: Released, portal: Portal) -> bytes:
    d = describe(released, portal)
    publication = d.publication
    authors = [_name(party) for party in d.creators]
    if authors and publication.more_creators:
        authors.append("others")
    doi = str(publication.doi)
    fields: list[tuple[str, str | None]] = [
        ("author", " and ".join(authors)),
        # The second pair of braces keeps capital letters: titles hold formulas and names of samples.
        ("title", "{" + latex(publication.title) + "}"),
        ("year", str(publication.publication_year)),
        ("publisher", "{" + latex(d.publisher.agent.name) + "}"),
        ("howpublished", "Dataset"),
        ("version", latex(publication.version) if publication.version else None),
        ("doi", doi if not set(doi) & set("{}\\%#") else d.iri.removeprefix("https://doi.org/")),
        ("url", d.iri),
        ("copyright", latex(d.licences[0].name) if d.licences else None),
        ("keywords", latex(", ".join(dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))))),
        ("abstract", latex(publication.abstract) if publication.abstract else None),
    ]
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{citation_key(released)},\n{body}\n}}\n".encode()


FORMATS = (
    Format(
        name="BibTeX",
        file="citation.bib",
        media_type="application/x-bibtex",
        render=_render,
        order=60,
        cites=True,
    ),
)
