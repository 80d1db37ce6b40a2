"""A contact's conversation with a company: its state, who answers it, and the sequence that orders everything in it.

Verbs: start, close, reopen, assign, move to a team, note activity, mark read. Knows no text beyond a preview.
"""
