"""The scenario of `realtime_app` on flask-sock as it comes, to prove that the fault is real and our tests see it."""

import gevent
from flask import Flask, request
from flask_sock import Sock

app = Flask(__name__)
sock = Sock(app)
listeners: set = set()


@sock.route("/live/<int:number>")
def live(ws, number: int) -> None:
    listeners.add(ws)
    ws.send("hello")
    while True:
        ws.receive()


@app.post("/flood/<int:number>")
def flood(number: int) -> dict[str, int]:
    count, size, per_second = (int(request.args[name]) for name in ("count", "size", "per_second"))
    for index in range(count):
        for ws in tuple(listeners):
            gevent.spawn(send, ws, f"{index} ".ljust(size, "x"))
        gevent.sleep(1 / per_second)
    return {"published": count}


def send(ws, text: str) -> None:
    try:
        ws.send(text)
    except Exception:
        listeners.discard(ws)


@app.get("/stats")
def stats() -> dict[str, int]:
    return {"connections": len(listeners)}
