"""Files by a signed link, for visitors and programs; and the host that answers for nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, request

from chatapp.attachments import links, queries, serving
from chatapp.common import tenancy
from chatapp.common.errors import not_found

bp = Blueprint("files", __name__)


def init_app(app: Flask) -> None:
    """Must come first: on the address of files nobody logs in."""
    app.before_request(_keep_to_files)


def _keep_to_files() -> None:
    files_url = current_app.extensions["chatapp.config"].files_url
    if files_url and request.host == urlsplit(files_url).netloc and request.blueprint not in ("files", "operations"):
        raise not_found()


@bp.get("/files/<token>")
def show(token: str) -> Response:
    """Whoever has the link may: it was given to somebody who may see the conversation, and is soon over."""
    found = links.read(token)
    if found is None:
        raise not_found()
    tenancy.enter(found.workspace_id)
    return serving.answer(queries.attachment(found.attachment_id), thumbnail=found.is_thumbnail, everywhere=True)
