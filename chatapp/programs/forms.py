"""What is chosen for a new access token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import DataRequired, Length

from chatapp.auth.scopes import READ, SCOPES
from chatapp.common.clock import now
from chatapp.common.forms import tidy
from chatapp.workspaces.models import Membership


class TokenForm(FlaskForm):
    name = StringField(
        _l("What is it for?"),
        filters=[tidy],
        validators=[DataRequired(_l("Give it a name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )
    scopes = SelectMultipleField(
        _l("What may it do?"), default=[READ], choices=[SelectChoice(scope, words) for scope, words in SCOPES.items()]
    )
    days = SelectField(
        _l("How long is it good?"),
        default="90",
        choices=[
            SelectChoice("30", _l("30 days")),
            SelectChoice("90", _l("90 days")),
            SelectChoice("365", _l("A year")),
            SelectChoice("", _l("Until it is revoked")),
        ],
    )
    workspace = SelectField(_l("Where?"), default="")

    def offer(self, memberships: Sequence[Membership]) -> None:
        """Name the workspaces that may be chosen: the person's own."""
        self.workspace.choices = [SelectChoice("", _("In all my workspaces"))] + [
            SelectChoice(str(membership.workspace_id), membership.workspace.name) for membership in memberships
        ]

    def validate_scopes(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one."))

    @property
    def expires_at(self) -> datetime | None:
        return now() + timedelta(days=int(self.days.data)) if self.days.data else None

    @property
    def restricted_to(self) -> UUID | None:
        return UUID(self.workspace.data) if self.workspace.data else None
