"""Invitations into a workspace: hashed, good for seven days, once, and for one address."""
