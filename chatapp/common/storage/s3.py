"""Files in a bucket of Amazon S3 or of anything that speaks its protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import IO, Any, TypeVar

from chatapp.common.storage.base import CHUNK, FileMissingError, StorageAwayError
from chatapp.config import S3Settings

Result = TypeVar("Result")

_CONNECT_SECONDS = 5
_READ_SECONDS = 20
_MISSING = ("NoSuchKey", "404")


class S3Storage:
    """One object for each key. The client is made at first use: it weighs, and installations without a bucket have
    no need of it."""

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings

    def save(self, key: str, file: IO[bytes]) -> None:
        file.seek(0)
        self._ask(lambda: self._client.put_object(Bucket=self._settings.bucket, Key=key, Body=file))

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        wanted = f"bytes={start}-{start + length - 1}"
        answer = self._ask(lambda: self._client.get_object(Bucket=self._settings.bucket, Key=key, Range=wanted))
        chunks: Iterator[bytes] = answer["Body"].iter_chunks(CHUNK)
        return chunks

    def delete(self, key: str) -> None:
        self._ask(lambda: self._client.delete_object(Bucket=self._settings.bucket, Key=key))

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config as ClientConfig

        settings = self._settings
        return boto3.session.Session().client(
            "s3",
            endpoint_url=settings.endpoint_url,
            region_name=settings.region,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret_access_key,
            config=ClientConfig(
                connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries={"total_max_attempts": 3}
            ),
        )

    def _ask(self, call: Callable[[], Result]) -> Result:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return call()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                raise FileMissingError(str(error)) from error
            raise StorageAwayError(str(error)) from error
        except BotoCoreError as error:
            raise StorageAwayError(str(error)) from error
