"""The one place that talks to providers. Their addresses are the operator's, as the mail server's is; see
docs/decisions/0016."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from flask_babel import gettext as _
from requests.adapters import HTTPAdapter

from chatapp.auth.oidc.providers import Provider
from chatapp.common.errors import AppError

log = structlog.get_logger()

SCOPE = "openid email profile"
_TIMEOUT = (3, 5)  # seconds to connect, and to wait for the next bytes
_MOST_BYTES = 256 * 1024  # unpacked; the largest documents of the large providers have a tenth of it


class _TooLongError(requests.RequestException):
    """A provider sends more than any honest one has to say."""


class _Bounded(HTTPAdapter):
    """Reads answers itself, so that nobody can fill the memory of a web process."""

    def send(self, *args: Any, **options: Any) -> requests.Response:
        answer = super().send(*args, **options | {"stream": True})
        answer._content = _content(answer)  # where requests puts what it has read itself
        return answer


def _content(answer: requests.Response) -> bytes:
    with closing(answer):
        content = bytearray()
        for piece in answer.iter_content(16 * 1024):
            content += piece
            if len(content) > _MOST_BYTES:
                raise _TooLongError(answer.url)
        return bytes(content)


def get_json(provider: Provider, url: str, *, access_token: str | None = None) -> dict[str, Any]:
    """What the provider tells at this address. Raises `AppError` 503 when it does not answer as it should, 502 when
    it does not stop."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {access_token}"} if access_token else {})
    try:
        with client(provider) as session:
            answer = session.request("GET", url, withhold_token=True, headers=headers, allow_redirects=False)
            answer.raise_for_status()
            return _object(answer.json())
    except (requests.RequestException, ValueError) as error:
        raise _unusable(provider, error) from error


def fetch_tokens(
    provider: Provider, endpoint: str, *, code: str, verifier: str, redirect_uri: str, auth_method: str
) -> dict[str, Any]:
    """The tokens that a code is good for. Raises `AppError` 400 when the provider refuses it, and like `get_json`."""
    try:
        with client(provider, redirect_uri=redirect_uri, auth_method=auth_method) as session:
            tokens = session.fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
                allow_redirects=False,
            )
            return _object(tokens)
    except AuthlibBaseError as error:
        refused = _("%(provider)s did not accept this log-in any more. Start again.", provider=provider.label)
        raise AppError(400, refused) from error
    except (requests.RequestException, ValueError) as error:
        raise _unusable(provider, error) from error


def client(provider: Provider, *, redirect_uri: str | None = None, auth_method: str | None = None) -> OAuth2Session:
    """Authlib's, with our patience."""
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method=auth_method,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=_TIMEOUT,
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Bounded())
    return session


def _unusable(provider: Provider, error: Exception) -> AppError:
    if not isinstance(error, _TooLongError):
        return away(provider)
    log.warning("oidc.too_long", provider=provider.name, url=str(error))
    sentence = _("%(provider)s sends more than a log-in needs. Log in another way.", provider=provider.label)
    return AppError(502, sentence)


def away(provider: Provider) -> AppError:
    sentence = _(
        "%(provider)s is not answering at the moment. Try again, or log in another way.", provider=provider.label
    )
    return AppError(503, sentence, retry_after=30)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value
