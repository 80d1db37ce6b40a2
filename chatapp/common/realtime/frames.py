"""WebSocket frames going out (RFC 6455 §5).

A server does not mask, so the bytes of a broadcast are the same for every socket: they are made once.
"""

from base64 import b64encode
from enum import IntEnum
from hashlib import sha1

_FINAL = 0x80
_TEXT, _CLOSE, _PONG = 0x1, 0x8, 0xA
_TWO_BYTE_LENGTH, _EIGHT_BYTE_LENGTH = 126, 127
_LONGEST_REASON = 123
_HANDSHAKE_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class CloseCode(IntEnum):
    """Why a socket ended. After 4401 and 4403 the client stays away; after the others it comes back."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED = 1003
    NO_STATUS = 1005
    ABNORMAL = 1006
    NOT_UTF8 = 1007
    POLICY = 1008
    TOO_BIG = 1009
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403


def frame(text: str) -> bytes:
    """One complete text message, ready for any number of sockets."""
    return _encode(_TEXT, text.encode())


def close_frame(code: int, reason: str = "") -> bytes:
    """The closing handshake; 1005 means that no code was given and travels as an empty payload."""
    if code == CloseCode.NO_STATUS:
        return _encode(_CLOSE, b"")
    short_reason = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
    return _encode(_CLOSE, code.to_bytes(2, "big") + short_reason.encode())


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping, carrying the ping's payload."""
    return _encode(_PONG, payload)


def _encode(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < _TWO_BYTE_LENGTH:
        return bytes((_FINAL | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((_FINAL | opcode, _TWO_BYTE_LENGTH)) + size.to_bytes(2, "big") + payload
    return bytes((_FINAL | opcode, _EIGHT_BYTE_LENGTH)) + size.to_bytes(8, "big") + payload


def handshake(key: str) -> bytes:
    """The HTTP answer that opens a WebSocket.

    It names no extension: permessage-deflate would make every recipient's bytes different and costs 80 KiB a socket.
    """
    accept = b64encode(sha1(key.encode() + _HANDSHAKE_GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
