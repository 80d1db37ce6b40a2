"""What members choose about notifications."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from chatapp.common import time_zones
from chatapp.notifications.models import DIGESTS, MAIL_AFTER, NotificationSettings
from chatapp.notifications.services.choosing import EVERY_SWITCH, Choices

_HOUR = 60


class SettingsForm(FlaskForm):
    on = SelectMultipleField(choices=[SelectChoice(one, one) for one in EVERY_SWITCH])
    mail_after = SelectField(_l("Write when I have not read it for"), coerce=int)
    digest = SelectField(_l("Digest of what I have not read"))
    quiet = BooleanField(_l("Leave me alone at certain hours"))
    quiet_from = TimeField(_l("From"))
    quiet_until = TimeField(_l("Until"))
    time_zone = SelectField(_l("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone.choices = time_zones.choices()  # type: ignore[assignment]  # grouped: a mapping is understood
        hours = _("1 hour")
        self.mail_after.choices = [
            SelectChoice(str(span), hours if span == _HOUR else _("%(count)s minutes", count=span))
            for span in MAIL_AFTER
        ]
        words = {"off": _("None"), "daily": _("Every morning at eight"), "weekly": _("On Mondays at eight")}
        self.digest.choices = [SelectChoice(one, words[one]) for one in DIGESTS]

    @classmethod
    def of(cls, settings: NotificationSettings, *, zone: str) -> SettingsForm:
        """As it stands. `zone`: that of whoever chose none."""
        is_quiet = settings.quiet_from is not None
        return cls(
            formdata=None,
            data={
                "on": [one for one in EVERY_SWITCH if settings.is_on(one)],
                "mail_after": settings.mail_after,
                "digest": settings.digest,
                "quiet": is_quiet,
                "quiet_from": _clock(settings.quiet_from if is_quiet else 20 * _HOUR),
                "quiet_until": _clock(settings.quiet_until if is_quiet else 8 * _HOUR),
                "time_zone": settings.time_zone or zone,
            },
        )

    def validate_quiet_until(self, _field: TimeField) -> None:
        if self.quiet.data and not (self.quiet_from.data and self.quiet_until.data):
            raise ValidationError(_("Say from when until when."))
        if self.quiet.data and self.quiet_from.data == self.quiet_until.data:
            raise ValidationError(_("This is no time at all. Choose another end."))

    @property
    def choices(self) -> Choices:
        """What was typed, once it is valid."""
        since, until = self.quiet_from.data, self.quiet_until.data
        quiet = (_minutes(since), _minutes(until)) if self.quiet.data and since and until else None
        return Choices(
            on=self.on.data or [],
            time_zone=self.time_zone.data,
            quiet=quiet,
            mail_after=self.mail_after.data,
            digest=self.digest.data,
        )


def _minutes(moment: time) -> int:
    return moment.hour * _HOUR + moment.minute


def _clock(minutes: int | None) -> time:
    return time((minutes or 0) // _HOUR, (minutes or 0) % _HOUR)
