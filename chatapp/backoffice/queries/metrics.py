"""The figures of the health page for Prometheus, taken when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chatapp.backoffice.queries import queues
from chatapp.common import vitals
from chatapp.common.realtime.counters import counters
from chatapp.common.realtime.hub import hub


def exposition() -> bytes:
    """In Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return generate_latest(registry)


class _Figures(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from _waiting("chatapp_deliveries", "Deliveries of the outbox", "handler", queues.delivery_kinds())
        yield from _waiting("chatapp_letters", "Letters", "kind", queues.letter_kinds())
        yield from _postgres()
        yield from _redis()
        yield _gauge("chatapp_clock_in_charge", "Whether a clock does the periodic work", vitals.is_clock_in_charge())
        yield _gauge("chatapp_sockets", "Open sockets of this web process", len(hub.connections))
        realtime = CounterMetricFamily("chatapp_realtime", "What this web process counted", labels=["what"])
        for what, count in sorted(counters.items()):
            realtime.add_metric([what], count)
        yield realtime


def _waiting(name: str, what: str, label: str, kinds: list[queues.Kind]) -> Iterator[Metric]:
    rows = GaugeMetricFamily(name, f"{what} by state, at most {queues.MOST} each", labels=[label, "state"])
    since = f"{what}: since when the oldest waits"
    oldest = GaugeMetricFamily(f"{name}_oldest_timestamp_seconds", since, labels=[label])
    for kind in kinds:
        for state in ("waiting", "leased", "dead"):
            rows.add_metric([kind.name, state], getattr(kind, state))
        if kind.oldest is not None:
            oldest.add_metric([kind.name], kind.oldest.timestamp())
    yield rows
    yield oldest


def _postgres() -> Iterator[Metric]:
    found = vitals.postgres()
    yield _gauge("chatapp_postgres_size_bytes", "Size of the database", found.size)
    yield _gauge("chatapp_postgres_connections", "Connections to the database", found.connections)
    yield _gauge("chatapp_postgres_most_connections", "Connections that Postgres allows", found.most_connections)


def _redis() -> Iterator[Metric]:
    found = vitals.redis()
    yield _gauge("chatapp_redis_up", "Whether Redis answers", found is not None)
    if found is None:
        return
    yield _gauge("chatapp_redis_memory_bytes", "Memory that Redis uses", found.memory)
    yield _gauge("chatapp_redis_clients", "Clients of Redis", found.clients)
    yield _gauge("chatapp_workers", "Workers alive", found.workers)
    yield _gauge("chatapp_jobs", "Jobs in the queue", found.jobs)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=float(value))
