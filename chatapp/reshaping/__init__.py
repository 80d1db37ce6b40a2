"""The shape of conversations: two become one, one becomes two, one changes its contact. See docs/decisions.

What was said moves; what was done to a conversation stays with it. Whoever holds its numbers starts anew (its epoch).
"""
