"""What a follower of the core asks: what changed since, and which DOIs have no record to show any more, or none yet."""

from fastapi import APIRouter

from panfair.site.catalogue.accounts.core import InHeader
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.parameters import QueryText
from panfair.site.catalogue.api.schemas_people import MAX_ROW, ChangeOut, ChangesOut, NoticeOut

router = APIRouter(prefix="/panfair", tags=["panfair"])

_MOST = 1000


@router.get("/changes")
def changes(caller: InHeader, after: QueryText = None, limit: QueryText = None) -> ChangesOut:
    """What changed after a number, of rows that the caller may see; a release by date alone is no change.

    `last` grows with each change of any row: a follower that sees it grow has a reason to harvest.
    """
    number = arguments.count(after, "after", 0, MAX_ROW)
    with caller.view() as view:
        found = view.changes(number, arguments.count(limit, "limit", _MOST, _MOST))
        last = view.last_change()
    return ChangesOut(
        last=last,
        changes=[
            ChangeOut(
                number=one.number,
                entity=one.entity,
                id=one.row,
                kind=one.kind,
                at=one.at,
                investigation_id=one.investigation,
            )
            for one in found
        ],
    )


@router.get("/notices", response_model_exclude_none=True)
def notices(caller: InHeader) -> list[NoticeOut]:
    """DOIs that were public and were withdrawn, with day and reason; for a lister every minted DOI with its dates."""
    with caller.view() as view:
        return [
            NoticeOut(
                doi=one.doi,
                kind=one.kind,
                opens=one.opens,
                withdrawn_on=one.withdrawn_on,
                replaced_by=one.replaced_by,
                reason=one.reason,
            )
            for one in view.notices()
        ]
