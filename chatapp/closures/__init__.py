"""The end of a workspace: closed at once, kept for thirty days in which an owner may change their mind, then deleted.

It knows workspaces and their owners, and nothing of what was in them: `common.purging` takes whatever is there.
"""
