"""What follows from links that were sent."""

from __future__ import annotations

from chatapp.link_cards import services
from chatapp.messages.events import LinkPosted


def look_up(event: LinkPosted) -> None:
    services.show(event.message_id)
