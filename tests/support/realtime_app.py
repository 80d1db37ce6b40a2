"""A small application that serves sockets and nothing else, run by real gunicorn processes in the tests.

`GET /live/<topic number>` is a socket that listens to one topic; what is said to it is answered. The other routes
publish, close and look, so that a test can drive one process and watch another.
"""

import os
import time
from uuid import UUID

import gevent
from flask import Flask, request

from chatapp.common import drain
from chatapp.common.realtime import broadcast, outbox, pulse, topics
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.hub import hub
from chatapp.common.realtime.socket import Sock, install
from tests.support.realtime_topics import WORKSPACE, topic_of

outbox.STALL_SECONDS = float(os.environ.get("TEST_STALL_SECONDS", outbox.STALL_SECONDS))
pulse.BEAT_SECONDS = float(os.environ.get("TEST_BEAT_SECONDS", pulse.BEAT_SECONDS))

install()
app = Flask(__name__)
sock = Sock(app)
broadcast.configure(redis_url=os.environ.get("REDIS_URL"), prefix=os.environ.get("TEST_PREFIX", "test:"))

hub.set_pulse(lambda listened: {topic: {"seq": topics.parse(topic).subject_id.int} for topic in listened})


revoked: set[UUID] = set()
hub.set_guard(lambda owners: [owner for owner in owners if owner.user_id in revoked])


@sock.route("/live/<int:number>")
def live(connection: Connection, number: int) -> None:
    connection.identify(workspace_id=WORKSPACE, user_id=UUID(int=number))
    connection.subscribe(topic_of(number))
    connection.send("hello")

    def on_message(text: str) -> None:
        if text == "fail":
            raise RuntimeError("as asked")
        if text.startswith("sleep "):
            gevent.sleep(float(text.split()[1]))
        connection.send(f"echo {text}")

    connection.run(on_message)


@sock.route("/fails")
def fails(connection: Connection) -> None:
    raise RuntimeError("as asked")


@sock.route("/one-shot")
def one_shot(connection: Connection) -> None:
    connection.send("only this")


@sock.route("/anonymous")
def anonymous(connection: Connection) -> None:
    connection.close_unless_identified(within=0.5)
    connection.run(lambda text: connection.identify(user_id=UUID(int=int(text))))


@app.post("/publish/<int:number>")
def publish(number: int) -> dict[str, float]:
    began = time.monotonic()
    for payload in request.get_json():
        broadcast.publish(topic_of(number), payload)
    return {"seconds": time.monotonic() - began}


@app.post("/flood/<int:number>")
def flood(number: int) -> dict[str, int]:
    """Publish `count` payloads of `size` characters, `per_second` a second; each begins with its number and time."""
    count, size, per_second = (int(request.args[name]) for name in ("count", "size", "per_second"))
    for index in range(count):
        broadcast.publish(topic_of(number), f"{index} {time.monotonic()} ".ljust(size, "x"))
        gevent.sleep(1 / per_second)
    return {"published": count}


@app.post("/close/<int:number>")
def close(number: int) -> dict[str, int]:
    broadcast.close_sockets(workspace_id=WORKSPACE, user_id=UUID(int=number), code=4403, reason="Removed")
    return {}


@app.post("/revoke/<int:number>")
def revoke(number: int) -> dict[str, int]:
    """As if the news of it had been lost."""
    revoked.add(UUID(int=number))
    return {}


@app.get("/wait/<int:number>")
def wait(number: int) -> dict[str, bool]:
    return {"news": hub.wait([topic_of(number)], float(request.args["seconds"]))}


@app.get("/slow")
def slow() -> dict[str, int]:
    gevent.sleep(float(request.args["seconds"]))
    return {"pid": os.getpid()}


@app.get("/stats")
def stats() -> dict[str, int]:
    return {"pid": os.getpid(), "draining": int(drain.is_draining()), **hub.stats()}
