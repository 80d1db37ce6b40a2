"""Receipts of erasure: a page, a text to send on, and JSON to keep."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify, make_response, render_template

from chatapp.common.clock import rfc3339
from chatapp.common.errors import not_found
from chatapp.common.htmx import is_htmx
from chatapp.common.permissions import requires
from chatapp.privacy import permissions, queries
from chatapp.privacy.models import Erasure
from chatapp.privacy.views.blueprint import bp
from chatapp.workspaces.door import current_workspace


@bp.get("/privacy/erasures/<uuid:erasure_id>")
@requires(permissions.MANAGE)
def receipt(erasure_id: UUID) -> Response:
    """The page, or its card while it asks every second whether it is done."""
    template = "privacy/_receipt.html" if is_htmx() else "privacy/receipt.html"
    response = make_response(render_template(template, erasure=queries.erasure(erasure_id)))
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/privacy/erasures/<uuid:erasure_id>/receipt.txt")
@requires(permissions.MANAGE)
def receipt_text(erasure_id: UUID) -> Response:
    erasure = _done(erasure_id)
    response = make_response(render_template("privacy/receipt.txt", erasure=erasure, time=rfc3339))
    response.mimetype = "text/plain"
    return _named(response, f"{erasure.number}.txt")


@bp.get("/privacy/erasures/<uuid:erasure_id>/receipt.json")
@requires(permissions.MANAGE)
def receipt_json(erasure_id: UUID) -> Response:
    erasure = _done(erasure_id)
    return _named(jsonify(_facts(erasure)), f"{erasure.number}.json")


def _done(erasure_id: UUID) -> Erasure:
    found = queries.erasure(erasure_id)
    if found.finished_at is None:
        raise not_found()
    return found


def _facts(erasure: Erasure) -> dict[str, Any]:
    return {
        "receipt": erasure.number,
        "workspace": current_workspace().name,
        "asked_by": erasure.requested_by,
        "asked_at": rfc3339(erasure.created_at),
        "erased_at": rfc3339(erasure.finished_at) if erasure.finished_at else None,
        "erased": erasure.counts,
        "id_fingerprint": erasure.id_fingerprint,
        "email_fingerprint": erasure.email_fingerprint,
    }


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
