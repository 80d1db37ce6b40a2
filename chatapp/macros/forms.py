"""What is typed about a macro."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from chatapp.canned import variables
from chatapp.common.forms import tidy
from chatapp.conversations import permissions as conversation_permissions
from chatapp.conversations.models import PRIORITIES
from chatapp.labels import queries as labels
from chatapp.macros import permissions
from chatapp.macros.models import Macro
from chatapp.macros.services.writing import MOST_NAME
from chatapp.messages.services import AGENT_MAX_TEXT
from chatapp.teams import queries as teams
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

OWN, EVERYBODY = "own", "everybody"
_NONE = "none"
_NOBODY = {"team", "assign"}
"""Where "none" is a choice beside leaving it as it is."""

STATUSES = {
    "open": _l("Open"),
    "pending": _l("Pending, for somebody else"),
    "snoozed:reply": _l("Snoozed until they write again"),
    "snoozed:hour": _l("Snoozed for an hour"),
    "snoozed:tomorrow": _l("Snoozed until tomorrow morning"),
    "snoozed:next_week": _l("Snoozed until next week"),
    "closed": _l("Closed"),
}
PRIORITY_WORDS = {
    "none": _l("None"),
    "low": _l("Low"),
    "medium": _l("Medium"),
    "high": _l("High"),
    "urgent": _l("Urgent"),
}


def _text(label: Any) -> TextAreaField:
    too_long = _l("Use at most %(count)s characters.", count=AGENT_MAX_TEXT)
    return TextAreaField(label, filters=[tidy], validators=[Length(max=AGENT_MAX_TEXT, message=too_long)])


class MacroForm(FlaskForm):
    """`who` is "own", "everybody" or the id of a team. What is left empty is not done."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter a name.")),
            Length(max=MOST_NAME, message=_l("Use at most %(count)s characters.", count=MOST_NAME)),
        ],
    )
    who = SelectField(_l("For whom"), validate_choice=False)
    assign = SelectField(_l("Assign to"), validate_choice=False)
    team = SelectField(_l("Move to a team"), validate_choice=False)
    priority = SelectField(_l("Set the priority"), validate_choice=False)
    status = SelectField(_l("Set the status"), validate_choice=False)
    add_labels = SelectMultipleField(_l("Add labels"), validate_choice=False)
    remove_labels = SelectMultipleField(_l("Take off labels"), validate_choice=False)
    reply = _text(_l("Send a reply"))
    note = _text(_l("Add a private note"))

    def __init__(self, member: Membership, macro: Macro | None = None) -> None:
        super().__init__(data=_typed(macro) if macro else {})
        self._offer()
        self.who.choices = self._holders(member, macro)
        if not self.is_submitted() and macro is None:
            self.who.data = EVERYBODY if member.may(permissions.MANAGE) else OWN

    def _offer(self) -> None:
        leave = ("", _("Leave as it is"))
        people = [one for one in workspaces.team() if one.may(conversation_permissions.REPLY)]
        self.labels = labels.labels()
        known = [(str(label.id), label.name) for label in self.labels]
        self.add_labels.choices = self.remove_labels.choices = known
        self.assign.choices = [leave, ("me", _("Whoever runs it")), (_NONE, _("Nobody"))]
        self.assign.choices += [(str(one.user_id), one.user.name) for one in people]
        self.team.choices = [leave, (_NONE, _("No team"))]
        self.team.choices += [(str(team.id), team.name) for team in teams.teams()]
        self.priority.choices = [leave, *((name, PRIORITY_WORDS[name]) for name in PRIORITIES)]
        self.status.choices = [leave, *STATUSES.items()]
        if not self.is_submitted():
            self._drop_what_is_gone()

    def _drop_what_is_gone(self) -> None:
        for chosen in (self.add_labels, self.remove_labels):
            chosen.data = [one for one in chosen.data or () if one in _values(chosen)]
        for choice in (self.assign, self.team):
            choice.data = choice.data if choice.data in _values(choice) else ""

    @staticmethod
    def _holders(member: Membership, macro: Macro | None) -> list[tuple[str, str]]:
        others = [(EVERYBODY, _("Everybody"))]
        others += [(str(team.id), _("Team %(name)s", name=team.name)) for team in teams.teams()]
        if member.may(permissions.MANAGE):
            return [(OWN, _("Only me")), *others]
        if macro is not None and not macro.is_own:
            return [choice for choice in others if choice[0] == _holder_of(macro)]
        return [(OWN, _("Only me"))]

    @property
    def team_id(self) -> UUID | None:
        """The team that has it, if one has."""
        return None if self.who.data in (OWN, EVERYBODY) else UUID(self.who.data)

    def actions(self) -> dict[str, Any]:
        """What it does, as `Macro.actions` keeps it."""
        names = ("note", "reply", "add_labels", "remove_labels", "priority", "team", "assign", "status")
        chosen = {name: self[name].data for name in names if self[name].data}
        return {name: "" if name in _NOBODY and value == _NONE else value for name, value in chosen.items()}

    def validate_who(self, _field: Field) -> None:
        try:
            _id = self.team_id
        except ValueError:
            raise ValidationError(_("Choose one of the list.")) from None

    def validate_assign(self, field: Field) -> None:
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if not _values(field) >= set(chosen) - {None}:
            raise ValidationError(_("Choose one of the list."))

    validate_team = validate_priority = validate_status = validate_add_labels = validate_assign

    def validate_reply(self, field: Field) -> None:
        wrong = variables.problem(field.data or "")
        if wrong is not None:
            raise ValidationError(wrong)

    validate_note = validate_reply

    def validate_remove_labels(self, field: Field) -> None:
        self.validate_assign(field)
        if not set(field.data or ()).isdisjoint(self.add_labels.data or ()):
            raise ValidationError(_("One of these labels is added by the same macro."))

    def validate_name(self, _field: Field) -> None:
        if not self.actions():
            raise ValidationError(_("Choose at least one thing that it does."))


def _typed(macro: Macro) -> dict[str, Any]:
    """What would be typed for it."""
    typed = {name: _NONE if name in _NOBODY and value == "" else value for name, value in macro.actions.items()}
    return {"name": macro.name, "who": _holder_of(macro), **typed}


def _holder_of(macro: Macro) -> str:
    return OWN if macro.is_own else str(macro.team_id) if macro.team_id else EVERYBODY


def _values(field: Any) -> set[str]:
    """What can be chosen."""
    return {value for value, _words in field.choices}
