"""What is typed about a schedule."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from chatapp.common import time_zones
from chatapp.common.forms import tidy
from chatapp.hours.calendar import Calendar, Holiday, Period
from chatapp.hours.models import Hours
from chatapp.hours.typed import (
    MOST_HOLIDAYS,
    MistypedError,
    TypedHoliday,
    TypedPeriod,
    posted_holidays,
    posted_week,
    read_day,
    read_holiday,
    refuse_long_night,
    refuse_overlap,
    typed_holiday,
    typed_period,
)

_OFFICE = [TypedPeriod("09:00", "18:00")]


class HoursForm(FlaskForm):
    """The plain fields, and beside them the week and the holidays as they were typed, with what is wrong with each."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter a name.")), Length(max=80, message=_l("Use at most 80 characters."))],
    )
    timezone = StringField(_l("Time zone"), filters=[tidy], validators=[DataRequired(_l("Choose a time zone."))])
    is_default = BooleanField(_l("Use these hours wherever no others are chosen"))

    days: list[list[TypedPeriod]]
    holidays: list[TypedHoliday]
    calendar: Calendar

    def __init__(self) -> None:
        super().__init__()
        self.days, self.holidays = posted_week(request.form), posted_holidays(request.form)
        self.day_errors: dict[int, str] = {}
        self.holiday_errors: dict[int, str] = {}

    @classmethod
    def blank(cls) -> HoursForm:
        """An office's week, to begin with."""
        form = cls()
        form.days = [list(_OFFICE)] * 5 + [[], []]
        return form

    @classmethod
    def of(cls, hours: Hours) -> HoursForm:
        form, calendar = cls(), hours.calendar
        form.name.data, form.timezone.data, form.is_default.data = hours.name, hours.timezone, hours.is_default
        form.days = [[typed_period(period) for period in periods] for periods in calendar.week]
        form.holidays = [typed_holiday(holiday) for holiday in calendar.holidays]
        return form

    def read(self) -> bool:
        """Whether everything could be read; then `calendar` holds it."""
        plain = self.validate_on_submit()
        week, holidays = self._read_week(), self._read_holidays()
        if not plain or self.day_errors or self.holiday_errors:
            return False
        self.calendar = Calendar(ZoneInfo(self.timezone.data or ""), week, holidays)
        return True

    def validate_timezone(self, field: Field) -> None:
        if field.data not in time_zones.zones():
            raise ValidationError(_("“%(zone)s” is no time zone. Choose one of the list.", zone=str(field.data)[:60]))

    def _read_week(self) -> tuple[tuple[Period, ...], ...]:
        week: list[tuple[Period, ...]] = []
        for day, typed in enumerate(self.days):
            week.append(())
            try:
                week[day] = read_day(typed)
            except MistypedError as error:
                self.day_errors[day] = str(error)
        for day in range(7):
            try:
                refuse_long_night(week[day - 1], week[day])
            except MistypedError as error:
                self.day_errors.setdefault(day, str(error))
        return tuple(week)

    def _read_holidays(self) -> tuple[Holiday, ...]:
        holidays: list[Holiday] = []
        for number, typed in enumerate(self.holidays):
            try:
                if number >= MOST_HOLIDAYS:
                    raise MistypedError(_("Use at most %(count)s holidays.", count=MOST_HOLIDAYS))
                holiday = read_holiday(typed)
                refuse_overlap(holiday, holidays)
                holidays.append(holiday)
            except MistypedError as error:
                self.holiday_errors[number] = str(error)
        return tuple(holidays)
