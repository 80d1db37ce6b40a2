"""Who may do what: named permissions, the roles that grant them, and the mark that every view must carry.

Each domain's `permissions.py` declares its permissions with `grant`. A view says `@requires("…")`, `@requires_login` or
is in `PUBLIC` with its reason; a view that says nothing is refused, and a test names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

ROLES = ("owner", "admin", "agent", "viewer")
LOGIN = "login"

View = TypeVar("View", bound=Callable[..., object])

PUBLIC = {
    "static": "styles, scripts and pictures",
    "operations.healthz": "probes carry no identity",
    "operations.readyz": "probes carry no identity",
    "dashboard.landing": "the front page",
    "development.styleguide": "not there in production",
    "auth.login": "the door",
    "auth.register": "the door",
    "auth.second_step": "the door's second half; the password was right",
    "auth.forgotten_password": "whoever forgot theirs cannot log in",
    "auth.confirm_address": "the link of a letter is the proof",
    "auth.reset_password": "the link of a letter is the proof",
    "development.mail": "not there in production",
    "development.letter": "not there in production",
    "invitations.show": "the link of an invitation is the proof",
    "widget_pages.loader": "visitors have no account",
    "widget_pages.panel": "visitors have no account",
    "widget_pages.stylesheet": "visitors have no account",
    "widget.init": "the visitor's door",
    "widget.create_message": "the visitor's token is checked",
    "widget.messages": "the visitor's token is checked",
    "widget.read": "the visitor's token is checked",
    "widget.typing": "the visitor's token is checked",
    "widget.rating": "the visitor's token is checked",
    "widget.close": "the visitor's token is checked",
    "widget.socket": "the visitor's token is checked in the first frame",
    "widget_demo.demo": "a pretend customer's site, development only",
    "api.create_token": "the door",
    "api.refresh_token": "the refresh token is the proof",
    "api.revoke_token": "the refresh token is the proof",
}

_grants: dict[str, frozenset[str]] = {}


def grant(permission: str, *roles: str) -> str:
    """Declare a permission and the roles that have it."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"{permission} is granted to unknown roles: {', '.join(sorted(unknown))}")
    _grants[permission] = frozenset(roles)
    return permission


def role_allows(role: str, permission: str) -> bool:
    """Whether members with this role may do it. Raises `KeyError` for a permission that nobody declared."""
    return role in _grants[permission]


def granted() -> dict[str, frozenset[str]]:
    """Every declared permission with its roles."""
    return dict(_grants)


def requires(permission: str) -> Callable[[View], View]:
    """Mark a view inside a workspace: only members whose role grants the permission get in."""

    def mark(view: View) -> View:
        view.__access__ = permission  # type: ignore[attr-defined]
        return view

    return mark


def requires_login(view: View) -> View:
    """Mark a view that any signed-in user may open."""
    view.__access__ = LOGIN  # type: ignore[attr-defined]
    return view


def access_of(view: Callable[..., object]) -> str | None:
    """The mark of a view, or None."""
    return getattr(view, "__access__", None)
