"""How visitors found what was done for them: one rating each time that a conversation was closed.

Verbs: rate. The conversation keeps the one that holds now, for lists and filters; here all of them stay.
"""
