"""Released publications for the tests of formats: generated ones, and the real ones where they are at hand."""

from datetime import date
from pathlib import Path

from panfair.builders.metadata.format import all_formats
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.record import Publication
from support.records import PORTAL, TODAY, released
from support.strategies import publications

__all__ = ["PORTAL", "real_releases", "releases", "rendered"]


def _opened(publication: Publication) -> Released:
    past = date(2020, 2, 29)
    changes: dict[str, object] = {"public": True, "publication_year": min(publication.publication_year, TODAY.year)}
    for name in ("release_date", "publication_date"):
        day = getattr(publication, name)
        if day is not None and day > TODAY:
            changes[name] = past
    if publication.release_date is None and publication.publication_date is None:
        changes["release_date"] = past
    return released(publication.model_copy(update=changes))


releases = publications.map(_opened)
"""Odd but valid publications that have passed the gate."""


def rendered(one: Released, file: str, portal: Portal = PORTAL) -> bytes:
    """One file of a publication's folder."""
    (form,) = [form for form in all_formats() if form.file == file]
    return form.render(one, portal)


def real_releases(shared: Path) -> list[Released]:
    """Every real record that the gate lets pass: PSI's, and SciCatLive's of eight facilities."""
    from panfair.harvesters import Context, harvester

    found = []
    for name in ("psi_publisheddata.json", "PublishedData.json"):
        options = harvester("dump").Options.model_validate(
            {"name": "real", "kind": "dump", "path": str(shared / "data" / "scicat" / name)}
        )
        context = Context(root=shared, contact="data@example.org", extra_doi_prefixes=("00.0815",))
        for record in harvester("dump").harvest(options, context):
            if isinstance(record, Publication):
                verdict = judge(record, TODAY, GatePolicy())
                if isinstance(verdict, Released):
                    found.append(verdict)
    assert found
    return found
