"""A real OpenID provider in a process of its own: discovery, keys, consent page, tokens, PKCE checked as it should be.

`python -m tests.support.oidc_provider` prints its port. `POST /control` says who is sitting in front of it and what it
does wrong, if anything: `forged`, `other-key`, `none`, `hs256`, `audience`, `party`, `issuer`, `nonce`, `expired`,
`broken`; or `long` and a path, for an answer there that is right but does not end.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

ROOT = Path(__file__).parents[2]
LONG = 4 * 1024 * 1024
CLIENT_ID, CLIENT_SECRET = "chatapp-tests", "a secret of tests"
ADA = {"sub": "ada-1", "email": "ada@people.example", "email_verified": True, "name": "Ada Lovelace"}


@dataclass(frozen=True)
class ProviderServer:
    """Where it listens, and how a test directs it."""

    port: int

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_visited_by(self, *, fault: str = "", drop: tuple[str, ...] = (), **claims: object) -> None:
        """Ada sits in front of it, with these claims; `drop` leaves some out of the ID token."""
        wish = {"person": ADA | claims, "fault": fault, "drop": drop}
        request = urllib.request.Request(f"{self.issuer}/control", json.dumps(wish).encode())
        urllib.request.urlopen(request).close()

    def rotate_key(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.issuer}/rotate", b"")).close()


@contextmanager
def oidc_provider() -> Iterator[ProviderServer]:
    """A provider until the block ends."""
    program = [sys.executable, "-m", "tests.support.oidc_provider"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield ProviderServer(int(process.stdout.readline()))
        finally:
            process.terminate()


class _State:
    """Everything that it remembers."""

    def __init__(self) -> None:
        self.key, self.kid = RSAKey.generate_key(2048), "first"
        self.requests: dict[str, dict[str, str]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.access_tokens: set[str] = set()
        self.wish: dict[str, Any] = {"person": ADA, "fault": "", "drop": []}

    def rotate(self) -> None:
        self.key, self.kid = RSAKey.generate_key(2048), secrets.token_hex(4)


class _Handler(BaseHTTPRequestHandler):
    state = _State()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        pages = {
            "/.well-known/openid-configuration": self._metadata,
            "/jwks": self._keys,
            "/authorize": self._ask,
            "/decision": self._decide,
            "/userinfo": self._tell_person,
        }
        pages.get(parts.path, self._nothing)(query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/control":
            self.state.wish = json.loads(body)
            self._json({})
        elif self.path == "/rotate":
            self.state.rotate()
            self._json({})
        elif self.path == "/token":
            self._give_tokens({name: values[0] for name, values in parse_qs(body).items()})
        else:
            self._nothing({})

    def _metadata(self, _query: dict[str, str]) -> None:
        self._json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def _keys(self, _query: dict[str, str]) -> None:
        public = self.state.key.as_dict(private=False) | {"kid": self.state.kid, "use": "sig", "alg": "RS256"}
        self._json({"keys": [public, {"kty": "AKP", "kid": "of-tomorrow", "alg": "ML-DSA-44", "pub": "AA"}]})

    def _ask(self, query: dict[str, str]) -> None:
        """The page where a person agrees or cancels; only for a request that is whole."""
        wanted = {"client_id": CLIENT_ID, "response_type": "code", "code_challenge_method": "S256"}
        is_right = all(query.get(name) == value for name, value in wanted.items())
        is_right = is_right and "openid" in query["scope"].split()
        if not is_right or not all(query.get(name) for name in ("state", "nonce", "code_challenge", "redirect_uri")):
            return self._json({"error": "invalid_request"}, 400)
        handle = secrets.token_urlsafe(8)
        self.state.requests[handle] = query
        name = html.escape(str(self.state.wish["person"].get("name")))
        links = f'<a href="/decision?request={handle}&answer=yes">Continue as {name}</a>'
        links += f' <a href="/decision?request={handle}&answer=no">Cancel</a>'
        return self._send(f"<!doctype html><html lang=en><title>Provider</title>{links}".encode(), "text/html")

    def _decide(self, query: dict[str, str]) -> None:
        request = self.state.requests.pop(query["request"])
        brought = {"state": request["state"], "iss": self.issuer}
        if query["answer"] == "yes":
            brought["code"] = secrets.token_urlsafe(16)
            self.state.codes[brought["code"]] = request
        else:
            brought["error"] = "access_denied"
        self.send_response(303)
        self.send_header("Location", f"{request['redirect_uri']}?{urlencode(brought)}")
        self.end_headers()

    def _give_tokens(self, form: dict[str, str]) -> None:
        if self.state.wish["fault"] == "broken":
            return self._send(b"Bad gateway", "text/plain", 502)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if self.headers.get("Authorization") not in (f"Basic {expected}", f"Basic {plain}"):
            return self._json({"error": "invalid_client"}, 401)
        request = self.state.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_right = request is not None and request["redirect_uri"] == form.get("redirect_uri")
        if not is_right or request is None or challenge.decode().rstrip("=") != request["code_challenge"]:
            return self._json({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(16)
        self.state.access_tokens.add(access_token)
        tokens = {"access_token": access_token, "token_type": "Bearer", "expires_in": 60}
        return self._json(tokens | {"id_token": self._id_token(request["nonce"])})

    def _id_token(self, nonce: str) -> str:
        wish, moment = self.state.wish, int(time.time())
        claims: dict[str, Any] = {"iss": self.issuer, "aud": CLIENT_ID, "nonce": nonce}
        claims |= {"iat": moment, "exp": moment + 300}
        claims |= {name: value for name, value in wish["person"].items() if name not in wish["drop"]}
        claims |= {
            "audience": {"aud": "somebody-else"},
            "party": {"aud": [CLIENT_ID, "somebody-else"], "azp": "somebody-else"},
            "issuer": {"iss": "https://evil.example"},
            "nonce": {"nonce": "of another log-in"},
            "expired": {"iat": moment - 900, "exp": moment - 600},
        }.get(wish["fault"], {})
        return self._signed(claims, wish["fault"])

    def _signed(self, claims: dict[str, Any], fault: str) -> str:
        header = {"alg": "RS256", "kid": self.state.kid}
        if fault == "none":
            return ".".join((_part({"alg": "none", "kid": self.state.kid}), _part(claims), ""))
        if fault == "hs256":
            signed = ".".join((_part({"alg": "HS256", "kid": self.state.kid}), _part(claims)))
            digest = hmac.new(self.state.key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
            return f"{signed}.{_text(digest)}"
        key = RSAKey.generate_key(2048) if fault == "other-key" else self.state.key
        token = jwt.encode(header, claims, key)
        if fault == "forged":
            head, _body, signature = token.split(".")
            return ".".join((head, _part(claims | {"sub": "the-owner"}), signature))
        return token

    def _tell_person(self, _query: dict[str, str]) -> None:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.state.access_tokens:
            return self._json({"error": "invalid_token"}, 401)
        fault = self.state.wish["fault"]
        return self._json(self.state.wish["person"] | ({"sub": "somebody-else"} if fault == "subject" else {}))

    def _nothing(self, _query: dict[str, str]) -> None:
        self._json({"error": "not_found"}, 404)

    def _json(self, value: dict[str, Any], status: int = 200) -> None:
        if self.state.wish["fault"] == f"long {urlsplit(self.path).path}":
            value |= {"padding": "x" * LONG}
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Silent: its one line is the port."""


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_address[1], flush=True)  # noqa: T201, the one thing it says
    server.serve_forever()


if __name__ == "__main__":
    main()
