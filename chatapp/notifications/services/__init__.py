"""Everything that is written about notifications."""

from chatapp.notifications.services.forgetting import forget_old
from chatapp.notifications.services.reading import read, read_all, read_conversation
from chatapp.notifications.services.telling import tell, tell_of_file

__all__ = ["forget_old", "read", "read_all", "read_conversation", "tell", "tell_of_file"]
