"""What roles may do with conversations."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("conversations.view", "owner", "admin", "agent", "viewer", words=_l("Read conversations"))
REPLY = grant("conversations.reply", "owner", "admin", "agent", words=_l("Answer visitors and write private notes"))
MODERATE = grant(
    "conversations.moderate", "owner", "admin", words=_l("Edit and delete replies and notes of their colleagues")
)
ASSIGN = grant("conversations.assign", "owner", "admin", "agent", words=_l("Assign conversations"))
LABEL = grant("conversations.label", "owner", "admin", "agent", words=_l("Set priority and labels"))
CLOSE = grant(
    "conversations.close", "owner", "admin", "agent", words=_l("Close and snooze conversations and open them again")
)
DELETE = grant("conversations.delete", "owner", "admin", words=_l("Delete conversations"))
DESCRIBE = grant(
    "conversations.describe", "owner", "admin", "agent", words=_l("Change contacts' names and mail addresses")
)
