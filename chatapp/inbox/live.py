"""The agents' socket: one per tab. It brings the inbox's rows, and the messages of the conversation that is open."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_login import current_user

from chatapp.auth.identity import signed_in_user
from chatapp.auth.models import User
from chatapp.common import limits
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.i18n import choose_locale, speaking
from chatapp.common.permissions import requires
from chatapp.common.realtime import topics
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.frames import CloseCode
from chatapp.common.realtime.socket import Sock
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import Sight, current_sight, enter, sight_of
from chatapp.inbox import company
from chatapp.messages import queries as message_queries
from chatapp.workspaces import presence
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.door import current_membership
from chatapp.workspaces.models import Membership

bp = Blueprint("live", __name__)
sock = Sock()

_SECONDS_BETWEEN_SIGNS = 2.0


@bp.before_request
def limit_handshakes() -> None:
    """Counted for each person, pages that only listen apart, and widely for each address, from which a whole office may
    come back at once: see docs/decisions/0004."""
    is_aside = "aside" in request.args
    limit, name = (limits.ASIDE_SOCKETS, "sockets aside") if is_aside else (limits.SOCKETS, "sockets")
    limits.hit(limit, name, str(signed_in_user().id))
    limits.hit(limits.OFFICE_SOCKETS, "sockets of an office", limits.caller())


@sock.route("/socket", bp)
@requires(permissions.VIEW)
def socket(connection: Connection) -> None:
    """`?conversation=<id>&since=<revision>` opens with what was missed there.

    `?aside` is for pages that show no conversations: they only say and hear who is there.
    """
    membership, sight = current_membership(), current_sight()
    agent = AgentSocket(
        connection,
        member=membership,
        sight=sight,
        locale=choose_locale(),
        is_stand_in=current_user.impersonator is not None,
    )
    connection.identify(
        workspace_id=membership.workspace_id,
        user_id=membership.user_id,
        session_id=current_user.session_id,
        sight=sight.key,
    )
    connection.subscribe(topics.presence(agent.workspace_id))
    connection.subscribe(topics.member(agent.workspace_id, agent.user_id))
    if "aside" not in request.args:
        agent.open()
        agent.watch(request.args.get("conversation"), request.args.get("since"))
    with unit_of_work(agent.workspace_id):
        agent.use(True)
    db.session.remove()
    connection.run(agent.receive, agent.leave)


class AgentSocket:
    """What one agent's tab listens to: the desks of their sight, and the open conversation as long as it lies there.

    A conversation that goes elsewhere is published elsewhere, so that nothing has to be taken back from anybody. Whose
    sight itself has changed is closed, and comes back with what they see now.
    """

    def __init__(
        self, connection: Connection, *, member: Membership, sight: Sight, locale: str, is_stand_in: bool = False
    ) -> None:
        self.connection = connection
        self.workspace_id, self.user_id = member.workspace_id, member.user_id
        self._member = member
        self.sight = sight
        self.is_stand_in = is_stand_in
        self.locale = locale
        self._watched: list[topics.Topic] = []
        self._open: UUID | None = None
        self._wrote_at = 0.0

    def open(self) -> None:
        """Hear of the conversations on every desk that they look at."""
        for desk in self.sight.desks:
            self.connection.subscribe(topics.inbox(self.workspace_id, self.locale, desk.key))

    def receive(self, text: str) -> None:
        """One of `FRAMES`, as a unit of work of its own, with what the member may see now."""
        message = _json_object(text)
        handle = FRAMES.get(str(message.get("type")))
        if handle is None:
            self.connection.close(CloseCode.POLICY, "Unknown message")
            return
        with unit_of_work(self.workspace_id):
            if self._sees_as_before():
                handle(self, message)
            else:
                self.connection.close(CloseCode.UNAUTHENTICATED, "Access has changed")

    def _sees_as_before(self) -> bool:
        try:
            self._member = workspace_queries.member(self.user_id)
            sight = sight_of(self._member)
        except AppError:
            return False
        enter(sight)
        return sight == self.sight

    def use(self, is_in_use: object) -> None:
        """Somebody uses this tab, or has not for a while. An operator who stands in is not the member."""
        if self.is_stand_in:
            return
        self.connection.is_in_use = bool(is_in_use)
        if is_in_use:
            presence.arrive(workspace_queries.member(self.user_id))

    def watch(self, conversation_id: object, since: object) -> None:
        """Listen to this conversation instead of the one before: subscribe first, then send what was missed."""
        self._turn_away()
        if not conversation_id:
            return
        try:
            conversation = conversation_queries.conversation(UUID(str(conversation_id)))
            revision = int(str(since or 0))
        except (ValueError, AppError):
            return
        self._open = conversation.id
        for desk in self.sight.desks:
            topic = topics.conversation_agents(self.workspace_id, conversation.id, self.locale, desk.key)
            self._watched.append(topic)
            self.connection.subscribe(topic)
        missed = message_queries.since(conversation.id, revision)
        filled = conversation_queries.attributes_of(conversation)
        page = {"conversation": conversation, "messages": missed, "attributes": filled}
        with speaking(self.locale):
            self.connection.send(render_template("messages/since.stream.html", **page))
        self.look(asks=True)

    def look(self, *, asks: bool = False) -> None:
        """Let the others who have the conversation open know that somebody else has."""
        self._tell(partial(company.show_looking, asks=asks))

    def write(self, *, is_note: bool) -> None:
        """Something is being typed. An operator who stands in only looks on."""
        if time.monotonic() - self._wrote_at < _SECONDS_BETWEEN_SIGNS:
            return
        self._wrote_at = time.monotonic()
        self._tell(partial(company.show_writing, is_note=is_note), needs=permissions.REPLY)

    def leave(self) -> None:
        """The socket has ended."""
        with unit_of_work(self.workspace_id):
            if self._sees_as_before():
                self._turn_away()

    def _turn_away(self) -> None:
        for topic in self._watched:
            self.connection.unsubscribe(topic)
        self._tell(company.show_gone)
        self._watched, self._open = [], None

    def _tell(self, show: Callable[[Conversation, User], None], *, needs: str = permissions.VIEW) -> None:
        """Show others what this member does with the open conversation, if they may do it and still see it."""
        if self._open is None or self.is_stand_in or not self._member.may(needs):
            return
        with suppress(AppError):
            show(conversation_queries.conversation(self._open), self._member.user)


def _json_object(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


FRAMES: dict[str, Callable[[AgentSocket, dict[str, Any]], None]] = {
    "watch": lambda agent, message: agent.watch(message.get("conversation_id"), message.get("since")),
    "use": lambda agent, message: agent.use(message.get("is_in_use")),
    "look": lambda agent, _message: agent.look(),
    "write": lambda agent, message: agent.write(is_note=message.get("is_note") is True),
}
"""What a tab may say: which conversation is open, what is done there, and whether somebody uses the tab."""
