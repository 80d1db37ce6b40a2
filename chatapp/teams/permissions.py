"""What roles may do with teams."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("teams.view", "owner", "admin", "agent", "viewer", words=_l("See teams and who is in them"))
MANAGE = grant("teams.manage", "owner", "admin", words=_l("Make and change teams"))
