"""What roles may do with projects."""

from chatapp.common.permissions import grant

VIEW = grant("projects.view", "owner", "admin", "agent", "viewer")
MANAGE = grant("projects.manage", "owner", "admin")
