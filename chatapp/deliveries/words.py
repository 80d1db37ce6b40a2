"""What handlers do, in the words that people read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

HANDLERS = {
    "assignment.handlers.fill_hands": _l("Hand out waiting conversations to whoever is free"),
    "assignment.handlers.greet": _l("Hand out waiting conversations to whoever came online"),
    "assignment.handlers.hand_out": _l("Hand out what waits in a team's queue"),
    "contacts.handlers.export": _l("Make the file with all contacts"),
    "contacts.handlers.take_in": _l("Import contacts from a file"),
    "bulk.handlers.carry_on": _l("Change many conversations at once"),
    "conversations.handlers.forget_attribute": _l("Forget a deleted attribute of conversations"),
    "conversations.handlers.tell_project_its_reply_time": _l("Work out the reply time that visitors see"),
    "endusers.handlers.forget_attribute": _l("Forget a deleted attribute of contacts"),
    "endusers.handlers.note_message": _l("Note the message with its contact"),
    "link_cards.handlers.look_up": _l("Look up what a link leads to"),
    "notifications.handlers.note_file": _l("Tell whoever asked for a file that it is there"),
    "notifications.handlers.note_mention": _l("Tell a member that they were mentioned"),
    "unseen.handlers.note_message": _l("See whether a visitor is to get an answer by mail"),
    "notifications.handlers.note_mention_of_team": _l("Tell a team that it was mentioned"),
    "notifications.handlers.push": _l("Push a notification to a browser"),
    "notifications.handlers.note_message": _l("Tell members what happened in a conversation"),
    "privacy.handlers.apply_retention": _l("Delete or anonymise what is kept no longer"),
    "privacy.handlers.erase": _l("Erase a person"),
    "privacy.handlers.export": _l("Make the file with a person's data"),
    "sla.handlers.follow_thread": _l("Start and stop the clocks of targets"),
}


def words_of(handler: str) -> str:
    """One that has no words yet goes by its name."""
    return str(HANDLERS.get(handler, handler))
