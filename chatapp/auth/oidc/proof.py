"""From a provider's ID token to the person that it vouches for, or a refusal.

Only signatures that a public key can verify: `none` proves nothing, and with HS256 a provider's public key would be
taken for our shared secret.
"""

from __future__ import annotations

from typing import Any

import structlog
from authlib.oidc.core import CodeIDToken
from flask_babel import gettext as _
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from chatapp.auth.oidc import discovery
from chatapp.auth.oidc.person import Person
from chatapp.auth.oidc.providers import Provider
from chatapp.common.errors import AppError

log = structlog.get_logger()

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_LEEWAY_SECONDS = 60
_MAX_SUBJECT, _MAX_EMAIL, _MAX_NAME = 255, 254, 80


def claims_of(provider: Provider, token: object, *, nonce: str, access_token: str | None) -> dict[str, Any]:
    """What an ID token says, once everything about it is proved. Raises `AppError` 400."""
    try:
        decoded = _decoded(provider, token if isinstance(token, str) else "")
        options: dict[str, Any] = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
        }
        known = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
        claims = CodeIDToken(decoded.claims, decoded.header, options, known)
        claims.validate(leeway=_LEEWAY_SECONDS)
        return dict(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.warning("oidc.refused", provider=provider.name, error=f"{type(error).__name__}: {error}")
        raise untrusted(provider) from error


def _decoded(provider: Provider, token: str) -> jwt.Token:
    """The token, its signature checked; a key that nobody knows yet may be a new one."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, discovery.keys(provider), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(token, discovery.keys(provider, look_again=True), registry=registry)


def person_of(provider: Provider, claims: dict[str, Any]) -> Person:
    """Raises `AppError` 400 without a subject."""
    subject = _text(claims, "sub", _MAX_SUBJECT)
    if not subject:
        raise untrusted(provider)
    email = _text(claims, "email", _MAX_EMAIL).lower()
    is_proved = claims.get("email_verified") in (True, "true") and email.count("@") == 1 and " " not in email
    return Person(
        issuer=provider.issuer,
        subject=subject,
        email=email if is_proved else "",
        name=_text(claims, "name", 10_000)[:_MAX_NAME].strip() or email.partition("@")[0][:_MAX_NAME],
        locale=_text(claims, "locale", 20)[:2].lower(),
    )


def untrusted(provider: Provider) -> AppError:
    return AppError(400, _("The answer of %(provider)s could not be trusted. Start again.", provider=provider.label))


def _text(claims: dict[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    is_text = isinstance(value, str) and len(value) <= longest and "\x00" not in value
    return str(value).strip() if is_text else ""
