"""An object store in this process, and ways to look behind the studio's back."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto.server import ThreadedMotoServer

from studio.lib.s3 import S3
from studio.storage import bucket

NAME = "seed-studio"


@contextmanager
def server() -> Iterator[str]:
    """Its address. What boto3 would find in the environment of a developer is out of sight."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [n for n in os.environ if n.startswith("AWS_")]:
            environment.delenv(name)
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        moto.start()
        host, port = moto.get_host_and_port()
        try:
            yield f"http://{host}:{port}"
        finally:
            moto.stop()


def at(endpoint: str, *, is_direct: bool = False) -> S3:
    return S3(
        bucket=NAME,
        region="us-east-1",
        endpoint=endpoint,
        access_key="studio",
        secret_key="a secret of the store",
        is_direct=is_direct,
    )


def make(s3: S3) -> None:
    """An empty bucket, whatever was there."""
    client = bucket.connect(s3)
    for found in client.list_buckets()["Buckets"]:
        if found["Name"] == s3.bucket:
            for name in names(s3):
                client.delete_object(Bucket=s3.bucket, Key=name)
            client.delete_bucket(Bucket=s3.bucket)
    client.create_bucket(Bucket=s3.bucket)


def names(s3: S3) -> list[str]:
    listed = bucket.connect(s3).list_objects_v2(Bucket=s3.bucket)
    return [found["Key"] for found in listed.get("Contents", ())]


def overwrite(s3: S3, sha256: str, data: bytes) -> None:
    """What rots, or a stranger does."""
    key = f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
    bucket.connect(s3).put_object(Bucket=s3.bucket, Key=key, Body=data)
