"""One person's data as a ZIP: `person.json`, `conversations.json`, the files and a page that says what they hold.

What is said is collected in the worker and kept ready; the files are added while it is downloaded, as they come from
the storage: neither the database nor anybody's memory has to hold them.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from chatapp.attachments import queries as attachments
from chatapp.attributes import queries as attributes
from chatapp.attributes.models import Values
from chatapp.common import audit
from chatapp.common.clock import now, rfc3339
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import EndUser
from chatapp.endusers.services import FACTS
from chatapp.messages.models import Message, MessageVersion
from chatapp.privacy import archives, queries
from chatapp.privacy.events import PersonExportRequested
from chatapp.privacy.models import PersonExport
from chatapp.ratings import queries as rated
from chatapp.ratings.models import Rating
from chatapp.workspaces.models import Membership
from chatapp.workspaces.services import tell_finished

LIFE = timedelta(hours=24)
STEP = 25  # conversations in one transaction
_README = """\
Everything that is kept about one person.

person.json         who they are: id, name, email, phone, company, language, first and last seen, how much they wrote,
                    since when they are blocked, attributes: what else the team knows about them, notes,
                    known_by: what leads to them, and merged: contacts that turned out to be them
conversations.json  a list; each with its project, channel, status, times, rating and its messages in order
                    author is visitor, agent, bot or system; private is true for what only the team sees;
                    text_before tells what it said until it was edited; of what was deleted nothing is kept;
                    file names the one that an attachment is in
files               everything that was attached
Times are RFC 3339 in UTC. Text is UTF-8.
"""


def ask(end_user: EndUser, *, by: Membership) -> PersonExport:
    """Have a file made; while one is there that is not over, it is that one."""
    latest = queries.latest_export(end_user.id)
    if latest is not None and latest.state == "pending":
        return latest
    export = PersonExport(
        workspace_id=end_user.workspace_id,
        end_user_id=end_user.id,
        requested_by=by.user.name,
        total=queries.holdings(end_user.id).conversations,
        expires_at=now() + LIFE,
    )
    db.session.add(export)
    db.session.flush()
    audit.record("person.export_asked", by=by.user, target_id=end_user.id, target_name=end_user.code)
    _go_on(export, f"agent:{by.user_id}")
    return export


def carry_on(export_id: UUID, *, actor: str = "system") -> None:
    """In the worker: the next conversations, or the file once they are all there. Each step is a transaction, so that
    progress shows and a killed worker loses one step. `actor`: who asked for it."""
    export = queries.growing_export(export_id)
    if export is None:
        return
    ids = queries.conversation_ids(export.end_user_id)
    export.total = len(ids)
    batch = ids[export.done : export.done + STEP]
    export.collected = [*export.collected, *_told(batch)]
    export.done += len(batch)
    if export.done < len(ids):
        _go_on(export, actor)
    else:
        _finish(export)
        tell_finished("person_export", export.id, expires_at=export.expires_at, actor=actor)
    db.session.flush()


def note_download(export: PersonExport, *, by: Membership) -> None:
    code = queries.person(export.end_user_id).code
    audit.record("person.export_downloaded", by=by.user, target_id=export.end_user_id, target_name=code)


def _go_on(export: PersonExport, actor: str) -> None:
    emit(PersonExportRequested(workspace_id=export.workspace_id, export_id=export.id, actor=actor))


def _finish(export: PersonExport) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        archive.writestr("person.json", _json(_person(queries.person(export.end_user_id))))
        archive.writestr("conversations.json", _json(export.collected))
    export.content, export.collected, export.state = file.getvalue(), [], "ready"
    files = attachments.of_conversations(queries.conversation_ids(export.end_user_id))
    export.size, export.expires_at = len(export.content) + sum(file.size for file in files), now() + LIFE


def _told(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    said = groupby(queries.messages(ids), key=lambda message: message.conversation_id)
    before = queries.versions(ids)
    by_conversation = {
        conversation_id: [_message(one, before.get((conversation_id, one.seq), [])) for one in messages]
        for conversation_id, messages in said
    }
    ratings = groupby(rated.of_conversations(ids), key=lambda rating: rating.conversation_id)
    ratings_of = {conversation_id: list(theirs) for conversation_id, theirs in ratings}
    return [
        _conversation(one, ratings_of.get(one.id, []), by_conversation.get(one.id, []))
        for one in queries.conversations(ids)
    ]


def _person(end_user: EndUser) -> dict[str, Any]:
    return {
        "id": str(end_user.id),
        "name": end_user.name,
        "email": end_user.email,
        "email_left_in_chat": end_user.left_email,
        "language": end_user.locale,
        "first_seen": rfc3339(end_user.created_at),
        "last_seen": rfc3339(end_user.last_seen_at) if end_user.last_seen_at else None,
        "phone": end_user.phone,
        "company": end_user.company,
        "messages_written": end_user.message_count,
        "blocked": rfc3339(end_user.blocked_at) if end_user.blocked_at else None,
        "attributes": _attributes("contacts", end_user.attributes),
        "known_by": [
            {"kind": one.kind, "value": one.value, "site": one.project.name if one.project else None}
            for one in endusers.identities(end_user.id)
        ],
        "merged": [
            {
                "id": str(one.id),
                **{name: getattr(one, name) for name in FACTS},
                "email_left_in_chat": one.left_email,
                "attributes": _attributes("contacts", one.attributes),
            }
            for one in queries.merged(end_user.id)
        ],
        "notes": [
            {"time": rfc3339(note.created_at), "author_name": note.author_name, "text": note.text}
            for note in endusers.notes(end_user.id)
        ],
    }


def _conversation(
    conversation: Conversation, ratings: Iterable[Rating], messages: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": str(conversation.id),
        "project": conversation.project.name,
        "channel": conversation.channel_kind,
        "status": conversation.status,
        "started": rfc3339(conversation.created_at),
        "closed": rfc3339(conversation.closed_at) if conversation.closed_at else None,
        "rating": conversation.rating,
        "rating_comment": conversation.rating_comment,
        "ratings": [{"time": rfc3339(one.created_at), "score": one.score, "comment": one.comment} for one in ratings],
        "attributes": _attributes("conversations", conversation.attributes),
        "messages": list(messages),
    }


def _attributes(subject: str, values: Values) -> dict[str, Any]:
    """What is known, by the names of the attributes."""
    return {
        each.attribute.name: each.value
        for each in attributes.filled({subject: values})[subject]
        if each.value is not None
    }


def _message(message: Message, before: Iterable[MessageVersion]) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "number": message.seq,
        "time": rfc3339(message.created_at),
        "author": message.author_type,
        "author_name": message.author_name,
        "private": message.is_private,
        "text": message.text,
        "text_before": [{"until": rfc3339(version.created_at), "text": version.text} for version in before],
        "edited": rfc3339(message.edited_at) if message.edited_at else None,
        "deleted": rfc3339(message.deleted_at) if message.deleted_at else None,
        "activity": message.activity,
        "attachments": [_attachment(facts) for facts in message.attachments],
    }


def _attachment(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "file": archives.path_of(facts["id"], facts["name"])}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
