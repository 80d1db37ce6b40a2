"""What roles may do with schedules."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("hours.view", "owner", "admin", "agent", "viewer", words=_l("See business hours"))
MANAGE = grant("hours.manage", "owner", "admin", words=_l("Write business hours and holidays"))
