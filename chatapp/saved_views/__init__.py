"""Views that people make themselves: conditions with a name and an order, for one member, for a team or for everybody.

Verbs: create, change, duplicate, move, delete. A view says what its rows fulfil, never who may see them: that comes on
top, whoever opens it.
"""
