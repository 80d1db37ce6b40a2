"""Push: which browsers get it, and one message on its way to one of them."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID

import structlog
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.common import outbound_http
from chatapp.common.clock import now
from chatapp.common.crypto import fingerprints, seal, unseal
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.i18n import speaking
from chatapp.conversations.visibility import enter, sight_of
from chatapp.notifications import push, queries, words
from chatapp.notifications.events import PushDue
from chatapp.notifications.models import Notification, PushKey, PushSubscription
from chatapp.workspaces.models import Membership

log = structlog.get_logger()

MOST_BROWSERS = 10
_OK = range(200, 300)
_GONE = (404, 410)
_MAY_PASS = (408, 425, 429, *range(500, 600))


class PushFailedError(Exception):
    """The browser's service did not take it; it is tried again."""


def public_key() -> str:
    """What browsers are told of this installation; made when the first of them asks."""
    return _key().public


def subscribe(receiver: push.Receiver, *, user_id: UUID, session_id: UUID) -> None:
    """This browser gets pushes from now on, as long as the session lasts. Raises `AppError` 422."""
    if not receiver.is_whole:
        raise AppError(422, _("Your browser told us something unreadable. Reload the page and try again."))
    try:
        outbound_http.check(receiver.endpoint)
    except outbound_http.ForbiddenAddressError:
        raise AppError(422, _("Pushes only go to public services by https.")) from None
    unsubscribe(receiver.endpoint)
    for one in queries.push_subscriptions_of(user_id)[MOST_BROWSERS - 1 :]:
        db.session.delete(one)
    told = {"endpoint": receiver.endpoint, "p256dh": receiver.p256dh, "auth": receiver.auth}
    db.session.add(
        PushSubscription(
            user_id=user_id,
            session_id=session_id,
            fingerprint=fingerprints(receiver.endpoint)[0],
            sealed=seal(json.dumps(told)),
        )
    )
    db.session.flush()


def unsubscribe(endpoint: str) -> None:
    """Whoever knows the address is the browser behind it."""
    for one in queries.push_subscriptions_at(fingerprints(endpoint)):
        db.session.delete(one)
    db.session.flush()


def release(notification_id: UUID, *, at: datetime) -> None:
    """What a member was told and does not see now goes to each of their browsers, unless they are to be left alone;
    then when that is over."""
    line = queries.due_push(notification_id)
    if line is None:
        return
    member, settings = queries.member(line.user_id), queries.settings_of(line.user_id)
    is_shut = member.workspace.is_suspended or member.workspace.is_closed
    line.push_at = settings.end_of_quiet(at, zone=member.workspace.time_zone)
    if line.push_at is None and not is_shut:
        for one in queries.push_subscriptions_of(line.user_id):
            emit(PushDue(workspace_id=line.workspace_id, subscription_id=one.id, notification_id=line.id))


def send(subscription_id: UUID, notification_id: UUID) -> None:
    """To one browser, unless it was read meanwhile. Raises `PushFailedError` when it is to be tried again."""
    browser = queries.push_subscription(subscription_id)
    line = db.session.get(Notification, notification_id)
    if browser is None or line is None or not line.is_unread:
        return
    member = queries.member(line.user_id)
    enter(sight_of(member))
    try:
        shown = queries.line(line.user_id, line.id)
    except AppError:
        return  # it is over, or they do not see it any more
    _hand_over(browser, _message(shown, member), topic=line.subject_id.hex)


def _hand_over(browser: PushSubscription, message: bytes, *, topic: str) -> None:
    receiver, key = push.Receiver(**json.loads(unseal(browser.sealed))), _key()
    contact = f"mailto:{parseaddr(current_app.extensions['chatapp.config'].mail_from)[1]}"
    proof = {"public": key.public, "private": unseal(key.sealed), "contact": contact}
    try:
        headers = push.headers(receiver, **proof, topic=topic, at=now())
        answer = outbound_http.post(receiver.endpoint, body=push.sealed(message, receiver), headers=headers)
    except outbound_http.ForbiddenAddressError:
        db.session.delete(browser)  # its name leads inside now
        return
    except outbound_http.UnreachableError as error:
        raise PushFailedError(str(error)) from error
    if answer.status in _MAY_PASS:
        raise PushFailedError(f"The push service answered {answer.status}.")
    if answer.status in _GONE:
        db.session.delete(browser)
    elif answer.status not in _OK:
        log.warning("push.refused", subscription=str(browser.id), status=answer.status)


def _message(line: Notification, member: Membership) -> bytes:
    locale = member.user.locale or member.workspace.locale
    slug = member.workspace.slug
    with speaking(locale):
        told = words.told(line.counts, line.kinds)
        title = words.subject(line)
    preview = line.conversation.preview if line.conversation else ""
    place = f"/w/{slug}/inbox/{line.conversation_id}" if line.conversation_id else f"/w/{slug}/notifications"
    news = {"title": title, "body": f"{told}\n{preview}".strip(), "tag": str(line.subject_id), "url": place}
    return json.dumps(news | {"lang": locale}, ensure_ascii=False).encode()


def _key() -> PushKey:
    found = queries.push_key()
    if found is not None:
        return found
    public, private = push.new_key()
    try:
        with db.session.begin_nested():
            db.session.add(PushKey(id=1, public=public, sealed=seal(private)))
    except IntegrityError:
        pass  # another process was first
    made = queries.push_key()
    assert made is not None
    return made
