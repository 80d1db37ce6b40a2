"""What is typed about a saved view. The name is checked by the service, whose rules hold for every way in."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, ValidationError

from chatapp.common import conditions
from chatapp.saved_views import drafts, permissions
from chatapp.saved_views.models import SavedView
from chatapp.saved_views.services import Terms
from chatapp.saved_views.subjects import Subject
from chatapp.saved_views.words import order_words
from chatapp.teams import queries as teams
from chatapp.workspaces.models import Membership

OWN, EVERYBODY = "own", "everybody"


class SavedViewForm(FlaskForm):
    """`who` is "own", "everybody" or the id of a team; `draft` are its conditions, as they were put together."""

    name = StringField(_l("Name"))
    who = SelectField(_l("For whom"), validate_choice=False)
    sort = SelectField(_l("Sorted by"), validate_choice=False)

    def __init__(self, subject: Subject, member: Membership, view: SavedView | None = None) -> None:
        super().__init__(obj=view)
        self.subject, self.member = subject, member
        self.who.choices = self._holders(view)
        self.sort.choices = list(order_words(subject.name).items())
        self.draft = drafts.sent(request.form) if self.is_submitted() else {"match": "all", "parts": []}
        if view is not None and not self.is_submitted():
            self.draft, self.who.data = view.conditions, holder_of(view)

    def _holders(self, view: SavedView | None) -> list[tuple[str, str]]:
        others = [(EVERYBODY, _("Everybody"))]
        others += [(str(team.id), _("Team %(name)s", name=team.name)) for team in teams.teams()]
        if self.member.may(permissions.MANAGE):
            return [(OWN, _("Only me")), *others]
        if view is not None and not view.is_own:
            return [choice for choice in others if choice[0] == holder_of(view)]
        return [(OWN, _("Only me"))]

    def terms(self) -> Terms:
        """What it says. Raises `AppError` 422 for conditions that make no sense, 404 for a team that is none."""
        group = conditions.checked(self.draft, self.subject.fields(self.member.user_id))
        offered = self.subject.orders_of(group)
        return Terms(
            name=self.name.data or "",
            conditions=group,
            sort=self.sort.data if self.sort.data in offered else offered[0],
            team=teams.team(self._team_id) if self._team_id else None,
            is_own=self.who.data == OWN,
        )

    @property
    def _team_id(self) -> UUID | None:
        return None if self.who.data in (OWN, EVERYBODY) else UUID(self.who.data)

    def validate_who(self, _field: Field) -> None:
        try:
            _id = self._team_id
        except (ValueError, TypeError, AttributeError):
            raise ValidationError(_("Choose one of the list.")) from None

    def validate_sort(self, field: Field) -> None:
        if field.data not in order_words(self.subject.name):
            raise ValidationError(_("Choose one of the list."))


def holder_of(view: SavedView) -> str:
    """What the form's `who` is for a view."""
    return OWN if view.is_own else str(view.team_id) if view.team_id else EVERYBODY
