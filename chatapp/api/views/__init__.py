"""The API's endpoints, one file per noun. They all hang on one blueprint, by which `auth.identity` knows them."""

from chatapp.api.views import conversations, labels, macros, members, messages, teams, tokens, workspaces
from chatapp.api.views.blueprint import bp

__all__ = ["bp", "conversations", "labels", "macros", "members", "messages", "teams", "tokens", "workspaces"]
