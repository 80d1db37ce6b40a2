"""A push message as browsers' services take it: sealed for one browser (RFC 8291), signed by us (RFC 8292).

What seals and signs is loaded when the first is sent, so that no process starts more slowly for it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

_LASTS = timedelta(hours=12)  # of a signature
_KEPT = timedelta(hours=24)  # by the service, for a browser that is away
_POINT, _SECRET = 65, 16


@dataclass(frozen=True)
class Receiver:
    """What a browser told: where its service is, its public key, and a secret that the two share."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def is_whole(self) -> bool:
        """Whether anything can be sealed for it."""
        try:
            point, secret = decoded(self.p256dh), decoded(self.auth)
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError:
            return False
        return len(point) == _POINT and len(secret) == _SECRET


def new_key() -> tuple[str, str]:
    """The public and the private half, as text."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return encoded(point), pem.decode()


def sealed(message: bytes, receiver: Receiver) -> bytes:
    """What only that browser reads; never the same twice."""
    import http_ece

    body: bytes = http_ece.encrypt(
        message,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(receiver.p256dh),
        auth_secret=decoded(receiver.auth),
        version="aes128gcm",
    )
    return body


def headers(receiver: Receiver, *, public: str, private: str, contact: str, topic: str, at: datetime) -> dict[str, str]:
    """What goes with it. A later one of the same `topic`, at most 32 letters, takes the place of one that waits."""
    import jwt

    parts = urlsplit(receiver.endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((at + _LASTS).timestamp()), "sub": contact}
    return {
        "Authorization": f"vapid t={jwt.encode(claims, private, algorithm='ES256')}, k={public}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(_KEPT.total_seconds())),
        "Topic": topic,
        "Urgency": "high",
    }


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Raises `ValueError` for what is no base64url."""
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
