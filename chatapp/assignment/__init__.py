"""Handing the conversations that wait in a team's queue to its members, by themselves.

Verbs: hand out. Knows teams and conversations; nothing knows it but the table of subscriptions, the clock and pages.
"""
