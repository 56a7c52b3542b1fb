"""[publish] of panfair.toml: the object store that the site is brought to after each run."""

import re
from importlib.util import find_spec

from pydantic import BaseModel, ConfigDict, Field, field_validator

_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?")


class PublishTable(BaseModel):
    """[publish]: the object store that the site is brought to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str | None = Field(
        None,
        description="the bucket, and a prefix if you like, that output/www is brought to at the end of each run; needs "
        "the extra `s3`",
        examples=["s3://data-example-org"],
    )
    endpoint: str | None = Field(
        None,
        description="the store's address, where it is not Amazon's",
        examples=["https://s3.example.org"],
    )

    @field_validator("to")
    @classmethod
    def _store(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError("must be a bucket such as s3://data-example-org")
        if value is not None and find_spec("boto3") is None:
            raise ValueError("needs the extra s3: .venv/bin/pip install -e '.[s3]'")
        return value
