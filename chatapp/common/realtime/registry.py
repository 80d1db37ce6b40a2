"""Who listens to which topic."""

from typing import Protocol

from chatapp.common.realtime.topics import Topic


class Listener(Protocol):
    """What frames can be given to: a socket or a waiting request."""

    def send_frame(self, data: bytes, frames: int = 1) -> None:
        """Take frames, never blocking."""


class Registry:
    """Topic → listeners; a topic nobody listens to takes no room."""

    def __init__(self) -> None:
        self._listeners: dict[Topic, set[Listener]] = {}

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, topic: Topic, listener: Listener) -> None:
        """Begin to listen."""
        self._listeners.setdefault(topic, set()).add(listener)

    def leave(self, topic: Topic, listener: Listener) -> None:
        """Stop listening; harmless for those who do not."""
        listeners = self._listeners.get(topic)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._listeners[topic]

    def deliver(self, topic: Topic, data: bytes, frames: int = 1) -> None:
        """Give the same bytes to everyone who listens; whoever fails leaves meanwhile."""
        for listener in tuple(self._listeners.get(topic, ())):
            listener.send_frame(data, frames)
