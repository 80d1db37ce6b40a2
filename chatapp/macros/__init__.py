"""Macros: several things that are done to a conversation again and again, done at once under a name.

Verbs: create, change, delete, run. All of it happens, or nothing. Each deed is one that the domains below know.
"""
