"""From which day a SciCat publication is open: its registeredTime, or what [[source]] names in `date_from` instead.

SciCat fills registeredTime when it registers a DOI at DataCite itself; sites that register elsewhere have none, and
without a day a publication stays closed.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from panfair.harvesters.reading.values import day, objects, text_in
from panfair.ontologies.errors import RecordError

Raw = dict[str, Any]

DateFrom = Literal[
    "registeredTime", "createdAt", "datasets.publishedOn", "datasets.dateOfPublishing",
    "dates.Available", "dates.Issued", "dates.Accepted", "dates.Submitted",
]  # fmt: skip
USUAL: tuple[DateFrom, ...] = ("registeredTime",)
DESCRIPTION = (
    "the fields that tell since when a publication is open, the first that is there counts: registeredTime, createdAt, "
    "datasets.publishedOn, datasets.dateOfPublishing, dates.Available, dates.Issued, dates.Accepted, dates.Submitted"
)


def open_since(raw: Raw, more: Raw, datasets: list[Raw], date_from: Iterable[DateFrom]) -> date | None:
    """The first of these dates that a publication has; of its open datasets the latest. None: it stays closed.

    Raises RecordError, with the field's name, for a date that cannot be read: it might close the publication.
    """
    for name in date_from:
        place, _, field = name.rpartition(".")
        try:
            if place == "datasets":
                said = [told_of for dataset in datasets if (told_of := _of_dataset(dataset, field)) is not None]
                found = max((moment for value in said if (moment := day(value)) is not None), default=None)
            elif place == "dates":
                found = max(
                    (
                        moment
                        for one in objects(more.get("dates"))
                        if text_in(one.get("dateType")) == field
                        and (moment := day(text_in(one.get("date")))) is not None
                    ),
                    default=None,
                )
            else:
                found = day(raw.get(field))
        except RecordError as error:
            raise RecordError(f"its {name} is {error}") from None
        if found is not None:
            return found
    return None


def published_on(datasets: list[Raw]) -> bool:
    """Whether a dataset says when it was published."""
    return any(_of_dataset(dataset, "publishedOn") is not None for dataset in datasets)


def _of_dataset(dataset: Raw, field: str) -> Any:
    lifecycle = dataset.get("datasetlifecycle")
    return lifecycle.get(field) if isinstance(lifecycle, dict) else None
