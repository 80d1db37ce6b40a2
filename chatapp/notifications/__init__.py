"""What members are told of: one line for each conversation, or file, that something happened to.

It listens to what happens and knows who sees it; nothing below knows of it. Verbs: tell, read.
"""
