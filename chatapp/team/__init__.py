"""The team page: members with their work, roles, invitations; and what becomes of the work of those who go."""
