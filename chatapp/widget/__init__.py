"""The door for visitors: the loader, the panel inside the frame, and the JSON and the socket behind them.

Verbs: open a session (`init`), write, read, type, close. It reaches projects, end users, conversations and messages
through their services; nobody imports it. It knows nothing of the dashboard, its sessions or its cookies: a visitor is
known by a signed token alone.
"""
