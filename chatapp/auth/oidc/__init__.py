"""Signing in with somebody else's account: OpenID Connect, authorization code with PKCE.

`begin` leads the browser to a provider, `finish` turns its return into a `Person` that the provider vouches for. Knows
the wire and the proofs; who that person is here, `auth/services/identities.py` decides. The libraries behind the flow
are loaded when somebody first goes that way: they cost a fifth of the start of every process.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chatapp.auth.oidc.attempts import Attempt, Purpose
from chatapp.auth.oidc.person import Person
from chatapp.auth.oidc.providers import Provider, init_app, provider, provider_of, providers

if TYPE_CHECKING:
    from chatapp.auth.oidc.flow import begin, finish

__all__ = [
    "Attempt",
    "Person",
    "Provider",
    "Purpose",
    "begin",
    "finish",
    "init_app",
    "provider",
    "provider_of",
    "providers",
]


def __getattr__(name: str) -> Any:
    if name not in ("begin", "finish"):
        raise AttributeError(name)
    return getattr(import_module("chatapp.auth.oidc.flow"), name)
