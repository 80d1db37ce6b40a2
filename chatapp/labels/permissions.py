"""What roles may do with labels. To put them on conversations is a matter of *conversations*."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("labels.view", "owner", "admin", "agent", "viewer", words=_l("See the list of labels"))
MANAGE = grant("labels.manage", "owner", "admin", words=_l("Make, change and delete labels"))
