"""Configuration: one frozen dataclass, read once. A missing value stops the boot with one sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

ENVIRONMENTS = ("development", "test", "production")
_MIN_SECRET = 32
_MIN_TOKEN = 16


class ConfigError(Exception):
    """A setting is missing or malformed; the message names it and says what it must be."""


@dataclass(frozen=True, kw_only=True)
class S3Settings:
    """A bucket for files. Without keys the machine's own identity is taken; without an endpoint it is Amazon's."""

    bucket: str
    endpoint_url: str | None
    region: str
    access_key_id: str | None
    secret_access_key: str | None


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything the processes read from outside. URLs are complete; sizes are bytes; times are seconds."""

    env: str
    secret_key: str
    encryption_keys: tuple[str, ...]
    database_url: str
    redis_url: str
    public_url: str
    app_name: str = "Chatapp"
    redis_prefix: str = "chatapp"
    rate_limits: bool = True
    trusted_proxies: int = 0
    db_pool_size: int = 10
    db_pool_overflow: int = 5
    metrics_token: str | None = None
    smtp_url: str | None = None
    mail_from: str = "Chatapp <no-reply@localhost>"
    oidc_providers: str = ""
    files_dir: str = "var/files"
    files_url: str | None = None
    s3: S3Settings | None = None

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        """Decides whether cookies are `Secure`: they are wherever visitors reach us by https."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """The name of this installation, without port."""
        return urlsplit(self.public_url).hostname or "localhost"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read and check the environment. Raises `ConfigError`."""
        env = environ.get("CHATAPP_ENV", "production")
        if env not in ENVIRONMENTS:
            raise ConfigError(f"CHATAPP_ENV must be one of {', '.join(ENVIRONMENTS)}, not {env!r}.")
        config = cls(
            env=env,
            secret_key=_secret(environ),
            encryption_keys=_fernet_keys(environ),
            database_url=database_url(_required(environ, "DATABASE_URL")),
            redis_url=_redis_url(environ),
            public_url=_web_address(environ, "PUBLIC_URL"),
            app_name=environ.get("APP_NAME", "Chatapp"),
            redis_prefix=environ.get("REDIS_PREFIX", "chatapp"),
            rate_limits=environ.get("RATE_LIMITS", "on") != "off",
            trusted_proxies=_integer(environ, "TRUSTED_PROXIES", default=1 if "DYNO" in environ else 0),
            db_pool_size=_integer(environ, "DB_POOL_SIZE", default=10),
            db_pool_overflow=_integer(environ, "DB_POOL_OVERFLOW", default=5),
            metrics_token=_metrics_token(environ),
            smtp_url=_smtp_url(environ),
            mail_from=_mail_from(environ),
            oidc_providers=environ.get("OIDC_PROVIDERS", "").strip(),
            files_dir=environ.get("FILES_DIR", "").strip() or "var/files",
            files_url=_web_address(environ, "FILES_URL") if environ.get("FILES_URL", "").strip() else None,
            s3=_s3(environ),
        )
        if config.is_production and not config.rate_limits:
            raise ConfigError("RATE_LIMITS=off is for benchmarks and is refused when CHATAPP_ENV is production.")
        return config


def database_url(raw: str) -> str:
    """Hosting providers say `postgres://`; SQLAlchemy wants the driver named."""
    scheme, separator, rest = raw.partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise ConfigError("DATABASE_URL must be a Postgres address such as postgresql://user:password@host/database.")
    return f"postgresql+psycopg://{rest}"


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set. See .env.example for what it must hold.")
    return value


def _secret(environ: Mapping[str, str]) -> str:
    value = _required(environ, "SECRET_KEY")
    if len(value) < _MIN_SECRET:
        raise ConfigError(f"SECRET_KEY must have at least {_MIN_SECRET} characters.")
    return value


def _fernet_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in _required(environ, "ENCRYPTION_KEYS").split(",") if key.strip())
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ConfigError(f"ENCRYPTION_KEYS: key number {position} is not a Fernet key.") from None
    return keys


def _redis_url(environ: Mapping[str, str]) -> str:
    value = _required(environ, "REDIS_URL")
    scheme = urlsplit(value).scheme
    if scheme not in ("redis", "rediss", "unix"):
        raise ConfigError("REDIS_URL must begin with redis://, rediss:// or unix://.")
    if scheme == "rediss" and "DYNO" in environ and "?" not in value:
        return f"{value}?ssl_cert_reqs=none"  # Heroku signs its certificates itself and sets the address itself
    return value


def _web_address(environ: Mapping[str, str], name: str) -> str:
    value = _required(environ, name).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
        raise ConfigError(f"{name} must be a web address without a path, such as https://chat.example.com.")
    return value


def _s3(environ: Mapping[str, str]) -> S3Settings | None:
    bucket = environ.get("S3_BUCKET", "").strip()
    if not bucket:
        return None
    key, secret = (environ.get("S3_ACCESS_KEY_ID", "").strip(), environ.get("S3_SECRET_ACCESS_KEY", "").strip())
    if bool(key) != bool(secret):
        raise ConfigError("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together: set both or neither.")
    return S3Settings(
        bucket=bucket,
        endpoint_url=_web_address(environ, "S3_ENDPOINT_URL") if environ.get("S3_ENDPOINT_URL", "").strip() else None,
        region=environ.get("S3_REGION", "").strip() or "us-east-1",
        access_key_id=key or None,
        secret_access_key=secret or None,
    )


def _metrics_token(environ: Mapping[str, str]) -> str | None:
    value = environ.get("METRICS_TOKEN", "").strip()
    if value and len(value) < _MIN_TOKEN:
        raise ConfigError(f"METRICS_TOKEN must have at least {_MIN_TOKEN} characters.")
    return value or None


def _smtp_url(environ: Mapping[str, str]) -> str | None:
    value = environ.get("SMTP_URL", "").strip()
    if not value:
        return None
    try:
        parts = urlsplit(value)
        is_right = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right:
        raise ConfigError("SMTP_URL must be an address such as smtp://user:password@mail.example.com:587 or smtps://…")
    return value


def _mail_from(environ: Mapping[str, str]) -> str:
    host = urlsplit(_web_address(environ, "PUBLIC_URL")).hostname
    value = environ.get("MAIL_FROM", "").strip() or f"{environ.get('APP_NAME', 'Chatapp')} <no-reply@{host}>"
    if not re.fullmatch(r"[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+", value):
        raise ConfigError("MAIL_FROM must be a mail address such as Chatapp <chat@example.com>.")
    return value


def _integer(environ: Mapping[str, str], name: str, *, default: int) -> int:
    raw = environ.get(name, str(default))
    if not raw.isdigit():
        raise ConfigError(f"{name} must be a whole number, not {raw!r}.")
    return int(raw)
