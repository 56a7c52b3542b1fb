"""A published site with a DOI in every state, closed ones full of planted words."""

from pathlib import Path

from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Publication, Related, Restriction, Withdrawal
from support.planted import LATER, planted
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered

OPEN, EMBARGOED, RESTRICTED, BY_NAME, DRAFT, WITHDRAWN, TAPE, DROPPED, OLD, NEW = (
    Doi.parse(f"10.99999/EXAMPLE-{number}") for number in range(10)
)
ALL_VERSIONS = Doi.parse("10.99999/EXAMPLE-ALL")
CLOSED = (EMBARGOED, RESTRICTED, BY_NAME, DRAFT, WITHDRAWN, DROPPED)
_WHY = Withdrawal(on=TODAY, reason="The sample was another one.", by="Data office", replaced_by=OPEN)


def every_state(folder: Path, page: str = "notice") -> SiteRun:
    """Open, embargoed, restricted in the record and by the operator, draft, withdrawn, on tape; one never open."""
    run = SiteRun(
        folder,
        embargo=f'page = "{page}"\nrequest_url = "https://example.org/ask"\n'
        f'[embargo.restricted]\n"{BY_NAME}" = "Belongs to a partner."',
    )
    run.put(*_records(None))
    run.publish()
    run.put(*_records(_WHY))
    run.publish(accept_shrink=True)
    return run


def _records(why: Withdrawal | None) -> list[Publication]:
    tape = a_dataset(id="tape", name="tape_scan", availability="tape", url="https://files.example.org/tape.zip")
    version = Related(relation="IsVersionOf", identifier=Identifier(scheme="DOI", value=str(ALL_VERSIONS)))
    return [
        numbered(0, datasets=(a_dataset(id="a"), a_dataset(id="b", name="scan_0002"))),
        planted(1, "vorpalembargo", release_date=LATER, publication_date=None),
        planted(2, "vorpalasked", restriction=Restriction(reason="Images of patients.")),
        planted(3, "vorpalbyname"),
        planted(4, "vorpaldraft", registered=False),
        planted(5, "vorpalgone", withdrawal=why),
        numbered(6, datasets=(tape,)),
        numbered(8, related=(version,), version="1"),
        numbered(9, related=(version,), version="2", creators=numbered(9).creators[:1]),
        planted(7, "vorpaldropped", release_date=LATER, withdrawal=why),
    ]
