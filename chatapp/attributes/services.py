"""Make attributes, change, order and delete them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from chatapp.attributes import queries
from chatapp.attributes.events import AttributeDeleted
from chatapp.attributes.models import WITH_OPTIONS, Attribute
from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

MOST = 30
MOST_OPTIONS = 50
LONGEST_NAME = 40
LONGEST_OPTION = 60
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Terms:
    """What may be changed about an attribute."""

    name: str
    options: Sequence[str] = ()
    currency: str | None = None
    is_required: bool = False


def create(terms: Terms, *, subject: str, kind: str, key: str = "", by: Membership) -> Attribute:
    """Without a key it gets one made of its name. Raises `AppError` 409 when there are many, 422."""
    workspaces.lock_workspace(by.workspace_id)
    others = queries.attributes(subject)
    if len(others) >= MOST:
        raise AppError(409, _("There are %(count)s attributes already. Delete one first.", count=MOST))
    made = Attribute(workspace_id=by.workspace_id, subject=subject, kind=kind)
    _write(made, terms, others)
    made.key = _checked_key(key or key_of(made.name), others)
    made.position = max((other.position for other in others), default=0) + 1
    db.session.add(made)
    db.session.flush()
    audit.record("attribute.created", by=by.user, target_id=made.id, target_name=made.name)
    return made


def change(attribute: Attribute, terms: Terms, *, by: Membership) -> None:
    """What was filled in stays, also an option that is offered no more. Raises `AppError` 422."""
    workspaces.lock_workspace(by.workspace_id)
    before = attribute.name
    _write(attribute, terms, queries.attributes(attribute.subject))
    db.session.flush()
    changes = {"name": (before, attribute.name)}
    audit.record("attribute.changed", by=by.user, target_id=attribute.id, target_name=attribute.name, changes=changes)


def move(attribute: Attribute, *, is_up: bool, by: Membership) -> None:
    """One place up or down among those of its subject."""
    workspaces.lock_workspace(by.workspace_id)
    row = list(queries.attributes(attribute.subject))
    here = next(number for number, each in enumerate(row) if each.id == attribute.id)
    there = here - 1 if is_up else here + 1
    if 0 <= there < len(row):
        row[here], row[there] = row[there], row[here]
    for number, each in enumerate(row):
        each.position = number
    db.session.flush()


def delete(attribute: Attribute, *, by: Membership) -> None:
    """It is gone at once; what was filled in goes afterwards."""
    audit.record("attribute.deleted", by=by.user, target_id=attribute.id, target_name=attribute.name)
    gone = AttributeDeleted(
        workspace_id=attribute.workspace_id,
        attribute_id=attribute.id,
        subject=attribute.subject,
        actor=f"agent:{by.user_id}",
    )
    emit(gone)
    db.session.delete(attribute)
    db.session.flush()


def key_of(name: str) -> str:
    """A key made of a name: "Nº de pedido" is no_de_pedido."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME]
    return key if _KEY.fullmatch(key) else f"attribute_{key}"[:LONGEST_NAME].rstrip("_")


def _write(attribute: Attribute, terms: Terms, others: Sequence[Attribute]) -> None:
    attribute.name = _checked_name(terms.name, [each.name for each in others if each is not attribute])
    attribute.options = _checked_options(terms.options) if attribute.kind in WITH_OPTIONS else []
    attribute.currency = (terms.currency or "EUR") if attribute.kind == "money" else None
    attribute.is_required = terms.is_required and attribute.subject == "conversations"


def _checked_name(name: str, taken: Sequence[str]) -> str:
    name = _tidy(name)
    if not name:
        raise _refused("name", _("Enter a name."))
    if len(name) > LONGEST_NAME:
        raise _refused("name", _("Use at most %(most)s characters.", most=LONGEST_NAME))
    if name.casefold() in {other.casefold() for other in taken}:
        raise _refused("name", _("There is an attribute of this name already."))
    return name


def _checked_key(key: str, others: Sequence[Attribute]) -> str:
    if not _KEY.fullmatch(key):
        raise _refused("key", _("Use small letters, digits and underscores, at most 40, and a letter first."))
    if key in {other.key for other in others}:
        raise _refused("key", _("There is an attribute with this key already."))
    return key


def _checked_options(options: Sequence[str]) -> list[str]:
    found = list({option.casefold(): option for option in map(_tidy, options) if option}.values())
    if not found:
        raise _refused("options", _("Enter at least one option, each on a line of its own."))
    if len(found) > MOST_OPTIONS or any(len(option) > LONGEST_OPTION for option in found):
        limits = {"most": MOST_OPTIONS, "longest": LONGEST_OPTION}
        raise _refused("options", _("Use at most %(most)s options of at most %(longest)s characters.", **limits))
    if any(";" in option for option in found):
        raise _refused("options", _("Options have no semicolon: tables put it between them."))
    return found


def _tidy(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _refused(field: str, sentence: str) -> AppError:
    return AppError(422, sentence, fields={field: sentence})
