"""What a search found, typed once: the engine makes it, the page shows it, and as JSON it is what `/api/search` says.

The names in JSON are the API's promise: `in` is the scope.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from panfair.builders.search.language.request import Scope, SearchRequest, Sort
from panfair.builders.search.language.understood import Understood

_FROZEN = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Figure(BaseModel):
    """What a technique's reader looks for first, such as `Energy` and `12.4 keV (1 Å)`."""

    model_config = _FROZEN

    label: str
    value_words: str = Field(description="with its unit")


class SearchResult(BaseModel):
    """One publication or dataset that was found."""

    model_config = _FROZEN

    doi: str
    title: str
    title_html: str = Field(description="HTML: escaped text with the hits in <mark>")
    url: str = Field(description="its page")
    score: float = Field(description="zero or more; comparable within one answer only")
    creators: tuple[str, ...] = Field(description="the first six")
    creator_count: int = Field(description="how many creators there are in all")
    year: int
    day: str = Field(description="when it was published, ISO 8601, or empty")
    highlight: str = Field(description="HTML: where the abstract has the hits, in <mark>; all else escaped")
    instruments: tuple[str, ...]
    techniques: tuple[str, ...]
    facility: str
    datasets: int
    files: int
    size_bytes: int
    superseded: bool = Field(description="whether a newer version exists")
    numbers: tuple[Figure, ...] = Field(description="at most three")
    publication: str = Field(description="of a dataset the title of its publication; else empty")


class FacetCount(BaseModel):
    """A value of a facet, and how many have it of what matches everything but this facet's own choices."""

    model_config = _FROZEN

    value: str
    count: int
    chosen: bool


class HistogramBar(BaseModel):
    """A stretch of a quantity, both ends included, and how many of what was found have a value in it."""

    model_config = _FROZEN

    low: float
    high: float
    count: int


class Histogram(BaseModel):
    """How a quantity is spread over what matches everything but its own range."""

    model_config = _FROZEN

    key: str = Field(description="as parameter and query language call it: energy=10..14keV")
    label: str
    unit: str = Field(description="of the bars")
    count: int = Field(description="documents that tell it")
    bars: tuple[HistogramBar, ...]


class SearchAnswer(BaseModel):
    """What a search found."""

    model_config = _FROZEN

    query: str
    total: int = Field(description="how many match, exactly")
    limit: int
    offset: int
    sort: Sort
    scope: Annotated[Scope, Field(alias="in", description="publications or datasets")]
    results: tuple[SearchResult, ...]
    notes: tuple[str, ...] = Field(description="what was made of the request, for people")
    understood: Understood | None = Field(description="the conditions that were read from a sentence, if any")
    suggestion: str | None = Field(
        description="where nothing was found, or a word is in no record: the query spelt so that it finds something"
    )
    facets: dict[str, tuple[FacetCount, ...]] = Field(
        description="the most frequent values first, and all that are chosen"
    )
    histograms: tuple[Histogram, ...] = Field(description="of the quantities that most of what was found tells")


def nothing_found(request: SearchRequest, notes: tuple[str, ...] = ()) -> SearchAnswer:
    """The answer that finds nothing."""
    return SearchAnswer(
        query=request.query,
        total=0,
        limit=request.limit,
        offset=request.offset,
        sort=request.sort,
        scope=request.scope,
        results=(),
        notes=notes,
        understood=None,
        suggestion=None,
        facets={},
        histograms=(),
    )
