"""Object storage that may hang without taking our threads along: short patience, one more try, and phones read from it themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from intake.away import StorageAway

PATIENCE = {"connect_timeout": 2, "read_timeout": 5, "retries": {"total_max_attempts": 2, "mode": "standard"}}


READING = {
    "AllowedOrigins": ("*",), "AllowedMethods": ("GET",), "AllowedHeaders": ("Range",),
    "ExposeHeaders": ("Content-Range", "Content-Length", "Accept-Ranges"),
}  # fmt: skip


class MediaStorage(S3Storage):
    """`public_url`: where phones find the same storage, when it is another address than the one that we use."""

    def __init__(self, public_url: str = "", **options):
        style, version = options.pop("addressing_style", "path"), options.pop("signature_version", "s3v4")
        self._config = Config(s3={"addressing_style": style}, signature_version=version, **PATIENCE)
        self._public_url = public_url or options.get("endpoint_url")
        super().__init__(client_config=self._config, **options)
        self._signer, self._making = None, threading.Lock()

    def signed_url(self, name: str, content_type: str, ends: int) -> str:
        """An address of the object itself, to read it alone, with this type, until then. Nobody is asked: it is arithmetic."""
        for_s = max(1, ends - int(time.time()))
        wanted = {
            "ResponseContentType": content_type,
            "ResponseContentDisposition": "inline",
            "ResponseCacheControl": f"private, max-age={for_s}, immutable",
        }
        where = {"Bucket": self.bucket_name, "Key": name}
        return self._public().generate_presigned_url("get_object", Params=where | wanted, ExpiresIn=for_s)

    def check(self) -> None:
        """Raises StorageAway."""
        with self._told():
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def cors_lacks(self) -> list[str]:
        """What phones need and no rule of the bucket gives them; rules of before ranges were read lack them. Raises StorageAway."""
        self.check()
        try:
            rules = self.connection.meta.client.get_bucket_cors(Bucket=self.bucket_name)["CORSRules"]
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "NoSuchCORSConfiguration":
                raise
            rules = []
        return min((_lacks(rule) for rule in rules), key=len, default=_lacks({}))

    def exists(self, name: str) -> bool:
        with self._told():
            return super().exists(name)

    def _save(self, name: str, content) -> str:
        with self._told():
            return super()._save(name, content)

    def _open(self, name: str, mode: str = "rb"):
        with self._told():
            return super()._open(name, mode)

    def _public(self):
        with self._making:
            return self._signer or self._make_signer()

    def _make_signer(self):
        keys = {"aws_access_key_id": self.access_key, "aws_secret_access_key": self.secret_key}
        where = {"endpoint_url": self._public_url, "region_name": self.region_name}
        self._signer = boto3.session.Session().client("s3", config=self._config, **keys, **where)
        return self._signer

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BotoCoreError as away:
            raise StorageAway(f"The object storage does not answer: {type(away).__name__}.") from away
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") in ("NoSuchBucket", "404"):
                raise StorageAway(f"The bucket {self.bucket_name} is not there: create it, private.") from refused
            raise


def _lacks(rule: dict) -> list[str]:
    given = {name: {one.lower() for one in rule.get(name, [])} for name in READING}
    return [
        f"{name} {value}"
        for name, values in READING.items()
        for value in values
        if value.lower() not in given[name] and not (name == "AllowedHeaders" and "*" in given[name])
    ]
