"""The labels that a company sorts its conversations by: a name and a colour.

Verbs: create, change, delete. Knows nothing of what is labelled; that is a matter of *conversations*.
"""
