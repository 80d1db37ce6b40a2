"""What a workspace's plan allows. Without a row everything is: the local plan of an installation without billing.

Its verbs: change, hold. It knows what is allowed, not how much is used: callers count their own things.
"""
