"""How a publication, all its versions, or one dataset of it is cited: what pages show, in the styles of CSL.

A citation is text with one link in it, the DOI's; each has an id, so that a button can copy it.
"""

from dataclasses import dataclass

from panfair.builders.addresses import identifier_address
from panfair.builders.citations.styles import LOCALES, STYLES, Cited, Name, citations, cited_as
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Agent, Dataset, Publication

_SHOWN, _SHOWN_BY_CSL = STYLES[0]


@dataclass(frozen=True, slots=True)
class StyledCitation:
    """One citation; text before the link, the link's words and address, text behind it."""

    style: str
    id: str
    before: str
    link: str
    address: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.link + self.after


def publication_citations(publication: Publication) -> tuple[StyledCitation, ...]:
    """The publication in every style, the one that is shown at once first."""
    doi = str(publication.doi)
    return tuple(
        _linked(style, "citation" if style == _SHOWN else f"citation-{style.lower()}", text, doi, publication.doi.url)
        for style, text in citations(_cited(publication))
    )


def all_versions(publication: Publication) -> StyledCitation | None:
    """All versions of the publication under the DOI that names them together; None where the source names none."""
    concepts = [r.identifier for r in publication.other_works if r.relation == "IsVersionOf"]
    doi = next((Doi(one.value) for one in concepts if one and _is_doi(one)), None)
    if doi is None:
        return None
    text = _shown(_cited(publication, doi=str(doi), version=""))
    return _linked(_SHOWN, "citation-versions", text, str(doi), doi.url)


def dataset_citation(dataset: Dataset, publication: Publication) -> StyledCitation:
    """One dataset alone: by its own identifier where that resolves, else by its name and the publication's DOI."""
    title = publication.title if dataset.name == publication.title else f"{publication.title}: {dataset.name}"
    own = dataset.identifier
    if own and _is_doi(own):
        doi = Doi(own.value)
        text = _shown(_cited(publication, title=title, doi=str(doi)))
        return _linked(_SHOWN, "citation", text, str(doi), doi.url)
    doi = publication.doi
    text = _shown(_cited(publication, title=title))
    address = identifier_address(own)
    if not address:
        return _linked(_SHOWN, "citation", text, str(doi), doi.url)
    before, _, after = text.rpartition(f"https://doi.org/{doi}")
    return StyledCitation(_SHOWN, "citation", before, address, address, after)


def _shown(work: Cited) -> str:
    return cited_as(work, _SHOWN_BY_CSL, LOCALES[0])


def _is_doi(identifier: Identifier | None) -> bool:
    return identifier is not None and identifier.scheme == "DOI" and identifier.value.startswith("10.")


def _cited(publication: Publication, title: str = "", doi: str = "", version: str | None = None) -> Cited:
    return Cited(
        title=title or publication.title,
        year=publication.publication_year,
        publisher=publication.publisher.name,
        doi=doi or str(publication.doi),
        names=tuple(map(_name, publication.creators)),
        more_names=publication.more_creators,
        version=publication.version or "" if version is None else version,
    )


def _name(agent: Agent) -> Name:
    if agent.kind == "person" and agent.family_name:
        return Name(agent.family_name, agent.given_name or "")
    return Name(agent.name)


def _linked(style: str, name: str, text: str, doi: str, address: str) -> StyledCitation:
    for words in (f"https://doi.org/{doi}", doi):
        before, found, after = text.rpartition(words)
        if found:
            return StyledCitation(style, name, before, words, address, after)
    return StyledCitation(style, name, f"{text} ", address, address, "")
