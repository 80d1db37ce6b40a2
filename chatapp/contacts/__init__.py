"""The pages of contacts: who they are, what they wrote, what the team noted. The rows are those of *endusers*.

Whoever sees only some conversations meets here the people of those conversations, and nobody else.
"""
