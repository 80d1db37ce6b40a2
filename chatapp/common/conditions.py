"""Conditions that people put together: what they sent is checked against a list of fields, kept as JSON, and turned
into SQL.

Nothing reaches a statement but what a `Field` of the list makes of it: a name that is not in the list is refused when
it is written down, and finds nothing when it was written down before its field was deleted.

As JSON: `{"match": "all", "parts": [{"field": …, "operator": …, "value": …}, {"match": "any", "parts": […]}]}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, or_, true

from chatapp.common.clock import now
from chatapp.common.errors import AppError

MATCHES = ("all", "any")
OPERATORS: Mapping[str, Sequence[str]] = {
    "choice": ("any_of", "none_of"),
    "flag": ("yes", "no"),
    "age": ("more_than", "less_than"),
    "option": ("any_of", "none_of", "known", "unknown"),
    "text": ("contains", "lacks", "known", "unknown"),
    "number": ("equals", "at_least", "at_most", "known", "unknown"),
    "date": ("on", "before", "after", "known", "unknown"),
}
"""What each kind of field may be asked."""

BARE = ("yes", "no", "known", "unknown")
"""Operators that need no value."""

UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}
MOST_RULES = 20
MOST_GROUPS = 5
MOST_VALUES = 50
LONGEST_TEXT = 200
LONGEST_AGE = 10_000
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")

Criterion = ColumnElement[bool]


@dataclass(frozen=True)
class Field:
    """Something that can be asked about a row. `criterion` makes SQL of an operator and a checked value; `options` are
    the values of a choice with their words."""

    name: str
    words: Any
    kind: str
    criterion: Callable[[str, Any], Criterion]
    options: Callable[[], Sequence[tuple[str, Any]]] = field(default=lambda: ())

    @property
    def operators(self) -> Sequence[str]:
        return OPERATORS[self.kind]


Fields = Mapping[str, Field]


@dataclass(frozen=True)
class Rule:
    field: str
    operator: str
    value: Any = None


@dataclass(frozen=True)
class Group:
    """Rules, and in the outermost group further groups; with none it holds for every row."""

    match: str = "all"
    parts: Sequence[Rule | Group] = ()

    @property
    def rules(self) -> Iterator[Rule]:
        for part in self.parts:
            yield from (part,) if isinstance(part, Rule) else part.rules


def checked(raw: object, fields: Fields) -> Group:
    """What was sent, if it makes sense. Raises `AppError` 422 with a sentence for the person."""
    group = _group(raw, fields, is_outermost=True)
    if sum(1 for _rule in group.rules) > MOST_RULES:
        raise refused(_("Use at most %(count)s conditions.", count=MOST_RULES))
    return group


def _group(raw: object, fields: Fields, *, is_outermost: bool = False) -> Group:
    if not isinstance(raw, dict) or raw.get("match") not in MATCHES or not isinstance(raw.get("parts"), list):
        raise _unreadable()
    groups = [part for part in raw["parts"] if isinstance(part, dict) and "parts" in part]
    if (groups and not is_outermost) or len(groups) > MOST_GROUPS:
        raise refused(_("Use at most %(count)s groups, and none inside of another.", count=MOST_GROUPS))
    parts = [_group(part, fields) if part in groups else _rule(part, fields) for part in raw["parts"]]
    if not parts and not is_outermost:
        raise refused(_("A group is empty. Add a condition to it, or remove it."))
    return Group(raw["match"], parts)


def _rule(raw: object, fields: Fields) -> Rule:
    if not isinstance(raw, dict):
        raise _unreadable()
    name, operator = raw.get("field"), raw.get("operator")
    found = fields.get(name) if isinstance(name, str) else None
    if found is None:
        raise refused(_("One of the conditions is about something that is no more. Remove it."))
    if operator not in found.operators:
        raise refused(_("“%(field)s” cannot be asked like that. Choose one of the list.", field=found.words))
    value = None if operator in BARE else _VALUES[found.kind](raw.get("value"), found)
    return Rule(found.name, str(operator), value)


def _choice(raw: object, of: Field) -> list[str]:
    known = {value for value, _words in of.options()}
    if not isinstance(raw, list) or not raw:
        raise refused(_("Choose at least one value for “%(field)s”.", field=of.words))
    if len(raw) > MOST_VALUES or not all(isinstance(value, str) and value in known for value in raw):
        raise refused(_("A value of “%(field)s” is no more. Choose it again.", field=of.words))
    return list(dict.fromkeys(raw))


def _age(raw: object, of: Field) -> dict[str, Any]:
    amount, unit = (raw.get("amount"), raw.get("unit")) if isinstance(raw, dict) else (None, None)
    text = str(amount)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= LONGEST_AGE or unit not in UNITS:
        raise refused(_("Enter for “%(field)s” a whole number of hours or days, from 1 on.", field=of.words))
    return {"amount": int(text), "unit": unit}


def _text(raw: object, of: Field) -> str:
    text = raw.replace("\x00", "").strip() if isinstance(raw, str) else ""
    if not 0 < len(text) <= LONGEST_TEXT:
        raise refused(_("Enter for “%(field)s” up to %(count)s characters.", field=of.words, count=LONGEST_TEXT))
    return text


def _number(raw: object, of: Field) -> str:
    try:
        return number_text(str(raw))
    except ValueError:
        raise refused(_("Enter a number for “%(field)s”, such as 12 or 12.50.", field=of.words)) from None


def _date(raw: object, of: Field) -> str:
    try:
        return date.fromisoformat(raw if isinstance(raw, str) else "").isoformat()
    except ValueError:
        raise refused(_("Choose a date for “%(field)s”.", field=of.words)) from None


_VALUES: Mapping[str, Callable[[object, Field], Any]] = {
    "choice": _choice,
    "option": _choice,
    "age": _age,
    "text": _text,
    "number": _number,
    "date": _date,
}


def number_text(text: str) -> str:
    """A number as it is kept, with a point and without needless zeros. Raises `ValueError` for what is none."""
    plain = text.strip().replace(",", ".")
    try:
        number = Decimal(plain if _NUMBER.fullmatch(plain) else "")
    except InvalidOperation:
        raise ValueError(text) from None
    return f"{number:f}".rstrip("0").rstrip(".") if number % 1 else f"{int(number)}"


def refused(sentence: str) -> AppError:
    return AppError(422, sentence, fields={"conditions": sentence})


def _unreadable() -> AppError:
    return refused(_("The conditions could not be read. Put them together again."))


def kept(group: Group) -> dict[str, Any]:
    """As JSON."""
    return {"match": group.match, "parts": [_kept(part) for part in group.parts]}


def _kept(part: Rule | Group) -> dict[str, Any]:
    return kept(part) if isinstance(part, Group) else asdict(part)


def read(stored: Mapping[str, Any]) -> Group:
    """What `kept` wrote."""
    return Group(stored["match"], [read(part) if "parts" in part else Rule(**part) for part in stored["parts"]])


def criterion(group: Group, fields: Fields) -> Criterion:
    """As SQL, for the rows that the fields are about."""
    parts = [criterion(part, fields) if isinstance(part, Group) else _asked(part, fields) for part in group.parts]
    if not parts:
        return true()
    return and_(*parts) if group.match == "all" else or_(*parts)


def _asked(rule: Rule, fields: Fields) -> Criterion:
    found = fields.get(rule.field)
    return found.criterion(rule.operator, rule.value) if found and rule.operator in found.operators else false()


# What the criteria of fields are made of.


def negated(holds: Criterion) -> Criterion:
    """Whatever it does not hold for, also where nothing is known."""
    return holds.is_not(true())


def among(column: Any, values: Sequence[Any]) -> Criterion:
    """Whether it has one of these values; None stands for having none."""
    known = [value for value in values if value is not None]
    ways = [column.in_(known)] if known else []
    return or_(*ways, column.is_(None)) if None in values else or_(false(), *ways)


def chosen(operator: str, holds: Criterion) -> Criterion:
    """For a choice: whether it has one of the values, or none of them."""
    return holds if operator == "any_of" else negated(holds)


def flagged(operator: str, holds: Criterion) -> Criterion:
    return holds if operator == "yes" else negated(holds)


def aged(column: Any, operator: str, value: Mapping[str, Any]) -> Criterion:
    moment = now() - value["amount"] * UNITS[value["unit"]]
    older: Criterion = column < moment
    return older if operator == "more_than" else column >= moment


def worded(column: Any, operator: str, value: str) -> Criterion:
    if operator in ("known", "unknown"):
        return present(operator, and_(column.is_not(None), column != ""))
    holds: Criterion = column.icontains(value, autoescape=True)
    return holds if operator == "contains" else negated(holds)


def compared(column: Any, operator: str, value: Any) -> Criterion:
    """For numbers and dates."""
    if operator in ("known", "unknown"):
        return present(operator, column.is_not(None))
    ways: Mapping[str, Criterion] = {
        "equals": column == value,
        "on": column == value,
        "at_least": column >= value,
        "at_most": column <= value,
        "before": column < value,
        "after": column > value,
    }
    return ways[operator]


def present(operator: str, holds: Criterion) -> Criterion:
    return holds if operator == "known" else negated(holds)
