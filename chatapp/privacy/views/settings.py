"""How long conversations are kept, what that would mean today, and the latest receipts."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.privacy import permissions, queries
from chatapp.privacy.forms import KEEP, RetentionForm
from chatapp.privacy.models import CHANNELS
from chatapp.privacy.services import retention
from chatapp.privacy.views.blueprint import bp
from chatapp.workspaces.door import current_membership


@bp.get("/settings/privacy")
@requires(permissions.MANAGE)
def index() -> Response:
    return _page()


@bp.post("/settings/privacy/retention")
@requires(permissions.MANAGE)
def change_retention() -> Response:
    form = RetentionForm()
    if not form.validate_on_submit():
        return _page(form)
    action = None if form.action.data == KEEP else form.action.data
    retention.change(form.channel_kind.data or "", action=action, days=form.days.data or 0, by=current_membership())
    flash(_("Saved."))
    return move(url_for("privacy.index"))


def _page(refused: RetentionForm | None = None) -> Response:
    rules = queries.rules()
    forms = {kind: RetentionForm.of(kind, rules.get(kind)) for kind in CHANNELS}
    if refused is not None and refused.channel_kind.data in CHANNELS:
        forms[refused.channel_kind.data] = refused
    page = render_template(
        "privacy/index.html",
        forms=forms,
        rules=rules,
        due={kind: queries.over_count(rule) for kind, rule in rules.items()},
        erasures=queries.recent_erasures(),
    )
    return make_response(page, 422 if refused else 200)
