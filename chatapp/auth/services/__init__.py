"""Everything that is written about accounts, sessions and tokens."""

from chatapp.auth.services.accounts import NewAccount, authenticate, change_avatar, change_password, register
from chatapp.auth.services.api_tokens import (
    TokenReusedError,
    Tokens,
    issue_tokens,
    refresh_tokens,
    revoke_family,
    revoke_tokens,
)
from chatapp.auth.services.sessions import (
    end_session,
    end_sessions,
    end_stand_ins,
    start_impersonation,
    start_session,
)

__all__ = [
    "NewAccount",
    "TokenReusedError",
    "Tokens",
    "authenticate",
    "change_avatar",
    "change_password",
    "end_session",
    "end_sessions",
    "end_stand_ins",
    "issue_tokens",
    "refresh_tokens",
    "register",
    "revoke_family",
    "revoke_tokens",
    "start_impersonation",
    "start_session",
]
