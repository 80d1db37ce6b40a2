"""Requests that wait for news: long polling, for visitors whose network lets no WebSocket through."""

from gevent.event import Event


class Waiter:
    """One waiting request; the hub gives it frames as it does to sockets, and it only notes that they came."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = Event()

    def send_frame(self, data: bytes, frames: int = 1) -> None:
        """News."""
        self._event.set()

    def wake(self) -> None:
        """Stop waiting, news or not."""
        self._event.set()

    def wait(self, timeout: float) -> bool:
        """Whether news came since listening began, or comes within `timeout` seconds."""
        return self._event.wait(timeout)
