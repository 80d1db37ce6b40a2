"""What a fault test measured, as one line of the table that ends the run."""

import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest

from tests.support.checker import Faults
from tests.support.history import Screen, Sent
from tests.support.stage import Performance

_PROPERTY = "figures of a fault"
_HEAD = (
    *("fault", "msg/s", "blows", "acked", "retried", "lost", "twice", "gaps", "unseen", "leaked"),
    *("ack p50", "p99", "max", "silence", "back", "seen p99", "max", "effects", "failed requests"),
)
_FAILED = ("refused", "reset", "timeout", "500", "502", "503", "504")


class Figures:
    """Times are in seconds. Made once the performance is over."""

    def __init__(self, performance: Performance, faults: Faults) -> None:
        history = performance.history
        self._performance = performance
        self._faults = faults
        self.acked = len(history.acked)
        self.retried = sum(sent.attempts > 1 for sent in history.sent)
        self.ack_seconds = sorted((sent.acked or 0) - sent.invoked for sent in history.acked)
        self.seen_seconds = sorted(_seen_seconds(history.acked, history.screens))
        self.failures = {how: times for how, times in history.answers.items() if how in _FAILED}

    @property
    def silence(self) -> float:
        """The longest time in which nobody was acknowledged anything, while everybody kept writing."""
        within = (self._performance.began, self._performance.ended)
        moments = (sent.acked or 0 for sent in self._performance.history.acked)
        return _longest_pause(sorted((*within, *(moment for moment in moments if within[0] < moment < within[1]))))

    @property
    def recovery(self) -> float:
        """The longest time from `serves again` to the next acknowledgement; 0 where nothing stopped serving."""
        acked = sorted(sent.acked or 0 for sent in self._performance.history.acked)
        served_again = self._performance.served_again
        return max((next(moment for moment in acked if moment > since) - since for since in served_again), default=0)

    @property
    def row(self) -> tuple[str, ...]:
        faults, performance = self._faults, self._performance
        counts = (self.acked, self.retried, len(faults.lost), len(faults.stored_twice) + len(faults.shown_twice))
        return (
            *(f"{performance.rate:.0f}", str(len(performance.blows))),
            *(str(count) for count in (*counts, len(faults.gaps), len(faults.unseen), len(faults.leaked))),
            *_seconds(_at(self.ack_seconds, 0.5), _at(self.ack_seconds, 0.99), _at(self.ack_seconds, 1)),
            *_seconds(self.silence, self.recovery, _at(self.seen_seconds, 0.99), _at(self.seen_seconds, 1)),
            *_seconds(performance.effects_seconds),
            ", ".join(f"{times} {how}" for how, times in sorted(self.failures.items())) or "none",
        )


def record(request: pytest.FixtureRequest, name: str, figures: Figures) -> None:
    """Keep a line for the end; a report carries it from pytest's workers to its controller."""
    request.node.user_properties.append((_PROPERTY, (name, *figures.row)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    properties = [each for report in reports for each in getattr(report, "user_properties", ())]
    rows = {tuple(value): None for name, value in properties if name == _PROPERTY}
    if rows:
        terminalreporter.section("faults: counts, and times in seconds")
        for line in _table([_HEAD, *rows]):
            terminalreporter.write_line(line)


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for name, *cells in rows:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join((name.ljust(widths[0]), *numbers))


def _seen_seconds(acked: Iterable[Sent], screens: Iterable[Screen]) -> Iterable[float]:
    """From each acknowledgement to the moment the others in the conversation saw it; before it counts as at once."""
    moments = {sent.client_id: sent.acked or 0 for sent in acked}
    for screen in screens:
        for client_id, seen in screen.first_seen.items():
            if client_id in moments:
                yield max(0.0, seen - moments[client_id])


def _longest_pause(moments: Sequence[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(moments)), default=0)


def _at(values: Sequence[float], part: float) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return values[-1] if part == 1 else statistics.quantiles(values, n=100, method="inclusive")[round(part * 100) - 1]


def _seconds(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.2f}" for value in values)
