"""The ways by which visitors write, and what each of them can carry.

Knows no conversation and no message: those ask here what their channel takes.
"""
