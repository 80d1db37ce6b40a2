"""Do something to many conversations, and take it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from chatapp.bulk import queries
from chatapp.bulk.events import BulkRunDue
from chatapp.bulk.models import BulkRun
from chatapp.bulk.verbs import Work, verb
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError, not_found
from chatapp.common.events import emit
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import enter, sight_of
from chatapp.messages import undoing
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

AT_ONCE = 50
RUN = "conversations.bulk"
_UNDO = "undo"
_COUNTED = ("changed", "same", "missing", "refused")


@dataclass(frozen=True)
class Outcome:
    """How many were changed, how many were so already, how many are gone or out of sight, and in how many something was
    to be known first; `deed` takes it back."""

    changed: int = 0
    same: int = 0
    missing: int = 0
    refused: int = 0
    deed: Deed | None = None


def do(conversation_ids: Sequence[UUID], *, what: str, value: str, by: Membership, into: Deed | None = None) -> Outcome:
    """To those that the member sees. Raises `AppError` 404 if that is none, or for a value that names nothing, 422."""
    work = verb(what).prepare(value, by)
    with undoing.remembered(conversation_ids, by=by, into=into) as held:
        if conversation_ids and not held.conversations:
            raise not_found()
        refused = sum(_refuses(conversation, work) for conversation in held.conversations)
    there = len(held.conversations)
    return Outcome(
        held.changed, there - held.changed - refused, len(conversation_ids) - there, refused=refused, deed=held.deed
    )


def _refuses(conversation: Conversation, work: Work) -> bool:
    """One that cannot be closed as it is does not keep the others."""
    try:
        work(conversation)
    except AppError:
        return True
    return False


def begin(conversation_ids: Sequence[UUID], *, what: str, value: str, by: Membership) -> BulkRun:
    """Let the worker do it. Raises `AppError` 404, 409 while another run of theirs is under way, 422."""
    verb(what).prepare(value, by)
    _refuse_second(by)
    deed = undo.remember(RUN, by=by, since=now().isoformat())
    return _start(what, value, [str(it) for it in conversation_ids], deed, by)


def take_back(deed: Deed, by: Membership) -> str | None:
    """The worker does it as well. Raises `AppError` 409 while it is still being done."""
    _refuse_second(by)
    with undoing.look_anywhere():
        changed = [str(change.conversation_id) for change in conversation_queries.changes_of(deed.id)]
    _start(_UNDO, "", changed, deed, by)
    return _("It is being undone.")


def carry_on(run_id: UUID, *, place: int) -> None:
    """In the worker: the next conversations from there on, each batch a transaction. Again changes nothing."""
    run = queries.working_run(run_id)
    if run is None or run.done != place:
        return
    member, deed = workspaces.member(run.user_id), db.session.get_one(Deed, run.deed_id)
    batch = [UUID(it) for it in run.conversation_ids[place : place + AT_ONCE]]
    enter(sight_of(member))
    outcome = _outcome(run, batch, deed, member)
    counted = Counter(run.counts) + Counter({name: getattr(outcome, name) for name in _COUNTED})
    run.counts, run.done = dict(counted), place + len(batch)
    deed.expires_at = now() + undo.LIFE
    if run.done < run.total:
        _go_on(run)
    else:
        run.ended_at = now()
    db.session.flush()


def put_aside(run: BulkRun) -> None:
    """It has been seen. One that is under way goes on."""
    run.seen_at = now()


def words_of(what: str, outcome: Outcome) -> str:
    """What was done, and what was not."""
    undone = ngettext("%(num)s conversation is as before.", "%(num)s conversations are as before.", outcome.changed)
    parts = [undone if what == _UNDO else verb(what).words(outcome.changed)]
    if outcome.same and what == _UNDO:
        parts.append(ngettext("%(num)s has changed since.", "%(num)s have changed since.", outcome.same))
    elif outcome.same:
        parts.append(ngettext("%(num)s was so already.", "%(num)s were so already.", outcome.same))
    if outcome.refused:
        parts.append(
            ngettext(
                "%(num)s left open: a field there must be filled in first.",
                "%(num)s left open: a field there must be filled in first.",
                outcome.refused,
            )
        )
    if outcome.missing:
        skipped = ngettext(
            "%(num)s skipped: it is gone or not yours to change.",
            "%(num)s skipped: they are gone or not yours to change.",
            outcome.missing,
        )
        parts.append(skipped)
    return " ".join(parts)


def outcome_of(run: BulkRun) -> Outcome:
    changed, same, missing, refused = (int(run.counts.get(name, 0)) for name in _COUNTED)
    return Outcome(changed, same, missing, refused)


def _outcome(run: BulkRun, batch: Sequence[UUID], deed: Deed, member: Membership) -> Outcome:
    try:
        if run.what == _UNDO:
            return _take_back(batch, deed, member)
        if member.may(verb(run.what).permission):
            return do(batch, what=run.what, value=run.value, by=member, into=deed)
    except AppError:
        pass  # whom or what it names has gone meanwhile, or the member may not do it any more
    return Outcome(missing=len(batch))


def _take_back(batch: Sequence[UUID], deed: Deed, member: Membership) -> Outcome:
    with undoing.look_anywhere():
        changes = conversation_queries.changes_of(deed.id, among=batch)
    count = undoing.put_back(changes, by=member, since=deed.facts["since"])
    return Outcome(count, len(changes) - count, len(batch) - len(changes))


def _refuse_second(by: Membership) -> None:
    workspaces.lock_workspace(by.workspace_id)
    if queries.is_working(by):
        raise AppError(409, _("The last one is still under way. Wait until it is done."))


def _start(what: str, value: str, conversation_ids: list[str], deed: Deed, by: Membership) -> BulkRun:
    run = BulkRun(
        workspace_id=by.workspace_id,
        user_id=by.user_id,
        deed_id=deed.id,
        what=what,
        value=value,
        conversation_ids=conversation_ids,
        done=0,
        total=len(conversation_ids),
        counts={},
    )
    db.session.add(run)
    db.session.flush()
    _go_on(run)
    return run


def _go_on(run: BulkRun) -> None:
    emit(BulkRunDue(workspace_id=run.workspace_id, run_id=run.id, place=run.done))
