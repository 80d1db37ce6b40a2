"""The two places where files can lie behave alike."""

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from moto import mock_aws

from chatapp.common import storage
from chatapp.common.storage import Storage, _Checked, new_key
from chatapp.common.storage.disk import DiskStorage
from chatapp.common.storage.s3 import S3Storage
from chatapp.config import Config, ConfigError, S3Settings
from tests.support.configuration import environment

BUCKET = S3Settings(
    bucket="files", endpoint_url=None, region="us-east-1", access_key_id="key", secret_access_key="secret"
)
WHERE = {"database_url": "postgresql://db.example/chatapp", "redis_url": "redis://cache.example", "redis_prefix": "x"}


@pytest.fixture(params=["disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    if request.param == "disk":
        yield _Checked(DiskStorage(tmp_path))
        return
    with mock_aws():
        bucket = S3Storage(BUCKET)
        bucket._client.create_bucket(Bucket="files")
        yield _Checked(bucket)
        bucket._client.close()


def read(place: Storage, key: str, start: int, length: int) -> bytes:
    return b"".join(place.read(key, start, length))


def test_what_was_saved_is_read_in_whole_and_in_parts(place: Storage) -> None:
    key, content = new_key(uuid4()), bytes(range(256)) * 1000
    file = io.BytesIO(content)
    file.seek(100)  # wherever somebody left it
    place.save(key, file)
    assert read(place, key, 0, len(content)) == content
    assert read(place, key, 1000, 70_000) == content[1000:71_000]
    assert read(place, key, len(content) - 1, 1) == content[-1:]


def test_what_is_not_there_is_missing_and_may_be_deleted(place: Storage) -> None:
    key = new_key(uuid4())
    with pytest.raises(storage.FileMissingError):
        place.read(key, 0, 1)
    place.delete(key)
    place.save(key, io.BytesIO(b"x"))
    place.delete(key)
    with pytest.raises(storage.FileMissingError):
        place.read(key, 0, 1)


@pytest.mark.parametrize("key", ["", "x", "../../etc/passwd", f"{'0' * 32}/../{'x' * 29}", f"/{'0' * 31}/{'x' * 32}"])
def test_a_bare_key_is_refused(place: Storage, key: str) -> None:
    for use in (lambda: place.save(key, io.BytesIO(b"x")), lambda: place.read(key, 0, 1), lambda: place.delete(key)):
        with pytest.raises(ValueError, match="no key"):
            use()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(storage.StorageAwayError):
        _Checked(DiskStorage(tmp_path)).save(new_key(uuid4()), Broken())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_bucket_that_is_not_there_is_away() -> None:
    with mock_aws():
        bucket = S3Storage(BUCKET)
        with pytest.raises(storage.StorageAwayError):
            bucket.save(new_key(uuid4()), io.BytesIO(b"x"))
        bucket._client.close()


def test_the_settings_of_a_bucket_go_together() -> None:
    variables = environment(**WHERE)
    assert Config.from_env(variables).s3 is None
    variables["S3_BUCKET"] = "files"
    found = Config.from_env(variables).s3
    assert found == S3Settings(
        bucket="files", endpoint_url=None, region="us-east-1", access_key_id=None, secret_access_key=None
    )
    with pytest.raises(ConfigError, match="go together"):
        Config.from_env({**variables, "S3_ACCESS_KEY_ID": "key"})
    with pytest.raises(ConfigError, match="S3_ENDPOINT_URL must be"):
        Config.from_env({**variables, "S3_ENDPOINT_URL": "minio"})
    with pytest.raises(ConfigError, match="FILES_URL must be"):
        Config.from_env({**variables, "FILES_URL": "files.example"})
