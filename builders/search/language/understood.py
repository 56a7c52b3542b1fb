"""What was read from a sentence, as an answer tells it: for the chips of a page, and for programs."""

from pydantic import BaseModel, ConfigDict, Field

from panfair.builders.search.language.sentence import Reading

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class UnderstoodCondition(BaseModel):
    """One condition."""

    model_config = _FROZEN

    key: str = Field(description="a facet, a quantity, size, date, year, author, proposal, sample, or word")
    value: str = Field(description="for people: 12..14keV, < 2 K, 2022")
    negated: bool = Field(description="whether it must not hold")
    typed: str = Field(description="the words that it was read from")
    exact: str = Field(description="the same in the query language")
    without: str = Field(description="the query as if this had not been said")


class Understood(BaseModel):
    """A sentence in the query language."""

    model_config = _FROZEN

    query: str = Field(description="the whole of it in the query language")
    conditions: tuple[UnderstoodCondition, ...]


def understood(reading: Reading) -> Understood | None:
    """What a page tells of a reading; None where nothing was read."""
    if not reading.conditions:
        return None
    return Understood(
        query=reading.query,
        conditions=tuple(
            UnderstoodCondition(
                key=one.key,
                value=one.value,
                negated=one.negated,
                typed=one.typed,
                exact=one.exact,
                without=reading.without(one),
            )
            for one in reading.conditions
        ),
    )
