"""The configuration that tests run with."""

import atexit
import shutil
import tempfile

from chatapp.config import Config

SECRET_KEY = "a secret for tests, and for nothing but tests"
ENCRYPTION_KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
FILES = tempfile.mkdtemp(prefix="chatapp-files-")
"""Of this process and of those that it starts."""

atexit.register(shutil.rmtree, FILES, ignore_errors=True)


def environment(
    *, database_url: str, redis_url: str, redis_prefix: str, public_url: str = "http://127.0.0.1"
) -> dict[str, str]:
    """As environment variables, for the processes that a test starts."""
    return {
        "CHATAPP_ENV": "test",
        "SECRET_KEY": SECRET_KEY,
        "ENCRYPTION_KEYS": ENCRYPTION_KEY,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "REDIS_PREFIX": redis_prefix,
        "FILES_DIR": FILES,
        "PUBLIC_URL": public_url,
    }


def config_for(**where: str) -> Config:
    return Config.from_env(environment(**where))
