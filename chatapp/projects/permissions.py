"""What roles may do with projects."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("projects.view", "owner", "admin", "agent", "viewer", words=_l("See projects and how they are set up"))
MANAGE = grant("projects.manage", "owner", "admin", words=_l("Add projects and change their settings"))
