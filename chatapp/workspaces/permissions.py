"""What roles may do with a workspace itself and its people."""

from flask_babel import lazy_gettext as _l

from chatapp.common.permissions import grant

VIEW = grant("workspace.view", "owner", "admin", "agent", "viewer", words=_l("Enter the workspace and see its home"))
MANAGE = grant("workspace.manage", "owner", "admin", words=_l("Change the workspace's settings"))
OWN = grant("workspace.own", "owner", words=_l("Own the workspace"))
TEAM_VIEW = grant("team.view", "owner", "admin", "agent", "viewer", words=_l("See who is in the team"))
TEAM_MANAGE = grant("team.manage", "owner", "admin", words=_l("Invite people, change their roles and remove them"))
TEAM_ROLES = grant("team.roles", "owner", "admin", words=_l("Make, change and delete roles"))
