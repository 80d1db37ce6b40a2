"""Files that go with messages: taken from agents and visitors, looked at, kept, and given back to who may see them.

Verbs: take in, claim for a message, serve, forget what no message used. The file itself lies in `common.storage`; a row
here says what it is and to whom it belongs. It knows conversations; what a message is, is not its business.
"""
