"""What roles may do with the shape of conversations."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

RESHAPE = grant(
    "conversations.reshape",
    "owner",
    "admin",
    "agent",
    words=_l("Merge and split conversations and move them to another contact"),
)
