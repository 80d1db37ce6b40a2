"""Contacts from a table: looked through first, then taken in, by the same steps. The worker does it batch by batch.

Each row is taken in once, however often the same file comes: who has a mail address is known by it, everybody else by
what the row says. Empty cells take nothing away. Who was erased stays erased.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import delete

from chatapp.attributes import queries as attributes
from chatapp.attributes import values
from chatapp.attributes.models import Attribute, Values
from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.spreadsheet import without_guard
from chatapp.common.tenancy import current_workspace_id
from chatapp.contacts import queries, tables
from chatapp.contacts.events import ContactImportDue
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.endusers.forms import is_phone
from chatapp.endusers.models import ContactImport, ContactImportProblem, EndUser
from chatapp.privacy import queries as privacy
from chatapp.workspaces.models import Membership
from chatapp.workspaces.services import tell_finished

LIFE = timedelta(hours=24)
STEP = 500
OUTCOMES = ("created", "updated", "unchanged", "refused")
_ATTRIBUTE = "attribute:"
_LONGEST = {"name": 120, "email": 254, "phone": 40, "company": 120}


@dataclass(frozen=True)
class Row:
    """One line of the table, what it says by field, and what it says about attributes."""

    line: int
    cells: list[str]
    facts: dict[str, str]
    extra: dict[str, str]

    @property
    def key(self) -> str:
        """Two rows with one key speak of one person."""
        return self.facts.get("email", "").lower() or repr(sorted(self.facts.items()))

    @property
    def id(self) -> UUID:
        """The contact's, if it has no mail address: the same for the same words."""
        digest = hashlib.sha256(f"{current_workspace_id()} {self.key}".encode()).digest()
        return UUID(bytes=digest[:16], version=4)


def upload(content: bytes, *, name: str, by: Membership) -> ContactImport:
    """Keep a table until somebody says what its columns are. Raises `AppError` 422."""
    text = tables.decoded(content)
    separator = tables.separator_of(text)
    rows = tables.lines_of(text, separator)
    one = ContactImport(
        requested_by=by.user.name,
        file_name=name[:120],
        content=text,
        separator=separator,
        columns=_guessed(rows[0][1]),
        total=len(rows) - 1,
        expires_at=now() + LIFE,
    )
    db.session.add(one)
    db.session.flush()
    return one


def _guessed(head: Sequence[str]) -> dict[str, int]:
    """Which column is probably what; those of attributes have their names or keys."""
    names = [name.casefold() for name in head]
    found = tables.guessed(head)
    for each in attributes.attributes("contacts"):
        place = next((place for place, name in enumerate(names) if name in (each.name.casefold(), each.key)), None)
        if place is not None and place not in found.values():
            found[field_of(each)] = place
    return found


def field_of(attribute: Attribute) -> str:
    """What a column for an attribute is called."""
    return f"{_ATTRIBUTE}{attribute.id}"


def check(one: ContactImport, *, columns: Mapping[str, int]) -> None:
    """Look through all of it and count, writing nothing down. Raises `AppError` 409, 422."""
    if one.state not in ("uploaded", "checked"):
        raise AppError(409, _("This import is under way already."))
    if not {"name", "email", "phone"} & columns.keys():
        raise tables.refused(_("Say which column has the name, the mail address or the phone."))
    if len(set(columns.values())) < len(columns):
        raise tables.refused(_("Two fields are taken from one column. Choose another one."))
    one.columns = dict(columns)
    _begin(one, "checking")


def run(one: ContactImport, *, by: Membership) -> None:
    """Take it in. Raises `AppError` 409 if it was not looked through, or is under way."""
    if one.state != "checked":
        raise AppError(409, _("This import is under way already."))
    audit.record("contacts.imported", by=by.user, target_id=one.id, changes={"people": (None, one.total)})
    _begin(one, "running", actor=f"agent:{by.user_id}")


def forget(one: ContactImport) -> None:
    """Delete the table; what was taken in stays. Raises `AppError` 409 while rows are worked on."""
    if one.is_working:
        raise AppError(409, _("This import is under way already."))
    db.session.delete(one)
    db.session.flush()


def carry_on(import_id: UUID, *, actor: str = "system") -> None:
    """In the worker: the next rows, each batch a transaction. Killed in the middle, it goes on where it was.

    `actor`: who began it.
    """
    one = queries.working_import(import_id)
    if one is None:
        return
    lines = tables.lines_of(one.content, one.separator)[1:]
    rows = [_read(line, cells, one.columns) for line, cells in lines[: one.done + STEP]]
    before = {row.key for row in rows[: one.done]}
    outcomes = Counter(_take(one, rows[one.done :], before))
    one.counts = {name: one.counts.get(name, 0) + outcomes[name] for name in OUTCOMES}
    one.done = len(rows)
    if one.done < len(lines):
        _go_on(one, actor)
    else:
        one.state, one.expires_at = ("checked" if one.state == "checking" else "done"), now() + LIFE
        if one.state == "done":
            tell_finished("import", one.id, expires_at=one.expires_at, actor=actor)
    db.session.flush()


def _begin(one: ContactImport, state: str, *, actor: str = "system") -> None:
    one.state, one.done, one.counts = state, 0, {}
    db.session.execute(delete(ContactImportProblem).where(ContactImportProblem.import_id == one.id))
    _go_on(one, actor)
    db.session.flush()


def _go_on(one: ContactImport, actor: str) -> None:
    emit(ContactImportDue(workspace_id=one.workspace_id, import_id=one.id, actor=actor))


def _take(one: ContactImport, rows: Sequence[Row], before: set[str]) -> list[str]:
    """What becomes of each row; who is new is added unless it is only looked through."""
    by_email = endusers.by_emails([row.facts["email"] for row in rows if row.facts.get("email")])
    by_id = endusers.holders([row.id for row in rows])
    erased = privacy.erased_among([row.id for row in rows], [row.facts.get("email", "") for row in rows])
    asked = {field_of(each): each for each in attributes.attributes("contacts")}
    outcomes = []
    for row in rows:
        written, is_readable = _written(row, asked)
        problem = _problem(row.facts) or (None if is_readable else "attribute")
        if problem is None and row.key in before:
            problem = "repeated"
        if problem is None and (row.id in erased or row.facts.get("email", "").lower() in erased):
            problem = "erased"
        before.add(row.key)
        if problem is not None:
            db.session.add(ContactImportProblem(import_id=one.id, line=row.line, reason=problem, cells=row.cells))
            outcomes.append("refused")
        else:
            contact = by_email.get(row.key) or by_id.get(row.id)
            how = {"is_known_by_email": row.key in by_email, "is_trial": one.state == "checking"}
            outcomes.append(_write(row, written, contact, **how))
    return outcomes


def _written(row: Row, asked: Mapping[str, Attribute]) -> tuple[Values, bool]:
    """What the row says about attributes, and whether all can be read. One that is gone meanwhile says nothing."""
    try:
        return {asked[f].place: values.of_cell(asked[f], cell) for f, cell in row.extra.items() if f in asked}, True
    except AppError:
        return {}, False


def _write(row: Row, written: Values, contact: EndUser | None, *, is_known_by_email: bool, is_trial: bool) -> str:
    if contact is None:
        if not is_trial:
            new = EndUser(id=row.id, workspace_id=current_workspace_id(), message_count=0, attributes=_said(written))
            enduser_services.describe(new, **row.facts)
            db.session.add(new)
        return "created"
    news = {name: value for name, value in row.facts.items() if getattr(contact, name) != value}
    if is_known_by_email:
        news.pop("email", None)
    known = {**contact.attributes, **_said(written)}
    if not news and known == contact.attributes:
        return "unchanged"
    if not is_trial:
        enduser_services.describe(contact, **news)
        contact.attributes = known
    return "updated"


def _said(written: Values) -> Values:
    """Empty cells take nothing away."""
    return {place: value for place, value in written.items() if value is not None}


def _read(line: int, cells: list[str], columns: Mapping[str, int]) -> Row:
    facts = {name: without_guard(cells[place]) for name, place in columns.items() if place < len(cells)}
    facts = {name: value for name, value in facts.items() if value}
    extra = {name: facts.pop(name) for name in list(facts) if name.startswith(_ATTRIBUTE)}
    return Row(line, cells, facts, extra)


def _problem(facts: Mapping[str, str]) -> str | None:
    """What is wrong with it, in a word that the page has a sentence for."""
    if not {"name", "email", "phone"} & facts.keys():
        return "nobody"
    if any(len(value) > _LONGEST[name] for name, value in facts.items()):
        return "long"
    if "phone" in facts and not is_phone(facts["phone"]):
        return "phone"
    if "email" in facts:
        try:
            validate_email(facts["email"], check_deliverability=False)
        except EmailNotValidError:
            return "email"
    return None
