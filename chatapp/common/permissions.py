"""Who may do what: named permissions, the roles that grant them, and the mark that every view must carry.

Each domain's `permissions.py` declares its permissions with `grant`. A view says `@requires("…")`, `@requires_login` or
is in `PUBLIC` with its reason; a view that says nothing is refused, and a test names it.

The built-in roles are fixed. A workspace makes roles of its own from the same permissions: each has words for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l

ROLES = ("owner", "admin", "agent", "viewer")
LOGIN = "login"
OPERATOR = "operator"
BASIC = "workspace.view"
"""What every member may: without it there would be no way in."""

GROUPS = {
    "conversations": _l("Conversations"),
    "contacts": _l("Contacts"),
    "canned": _l("Canned replies"),
    "macros": _l("Macros"),
    "saved_views": _l("Saved views"),
    "projects": _l("Projects"),
    "team": _l("Members"),
    "teams": _l("Teams"),
    "hours": _l("Business hours"),
    "labels": _l("Labels"),
    "attributes": _l("Attributes"),
    "sla": _l("Targets"),
    "audit": _l("Audit log"),
    "deliveries": _l("Delivery problems"),
    "privacy": _l("Privacy"),
    "workspace": _l("Workspace"),
}
"""The first half of each permission's name, in the order and the words in which people read them."""

View = TypeVar("View", bound=Callable[..., object])

PUBLIC = {
    "static": "styles, scripts and pictures",
    "operations.healthz": "probes carry no identity",
    "operations.readyz": "probes carry no identity",
    "metrics.exposition": "a token, or being on this machine, is the proof",
    "dashboard.landing": "the front page",
    "development.styleguide": "not there in production",
    "auth.login": "the door",
    "auth.register": "the door",
    "auth.complete_registration": "the link of a letter is the proof",
    "auth.sign_in": "the door, by way of a provider",
    "auth.sign_in_callback": "the provider's signature is the proof",
    "auth.second_step": "the door's second half; the password was right",
    "auth.forgotten_password": "whoever forgot theirs cannot log in",
    "auth.confirm_address": "the link of a letter is the proof",
    "auth.reset_password": "the link of a letter is the proof",
    "auth.avatar": "visitors see it too; its address cannot be guessed",
    "workspaces.logo": "people who are invited see it too; its address cannot be guessed",
    "development.mail": "not there in production",
    "development.letter": "not there in production",
    "link_pictures.show": "visitors see it too; its address cannot be guessed",
    "notification_ways.service_worker": "the same script for everybody",
    "notification_ways.stop": "the link of a letter is the proof, and it opens nothing",
    "invitations.show": "the link of an invitation is the proof",
    "invitations.register": "the link of an invitation is the proof",
    "widget_pages.loader": "visitors have no account",
    "widget_pages.panel": "visitors have no account",
    "widget_pages.stylesheet": "visitors have no account",
    "widget_pages.later": "visitors have no account",
    "widget_pages.look": "visitors have no account",
    "widget_pages.logo": "visitors see it; its address cannot be guessed",
    "widget.init": "the visitor's door",
    "widget.log_out": "the visitor's door; the token is the proof",
    "widget.create_message": "the visitor's token is checked",
    "widget.create_attachment": "the visitor's token is the proof",
    "files.show": "a signed link is the proof, for one file and some hours",
    "widget.messages": "the visitor's token is checked",
    "widget.read": "the visitor's token is checked",
    "widget.typing": "the visitor's token is checked",
    "widget.rating": "the visitor's token is checked",
    "widget.close": "the visitor's token is checked",
    "widget.transcript": "the visitor's token is checked",
    "widget.socket": "the visitor's token is checked in the first frame",
    "widget_demo.demo": "a pretend customer's site, development only",
    "api.create_token": "the door",
    "api.refresh_token": "the refresh token is the proof",
    "api.revoke_token": "the refresh token is the proof",
}

_grants: dict[str, frozenset[str]] = {}
_words: dict[str, Any] = {}


def grant(permission: str, *roles: str, words: Any) -> str:
    """Declare a permission, the built-in roles that have it, and what it lets people do, as a lazy text.

    Its name is `<group>.<verb>`, with the group in `GROUPS`. What only owners have can never be given to another role.
    """
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"{permission} is granted to unknown roles: {', '.join(sorted(unknown))}")
    if _group(permission) not in GROUPS:
        raise ValueError(f"{permission} belongs to no group: give it one in GROUPS")
    _grants[permission], _words[permission] = frozenset(roles), words
    return permission


def role_allows(role: str, permission: str) -> bool:
    """Whether members with this built-in role may do it. Raises `KeyError` for a permission that nobody declared."""
    return role in _grants[permission]


def words_of(permission: str) -> Any:
    """What it lets people do, as a lazy text."""
    return _words[permission]


def granted() -> dict[str, frozenset[str]]:
    """Every declared permission with its built-in roles."""
    return dict(_grants)


def permissions_of(role: str) -> frozenset[str]:
    """Everything that a built-in role may do."""
    return frozenset(permission for permission, roles in _grants.items() if role in roles)


def grantable() -> frozenset[str]:
    """What a workspace's own roles may be made of: everything but what only owners have."""
    return frozenset(permission for permission, roles in _grants.items() if roles - {"owner"})


def in_groups() -> dict[str, dict[str, Any]]:
    """What is grantable, for people: the words of each permission, in groups."""
    return {
        group: {name: _words[name] for name in _grants if name in grantable() and _group(name) == group}
        for group in GROUPS
    }


def with_needed(permissions: Iterable[str]) -> frozenset[str]:
    """These permissions and what they make no sense without: whoever may change something may see it."""
    wanted = {BASIC, *permissions}
    views = {f"{_group(permission)}.view" for permission in wanted}
    return frozenset(wanted | (views & _grants.keys()))


def _group(permission: str) -> str:
    return permission.partition(".")[0]


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


def requires_operator(view: View) -> View:
    """Mark a view of the back office: for everybody but those who run the installation it does not exist."""
    view.__access__ = OPERATOR  # type: ignore[attr-defined]
    return view


def in_person(view: View) -> View:
    """Mark a view that only the person themselves may use, never an operator who stands in for them. Views that any
    signed-in user may open, and those that only owners may, are so by themselves."""
    view.__in_person__ = True  # type: ignore[attr-defined]
    return view


def is_in_person(view: Callable[..., object]) -> bool:
    marked: bool = getattr(view, "__in_person__", access_of(view) == LOGIN)
    return marked


def for_stand_ins(view: View) -> View:
    """Mark a view for signed-in people that an operator who stands in for one may open, too."""
    view.__in_person__ = False  # type: ignore[attr-defined]
    return requires_login(view)


def access_of(view: Callable[..., object]) -> str | None:
    """The mark of a view, or None."""
    return getattr(view, "__access__", None)
