"""What is typed about a scheduled reply."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, StringField

from chatapp.common.errors import AppError
from chatapp.messages.forms import SnoozeForm
from chatapp.scheduled.models import ScheduledReply


class ScheduleForm(SnoozeForm):
    """The text, and when: a moment that the menu offered, or a day and a time on the workspace's clock."""

    text = StringField()
    client_id = HiddenField()
    only_if_silent = BooleanField(default=True)

    @classmethod
    def of(cls, reply: ScheduledReply, zone: ZoneInfo) -> ScheduleForm:
        at = reply.send_at.astimezone(zone)
        when = {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}
        return cls(formdata=None, data={"text": reply.text, "only_if_silent": reply.only_if_silent, **when})

    def when(self, zone: ZoneInfo) -> datetime:
        """Raises `AppError` 422."""
        found = self.moment(zone)
        if found is None:
            raise AppError(422, _("Choose a day and a time."))
        return found

    @property
    def number(self) -> UUID:
        """What makes sending it again harmless. Raises `AppError` 422."""
        try:
            return UUID(self.client_id.data or "")
        except ValueError:
            sentence = _("The composer lost its number. Reload the page; your text is kept.")
            raise AppError(422, sentence) from None
