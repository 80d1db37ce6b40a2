"""Dead letters of a workspace: what was to follow from an event and did not, in spite of all attempts.

Its verbs: retry, discard. It knows nothing of what the handlers do.
"""
