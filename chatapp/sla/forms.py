"""What is typed about a policy."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import DataRequired, Length

from chatapp.common.errors import not_found
from chatapp.common.forms import tidy
from chatapp.hours.models import Hours
from chatapp.projects.models import Project
from chatapp.sla.models import KINDS, LONGEST, SlaPolicy
from chatapp.sla.services.policies import Terms
from chatapp.teams.models import Team

CHANNELS = {"web": _l("Website")}
_HOUR = 60
_MOST_DIGITS = 9
_MOST_PERCENT = 99


def _amount(label: str) -> StringField:
    return StringField(label, filters=[tidy])


def _unit(label: str, *choices: SelectChoice) -> SelectField:
    return SelectField(label, choices=list(choices), default=choices[0].value)


def _span_unit(label: str) -> SelectField:
    return _unit(label, SelectChoice("minutes", _l("minutes")), SelectChoice("hours", _l("hours")))


def _open_choice(label: str) -> SelectField:
    """Its choices are rows; whether one is there is asked when it is saved."""
    return SelectField(label, default="", validate_choice=False)


class PolicyForm(FlaskForm):
    """Targets are typed as a number and a unit, and kept in minutes; blank means none."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter a name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )
    first_response = _amount(_l("First answer within"))
    first_response_unit = _span_unit(_l("Unit of the first answer"))
    next_response = _amount(_l("Next answers within"))
    next_response_unit = _span_unit(_l("Unit of the next answers"))
    resolution = _amount(_l("Closed within"))
    resolution_unit = _span_unit(_l("Unit of closing"))
    hours_id = _open_choice(_l("Measured in"))
    warn_amount = _amount(_l("Warn when there is left"))
    warn_unit = _unit(
        _l("Unit of the warning"), SelectChoice("percent", _l("% of the time")), SelectChoice("minutes", _l("minutes"))
    )
    project_id = _open_choice(_l("Project"))
    team_id = _open_choice(_l("Team"))
    channel_kind = _open_choice(_l("Channel"))
    is_default = BooleanField(_l("Default: for every conversation that no other policy is for"))

    @classmethod
    def of(cls, policy: SlaPolicy) -> PolicyForm:
        typed: dict[str, object] = {
            name: getattr(policy, name) or "" for name in ("name", "warn_unit", "is_default", "channel_kind")
        }
        typed |= {
            name: str(getattr(policy, name) or "") for name in ("hours_id", "project_id", "team_id", "warn_amount")
        }
        for kind in KINDS:
            typed[kind], typed[f"{kind}_unit"] = _typed_span(policy.minutes_for(kind))
        return cls(data=typed)

    def offer(self, hours: Iterable[Hours], projects: Iterable[Project], teams: Iterable[Team]) -> None:
        self.hours_id.choices = [("", _("All time, around the clock")), *((str(row.id), row.name) for row in hours)]
        self.project_id.choices = [("", _("Every project")), *((str(row.id), row.name) for row in projects)]
        self.team_id.choices = [("", _("Every team")), *((str(row.id), row.name) for row in teams)]
        self.channel_kind.choices = [("", _("Every channel")), *CHANNELS.items()]

    def validate_first_response(self, field: Field) -> None:
        self._span("first_response")
        if not any(self[kind].data for kind in KINDS):
            raise ValidationError(_("Set at least one target."))

    def validate_next_response(self, field: Field) -> None:
        self._span("next_response")

    def validate_resolution(self, field: Field) -> None:
        self._span("resolution")

    def validate_warn_amount(self, field: Field) -> None:
        amount = _number(field.data)
        if amount and self.warn_unit.data == "percent" and amount > _MOST_PERCENT:
            raise ValidationError(_("Use 1 to 99 percent."))

    def validate_channel_kind(self, field: Field) -> None:
        if field.data and field.data not in CHANNELS:
            raise ValidationError(_("Choose a channel of the list."))

    def validate_is_default(self, field: Field) -> None:
        """A policy for some must say for whom, or the ones after it would never be tried."""
        has_conditions = bool(self.project_id.data or self.team_id.data or self.channel_kind.data)
        if field.data and has_conditions:
            raise ValidationError(_("The default is for every project, team and channel."))
        if not field.data and not has_conditions:
            raise ValidationError(_("Choose a project, a team or a channel, or make it the default."))

    def terms(self) -> Terms:
        """What a valid form says. Raises `AppError` 404 for what is no id."""
        return Terms(
            name=self.name.data or "",
            is_default=self.is_default.data,
            first_response=self._span("first_response"),
            next_response=self._span("next_response"),
            resolution=self._span("resolution"),
            warn_amount=_number(self.warn_amount.data),
            warn_unit=self.warn_unit.data,
            hours_id=_uuid(self.hours_id.data),
            project_id=_uuid(self.project_id.data),
            team_id=_uuid(self.team_id.data),
            channel_kind=self.channel_kind.data or None,
        )

    def _span(self, kind: str) -> int | None:
        """A target in minutes. Raises `ValidationError`."""
        amount = _number(self[kind].data)
        minutes = amount * (_HOUR if self[f"{kind}_unit"].data == "hours" else 1) if amount else None
        if minutes and minutes > LONGEST:
            raise ValidationError(_("Use at most a year."))
        return minutes


def _number(text: str | None) -> int | None:
    """A whole number above 0, or None for nothing. Raises `ValidationError`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValidationError(_("Write a whole number, such as 30."))
    if len(text) > _MOST_DIGITS:
        raise ValidationError(_("Use at most a year."))
    if int(text) == 0:
        raise ValidationError(_("Use 1 or more, or leave it out."))
    if int(text) > LONGEST:
        raise ValidationError(_("Use at most a year."))
    return int(text)


def _typed_span(minutes: int | None) -> tuple[str, str]:
    if not minutes:
        return "", "minutes"
    return (str(minutes // _HOUR), "hours") if minutes % _HOUR == 0 else (str(minutes), "minutes")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise not_found() from None
