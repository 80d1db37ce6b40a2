"""What roles may do with conversations."""

from chatapp.common.permissions import grant

VIEW = grant("conversations.view", "owner", "admin", "agent", "viewer")
REPLY = grant("conversations.reply", "owner", "admin", "agent")
ASSIGN = grant("conversations.assign", "owner", "admin", "agent")
CLOSE = grant("conversations.close", "owner", "admin", "agent")
