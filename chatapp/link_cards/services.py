"""Everything that makes and forgets cards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chatapp.common.clock import now
from chatapp.common.crypto import fingerprints
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.tenancy import current_workspace_id
from chatapp.conversations import queries as conversations
from chatapp.link_cards import looking, queries
from chatapp.link_cards.models import LinkCard
from chatapp.messages import corrections
from chatapp.messages import queries as messages
from chatapp.messages.bodies import first_link
from chatapp.workspaces import queries as workspaces

KEPT = timedelta(days=1)
KEPT_NOTHING = timedelta(hours=1)
"""How long it counts that there was nothing: it may have been a bad moment."""


def show(message_id: UUID) -> None:
    """Look up what a reply links to, and show it with the reply if that still says so. Twice does no harm."""
    try:
        url = first_link(messages.message(message_id))
    except AppError:
        return
    if url is None or not workspaces.shows_link_cards(current_workspace_id()):
        return
    card = _card(url)
    if card.title is not None:
        _put(card, message_id, url)


def _card(url: str) -> LinkCard:
    prints = fingerprints(f"link:{current_workspace_id()}:{url}")
    return queries.still_good(prints, now()) or _looked_up(url, prints[0])


def _looked_up(url: str, fingerprint: str) -> LinkCard:
    found = looking.look(url)
    card = LinkCard(fingerprint=fingerprint, expires_at=now() + (KEPT if found else KEPT_NOTHING))
    if found is not None:
        card.title, card.description, card.site = found.page.title, found.page.description, found.site
        if found.picture is not None:
            card.picture, card.picture_token = found.picture.content, found.picture.token
    db.session.add(card)
    db.session.flush()
    return card


def _put(card: LinkCard, message_id: UUID, url: str) -> None:
    """The conversation's lock comes first, as for every change; meanwhile it may have been edited, deleted or moved."""
    try:
        conversation = conversations.locked(messages.message(message_id).conversation_id)
        message = messages.fresh(messages.message(message_id))
    except AppError:
        return
    if message.conversation_id != conversation.id or message.card or first_link(message) != url:
        return
    corrections.show_card(conversation, message, card.facts(url))


def forget_over(limit: int) -> None:
    """What was looked up, is over, and no message shows. Needs `across_tenants`."""
    queries.forget_over(now(), limit)
