"""Teams of members who take conversations together: who is in them, and how their conversations are handed out.

Verbs: create, change, choose members, delete. Knows no conversations: those point here.
"""
