"""The pages of accounts: the door, the links of letters, and a person's own account."""

from chatapp.auth.views import account, avatar, door, proof, recovery, registration, sign_in, two_factor
from chatapp.auth.views.blueprint import account_bp, bp

__all__ = [
    "account",
    "account_bp",
    "avatar",
    "bp",
    "door",
    "proof",
    "recovery",
    "registration",
    "sign_in",
    "two_factor",
]
