"""Finding messages and people. It knows the words of every message; it does not know how messages are written."""
