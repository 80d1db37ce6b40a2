"""What people say in conversations: replies, private notes and activity lines, each with a place in one sequence.

Verbs: receive (from a visitor), send_reply, add_note, record_activity; edit and delete (`corrections`). Writing the
same `client_id` again returns what is there; another text under it is refused. Knows nothing of sockets or pages beyond
its own fragments.
"""
