"""The back office of those who run the installation: every workspace and account, and what goes on underneath.

Its verbs: make and revoke operators, look. To everybody else its pages do not exist. What operators do is told by a log
of the installation's own, and by the log of the workspace that it concerns.
"""
