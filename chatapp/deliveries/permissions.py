"""Who may decide about what was not delivered."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

MANAGE = grant(
    "deliveries.manage",
    "owner",
    "admin",
    words=_l("See what failed for good, have it tried again, or give it up"),
)
