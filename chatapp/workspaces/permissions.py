"""What roles may do with a workspace itself and its people."""

from chatapp.common.permissions import grant

VIEW = grant("workspace.view", "owner", "admin", "agent", "viewer")
MANAGE = grant("workspace.manage", "owner", "admin")
OWN = grant("workspace.own", "owner")
TEAM_VIEW = grant("team.view", "owner", "admin", "agent", "viewer")
TEAM_MANAGE = grant("team.manage", "owner", "admin")
