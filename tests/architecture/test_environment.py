"""Whoever sets up a server finds every setting in `.env.example`."""

import json
import re

import pytest

from chatapp.config import Config, ConfigError
from chatapp.development.settings import ROOT
from tests.support import configuration

READERS = ("chatapp/config.py", "gunicorn.conf.py")
SET_BY_OTHERS = {"DYNO", "CHATAPP_BIND"}  # by Heroku, and by bin/dev for its own web process
WHERE = {"database_url": "postgresql://db.example/chatapp", "redis_url": "redis://cache.example", "redis_prefix": "x"}


def _read() -> set[str]:
    sources = "".join((ROOT / reader).read_text() for reader in READERS)
    return set(re.findall(r'environ(?:\.get\(|, )"([A-Z0-9_]+)"', sources)) - SET_BY_OTHERS


def _explained() -> set[str]:
    return set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_every_setting_is_explained_and_every_explanation_has_a_setting() -> None:
    assert len(_read()) > 10
    assert _explained() == _read()


def test_every_setting_of_the_heroku_button_exists() -> None:
    assert set(json.loads((ROOT / "app.json").read_text())["env"]) <= _read()


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL"])
def test_a_missing_setting_stops_the_boot_with_its_name(name: str) -> None:
    environment = configuration.environment(**WHERE)
    assert Config.from_env(environment)
    with pytest.raises(ConfigError, match=f"^{name} is not set"):
        Config.from_env({**environment, name: ""})


def test_heroku_signs_the_certificate_of_its_redis_itself() -> None:
    environment = {**configuration.environment(**WHERE), "REDIS_URL": "rediss://:secret@cache.example:6380"}
    assert Config.from_env(environment).redis_url == environment["REDIS_URL"]
    assert Config.from_env({**environment, "DYNO": "web.1"}).redis_url.endswith(":6380?ssl_cert_reqs=none")
