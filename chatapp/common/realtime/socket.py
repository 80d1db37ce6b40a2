"""How a request becomes a socket.

flask-sock's own server writes with `send`, which under gevent may write half a frame and corrupt everything after it
for a slow reader. `install` puts `SafeServer` in its place. The order in a view, after all checks (Origin, session,
tenant and rate are checked before the upgrade, because flask-sock opens the socket before the view runs):

    @sock.route("/socket", bp=blueprint)
    def live(connection: Connection) -> None:
        connection.identify(workspace_id=…, user_id=…, session_id=…)
        connection.subscribe(topics.inbox(…))     # first listen,
        connection.send(…)                        # then send what was missed,
        connection.run(on_message)                # then return: the socket stays, the request ends
"""

import socket
from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_sock
import structlog
from gevent import monkey
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from chatapp.common.db import db
from chatapp.common.realtime.broadcast import start_hub
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.frames import CloseCode, handshake
from chatapp.common.realtime.hub import hub

log = structlog.get_logger(__name__)

SEND_BUFFER_BYTES = 256 * 1024
DEAD_PEER_MILLISECONDS = 30_000


class SafeServer:
    """What flask-sock sees: it opens the socket and closes it, unless the view has left it running."""

    mode = "gunicorn"

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:
        """Take the socket over from gunicorn; ServiceUnavailable while draining or full."""
        client = _socket_of(environ)
        key = _key_of(environ)
        start_hub()
        if hub.is_draining or hub.is_full:
            raise ServiceUnavailable
        client.sendall(handshake(key))
        self.connection = Connection(_take_over(client), hub)

    def close(self) -> None:
        """The view has returned."""
        if not self.connection.is_parked:
            self.connection.close()


class Sock(flask_sock.Sock):
    """flask-sock whose views get a `Connection`, and whose errors close the socket instead of writing HTTP into it."""

    def route(self, path: str, bp: Any = None, **options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Register a view `view(connection, **url_values)`."""
        register = super().route(path, bp, **options)

        def decorate(view: Callable[..., None]) -> Callable[..., None]:
            register(_guarded(view))
            return view

        return decorate


def install() -> None:
    """Make flask-sock use `SafeServer`. Safe to call again."""
    flask_sock.Server = SafeServer


def _guarded(view: Callable[..., None]) -> Callable[..., None]:
    @wraps(view)
    def serve(server: SafeServer, **url_values: Any) -> None:
        try:
            view(server.connection, **url_values)
        except Exception:
            log.exception("socket_view_failed", view=view.__name__)
            db.session.remove()  # to Flask this is a success, which would be committed
            server.connection.close(CloseCode.INTERNAL_ERROR)

    return serve


def _socket_of(environ: dict[str, Any]) -> Any:
    client = environ.get("gunicorn.socket")
    if client is None or not monkey.is_module_patched("socket"):
        raise RuntimeError("Sockets need gunicorn's gevent worker: start with bin/dev or `gunicorn wsgi:app`.")
    if hasattr(client, "cipher"):
        raise RuntimeError("Sockets need TLS to end in front of gunicorn.")
    return client


def _key_of(environ: dict[str, Any]) -> str:
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY")
    if not key or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        raise BadRequest("Not a WebSocket handshake of version 13.")
    return key


def _take_over(client: Any) -> socket.socket:
    """A plain non-blocking socket on the same descriptor; gunicorn's object lets go of it and can't write or close."""
    plain = monkey.get_original("socket", "socket")(fileno=client.detach())
    plain.setblocking(False)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if plain.family != socket.AF_UNIX:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_PEER_MILLISECONDS)
    return plain
