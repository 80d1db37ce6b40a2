"""What roles may do with canned replies."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("canned.view", "owner", "admin", "agent", words=_l("Use canned replies and write their own"))
MANAGE = grant("canned.manage", "owner", "admin", words=_l("Write canned replies for everybody and for teams"))
