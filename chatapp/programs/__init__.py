"""The page of a person's access tokens, which `auth` keeps: made and revoked here, and told in the audit logs of the
workspaces that they open."""
