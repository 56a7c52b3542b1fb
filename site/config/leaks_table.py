"""[leaks] of panfair.toml: what the leak scan lets pass."""

from pydantic import BaseModel, ConfigDict, Field


class LeaksTable(BaseModel):
    """[leaks]: what the leak scan lets pass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allow: tuple[str, ...] = Field((), description="words and names of closed records that may be shown all the same")
