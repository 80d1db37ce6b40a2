"""What roles may do with saved views. What is seen in one is a matter of what it shows."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("saved_views.view", "owner", "admin", "agent", "viewer", words=_l("Use saved views and make their own"))
MANAGE = grant("saved_views.manage", "owner", "admin", words=_l("Make saved views for everybody and for teams"))
