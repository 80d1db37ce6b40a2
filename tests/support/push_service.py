"""A push service on this machine, and the browser behind it, which reads what was sealed for it (RFC 8291, by hand)."""

from __future__ import annotations

import base64
import json
import os
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.certificate import make_certificate


class Browser:
    """One that takes pushes: its keys, and what it was told."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def told(self) -> dict[str, object]:
        """What its page posts."""
        return {"endpoint": self.endpoint, "p256dh": _text(self.point), "auth": _text(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _derived(shared, self.secret, b"WebPush: info\0" + self.point + sender, 32)
        content, nonce = (
            _derived(secret, salt, b"Content-Encoding: " + name + b"\0", size)
            for name, size in ((b"aes128gcm", 16), (b"nonce", 12))
        )
        opened = AESGCM(content).decrypt(nonce, sealed, None)
        news: dict[str, Any] = json.loads(opened.rstrip(b"\0")[:-1])
        return news


class PushService:
    """`answers` are the statuses that it gives next; then 201. `received` are headers and bodies.

    With `drips` an answer comes in a hundred pieces, one each tenth of a second.
    """

    def __init__(self, certificate: Path) -> None:
        self.answers: list[int] = []
        self.drips, self.dripped = False, 0
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.certificate = certificate
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.received.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(service.answers.pop(0) if service.answers else 201)
                pieces = 100 if service.drips else 0
                self.send_header("Content-Length", str(pieces))
                self.end_headers()
                for _piece in range(pieces):
                    time.sleep(0.1)
                    try:
                        self.wfile.write(b".")
                    except OSError:
                        return
                    service.dripped += 1

            def log_message(self, *_about: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.server.server_port}"

    def browser(self) -> Browser:
        return Browser(f"{self.origin}/push/{os.urandom(8).hex()}")

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def proof(self, headers: dict[str, str]) -> dict[str, Any]:
        """What the sender's signature says, if it is theirs."""
        token, _comma, key = headers["Authorization"].removeprefix("vapid t=").partition(", k=")
        point = base64.urlsafe_b64decode(key + "==")
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims: dict[str, Any] = jwt.decode(token, public, algorithms=["ES256"], audience=self.origin)
        return claims


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    service = PushService(make_certificate(folder))
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()
        thread.join()


def _derived(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(key)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
