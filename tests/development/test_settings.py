"""What `bin/dev` makes of its options."""

from pathlib import Path

import pytest

from chatapp.common.embedded.resolve import Engines
from chatapp.config import Config
from chatapp.development.settings import ROOT, Settings, SettingsError, read_environment, write_environment

ENGINES = Engines(database_url="postgresql://postgres@/chatapp?host=/run/x", redis_url="unix:///run/x/redis.sock?db=0")


def _settings(tmp_path: Path, *words: str, **environ: str) -> Settings:
    return Settings.read(list(words), {"CHATAPP_VAR": str(tmp_path), **environ})


def test_without_options_it_is_port_8000_with_demo_data_in_var() -> None:
    assert Settings.read([], {}) == Settings(folder=ROOT / "var", port=8000, with_demo=True, fresh=False)


def test_every_option_is_heard(tmp_path: Path) -> None:
    settings = _settings(tmp_path, "--fresh", PORT="9000", CHATAPP_DEMO="0")
    assert settings == Settings(folder=tmp_path, port=9000, with_demo=False, fresh=True)


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(SettingsError, match="PORT must be"):
        _settings(tmp_path, PORT=port)


def test_an_unknown_option_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--frehs"):
        _settings(tmp_path, "--frehs")


def test_fresh_never_empties_engines_that_are_not_ours(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unset DATABASE_URL"):
        _settings(tmp_path, "--fresh", DATABASE_URL="postgresql://production/chatapp")


def test_the_application_accepts_the_environment_that_is_made_for_it(tmp_path: Path) -> None:
    config = Config.from_env(_settings(tmp_path, PORT="9000").environment(ENGINES, {}))
    assert (config.env, config.public_url) == ("development", "http://127.0.0.1:9000")
    assert config.redis_url == ENGINES.redis_url


def test_secrets_are_made_once_and_kept_for_their_owner_only(tmp_path: Path) -> None:
    first = _settings(tmp_path).environment(ENGINES, {})
    assert _settings(tmp_path).environment(ENGINES, {}) == first
    assert (tmp_path / "env").stat().st_mode & 0o077 == 0
    other = _settings(tmp_path / "other").environment(ENGINES, {})
    assert other["SECRET_KEY"] != first["SECRET_KEY"]


def test_what_the_caller_has_set_stays(tmp_path: Path) -> None:
    environment = _settings(tmp_path).environment(ENGINES, {"PUBLIC_URL": "https://tunnel.example"})
    assert environment["PUBLIC_URL"] == "https://tunnel.example"


def test_an_environment_file_gives_back_what_was_written(tmp_path: Path) -> None:
    values = {"PLAIN": "x", "SPACES": "two words", "QUOTES": 'it\'s "quoted"', "EMPTY": "", "EQUALS": "a=b"}
    write_environment(tmp_path / "env", values)
    assert read_environment(tmp_path / "env") == values
