"""What is typed about a canned reply."""

from __future__ import annotations

import re
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from chatapp.canned import permissions, variables
from chatapp.canned.models import CannedReply
from chatapp.canned.services import MOST_TEXT
from chatapp.common.forms import tidy
from chatapp.teams import queries as teams
from chatapp.workspaces.models import Membership

OWN, EVERYBODY = "own", "everybody"
_CODE = re.compile(r"[\w-]{1,40}")


def _bare(value: str | None) -> str | None:
    """A code as it is kept: small letters, without the stroke that calls it."""
    return (tidy(value) or "").removeprefix("/").lower()


class CannedReplyForm(FlaskForm):
    """`who` is "own", "everybody" or the id of a team."""

    code = StringField(_l("Short code"), filters=[_bare], validators=[DataRequired(_l("Enter a short code."))])
    text = TextAreaField(
        _l("Text"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write something first.")),
            Length(max=MOST_TEXT, message=_l("Use at most %(count)s characters.", count=MOST_TEXT)),
        ],
    )
    who = SelectField(_l("For whom"), validate_choice=False)

    def __init__(self, member: Membership, reply: CannedReply | None = None) -> None:
        super().__init__(obj=reply)
        others = [(EVERYBODY, _("Everybody"))]
        others += [(str(team.id), _("Team %(name)s", name=team.name)) for team in teams.teams()]
        self.who.choices = [(OWN, _("Only me")), *(others if member.may(permissions.MANAGE) else ())]
        if reply is not None and not reply.is_own and not member.may(permissions.MANAGE):
            self.who.choices = [choice for choice in others if choice[0] == holder_of(reply)]
        if not self.is_submitted():
            default = EVERYBODY if member.may(permissions.MANAGE) else OWN
            self.who.data = holder_of(reply) if reply else default

    @property
    def team_id(self) -> UUID | None:
        """The chosen team. Raises `ValueError` for what is none."""
        return None if self.who.data in (OWN, EVERYBODY) else UUID(self.who.data)

    def validate_code(self, field: Field) -> None:
        if not _CODE.fullmatch(field.data):
            raise ValidationError(_("Use up to 40 letters, digits, hyphens and underscores, without blanks."))

    def validate_text(self, field: Field) -> None:
        wrong = variables.problem(field.data)
        if wrong is not None:
            raise ValidationError(wrong)

    def validate_who(self, _field: Field) -> None:
        try:
            _id = self.team_id
        except ValueError:
            raise ValidationError(_("Choose one of the list.")) from None


def holder_of(reply: CannedReply) -> str:
    """What the form's `who` is for a reply."""
    return OWN if reply.is_own else str(reply.team_id) if reply.team_id else EVERYBODY
