"""Which providers this installation offers: `OIDC_PROVIDERS`, read once at the boot."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app

from chatapp.common.errors import not_found
from chatapp.config import Config, ConfigError

_EXTENSION = "chatapp.oidc"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_MAX_LABEL = 40
_PRESETS = {"google": {"label": "Google", "issuer": "https://accounts.google.com"}}


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One provider: `name` is its place in our addresses, `label` what people read on the button."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str


def init_app(app: Flask, config: Config) -> None:
    """Raises `ConfigError`."""
    found = _parsed(config.oidc_providers, allow_http=not config.is_production)
    app.extensions[_EXTENSION] = {provider.name: provider for provider in found}
    app.jinja_env.globals["sign_in_providers"] = providers


def providers() -> list[Provider]:
    """In the order of the setting, which is that of the buttons."""
    return list(_known().values())


def provider(name: str) -> Provider:
    """Raises `AppError` 404."""
    found = _known().get(name)
    if found is None:
        raise not_found()
    return found


def provider_of(issuer: str) -> Provider | None:
    """The provider by which an identity of this issuer can sign in today."""
    return next((provider for provider in providers() if provider.issuer == issuer), None)


def _known() -> dict[str, Provider]:
    known: dict[str, Provider] = current_app.extensions[_EXTENSION]
    return known


def _parsed(text: str, *, allow_http: bool) -> list[Provider]:
    if not text:
        return []
    try:
        entries = json.loads(text)
    except ValueError:
        raise ConfigError("OIDC_PROVIDERS is not JSON. See .env.example for what it must hold.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError("OIDC_PROVIDERS must be a JSON list of objects, one for each provider.")
    found = [_checked(entry, allow_http=allow_http) for entry in entries]
    for key in ("name", "issuer"):
        if len({getattr(provider, key) for provider in found}) < len(found):
            raise ConfigError(f"OIDC_PROVIDERS names two providers with the same {key}.")
    return found


def _checked(entry: dict[str, Any], *, allow_http: bool) -> Provider:
    name = str(entry.get("name", ""))
    if not _NAME.fullmatch(name):
        raise ConfigError(f"OIDC_PROVIDERS: a name is small letters, digits and hyphens, not {name!r}.")
    facts: dict[str, Any] = {"label": name.title()} | _PRESETS.get(name, {}) | entry
    wanted = {field.name for field in fields(Provider)}
    for key in sorted(wanted | facts.keys()):
        if key not in wanted:
            raise ConfigError(f"OIDC_PROVIDERS: {name} has a key {key!r} that means nothing here.")
        if not isinstance(facts.get(key), str) or not facts[key].strip():
            raise ConfigError(f"OIDC_PROVIDERS: {name} needs a {key}.")
    _check_issuer(name, facts["issuer"], allow_http=allow_http)
    if len(facts["label"]) > _MAX_LABEL:
        raise ConfigError(f"OIDC_PROVIDERS: the label of {name} has more than {_MAX_LABEL} characters.")
    return Provider(**facts)


def _check_issuer(name: str, issuer: str, *, allow_http: bool) -> None:
    try:
        parts = urlsplit(issuer)
        is_right = parts.scheme in ("https", "http" if allow_http else "https") and bool(parts.hostname)
    except ValueError:
        is_right = False
    if not is_right or parts.query or parts.fragment:
        raise ConfigError(f"OIDC_PROVIDERS: the issuer of {name} must be an address such as https://login.example.com.")
