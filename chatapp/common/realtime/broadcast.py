"""Tell everybody who listens. Call it after the commit; nothing here blocks, raises, or is a promise of delivery.

In a process that serves sockets this goes through the hub. Elsewhere (a worker, the clock, a command) it goes
straight to Redis, with short time-outs: there, no event loop runs that could do it in the background.
"""

from functools import cache
from typing import Any
from uuid import UUID

import gevent
import redis
import structlog
from redis.exceptions import RedisError

from chatapp.common.realtime.bus import CONNECTION, Bus
from chatapp.common.realtime.counters import counters
from chatapp.common.realtime.frames import CloseCode, frame
from chatapp.common.realtime.hub import hub
from chatapp.common.realtime.topics import Topic
from chatapp.common.realtime.wire import NO_HUB, Close, Entry, Frames, pack

log = structlog.get_logger(__name__)

DIRECT_SECONDS = 1.0
GATHER_SECONDS = 0.2
CROWD, CROWD_SECONDS = 3, 1.0
_gathered: dict[Topic, dict[str, str]] = {}


class _Line:
    """Where the other processes are reached; set once per process by `configure`."""

    url: str | None = None
    channel: str = ""


def configure(*, redis_url: str | None, prefix: str) -> None:
    """Name the Redis that joins the processes (None: there are no others) and the prefix of its channel."""
    _Line.url, _Line.channel = redis_url, f"{prefix}realtime"
    _direct_client.cache_clear()


def start_hub() -> None:
    """Begin to serve sockets in this process; gunicorn.conf.py calls it in every web worker."""
    hub.start(Bus(_Line.url, _Line.channel) if _Line.url else None)


def publish(topic: Topic, payload: str) -> None:
    """Send `payload` as one text frame to everybody who listens to `topic`, in every process."""
    _send(Frames(topic, frame(payload)))


def publish_latest(topic: Topic, key: str, payload: str) -> None:
    """As `publish`, for what replaces itself: within a moment only the last payload of each `key` is sent, all in one.

    The first goes out at once, what follows five times a second. An inbox in which more than `CROWD` conversations
    move in that time is drawn once a second: faster, nobody could read it.
    """
    if not hub.is_running:
        publish(topic, payload)
    elif topic in _gathered:
        _gathered[topic].pop(key, None)
        _gathered[topic][key] = payload
    else:
        publish(topic, payload)
        _gather(topic, GATHER_SECONDS)


def _gather(topic: Topic, seconds: float) -> None:
    _gathered[topic] = {}
    gevent.spawn_later(seconds, _send_gathered, topic)


def _send_gathered(topic: Topic) -> None:
    payloads = _gathered.pop(topic)
    if payloads:
        publish(topic, "".join(payloads.values()))
        _gather(topic, CROWD_SECONDS if len(payloads) > CROWD else GATHER_SECONDS)


def close_sockets(
    *,
    workspace_id: UUID | None = None,
    user_id: UUID | None = None,
    session_id: UUID | None = None,
    end_user_id: UUID | None = None,
    code: int = CloseCode.UNAUTHENTICATED,
    reason: str = "",
) -> None:
    """Close every socket, in every process, that was identified with all the given ids (at least one).

    A session that was revoked: `session_id`. A member who was removed: `workspace_id` and `user_id`.
    """
    given = {"workspace_id": workspace_id, "user_id": user_id, "session_id": session_id, "end_user_id": end_user_id}
    owner = {name: str(value) for name, value in given.items() if value is not None}
    if not owner:
        raise ValueError("Say whose sockets to close.")
    _send(Close(owner, code, reason))


def _send(entry: Entry) -> None:
    counters["published"] += 1
    if hub.is_running:
        hub.publish(entry)
    elif _Line.url:
        _publish_directly(_Line.url, entry)


def _publish_directly(url: str, entry: Entry) -> None:
    try:
        _direct_client(url).publish(_Line.channel, pack(NO_HUB, [entry]))
    except (RedisError, OSError) as error:
        counters["publish_failures"] += 1
        log.warning("publish_failed", entry=type(entry).__name__, error=type(error).__name__)


@cache
def _direct_client(url: str) -> Any:
    return redis.Redis.from_url(url, **CONNECTION, socket_timeout=DIRECT_SECONDS)
