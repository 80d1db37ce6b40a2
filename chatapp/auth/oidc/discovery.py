"""What a provider says about itself: its addresses and its keys. Asked at first need, kept for an hour."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from authlib.oidc.discovery import get_well_known_url
from flask import current_app
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chatapp.auth.oidc import wire
from chatapp.auth.oidc.providers import Provider

_EXTENSION = "chatapp.oidc.discovered"
_LIFE = 3600.0
_PAUSE = 30.0  # between looks for a key that we do not know yet
_AUTH_METHODS = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The addresses of a provider; `names_itself` says that its redirects carry its issuer (RFC 9207)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    auth_method: str
    names_itself: bool


@dataclass
class _Kept:
    value: Any
    at: float


def metadata(provider: Provider) -> Metadata:
    """Raises `AppError` 503 when the provider is away, or is not the issuer that the operator named."""
    kept = _kept(provider, "metadata")
    if kept is None:
        told = wire.get_json(provider, get_well_known_url(provider.issuer, external=True))
        kept = _keep(provider, "metadata", _read(provider, told))
    found: Metadata = kept.value
    return found


def keys(provider: Provider, *, look_again: bool = False) -> KeySet:
    """The keys that the provider signs with. `look_again` when it seems to have a new one; not more often than every
    half minute, however many tokens of an unknown key come."""
    kept = _kept(provider, "keys")
    if kept is None or (look_again and time.monotonic() - kept.at > _PAUSE):
        told = wire.get_json(provider, metadata(provider).jwks_uri)
        try:
            kept = _keep(provider, "keys", KeySet.import_key_set(told))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise wire.away(provider) from error
    found: KeySet = kept.value
    return found


def _read(provider: Provider, told: dict[str, Any]) -> Metadata:
    addresses = [told.get(key) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    userinfo = told.get("userinfo_endpoint")
    scheme = provider.issuer.partition("://")[0]
    is_right = all(isinstance(url, str) and url.startswith((f"{scheme}://", "https://")) for url in addresses)
    if told.get("issuer") != provider.issuer or not is_right:
        raise wire.away(provider)
    methods = told.get("token_endpoint_auth_methods_supported") or _AUTH_METHODS
    return Metadata(
        authorization_endpoint=str(addresses[0]),
        token_endpoint=str(addresses[1]),
        jwks_uri=str(addresses[2]),
        userinfo_endpoint=userinfo if isinstance(userinfo, str) and userinfo.startswith(scheme) else None,
        auth_method=next((method for method in _AUTH_METHODS if method in methods), _AUTH_METHODS[0]),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _kept(provider: Provider, what: str) -> _Kept | None:
    found: _Kept | None = current_app.extensions.setdefault(_EXTENSION, {}).get((provider, what))
    return found if found and time.monotonic() - found.at < _LIFE else None


def _keep(provider: Provider, what: str, value: object) -> _Kept:
    kept = _Kept(value, time.monotonic())
    current_app.extensions.setdefault(_EXTENSION, {})[provider, what] = kept
    return kept
