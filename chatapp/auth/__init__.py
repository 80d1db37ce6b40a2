"""Who somebody is: users, passwords, sessions, tokens.

Verbs: register, log in, log out. Knows nothing of workspaces.
"""
