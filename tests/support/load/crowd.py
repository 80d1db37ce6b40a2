"""Everybody together: who is there, how much they write, who loses the network, and when they are done."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent

from tests.support.history import History, Return
from tests.support.load.agents import Agent
from tests.support.load.network import Network, Router, UnansweredError
from tests.support.load.outbox import Outbox
from tests.support.load.visitors import Visitor

_AGENTS_SHARE = 0.2
_NOTES_SHARE = 0.3
_MOST_WAITING = 4  # nobody types on and on while nothing gets through
_GATHER_SECONDS = 60.0
_SETTLE_SECONDS = 180.0


@dataclass(frozen=True)
class Plan:
    """`rate` is messages a second of everybody together. `long_cut` and `flaps` are seconds without network."""

    url: str
    router: str
    key: str
    root: str
    accounts: list[str]
    password: str
    rate: float
    visitors: int
    agents: int
    phones: int
    long_cut: float = 0.0
    flap: float = 0.0
    cut_people: int = 0


@dataclass
class Crowd:
    plan: Plan
    history: History = field(default_factory=History)
    visitors: list[Visitor] = field(default_factory=list)
    phones: list[Visitor] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.router = Router(self.plan.url, Path(self.plan.router))

    def gather(self) -> None:
        """Everybody is there, has the conversation open and has said hello."""
        gevent.spawn(self.router.follow)
        for number in range(self.plan.visitors):
            visitor = Visitor(f"visitor {number}", self._network(), self.history, by_socket=number % 2 == 1)
            self.visitors.append(visitor)
        _all(self._greet, self.visitors)
        self.phones = [self._phone_of(visitor) for visitor in self.visitors[: self.plan.phones]]
        self.agents = [
            Agent(f"agent {number}", self._network(), self.history, root=self.plan.root)
            for number in range(self.plan.agents)
        ]
        first = dict(zip(self.plan.accounts, self.agents, strict=False))
        _all(lambda pair: _insist(lambda: pair[1].log_in(pair[0], self.plan.password)), list(first.items()))
        for number, agent in enumerate(self.agents):
            agent.share(self.agents[number % len(first)])
            agent.watch(_conversation(self.visitors[number]))
            agent.outbox.start()

    def write_for_ever(self) -> None:
        """Everybody writes at their own pace; some lose the network now and then."""
        for visitor in self.visitors:
            pace = len(self.visitors) / (self.plan.rate * (1 - _AGENTS_SHARE))
            gevent.spawn(self._write, visitor.outbox, visitor.write, pace)
        for agent in self.agents:
            pace = len(self.agents) / (self.plan.rate * _AGENTS_SHARE)
            gevent.spawn(self._write, agent.outbox, lambda agent=agent: agent.write(_kind()), pace)
        everybody: list[Any] = [person for pair in zip(self.visitors, self.agents, strict=False) for person in pair]
        unlucky = everybody[: self.plan.cut_people]
        for number, person in enumerate(unlucky):
            gevent.spawn(self._cut_once if number % 4 < 2 else self._flap, person)
        gevent.sleep(1e9)

    def settle(self) -> None:
        """Stop writing, wait for the last acknowledgement, say goodbye, wait until every page shows everything."""
        self.is_over = True
        deadline = time.monotonic() + _SETTLE_SECONDS
        self._wait_for(deadline, self._all_sent)
        for visitor in self.visitors:
            visitor.write()
        self._wait_for(deadline, self._all_sent)
        self._wait_for(deadline, self._all_shown)
        for reader in self._readers():
            reader.page.draw()

    def _network(self) -> Network:
        return Network(self.router, self.history.answers)

    def _greet(self, visitor: Visitor) -> None:
        _insist(lambda: visitor.open(self.plan.key))
        visitor.outbox.start()
        visitor.write()
        assert visitor.outbox.wait_until_empty(_GATHER_SECONDS), f"{visitor.name} was never answered"

    def _phone_of(self, visitor: Visitor) -> Visitor:
        phone = Visitor(f"phone of {visitor.name}", self._network(), self.history, by_socket=False)
        phone.token = visitor.token
        phone.show(_conversation(visitor))
        return phone

    def _write(self, outbox: Outbox, write: Callable[[], None], pace: float) -> None:
        gevent.sleep(random.uniform(0, pace))
        while not self.is_over:
            if len(outbox.waiting) < _MOST_WAITING:
                write()
            gevent.sleep(pace * random.uniform(0.5, 1.5))

    def _cut_once(self, person: Visitor | Agent) -> None:
        gevent.sleep(1)
        self._cut(person, self.plan.long_cut)

    def _flap(self, person: Visitor | Agent) -> None:
        while not self.is_over:
            self._cut(person, self.plan.flap)
            gevent.sleep(1.5 * self.plan.flap)

    def _cut(self, person: Visitor | Agent, seconds: float) -> None:
        person.network.cut()
        gevent.sleep(seconds)
        person.network.restore()
        back = Return(person.name, at=time.monotonic())
        self.history.returns.append(back)
        person.refresh()
        gevent.spawn(self._watch_return, person, back)

    def _watch_return(self, person: Visitor | Agent, back: Return) -> None:
        """Note when everything that had been written by the moment of the return is sent and shown."""
        assert person.page is not None
        missed = self._newest().get(person.page.screen.conversation, 0)
        pending = person.outbox.waiting
        while person.network.is_up:
            if person.page.last >= missed and all(sent.is_acked or sent.refused for sent in pending):
                back.seconds = time.monotonic() - back.at
                return
            gevent.sleep(0.02)
        self.history.returns.remove(back)  # cut off again before it could be told

    def _newest(self) -> dict[str, int]:
        newest: dict[str, int] = {}
        for sent in self.history.acked:
            assert sent.conversation is not None
            newest[sent.conversation] = max(newest.get(sent.conversation, 0), sent.seq or 0)
        return newest

    def _all_sent(self) -> bool:
        return all(writer.outbox.is_empty for writer in (*self.visitors, *self.agents))

    def _all_shown(self) -> bool:
        newest = self._newest()
        return all(reader.page.last >= newest[reader.page.screen.conversation] for reader in self._readers())

    def _readers(self) -> Iterator[Any]:
        return (reader for reader in (*self.visitors, *self.phones, *self.agents) if reader.page is not None)

    def _wait_for(self, deadline: float, condition: Callable[[], bool]) -> None:
        while not condition() and time.monotonic() < deadline:
            gevent.sleep(0.05)


def _conversation(visitor: Visitor) -> str:
    assert visitor.page is not None
    return visitor.page.screen.conversation


def _kind() -> str:
    return "note" if random.random() < _NOTES_SHARE else "reply"


def _insist(action: Callable[[], None]) -> None:
    deadline = time.monotonic() + _GATHER_SECONDS
    while True:
        try:
            return action()
        except UnansweredError:
            if time.monotonic() > deadline:
                raise
            gevent.sleep(0.5)


def _all(action: Callable[[Any], None], people: Sequence[Any]) -> None:
    gevent.joinall([gevent.spawn(action, person) for person in people], raise_error=True)
