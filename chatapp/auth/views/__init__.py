"""The pages of accounts: the door, the links of letters, and a person's own account."""

from chatapp.auth.views import account, door, recovery, two_factor
from chatapp.auth.views.blueprint import account_bp, bp

__all__ = ["account", "account_bp", "bp", "door", "recovery", "two_factor"]
