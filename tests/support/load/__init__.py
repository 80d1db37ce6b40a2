"""A crowd of visitors and agents that behave as our pages do, in a process of its own: `python -m tests.support.load`.

It writes down what each of them did, was told and was shown. It knows the public contract and nothing of the server.
"""
