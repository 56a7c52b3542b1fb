"""Objects of one bucket below one prefix, by boto3; what stores do differently is settled here.

Some stores know neither the newer checksums nor deletions of many at once, some refuse names that others take.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.client import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from panfair.ontologies.errors import UploadError

_MANY = 1000
_UNKNOWN = {"NotImplemented", "MethodNotAllowed", "501", "405"}
_MISSING = {"NoSuchKey", "404", "NotFound"}
_STALE = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class StaleError(UploadError):
    """Somebody else has written the object since it was read."""


class Objects:
    """The store that an address such as `s3://bucket/prefix` names."""

    def __init__(self, address: str, endpoint: str | None, connections: int) -> None:
        parts = urlsplit(address)
        self.bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self.name = address
        self._batches = True
        try:
            self._client = boto3.client(
                "s3",
                endpoint_url=endpoint,
                config=ClientConfig(
                    max_pool_connections=connections,
                    retries={"mode": "standard", "max_attempts": 5},
                    connect_timeout=20,
                    read_timeout=120,
                    # The newer checksums are unknown to many stores.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        except (BotoCoreError, ValueError) as error:
            raise UploadError(f"{self.name}: {error}") from None

    def _key(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix else path

    def write(self, path: str, file: Path, headers: dict[str, str]) -> None:
        """Writes a file as an object with these headers (`ContentType`, `CacheControl`). Raises UploadError."""
        try:
            with file.open("rb") as body:
                self._client.put_object(Bucket=self.bucket, Key=self._key(path), Body=body, **headers)
        except (ClientError, BotoCoreError) as error:
            raise self._error(path, error) from None

    def read(self, path: str) -> tuple[bytes, str] | None:
        """An object and its ETag, or None where there is none. Raises UploadError."""
        try:
            found = self._client.get_object(Bucket=self.bucket, Key=self._key(path))
            return found["Body"].read(), str(found["ETag"])
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise self._error(path, error) from None
        except BotoCoreError as error:
            raise self._error(path, error) from None

    def replace(self, path: str, body: bytes, tag: str | None) -> str:
        """Writes an object if it still has this tag (None: if there is none); its new tag.

        Raises StaleError when somebody else has written it, UploadError for all else.
        """
        condition: dict[str, Any] = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        try:
            written = self._client.put_object(
                Bucket=self.bucket, Key=self._key(path), Body=body, ContentType="application/json",
                CacheControl="no-store", **condition,
            )  # fmt: skip
        except ClientError as error:
            if _code(error) in _STALE:
                raise StaleError(f"{self.name}: another upload is at work, or was; run again") from None
            raise self._error(path, error) from None
        except BotoCoreError as error:
            raise self._error(path, error) from None
        return str(written["ETag"])

    def names(self) -> Iterator[str]:
        """The paths of all objects below the prefix. Raises UploadError."""
        below = f"{self._prefix}/" if self._prefix else ""
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=below):
                yield from (one["Key"].removeprefix(below) for one in page.get("Contents", ()))
        except (ClientError, BotoCoreError) as error:
            raise self._error("its list of objects", error) from None

    def delete(self, paths: Iterable[str]) -> None:
        """Deletes objects; those that are not there are as good as deleted. Raises UploadError."""
        for some in _parts(list(paths), _MANY):
            try:
                if self._batches and self._deleted_at_once(some):
                    continue
                for path in some:
                    self._client.delete_object(Bucket=self.bucket, Key=self._key(path))
            except (ClientError, BotoCoreError) as error:
                raise self._error(some[0], error) from None

    def _deleted_at_once(self, paths: list[str]) -> bool:
        try:
            told = self._client.delete_objects(
                Bucket=self.bucket, Delete={"Objects": [{"Key": self._key(path)} for path in paths], "Quiet": True}
            )
        except ClientError as error:
            if _code(error) not in _UNKNOWN and not str(_code(error)).startswith("Missing"):
                raise
            self._batches = False
            return False
        # What was refused is asked for one by one, whose refusal is an error.
        return not told.get("Errors")

    def _error(self, path: str, error: Exception) -> UploadError:
        reason = _code(error) if isinstance(error, ClientError) else type(error).__name__
        return UploadError(f"{self.name}: {path}: the store refused or did not answer ({reason})")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _parts(paths: list[str], most: int) -> Iterator[list[str]]:
    for begin in range(0, len(paths), most):
        yield paths[begin : begin + most]
