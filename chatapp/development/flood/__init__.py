"""Live traffic for a running `bin/dev`: many visitors who write through the widget's own HTTP API.

Nothing is written behind the server's back; only the visitors' tokens are made here, because a single address may not
ask for more than thirty a minute.
"""
