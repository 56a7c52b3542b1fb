"""[previews] of panfair.toml: what pictures of files may cost a run."""

from pydantic import BaseModel, ConfigDict, Field


class PreviewsTable(BaseModel):
    """[previews]: pictures of files, where a source has `file_path`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minutes: float = Field(60, ge=0, description="how long a run may read files; the others are left for the next")
