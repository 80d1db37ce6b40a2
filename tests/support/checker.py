"""Compares what clients were told and shown with what the database holds. Knows neither the clients nor the product.

A run is right when `faults` finds nothing: every acknowledged message is stored once under the number that was told,
nobody's message is stored twice, the numbers of a conversation have no hole, every screen shows all that it may show
once and in order, nothing private came near a visitor, and every later effect happened once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.support.history import History, Screen


@dataclass(frozen=True)
class Stored:
    """A row of `message`."""

    conversation: str
    seq: int
    client_id: str
    contact: str
    author: str = "visitor"
    kind: str = "reply"


@dataclass
class Record:
    """What the database holds at the end of a run."""

    messages: list[Stored] = field(default_factory=list)
    last_seq: dict[str, int] = field(default_factory=dict)  # by conversation
    counted: dict[str, int] = field(default_factory=dict)  # by contact: what the later handler has counted
    deliveries: Counter[str] = field(default_factory=Counter)  # by state


@dataclass
class Faults:
    """What is wrong, by kind. All empty: nothing is."""

    lost: list[str] = field(default_factory=list)  # acknowledged, and not stored
    misnumbered: list[str] = field(default_factory=list)  # stored elsewhere than the acknowledgement said
    stored_twice: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # given up by the client: the server said no for good
    unsent: list[str] = field(default_factory=list)  # never acknowledged, though the client kept trying
    gaps: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    shown_twice: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)  # shown, and not stored
    leaked: list[str] = field(default_factory=list)
    miscounted: list[str] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)

    @property
    def found(self) -> dict[str, list[str]]:
        """Only the kinds that occurred."""
        return {kind: cases for kind, cases in vars(self).items() if cases}


def faults(history: History, record: Record) -> Faults:
    """Everything that is wrong with a run."""
    found = Faults(leaked=list(history.overheard))
    _check_acknowledgements(history, record, found)
    _check_numbers(record, found)
    threads: dict[str, list[Stored]] = defaultdict(list)
    for message in sorted(record.messages, key=lambda message: message.seq):
        threads[message.conversation].append(message)
    for screen in history.screens:
        _check_screen(screen, threads[screen.conversation], found)
    _check_effects(record, found)
    return found


def _check_acknowledgements(history: History, record: Record, found: Faults) -> None:
    stored = {message.client_id: message for message in record.messages}
    found.stored_twice += _repeated(message.client_id for message in record.messages)
    for sent in history.sent:
        row = stored.get(sent.client_id)
        if sent.refused:
            found.refused.append(f"{sent.client_id}: {sent.refused}")
        elif not sent.is_acked:
            found.unsent.append(sent.client_id)
        elif row is None:
            found.lost.append(sent.client_id)
        elif (row.conversation, row.seq) != (sent.conversation, sent.seq):
            found.misnumbered.append(f"{sent.client_id}: told {sent.seq}, stored as {row.seq}")


def _check_numbers(record: Record, found: Faults) -> None:
    numbers: dict[str, list[int]] = defaultdict(list)
    for message in record.messages:
        numbers[message.conversation].append(message.seq)
    for conversation in numbers.keys() | record.last_seq.keys():
        last = record.last_seq.get(conversation, 0)
        if sorted(numbers[conversation]) != list(range(1, last + 1)):
            found.gaps.append(f"{conversation}: {sorted(numbers[conversation])} of {last}")


def _check_screen(screen: Screen, thread: list[Stored], found: Faults) -> None:
    theirs = [message.client_id for message in thread if screen.audience == "agent" or message.kind == "reply"]
    private = {message.client_id for message in thread} - set(theirs)
    lines = list(dict.fromkeys(screen.lines))
    shown, expected = set(lines), set(theirs)
    found.leaked += _cases(screen, shown & private)
    found.unseen += _cases(screen, expected - shown)
    found.invented += _cases(screen, shown - expected - private)
    found.shown_twice += _cases(screen, _repeated(screen.lines))
    if [line for line in lines if line in expected] != [line for line in theirs if line in shown]:
        found.misplaced.append(f"{screen.reader}: {screen.conversation}")


def _check_effects(record: Record, found: Faults) -> None:
    written = Counter(message.contact for message in record.messages if message.author == "visitor")
    for contact in written.keys() | record.counted.keys():
        if record.counted.get(contact, 0) != written[contact]:
            found.miscounted.append(f"{contact}: {record.counted.get(contact, 0)} of {written[contact]}")
    found.undelivered += [f"{number} {state}" for state, number in record.deliveries.items() if state != "done"]


def _cases(screen: Screen, client_ids: Iterable[str]) -> list[str]:
    return [f"{screen.reader}: {client_id}" for client_id in sorted(client_ids)]


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
