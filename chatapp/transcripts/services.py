"""Make transcripts of conversations, and write down who took one."""

from __future__ import annotations

from flask_babel import gettext as _

from chatapp.common import audit, limits, postbox
from chatapp.common.errors import AppError
from chatapp.common.i18n import speaking
from chatapp.conversations.models import Conversation
from chatapp.transcripts import documents, queries
from chatapp.workspaces.models import Membership

LETTER = "transcript"


def file(conversation: Conversation, kind: str, *, with_notes: bool, by: Membership) -> str:
    """As `txt` or `html`, in the language of whoever asks; written down in the audit log."""
    _record("conversation.transcript_downloaded", conversation, by, with_notes)
    return _document(conversation, kind, with_notes=with_notes)


def mail(conversation: Conversation, *, to: str, with_notes: bool, by: Membership) -> None:
    """To an address, in the contact's language if it is theirs; written down in the audit log.

    Raises `AppError` 409 where no mail goes out, 429 for whoever sends many.
    """
    _demand_mail(_("This installation sends no mail. Download the transcript instead."))
    limits.hit(limits.TRANSCRIPTS, "transcripts", str(by.user_id))
    contact = conversation.end_user
    is_theirs = (contact.email or "").lower() == to.lower()
    locale = contact.locale if is_theirs else by.user.locale
    with speaking(locale or by.user.locale or "en"):
        text = _document(conversation, "txt", with_notes=with_notes)
        postbox.post(LETTER, to=to, locale=locale, project=conversation.project.name, text=text)
    _record("conversation.transcript_mailed", conversation, by, with_notes, to=None if is_theirs else to)


def mail_to_visitor(conversation: Conversation, *, to: str, locale: str) -> None:
    """What was said to them, to an address that they name. Raises `AppError` 409 where no mail goes out."""
    _demand_mail(_("This chat sends no mail."))
    text = _document(conversation, "txt", with_notes=False)
    postbox.post(LETTER, to=to, locale=locale, project=conversation.project.name, text=text)
    is_theirs = (conversation.end_user.address or "").lower() == to.lower()
    _record("conversation.transcript_mailed", conversation, None, with_notes=False, to=None if is_theirs else to)


def _demand_mail(sentence: str) -> None:
    if not postbox.is_open():
        raise AppError(409, sentence)


def _document(conversation: Conversation, kind: str, *, with_notes: bool) -> str:
    found = queries.said(conversation.id, with_notes=with_notes)
    return {"txt": documents.text_of, "html": documents.html_of}[kind](conversation, found)


def _record(
    action: str, conversation: Conversation, by: Membership | None, with_notes: bool, to: str | None = None
) -> None:
    """The log outlives people and is read by who may not see them: it names the contact by their code, and an address
    only when it is not theirs."""
    told = {"address": (None, to), "notes": (None, _("with private notes") if with_notes else None)}
    changes = {field: change for field, change in told.items() if change[1]}
    user, code = by.user if by else None, conversation.end_user.code
    audit.record(action, by=user, target_id=conversation.id, target_name=code, changes=changes)
