"""What a company promises about answering, and the clocks that hold it to that.

Verbs: create, update, move, delete policies; follow a conversation, check its clocks. The thread is the truth: clocks
are derived from it, message by message, so whoever brings them up to date, how late and how often, the result is one.
"""
