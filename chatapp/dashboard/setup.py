"""The check-list of a new workspace. It ticks itself: each step is done when what it asks for is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from chatapp.dashboard import queries
from chatapp.invitations import queries as invitations
from chatapp.projects import queries as projects
from chatapp.projects.models import Project
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership


@dataclass(frozen=True)
class Step:
    """What to do, whether it is done, and where to do it; no address while an earlier step has to come first."""

    title: str
    text: str
    is_done: bool
    action: str
    href: str


def steps_of(member: Membership) -> list[Step]:
    """The steps that this member's role allows; none once all are done or the member has put the list away."""
    if member.setup_hidden_at is not None:
        return []
    sites = projects.projects()
    steps = [*_of_sites(member, sites), *_of_message(member), *_of_team(member), _of_picture(member)]
    return [] if all(step.is_done for step in steps) else steps


def _of_sites(member: Membership, sites: Sequence[Project]) -> list[Step]:
    if not member.may("projects.manage"):
        return []
    widget = url_for("projects.widget_settings", project_id=sites[0].id) if sites else ""
    is_seen = any(site.last_seen_at for site in sites)
    return [
        Step(
            _("Name your site"),
            _("A project is one site of yours, with its own key."),
            bool(sites),
            _("New project"),
            url_for("projects.index"),
        ),
        Step(
            _("Paste the snippet"),
            _("One line, just before the end of the page. We tell you when we see it."),
            is_seen,
            _("Get the snippet"),
            widget,
        ),
    ]


def _of_message(member: Membership) -> list[Step]:
    if not member.may("conversations.view"):
        return []
    return [
        Step(
            _("Write yourself a message"),
            _("Open the chat on your site, say hello, and answer from the inbox."),
            queries.has_talked(),
            _("Open the inbox"),
            url_for("inbox.show"),
        )
    ]


def _of_team(member: Membership) -> list[Step]:
    if not member.may("team.manage"):
        return []
    is_done = len(workspaces.members()) > 1 or bool(invitations.pending())
    return [
        Step(
            _("Invite somebody"),
            _("Two people answer sooner than one. They get a link by mail."),
            is_done,
            _("Open the team"),
            url_for("team.index"),
        )
    ]


def _of_picture(member: Membership) -> Step:
    return Step(
        _("Show your face"),
        _("People write more readily to somebody they can see."),
        member.user.avatar_token is not None,
        _("Choose a picture"),
        url_for("account.profile"),
    )
