"""Conversations: list them, read one, close, snooze, reopen and assign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, jsonify, make_response
from flask_babel import gettext as _

from chatapp.api.payloads import (
    number_in,
    one_of,
    read_body,
    read_query,
    time_or_null,
    uuid_or_null,
    uuids,
    wrong_parameter,
)
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import conversation_json
from chatapp.common.errors import AppError
from chatapp.common.i18n import LOCALES
from chatapp.common.permissions import requires
from chatapp.conversations import permissions, queries
from chatapp.conversations.models import PRIORITIES, STATUSES, Conversation
from chatapp.conversations.visibility import unrestricted
from chatapp.labels import queries as label_queries
from chatapp.messages import services
from chatapp.search import queries as search
from chatapp.search.queries import Wanted
from chatapp.teams import queries as team_queries
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.door import current_membership, current_workspace, demand

_PAGE_SIZE, _MAX_PAGE_SIZE, _MOST_WORDS = 30, 100, 200
_MOST_LABELS = 50
_CHANGES = {
    "status": one_of(*STATUSES).optional,
    "snoozed_until": time_or_null().optional,
    "priority": one_of(*PRIORITIES).optional,
    "labels": uuids(most=_MOST_LABELS).optional,
    "team_id": uuid_or_null().optional,
    "assignee_id": uuid_or_null().optional,
}


@bp.get(f"{WORKSPACE}/conversations")
@requires(permissions.VIEW)
def conversations() -> Response:
    """`?status=&assignee=me|none|<user id>&team=<team id>&label=<label id>&q=&cursor=&limit=`, latest activity first.

    With `q` those in which a message holds these words, the newest such message first. A page may be short and have a
    cursor all the same: then more may follow.
    """
    query = read_query({"status", "assignee", "team", "label", "q", "cursor", "limit"})
    limit = number_in(query, "limit", least=1, most=_MAX_PAGE_SIZE) or _PAGE_SIZE
    cursor = query.get("cursor")
    filters = {"status": _status(query), "team_id": _team(query), "label_id": _label(query), **_assignee(query)}
    if "q" in query:
        locales = sorted({*LOCALES, current_workspace().locale})
        hits = search.messages(Wanted(_words(query), **filters), locales=locales, cursor=cursor, limit=limit)
        return jsonify(data=[conversation_json(hit.conversation) for hit in hits.rows], next_cursor=hits.next_cursor)
    page = queries.page_where(cursor=cursor, limit=limit, **filters)
    return jsonify(data=[conversation_json(row) for row in page.rows], next_cursor=page.next_cursor)


@bp.get(f"{WORKSPACE}/conversations/<uuid:conversation_id>")
@requires(permissions.VIEW)
def conversation(conversation_id: UUID) -> Response:
    return jsonify(conversation_json(queries.conversation(conversation_id)))


@bp.patch(f"{WORKSPACE}/conversations/<uuid:conversation_id>")
@requires(permissions.VIEW)
def change_conversation(conversation_id: UUID) -> Response:
    """`{status, snoozed_until, priority, labels, team_id, assignee_id}`: each optional, all or nothing.

    `labels` are ids, and all that it has from now on; null is no team and nobody.

    `snoozed_until` goes with the status `snoozed`, and means it where no status is said; none is until they write.
    An assignee who is not in the new team lets go of it, unless the same call names them. 204 when the conversation
    went out of the caller's own sight by it.
    """
    queries.conversation(conversation_id)
    changes = read_body(_CHANGES)
    found = queries.locked(conversation_id)
    with unrestricted(reason="what is asked for at once is done at once: it was seen when it was asked"):
        if "status" in changes or "snoozed_until" in changes:
            _set_status(found, **_status_of(found, changes))
        if "priority" in changes:
            demand(permissions.LABEL)
            services.set_priority(found, to=changes["priority"], by=current_membership())
        if "labels" in changes:
            _set_labels(found, changes["labels"])
        if "team_id" in changes:
            _set_team(found, changes["team_id"])
        if "assignee_id" in changes:
            _set_assignee(found, changes["assignee_id"])
    if not queries.in_sight(conversation_id):
        return make_response("", 204)
    return jsonify(conversation_json(queries.conversation(conversation_id)))


def _status_of(conversation: Conversation, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Raises `AppError` 422 for a moment with a status that has none."""
    until = changes.get("snoozed_until")
    status = changes.get("status", "snoozed" if until else conversation.status)
    if until is not None and status != "snoozed":
        sentence = _("This goes with the status “snoozed” only.")
        raise AppError(422, _("Some fields are not right."), fields={"snoozed_until": sentence})
    return {"status": status, "until": until}


def _set_status(conversation: Conversation, *, status: str, until: datetime | None) -> None:
    demand(permissions.CLOSE)
    me = current_membership()
    if status == "snoozed":
        services.snooze(conversation, until=until, by=me)
    else:
        set_status = {"open": services.reopen, "pending": services.set_pending, "closed": services.close}[status]
        set_status(conversation, by=me)


def _set_labels(conversation: Conversation, label_ids: list[UUID]) -> None:
    """These and no others. Raises 404 for one that does not exist here."""
    demand(permissions.LABEL)
    me, wanted = current_membership(), [label_queries.label(label_id) for label_id in label_ids]
    for label in label_queries.labels():
        if label in wanted:
            services.add_label(conversation, label, by=me)
        else:
            services.remove_label(conversation, label, by=me)


def _set_team(conversation: Conversation, team_id: UUID | None) -> None:
    demand(permissions.ASSIGN)
    services.move(conversation, to=team_queries.team(team_id) if team_id else None, by=current_membership())


def _set_assignee(conversation: Conversation, user_id: UUID | None) -> None:
    demand(permissions.ASSIGN)
    to = workspace_queries.member(user_id) if user_id else None
    services.assign(conversation, to=to, by=current_membership())


def _status(query: Mapping[str, str]) -> str | None:
    status = query.get("status")
    if status is not None and status not in STATUSES:
        raise wrong_parameter("status", _("This must be one of: %(allowed)s.", allowed=", ".join(STATUSES)))
    return status


def _words(query: Mapping[str, str]) -> str:
    words = query["q"].replace("\x00", "")
    if not 0 < len(words.strip()) <= _MOST_WORDS:
        raise wrong_parameter("q", _("Use between 1 and %(most)s characters.", most=_MOST_WORDS))
    return words


def _team(query: Mapping[str, str]) -> UUID | None:
    """The team whose conversations are wanted; None for all. Raises 404 for one that does not exist here."""
    if "team" not in query:
        return None
    try:
        team_id = UUID(query["team"])
    except ValueError:
        raise wrong_parameter("team", _("This must be the id of a team.")) from None
    return team_queries.team(team_id).id


def _label(query: Mapping[str, str]) -> UUID | None:
    """The label whose conversations are wanted; None for all. Raises 404 for one that does not exist here."""
    if "label" not in query:
        return None
    try:
        label_id = UUID(query["label"])
    except ValueError:
        raise wrong_parameter("label", _("This must be the id of a label.")) from None
    return label_queries.label(label_id).id


def _assignee(query: Mapping[str, str]) -> dict[str, Any]:
    """The condition that `assignee` stands for; none when it is left out. Raises 404 for who is no member here."""
    name = query.get("assignee")
    if name is None:
        return {}
    if name in ("me", "none"):
        return {"assignee_id": current_membership().user_id if name == "me" else None}
    try:
        user_id = UUID(name)
    except ValueError:
        raise wrong_parameter("assignee", _("This must be me, none or the id of a member.")) from None
    return {"assignee_id": workspace_queries.member(user_id).user_id}
