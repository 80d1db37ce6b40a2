"""What a member has just done and may take back for a while: the deed, its facts, and who takes it back.

Verbs: remember, take back, forget. Knows nothing of what was done: `chatapp/subscriptions.py` names, for each kind of
deed, the function that takes it back.
"""
