"""What is typed in a thread: the composer, and until when to snooze."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, IntegerField, StringField, ValidationError
from wtforms.validators import NumberRange, Optional

from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.conversations.snoozing import on_the_wall
from chatapp.messages.models import Message

_MORNING = time(9)


class ReplyForm(FlaskForm):
    """What the composer posts. The text is checked by the service, whose rules hold for every way in."""

    text = StringField()
    private = BooleanField()
    client_id = HiddenField()
    seen = IntegerField(validators=[Optional()])
    draft = StringField()
    quote = StringField()

    @property
    def quote_id(self) -> UUID | None:
        """The message that it quotes. Raises `AppError` 400."""
        try:
            return UUID(self.quote.data) if self.quote.data else None
        except ValueError:
            raise _unreadable() from None

    @property
    def draft_saved_at(self) -> datetime | None:
        """When the draft had been saved that this was; None if it never was. Raises `AppError` 400."""
        return _moment(self.draft.data)

    def validate_client_id(self, field: Field) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("The composer lost its number. Reload the page; your text is kept.")) from None


class DraftForm(FlaskForm):
    """What was typed so far. `kind`: reply or note."""

    kind = StringField()
    text = StringField()
    seen = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)])


class EditForm(FlaskForm):
    """What a message is to say, and when it had been edited last as its editor saw it."""

    text = StringField()
    last_edit = StringField()

    @classmethod
    def of(cls, message: Message) -> EditForm:
        last = message.edited_at.isoformat() if message.edited_at else ""
        return cls(formdata=None, data={"text": message.text, "last_edit": last})

    def moment(self) -> datetime | None:
        """Raises `AppError` 400 for what no form of ours sends."""
        return _moment(self.last_edit.data)


class SnoozeForm(FlaskForm):
    """Until when: a moment that a menu offered, empty for none, or a day and a time that somebody chose."""

    until = StringField()
    day = StringField()
    time = StringField()

    @classmethod
    def tomorrow(cls, zone: ZoneInfo) -> SnoozeForm:
        """What stands there before anybody chooses."""
        day = now().astimezone(zone).date() + timedelta(days=1)
        return cls(formdata=None, data={"day": day.isoformat(), "time": f"{_MORNING:%H:%M}"})

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """None: until the visitor writes. Raises `AppError` 422."""
        if self.until.data is not None and not self.day.data:
            return self._offered(self.until.data) if self.until.data else None
        try:
            chosen = datetime.fromisoformat(f"{self.day.data}T{self.time.data}")
            if chosen.tzinfo is None:
                return on_the_wall(chosen.date(), chosen.time(), zone)
        except (ValueError, OverflowError):
            pass
        raise _unclear()

    @staticmethod
    def _offered(text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise _unclear() from None
        if moment.tzinfo is None:
            raise _unclear()
        return moment


def _unclear() -> AppError:
    sentence = _("Choose a day and a time.")
    return AppError(422, sentence, fields={"snoozed_until": sentence})


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise _unreadable() from None
    if moment is not None and moment.tzinfo is None:
        raise _unreadable()
    return moment


def _unreadable() -> AppError:
    return AppError(400, _("The request could not be read."))
