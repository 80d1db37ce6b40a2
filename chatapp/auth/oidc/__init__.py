"""Signing in with somebody else's account: OpenID Connect, authorization code with PKCE.

`begin` leads the browser to a provider, `finish` turns its return into a `Person` that the provider vouches for. Knows
the wire and the proofs; who that person is here, `auth/services/identities.py` decides.
"""

from chatapp.auth.oidc.attempts import Attempt, Purpose
from chatapp.auth.oidc.flow import begin, finish
from chatapp.auth.oidc.proof import Person
from chatapp.auth.oidc.providers import Provider, init_app, provider, provider_of, providers

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
