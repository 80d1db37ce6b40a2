"""Write letters about answers that were not seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common import postbox, tenancy
from chatapp.common.db import db
from chatapp.common.i18n import speaking
from chatapp.common.tenancy import current_workspace_id
from chatapp.conversations.models import Conversation
from chatapp.messages.bodies import plain_of
from chatapp.messages.models import Message
from chatapp.unseen import queries
from chatapp.unseen.models import UnseenAnswer

LETTER = "unseen_answers"
DELAY = timedelta(minutes=5)


def expect(conversation_id: UUID, *, at: datetime) -> None:
    """An answer was given: look after a while whether it was seen. What is waited for already is not put off.

    Two first answers handled at once collide, and the second is handled again.
    """
    waiting = queries.waiting(conversation_id)
    if waiting is None:
        waiting = UnseenAnswer(workspace_id=current_workspace_id(), conversation_id=conversation_id, told_seq=0)
        db.session.add(waiting)
    waiting.due_at = waiting.due_at or at + DELAY
    db.session.flush()


def write(conversation_id: UUID) -> None:
    """One letter about everything that the visitor has not seen, if there is something and somebody to write to."""
    waiting = queries.waiting(conversation_id, skip_locked=True)
    if waiting is None:
        return
    waiting.due_at = None
    conversation = queries.reachable(conversation_id)
    answers = queries.unseen(conversation, after=waiting.told_seq) if conversation else ()
    if conversation is None or not answers:
        return
    about = {"workspace": str(conversation.workspace_id), "conversation": str(conversation.id)}
    reach = {"after": str(waiting.told_seq), "until": str(answers[-1].seq)}
    postbox.post(LETTER, to=conversation.end_user.address or "", **about, **reach)
    waiting.told_seq = answers[-1].seq


def prepare(address: str, facts: postbox.Facts) -> postbox.Addressed | None:
    """In the worker, when the letter leaves: nobody gets what they have seen, or who was blocked or erased."""
    tenancy.enter(UUID(facts["workspace"]))
    conversation = queries.reachable(UUID(facts["conversation"]))
    if conversation is None or conversation.end_user.address != address:
        return None
    answers = queries.unseen(conversation, after=int(facts["after"]), until=int(facts["until"]))
    if not answers:
        return None
    locale = conversation.end_user.locale or conversation.project.locale
    with speaking(locale):
        said = "\n\n".join(map(_told, answers))
    about = {"project": conversation.project.name, "said": said, "link": _site_of(conversation)}
    return postbox.Addressed(address, locale, about)


def _told(answer: Message) -> str:
    text = plain_of(answer.text) if answer.author_type == "agent" else answer.text
    files = "\n".join(f"[{file['name']}]" for file in answer.attachments)
    return "\n".join(filter(None, (f"{answer.author_name or _('The team')}:", text, files)))


def _site_of(conversation: Conversation) -> str:
    """Where the chat is: a page of the site's first domain, or none."""
    domains = conversation.project.allowed_domains
    return f"https://{domains[0].removeprefix('*.')}" if domains else ""
