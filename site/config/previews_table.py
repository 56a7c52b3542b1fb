"""[previews] and [files] of panfair.toml: what pictures of files may cost a run, and who gives the files out."""

import re
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

_HOST = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+").fullmatch


class PreviewsTable(BaseModel):
    """[previews]: pictures of files, where a source has `file_path`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minutes: float = Field(60, ge=0, description="how long a run may read files; the others are left for the next")


class FilesTable(BaseModel):
    """[files]: how the data files themselves reach a reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    serve: bool = Field(
        False,
        description="`panfair serve` gives out the files of open datasets that `file_path` finds, below their "
        "dataset's page; that is their address then, whatever the catalogue or `file_url` says",
    )
    hosts: tuple[str, ...] | None = Field(
        None,
        description="hosts other than the site's own whose HDF5 files the viewer may open; those of `file_url`, if not "
        "given. They must answer HTTP Range and let other sites read (CORS)",
        examples=[["https://files.example.org"]],
    )

    @field_validator("hosts")
    @classmethod
    def _origins(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for one in value or ():
            parts = urlsplit(one)
            if parts.scheme not in {"https", "http"} or f"{parts.scheme}://{parts.netloc}" != one or not _HOST(one):
                raise ValueError("must be addresses of hosts without a path, such as https://files.example.org")
        return value
