"""Answers that a visitor has not seen go to them by mail, if they left an address: after a while, all in one letter.

Verbs: note an answer, write. What a letter says is looked up when it leaves; see docs/decisions/0035.
"""
