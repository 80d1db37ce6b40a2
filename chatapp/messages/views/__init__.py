"""What agents do in a thread."""

from chatapp.messages.views import assignment, attributes, corrections, following, marks, states, thread
from chatapp.messages.views.blueprint import bp
from chatapp.messages.views.thread import page_of

__all__ = ["assignment", "attributes", "bp", "corrections", "following", "marks", "page_of", "states", "thread"]
