"""What roles may do with attributes. To fill them in is a matter of what has them."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("attributes.view", "owner", "admin", "agent", "viewer", words=_l("See the list of attributes"))
MANAGE = grant("attributes.manage", "owner", "admin", words=_l("Make, change and delete attributes"))
