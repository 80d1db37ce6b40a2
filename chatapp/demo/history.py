"""Years of a busy company at once: what lists, counts and searches are measured with.

Made by statements and not by the services, which would take an hour for a million messages; no event goes out, so that
nobody is told of conversations that were over long ago.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.projects.models import Project
from chatapp.search import services as search
from chatapp.teams import queries as teams
from chatapp.workspaces import queries as workspaces

MESSAGES_EACH = 10
_BATCH = 1_000
OPENINGS = (
    "Where is my parcel {n}?",
    "¿Cuándo llega el pedido {n}?",
    "I was charged twice for invoice {n}.",
    "Quiero devolver el artículo {n}, no es lo que esperaba.",
    "Do you ship order {n} to Portugal?",
    "The lamp of order {n} arrived broken.",
    "¿Podéis cambiar la dirección del pedido {n}?",
    "Is number {n} of your catalogue back before Christmas?",
)
LINES = (
    "Thank you, I am looking into it now.",
    "Gracias, lo miro ahora mismo.",
    "It left our warehouse yesterday and should be with you tomorrow.",
    "Could you send me a photo of the label?",
    "Perfect, thanks a lot!",
    "Te acabo de mandar la etiqueta, solo hay que pegarla en la caja.",
    "I have asked our accountant to correct it.",
    "¡Qué rápido! Muchas gracias.",
)
_FIRST = ("Marta", "Daniel", "Lucía", "Priya", "Carmen", "Oliver", "Jonas", "Chidi", "Yuki", "Zoë", "Íñigo", "Aisha")
_LAST = ("Olivares", "Whitcombe", "Peralta", "Raman", "Solís", "Brandt", "Weidl", "Okafor", "Tanaka", "Núñez", "Khan")

_KEY = """(
    lpad(to_hex((extract(epoch FROM {moment}) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
    || '8' || substr(md5(random()::text), 1, 15))::uuid"""
"""A UUIDv7 of a moment."""

_TALKS = text(
    f"""
    CREATE TEMPORARY TABLE talk ON COMMIT DROP AS
    SELECT number, began, began + cast(:lines AS int) * interval '2 minutes' AS ended, number > :closed AS is_open,
        {_KEY.format(moment="began")} AS id, {_KEY.format(moment="began")} AS end_user_id,
        CASE WHEN number <= :closed OR number % 3 > 0
            THEN (cast(:agents AS uuid[]))[1 + number % array_length(cast(:agents AS uuid[]), 1)] END AS assignee_id,
        (cast(:teams AS uuid[]))[1 + number % 5] AS team_id
    FROM (
        SELECT number,
            now() - (cast(:all AS int) - number + 1) * interval '4 minutes' - cast(:lines AS int) * interval '2 minutes'
                AS began
        FROM generate_series(cast(:first AS int), cast(:last AS int)) AS number
    ) numbered
    """
)
_PEOPLE = text(
    """
    INSERT INTO end_user (id, workspace_id, created_at, name, email, locale, last_seen_at, message_count)
    SELECT end_user_id, :workspace, began,
        (cast(:first_names AS text[]))[1 + number % :first_count] || ' '
            || (cast(:last_names AS text[]))[1 + number / :first_count % :last_count] || ' ' || number,
        'contact' || number || '@example.com', CASE number % 2 WHEN 0 THEN 'en' ELSE 'es' END, ended, :lines / 2
    FROM talk
    """
)
_CONVERSATIONS = text(
    f"""
    INSERT INTO conversation (
        id, workspace_id, created_at, project_id, end_user_id, assignee_id, team_id, channel_kind, status, epoch,
        last_seq, preview, preview_author, unread_count, agents_read_seq, visitor_read_seq, last_message_at, changed_at,
        waiting_since, first_response_at, closed_at, priority)
    SELECT id, :workspace, began, :project, end_user_id, assignee_id, team_id, 'web',
        CASE WHEN is_open THEN 'open' ELSE 'closed' END, {_KEY.format(moment="began")}, :lines,
        (cast(:lines_said AS text[]))[1 + (number + :lines) % :line_count], 'agent', 0, :lines, :lines, ended, ended,
        CASE WHEN is_open AND number % 4 = 0 THEN ended END, began + interval '2 minutes',
        CASE WHEN NOT is_open THEN ended END, CASE WHEN is_open THEN number % 5 ELSE 0 END
    FROM talk
    """
)
_MESSAGES = text(
    f"""
    INSERT INTO message (
        id, workspace_id, created_at, conversation_id, seq, revision, client_id, kind, author_type, agent_id, text,
        attachments, state)
    SELECT {_KEY.format(moment="written")}, :workspace, written, id, seq, seq, gen_random_uuid(),
        CASE WHEN seq % 10 = 8 THEN 'note' ELSE 'reply' END,
        CASE WHEN seq % 2 = 1 THEN 'visitor' ELSE 'agent' END,
        CASE WHEN seq % 2 = 0 THEN coalesce(assignee_id, (cast(:agents AS uuid[]))[1]) END,
        CASE WHEN seq = 1 THEN replace((cast(:openings AS text[]))[1 + number % :opening_count], '{{n}}', number::text)
            ELSE (cast(:lines_said AS text[]))[1 + (number + seq) % :line_count] END,
        '[]', 'read'
    FROM talk, LATERAL (
        SELECT seq, began + (seq - 1) * interval '2 minutes' AS written
        FROM generate_series(1, cast(:lines AS int)) AS seq
    ) line
    """
)


def add(project: Project, *, conversations: int, open_ones: int, each: Callable[[int], None]) -> None:
    """Add so many conversations of `MESSAGES_EACH` messages to a project; the latest `open_ones` are still open.

    `each(n)` is called after every n of them.
    """
    given = _given(project) | {"all": conversations, "closed": conversations - open_ones}
    for first in range(1, conversations + 1, _BATCH):
        given |= {"first": first, "last": min(first + _BATCH - 1, conversations)}
        with unit_of_work(project.workspace_id):
            for statement in (_TALKS, _PEOPLE, _CONVERSATIONS, _MESSAGES):
                db.session.execute(statement, {name: given[name] for name in statement.compile().params})
            search.look_through_conversations(db.session.scalars(text("SELECT id FROM talk")).all())
        each(given["last"] - first + 1)


def _given(project: Project) -> dict[str, Any]:
    """What the statements are told."""
    with unit_of_work(project.workspace_id):
        agents = [member.user_id for member in workspaces.members() if member.role != "viewer"]
        team_ids = [team.id for team in teams.teams()]
    return {
        "workspace": project.workspace_id,
        "project": project.id,
        "agents": agents,
        "teams": [*team_ids, *(None for _ in range(5 - len(team_ids)))],
        "lines": MESSAGES_EACH,
        "openings": list(OPENINGS),
        "opening_count": len(OPENINGS),
        "lines_said": list(LINES),
        "line_count": len(LINES),
        "first_names": list(_FIRST),
        "first_count": len(_FIRST),
        "last_names": list(_LAST),
        "last_count": len(_LAST),
    }
