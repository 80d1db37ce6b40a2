"""A transcript as plain text and as an HTML file, in the language that is spoken now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from chatapp.conversations.models import Conversation
from chatapp.messages.models import Message
from chatapp.transcripts.queries import Said


def clock_of(conversation: Conversation) -> Callable[[datetime], str]:
    """Moments on the workspace's clock, as they are written down."""
    zone = ZoneInfo(conversation.workspace.time_zone)
    return lambda moment: format_datetime(moment, "medium", tzinfo=zone, locale=get_locale())


def html_of(conversation: Conversation, said: Said) -> str:
    """A file of its own: it needs nothing of ours to be shown or printed."""
    template = current_app.jinja_env.get_template("transcripts/document.html")
    return template.render(conversation=conversation, said=said, clock=clock_of(conversation))


def text_of(conversation: Conversation, said: Said) -> str:
    return "\n".join(_lines(conversation, said)) + "\n"


def _lines(conversation: Conversation, said: Said) -> Iterator[str]:
    clock, contact = clock_of(conversation), conversation.end_user
    name = contact.name or contact.email or _("Visitor %(code)s", code=contact.code)
    yield _("Conversation with %(name)s", name=name)
    yield f"{conversation.project.name} · {clock(conversation.created_at)} ({conversation.workspace.time_zone})"
    if said.is_cut:
        yield _("The oldest messages are left out.")
    for message in said.messages:
        yield ""
        yield f"{_author(message, name)} · {clock(message.created_at)}"
        if message.text:
            yield message.text
        yield from (f"[{file['name']}]" for file in message.attachments)


def _author(message: Message, contact: str) -> str:
    author = contact if message.author_type == "visitor" else message.author_name or _("Somebody who left")
    return f"{author} ({_('Private note')})" if message.kind == "note" else author
