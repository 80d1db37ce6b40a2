"""What a company wants to know about conversations and contacts beside what everybody has: attributes of eight kinds.

Verbs: create, change, move, delete; `values` reads what is typed for one. Knows nothing of what has them: the values
lie with their conversation or contact, under the attribute's id.
"""
