"""Everything that is written about notifications."""

from chatapp.notifications.services.choosing import Choices, choose, stop_letters
from chatapp.notifications.services.forgetting import forget_old
from chatapp.notifications.services.reading import read, read_all, read_conversation
from chatapp.notifications.services.telling import tell, tell_of_file

__all__ = [
    "Choices",
    "choose",
    "forget_old",
    "read",
    "read_all",
    "read_conversation",
    "stop_letters",
    "tell",
    "tell_of_file",
]
