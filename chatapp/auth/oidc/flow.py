"""There and back: lead the browser to a provider, and take what it brings back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from flask_babel import gettext as _

from chatapp.auth.oidc import attempts, discovery, proof, wire
from chatapp.auth.oidc.attempts import Attempt, Purpose
from chatapp.auth.oidc.discovery import Metadata
from chatapp.auth.oidc.person import Person
from chatapp.auth.oidc.providers import Provider
from chatapp.common import postbox
from chatapp.common.errors import AppError

log = structlog.get_logger()


def begin(provider: Provider, *, target: str, purpose: Purpose = "enter", user_id: UUID | None = None) -> str:
    """The address at the provider to lead the browser to. Raises `AppError` 503 when it is away."""
    metadata = discovery.metadata(provider)
    attempt = attempts.open_attempt(provider, purpose=purpose, target=target, user=str(user_id or ""))
    with wire.client(provider, redirect_uri=_way_back(provider)) as client:
        url, _state = client.create_authorization_url(
            metadata.authorization_endpoint,
            state=attempt["state"],
            code_verifier=attempt["verifier"],
            nonce=attempt["nonce"],
        )
    return str(url)


def finish(provider: Provider, brought: Mapping[str, str]) -> tuple[Attempt, Person]:
    """Whom the provider vouches for, and the attempt that it ends. Raises `AppError` with a sentence for the person.

    Touches no database: whoever waits for a slow provider holds no connection.
    """
    attempt = attempts.close_attempt(provider, brought.get("state", ""))
    if "error" in brought:
        raise _refused(provider, brought["error"])
    metadata = discovery.metadata(provider)
    issuer = brought.get("iss", None if metadata.names_itself else provider.issuer)
    if issuer != provider.issuer:
        raise proof.untrusted(provider)
    tokens = wire.fetch_tokens(
        provider,
        metadata.token_endpoint,
        code=brought.get("code", ""),
        verifier=attempt["verifier"],
        redirect_uri=_way_back(provider),
        auth_method=metadata.auth_method,
    )
    return attempt, _person(provider, metadata, tokens, nonce=attempt["nonce"])


def _person(provider: Provider, metadata: Metadata, tokens: dict[str, Any], *, nonce: str) -> Person:
    access_token = tokens.get("access_token")
    claims = proof.claims_of(provider, tokens.get("id_token"), nonce=nonce, access_token=access_token)
    is_short = "email" not in claims or "email_verified" not in claims
    if is_short and metadata.userinfo_endpoint and isinstance(access_token, str):
        more = wire.get_json(provider, metadata.userinfo_endpoint, access_token=access_token)
        if more.get("sub") != claims.get("sub"):
            raise proof.untrusted(provider)
        claims |= more
    return proof.person_of(provider, claims)


def _refused(provider: Provider, error: str) -> AppError:
    if error == "access_denied":
        return AppError(403, _("You cancelled at %(provider)s, so nobody was logged in.", provider=provider.label))
    log.warning("oidc.error", provider=provider.name, error=error[:80])
    return AppError(400, _("%(provider)s could not log you in. Start again.", provider=provider.label))


def _way_back(provider: Provider) -> str:
    """The address that the operator registers with the provider."""
    return postbox.link("auth.sign_in_callback", provider_name=provider.name)
