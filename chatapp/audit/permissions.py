"""Who may read the audit log."""

from chatapp.common.permissions import grant

VIEW = grant("audit.view", "owner", "admin")
