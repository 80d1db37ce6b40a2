"""Everything that is written about accounts, sessions and tokens."""

from chatapp.auth.services.accounts import authenticate, change_password, register
from chatapp.auth.services.api_tokens import (
    TokenReusedError,
    Tokens,
    issue_tokens,
    refresh_tokens,
    revoke_family,
    revoke_tokens,
)
from chatapp.auth.services.sessions import end_session, end_sessions, start_session

__all__ = [
    "TokenReusedError",
    "Tokens",
    "authenticate",
    "change_password",
    "end_session",
    "end_sessions",
    "issue_tokens",
    "refresh_tokens",
    "register",
    "revoke_family",
    "revoke_tokens",
    "start_session",
]
