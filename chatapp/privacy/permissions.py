"""Who may export and erase people, and decide how long conversations are kept."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

MANAGE = grant(
    "privacy.manage",
    "owner",
    "admin",
    words=_l("Export and erase people, and decide how long conversations are kept"),
)
