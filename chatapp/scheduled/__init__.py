"""Replies that wait for their moment. The clock sends each once, or holds it with a sentence.

Verbs: schedule, change, send_now, cancel, and for the clock look_at.
"""
