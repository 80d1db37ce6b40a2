"""What roles may do with targets."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("sla.view", "owner", "admin", "agent", "viewer", words=_l("See targets for answers and how they are kept"))
MANAGE = grant("sla.manage", "owner", "admin", words=_l("Set targets for answers"))
