"""What roles may do with macros."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("macros.view", "owner", "admin", "agent", words=_l("Run macros and write their own"))
MANAGE = grant("macros.manage", "owner", "admin", words=_l("Write macros for everybody and for teams"))
