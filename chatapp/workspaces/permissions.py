"""What roles may do with a workspace itself."""

from chatapp.common.permissions import grant

VIEW = grant("workspace.view", "owner", "admin", "agent", "viewer")
MANAGE = grant("workspace.manage", "owner", "admin")
