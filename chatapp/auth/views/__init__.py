"""The pages of accounts: the door, a forgotten password, and a person's own account."""

from chatapp.auth.views import account, door, recovery
from chatapp.auth.views.blueprint import bp

__all__ = ["account", "bp", "door", "recovery"]
