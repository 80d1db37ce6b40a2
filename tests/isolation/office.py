"""One workspace with a conversation wherever one can lie, and a member whose role shows them more or less of it.

`SEEN` is written by hand, from the words of `conversations/visibility.py`, and shares no code with them. The detectors
return findings; `test_visibility.py` runs them, and proves with planted defects that each can find one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from chatapp.attachments import queries as attachments
from chatapp.auth import services as auth
from chatapp.auth.models import User, UserSession
from chatapp.common.db import db
from chatapp.common.permissions import permissions_of
from chatapp.common.realtime import broadcast
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries, visibility
from chatapp.conversations.models import Conversation
from chatapp.inbox.live import AgentSocket
from chatapp.messages import services as messages
from chatapp.teams.models import Team, TeamMember
from chatapp.workspaces import queries as workspaces
from tests.factories import inside, make_scheduled
from tests.isolation.calls import CALLS, VISITORS, Call, Calls, Route
from tests.isolation.detectors import _name, _told, routes, send
from tests.isolation.preparations import findable
from tests.isolation.test_sockets import Line
from tests.isolation.world import UNKNOWN, Person, World, ids_of

LEVELS = ("own", "unassigned", "team", "all")
SEEN = {
    "own": {"mine", "mine in another team"},
    "unassigned": {"mine", "mine in another team", "waiting", "waiting in my team"},
    "team": {"mine", "mine in another team", "waiting", "waiting in my team", "a mate's in my team"},
}
PLACES = {
    # name: (assignee, team)
    "mine": ("me", None),
    "mine in another team": ("me", "theirs"),
    "waiting": (None, None),
    "waiting in my team": (None, "ours"),
    "waiting in another team": (None, "theirs"),
    "a mate's in my team": ("mate", "ours"),
    "a mate's outside of teams": ("mate", None),
    "a stranger's in another team": ("stranger", "theirs"),
}
SEEN["all"] = set(PLACES)


@dataclass(frozen=True)
class Placed:
    """A conversation, with words that stand nowhere else."""

    id: UUID
    contact: str
    text: str

    def shows_in(self, text: str) -> bool:
        return any(mark in text for mark in (str(self.id), self.contact, self.text))


class Office:
    """Globex, with two teams: the member is in one of them, their mate too, a stranger in the other."""

    def __init__(self, world: World) -> None:
        self.world, self.company = world, world.globex
        self.people: dict[str | None, UUID | None] = {
            None: None,
            "mate": self.company.members["agent"],
            "stranger": self.company.members["admin"],
        }
        with inside(world.app, self.company) as it:
            ours, theirs = Team(name="Ours"), Team(name="Theirs")
            db.session.add_all([ours, theirs])
            db.session.flush()
            self.teams: dict[str | None, UUID | None] = {None: None, "ours": ours.id, "theirs": theirs.id}
            db.session.add(TeamMember(team_id=ours.id, user_id=self.company.members["agent"]))
            db.session.add(TeamMember(team_id=theirs.id, user_id=self.company.members["admin"]))
            self.placed = {place: self._talk(it, place) for place in PLACES}
            assert self.company.attachment_id is not None
            attachments.attachment(self.company.attachment_id).conversation_id = self.placed["mine"].id
            db.session.flush()
            # the company's own ones: here every conversation has its place
            db.session.delete(it.conversation)
            db.session.delete(queries.conversation(self.company.other_conversation_id))
        self.me_in_our_team()

    def _talk(self, it: Any, place: str) -> Placed:
        mark = uuid4().hex
        conversation = it.another_conversation(f"words-{mark}", name=f"Contact-{mark}")
        return Placed(conversation.id, f"Contact-{mark}", f"words-{mark}")

    def me_in_our_team(self) -> None:
        person = self.person("own")
        assert person
        with inside(self.world.app, self.company):
            row = TeamMember(team_id=self.teams["ours"], user_id=self.me)
            db.session.add(row)
        self.arrange()

    def person(self, level: str) -> Person:
        """The member, who may do everything but own, with a role that shows them this much."""
        person = self.world.with_own_role(self.company, permissions_of("admin"), level)
        with inside(self.world.app, self.company):
            email = f"somebody@{self.company.slug}.example"
            self.people["me"] = next(member.user_id for member in workspaces.members() if member.user.email == email)
            workspaces.lock_workspace(self.company.workspace_id).has_narrow_roles = True
        return person

    @property
    def me(self) -> UUID:
        me = self.people["me"]
        assert me is not None
        return me

    def session_of_me(self) -> UUID:
        """A log-in of theirs that is not over."""
        with self.world.app.app_context(), unit_of_work():
            user = db.session.get_one(User, self.me)
            auth.start_session(user, ip="127.0.0.1", user_agent="")
            return db.session.scalars(select(UserSession.id).where(UserSession.user_id == self.me)).first()

    def arrange(self) -> None:
        """Every conversation lies where its name says, open, unanswered, with a target and with its contact's name.

        The member follows all of them.
        """
        for place, (assignee, team) in PLACES.items():
            self.world.connection.execute(
                "UPDATE conversation SET status = 'open', snoozed_until = NULL, waiting_since = now(), "
                "sla_due_at = now(), deleted_at = NULL, assignee_id = %s, team_id = %s WHERE id = %s",
                (self.people[assignee], self.teams[team], self.placed[place].id),
            )
            self.world.connection.execute(
                "UPDATE end_user SET name = %s FROM conversation c WHERE c.end_user_id = end_user.id AND c.id = %s",
                (self.placed[place].contact, self.placed[place].id),
            )
            self.world.connection.execute(
                "INSERT INTO conversation_label SELECT %s, %s, %s ON CONFLICT DO NOTHING",
                (self.placed[place].id, self.company.label_id, self.company.workspace_id),
            )
            self.world.connection.execute(
                "INSERT INTO participant (conversation_id, user_id, workspace_id, joined_at) "
                "VALUES (%s, %s, %s, now()) ON CONFLICT DO NOTHING",
                (self.placed[place].id, self.me, self.company.workspace_id),
            )

    def lay_file(self, place: str) -> None:
        """The company's file waits for a message of this member in this conversation."""
        self.world.connection.execute(
            "UPDATE attachment SET conversation_id = %s, agent_id = %s, uploader = 'agent', visitor_id = NULL, "
            "message_seq = NULL, scheduled_id = NULL WHERE id = %s",
            (self.placed[place].id, self.me, self.company.attachment_id),
        )

    def lay_reply(self, place: str) -> None:
        """The company's scheduled reply waits in this conversation."""
        self.world.connection.execute("DELETE FROM scheduled_reply WHERE id = %s", (self.company.scheduled_id,))
        with inside(self.world.app, self.company):
            make_scheduled(self.company, self.company.scheduled_id, self.placed[place].id)


def hidden_that_show(office: Office, level: str, calls: Calls = CALLS) -> list[str]:
    """Every route with every conversation: one that is not seen is answered like none, and nothing changes."""
    findings: list[str] = []
    person = office.person(level)
    for route, ways in calls.items():
        if "conversation_id" in routes(office.world)[route].arguments:
            for call in ways:
                if call.roles != VISITORS:
                    findings += [
                        f"{_name(route, call)} for {level}: {it}" for it in _hidden(office, level, route, call, person)
                    ]
    return findings


def _hidden(office: Office, level: str, route: Route, call: Call, person: Person) -> list[str]:
    """First what is seen: a refusal elsewhere would mean nothing if everything were refused."""
    world, ids, findings = office.world, ids_of(office.company), []
    for place in sorted(SEEN[level])[:2]:
        office.arrange()
        office.lay_file(place)
        office.lay_reply(place)
        status = send(world, route, call, person, ids | {"conversation_id": office.placed[place].id}).status_code
        findings += [f"{place} is refused with {status}"] if status >= 400 else []
    nobodys = {"conversation_id": UNKNOWN["conversation_id"]}
    office.arrange()
    with world.untouched(office.company) as changed:
        unknown = _told(send(world, route, call, person, ids | nobodys), nobodys)
        for place in PLACES.keys() - SEEN[level]:
            theirs = {"conversation_id": office.placed[place].id}
            answer = send(world, route, call, person, ids | theirs)
            if answer.status_code != 404:
                findings.append(f"{place} answers {answer.status_code}")
            elif _told(answer, theirs) != unknown:
                findings.append(f"{place} can be told from an unknown one")
    return findings + [f"what is unseen changes {table}" for table in changed]


def pages_that_tell(office: Office, level: str, calls: Calls = CALLS) -> list[str]:
    """Every page, list and export that is about no single conversation: nothing unseen stands on it."""
    world, person = office.world, office.person(level)
    office.arrange()
    unseen = {place: placed for place, placed in office.placed.items() if place not in SEEN[level]}
    findings: list[str] = []
    for route, ways in calls.items():
        if route[1] != "GET" or "conversation_id" in routes(world)[route].arguments:
            continue
        for call in ways:
            if call.roles == VISITORS:
                continue
            text = send(world, route, call, person, ids_of(office.company)).get_data().decode(errors="replace")
            findings += [
                f"{_name(route, call)} for {level} tells of {p}" for p, it in unseen.items() if it.shows_in(text)
            ]
    return findings


def lists_of(office: Office, level: str) -> dict[str, set[str]]:
    """What each list of conversations holds, by the names of the places."""
    person, root = office.person(level), f"/w/{office.company.slug}"
    office.arrange()
    findable(office.world.app, office.company)
    bearer = {"Authorization": f"Bearer {person.bearer}"}
    answers = {
        "inbox": person.browser.get(f"{root}/inbox").text,
        "rows": person.browser.get(f"{root}/inbox/rows").text,
        "search": person.browser.get(f"{root}/inbox/search/hits?q=words").text,
        "api": person.browser.get(f"/api/v1{root}/conversations", headers=bearer).text,
    }
    lists = {name: {p for p, it in office.placed.items() if it.shows_in(text)} for name, text in answers.items()}
    named = {p: person.browser.get(f"{root}/inbox/search/hits?q={it.contact}").text for p, it in office.placed.items()}
    return lists | {"people": {p for p, text in named.items() if str(office.placed[p].id) in text}}


def counts_of(office: Office, level: str) -> dict[str, int | str]:
    """The numbers beside the views."""
    person = office.person(level)
    office.arrange()
    text = person.browser.get(f"/w/{office.company.slug}/inbox/views").text
    found = re.search(r'data-counts="([^"]+)"', text)
    assert found is not None
    counts: dict[str, int | str] = json.loads(found.group(1).replace("&#34;", '"').replace("&quot;", '"'))
    return counts


def counts_expected(office: Office, level: str) -> dict[str, int | str]:
    seen = [PLACES[place] for place in SEEN[level]]
    of_teams = {team: sum(its == team for _assignee, its in seen) for team in ("ours", "theirs")}
    return {
        f"team:{office.company.team_id}": 0,
        f"saved:{office.company.saved_view_id}": str(len(seen)),
        **({f"label:{office.company.label_id}": len(seen)} if seen else {}),
        **{f"team:{office.teams[team]}": count for team, count in of_teams.items()},
        "mine": sum(assignee == "me" for assignee, _team in seen),
        "unassigned": sum(assignee is None for assignee, _team in seen),
        "unattended": len(seen),
        "all": len(seen),
        "due": len(seen),
        "mentions": 0,
        "participating": len(seen),
        "pending": 0,
        "snoozed": 0,
    }


class Tab:
    """What one tab of the member hears: every payload published to a topic that its socket listens to."""

    def __init__(self, office: Office, level: str) -> None:
        self.office, self.line = office, Line()
        office.person(level)
        with inside(office.world.app, office.company):
            member = workspaces.member(office.me)
            self.sight = visibility.sight_of(member)
            self.socket = AgentSocket(self.line, member=member, sight=self.sight, locale="en")  # type: ignore[arg-type]
        self.socket.open()

    def watch(self, placed: Placed) -> str:
        """Open a conversation; what was said at once."""
        self.line.said.clear()
        with self.office.world.app.app_context():
            self.socket.receive(json.dumps({"type": "watch", "conversation_id": str(placed.id), "since": 0}))
        return "".join(self.line.said)

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """Collects the payloads that reach the tab inside the block."""
        heard: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                broadcast, "publish", lambda topic, payload: topic in self.line.heard and heard.append(payload)
            )
            yield heard


def happen(office: Office, placed: Placed, text: str) -> None:
    """Everything that is shown live happens in a conversation: each in a unit of work of its own."""
    app, company = office.world.app, office.company

    def write(it: Any, conversation: Conversation) -> None:
        visitor = db.session.get_one(type(conversation.end_user), conversation.end_user_id)
        messages.receive(it.project, visitor, text=text, client_id=uuid4(), conversation_id=placed.id)

    def answer(it: Any, conversation: Conversation) -> None:
        messages.send_reply(conversation, by=it.member("owner"), text=text, client_id=uuid4())

    def note(it: Any, conversation: Conversation) -> None:
        messages.send_reply(conversation, by=it.member("owner"), text=text, client_id=uuid4(), private=True)

    def close(it: Any, conversation: Conversation) -> None:
        messages.close(conversation, by=it.member("owner"))

    def reopen(it: Any, conversation: Conversation) -> None:
        messages.reopen(conversation, by=it.member("owner"))

    for deed in (write, answer, note, close, reopen):
        with inside(app, company) as it:
            deed(it, queries.conversation(placed.id))
