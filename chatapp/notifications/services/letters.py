"""Letters about what was not read: one for each conversation, and a digest of everything, if somebody wants it.

Nothing here is sent at once: a letter is a row, and the worker sends it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from chatapp.common import postbox
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.i18n import speaking
from chatapp.conversations.visibility import enter, sight_of
from chatapp.notifications import queries, words
from chatapp.notifications.models import Notification
from chatapp.notifications.quiet import next_digest
from chatapp.workspaces.models import Membership, Workspace

_MOST_IN_DIGEST = 20


def write(notification_id: UUID, *, at: datetime) -> None:
    """About one line that was not read, unless its reader is to be left alone now; then when that is over."""
    line = queries.locked_if_free(notification_id)
    if line is None:
        return
    member = queries.member(line.user_id)
    workspace = member.workspace
    settings = queries.settings_of(line.user_id)
    line.mail_at = settings.end_of_quiet(at, zone=workspace.time_zone)
    if line.mail_at is not None:
        return
    enter(sight_of(member))
    try:
        shown = queries.line(line.user_id, line.id)
    except AppError:
        return  # it is over, or they do not see it any more
    if _is_to_be_written_to(member, workspace):
        line.mailed_at = at
        _post("notification", member, workspace, **_facts(shown, workspace, _locale(member, workspace)))


def write_digest(user_id: UUID, *, at: datetime) -> None:
    """Everything that a member has not read, if there is anything."""
    settings, member = queries.settings_of(user_id), queries.member(user_id)
    workspace = member.workspace
    if settings.digest_at is None or settings.digest_at > at:
        return
    zone = settings.time_zone or workspace.time_zone
    rest = settings.end_of_quiet(at, zone=zone)
    settings.digest_at = rest or next_digest(at, zone=zone, how_often=settings.digest)
    enter(sight_of(member))
    lines = queries.lines_of(user_id, only_unread=True, limit=_MOST_IN_DIGEST).rows
    if rest is None and lines and _is_to_be_written_to(member, workspace):
        with speaking(_locale(member, workspace)):
            told = "\n".join(map(words.line, lines))
        link = postbox.link("notifications.index", slug=workspace.slug)
        _post("notification_digest", member, workspace, lines=told, link=link)
    db.session.flush()


def _is_to_be_written_to(member: Membership, workspace: Workspace) -> bool:
    """Nobody gets in whose account, or whose workspace, is shut."""
    is_shut = member.user.is_suspended or workspace.is_suspended or workspace.is_closed
    return member.user.email_verified_at is not None and not is_shut


def _facts(line: Notification, workspace: Workspace, locale: str) -> dict[str, str]:
    with speaking(locale):
        told = {"subject_line": words.subject(line), "told": words.told(line.counts, line.kinds)}
    preview = line.conversation.preview if line.conversation else ""
    where = {"slug": workspace.slug}
    if line.conversation_id:
        return told | {
            "preview": preview,
            "link": postbox.link("inbox.conversation", conversation_id=str(line.conversation_id), **where),
        }
    return told | {"preview": preview, "link": postbox.link("notifications.index", **where)}


def _post(kind: str, member: Membership, workspace: Workspace, **facts: str) -> None:
    postbox.post(
        kind,
        to=member.user.email,
        locale=_locale(member, workspace),
        name=member.user.name,
        workspace=workspace.name,
        settings_link=postbox.link("notifications.settings", slug=workspace.slug),
        stop_link=postbox.link("notification_ways.stop", token=stop_token(member.workspace_id, member.user_id)),
        **facts,
    )


def _locale(member: Membership, workspace: Workspace) -> str:
    return member.user.locale or workspace.locale


# The way out of them, without logging in


def stop_token(workspace_id: UUID, user_id: UUID) -> str:
    """Proves that its bearer got a letter of ours. It opens nothing but the end of these letters."""
    token: str = _signer().dumps([str(workspace_id), str(user_id)])
    return token


def owner_of(token: str) -> tuple[UUID, UUID] | None:
    """The workspace and the user whom a letter's link names; None for what we never wrote."""
    try:
        workspace_id, user_id = _signer().loads(token)
    except BadSignature:
        return None
    return UUID(workspace_id), UUID(user_id)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.extensions["chatapp.config"].secret_key, salt="notification-letters")
