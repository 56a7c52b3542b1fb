"""An object store on this machine: moto's server, with what real stores do and it does not."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

BUCKET = "made-up-site"


@contextmanager
def object_store() -> Iterator[str]:
    """Its address; it knows one bucket. Keys are set for boto3."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    patch = pytest.MonkeyPatch()
    for name, value in {
        "ACCESS_KEY_ID": "made-up",
        "SECRET_ACCESS_KEY": "made-up",
        "DEFAULT_REGION": "us-east-1",
    }.items():
        patch.setenv(f"AWS_{name}", value)
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        client_of(address).create_bucket(Bucket=BUCKET)
        yield address
    finally:
        patch.undo()
        server.stop()


def client_of(address: str):
    return boto3.client("s3", endpoint_url=address)


def held(prefix: str) -> dict[str, bytes]:
    """All objects with such a key, past the server."""
    bucket = s3_backends[ACCOUNT]["aws"].buckets[BUCKET]  # the server's own, which lives in this process
    return {key: one.value for key, one in bucket.keys.items() if key.startswith(prefix)}
