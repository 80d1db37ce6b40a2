"""Many conversations at once: at most `services.AT_ONCE` in the request, more by the worker, batch by batch.

Verbs: do, begin, carry on, take back. Each conversation gets its line and its events, as if it had been done by hand.
"""
