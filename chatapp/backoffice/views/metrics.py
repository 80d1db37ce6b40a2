"""`/metrics`, for Prometheus: whoever shows the token, or asks from this machine itself."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from chatapp.backoffice.queries import metrics
from chatapp.common.errors import not_found
from chatapp.config import Config

metrics_bp = Blueprint("metrics", __name__)

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


@metrics_bp.get("/metrics")
def exposition() -> Response:
    """To others it does not exist."""
    if not (_shows_the_token() or _is_on_this_machine()):
        raise not_found()
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _shows_the_token() -> bool:
    config: Config = current_app.extensions["chatapp.config"]
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if config.metrics_token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(token.encode(), config.metrics_token.encode())


def _is_on_this_machine() -> bool:
    """What a proxy on this machine passes on comes from elsewhere."""
    if any(header in request.headers for header in _FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
