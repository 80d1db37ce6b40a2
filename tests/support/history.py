"""What every client of a fault test did and saw, in a form that outlives the process that recorded it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Sent:
    """One message that somebody wrote: when, and what they were told. Times are seconds of the monotonic clock."""

    client_id: str
    author: str  # visitor or agent
    kind: str  # reply or note
    invoked: float
    attempts: int = 0
    acked: float | None = None
    conversation: str | None = None
    seq: int | None = None
    refused: str | None = None

    @property
    def is_acked(self) -> bool:
        return self.acked is not None


@dataclass
class Screen:
    """What one page shows at the end, from top to bottom, and when each message first appeared there."""

    reader: str
    audience: str  # visitor or agent
    conversation: str
    lines: list[str] = field(default_factory=list)
    first_seen: dict[str, float] = field(default_factory=dict)


@dataclass
class Return:
    """A client was cut off and came back: how long until it showed, and had sent, what it had missed."""

    reader: str
    at: float
    seconds: float | None = None


@dataclass
class History:
    """Everything that one run of the load recorded."""

    sent: list[Sent] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    overheard: list[str] = field(default_factory=list)  # what came down a visitor's line and was not theirs to hear
    answers: Counter[str] = field(default_factory=Counter)  # how requests ended: a status, or why there was none
    closings: Counter[str] = field(default_factory=Counter)  # how sockets ended: the server's code, or `cut`
    reconnects: list[float] = field(default_factory=list)  # seconds from losing a socket to hearing from the next

    @property
    def acked(self) -> list[Sent]:
        return [message for message in self.sent if message.is_acked]

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(vars(self), default=vars))

    @classmethod
    def read(cls, file: Path) -> "History":
        found = json.loads(file.read_text())
        return cls(
            sent=[Sent(**each) for each in found["sent"]],
            screens=[Screen(**each) for each in found["screens"]],
            returns=[Return(**each) for each in found["returns"]],
            overheard=found["overheard"],
            answers=Counter(found["answers"]),
            closings=Counter(found["closings"]),
            reconnects=found["reconnects"],
        )
