"""Demo data for development: two companies, their people, and conversations that look like real ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from chatapp.attributes import services as attributes
from chatapp.auth import queries as users
from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.canned import services as canned
from chatapp.common import tenancy
from chatapp.common.clock import now
from chatapp.common.conditions import read
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.demo import history
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.hours import services as hours
from chatapp.hours.calendar import Calendar, Holiday, Period
from chatapp.messages import queries as message_queries
from chatapp.messages import services as messages
from chatapp.projects import queries as project_queries
from chatapp.projects import services as projects
from chatapp.projects.models import Project
from chatapp.saved_views import services as saved_views
from chatapp.sla.services import policies
from chatapp.sla.services.policies import Terms
from chatapp.teams import services as teams
from chatapp.teams.models import Team
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Membership

PASSWORD = "demo-password"
ACME_KEY = "demo-acme-site-key"
GLOBEX_KEY = "demo-globex-site-key"
_LATEST = (1, 4, 11, 18, 26, 47, 95, 160)  # minutes since the last message, the newest conversation first
_PAUSE = timedelta(minutes=2)
_LOCAL = ["localhost", "127.0.0.1"]
_ACCENT = "#115c45"  # of the pretend shop in widget/demo.html


@dataclass(frozen=True)
class _Person:
    email: str
    name: str
    role: str


_ACME = (
    _Person("owner@acme.example", "Olivia Ortega", "owner"),
    _Person("admin@acme.example", "Adrián Blanco", "admin"),
    _Person("agent@acme.example", "Alba Ferrer", "agent"),
    _Person("agent2@acme.example", "Tom Ridley", "agent"),
    _Person("viewer@acme.example", "Vera Novák", "viewer"),
)
_GLOBEX = (_Person("owner@globex.example", "Gus Hartmann", "owner"),)
_TEAMS = (
    ("Support", "Orders, parcels and everything that breaks", ("agent@acme.example", "agent2@acme.example")),
    ("Sales", "Prices, wholesale and questions before the order", ("owner@acme.example", "agent2@acme.example")),
)

_CANNED = (
    ("hello", "Hello {{contact.first_name|there}}, thank you for writing to {{workspace.name}}. How can I help?"),
    ("hola", "Hola {{contact.first_name}}, gracias por escribir a {{workspace.name}}. ¿En qué puedo ayudarte?"),
    ("refund", "The money is on its way back: you will see it within five days.\n\nKind regards,\n{{agent.name}}"),
    ("tracking", "Your parcel has left us. Its tracking page wakes up a day after that."),
    ("envios", "Enviamos a toda España en 48 horas; a Canarias, en cinco días."),
)

_TALKS = (
    (
        "Marta Olivares",
        "es",
        [
            "¡Hola! Me acaba de llegar la lámpara Brisa y la pantalla viene rota.",
            "<Vaya, lo siento mucho, Marta. Te mando una pantalla nueva hoy mismo, sin coste.",
            "¡Qué rápido! Muchas gracias.",
        ],
    ),
    ("Daniel Whitcombe", "en", ["Is the walnut one back before Christmas? I can wait a week, not more."]),
    ("Lucía Peralta", "es", ["¿Hacéis envíos a Canarias? Me ha encantado la manta de la última foto."]),
    (
        "Priya Raman",
        "en",
        [
            "The VAT number on invoice 10482 is still the old one.",
            "<Thank you, Priya. I have asked our accountant to correct it.",
            "-The new number is in their file, it only has to be printed again.",
        ],
    ),
    (
        "Carmen Solís",
        "es",
        [
            "Quiero devolver el cojín, me equivoqué de talla.",
            "<Te acabo de mandar la etiqueta, solo hay que pegarla en la caja.",
        ],
    ),
    (
        "Oliver Brandt",
        "en",
        ["The second parcel left you on Monday, but the tracking page says nothing: https://track.example/10517"],
    ),
    (None, "en", ["Do you ship to Portugal?"]),
    ("Jonas Weidl", "en", ["Could you send me wholesale prices for 40 mugs, delivered to Graz?"]),
)
_VIEWS: tuple[tuple[str, str, str, list[tuple[str, str, object]]], ...] = (
    (
        "conversations",
        "Waiting for an hour",
        "waiting",
        [
            ("status", "any_of", ["open"]),
            ("waiting", "yes", None),
            ("activity", "more_than", {"amount": 1, "unit": "hours"}),
        ],
    ),
    (
        "contacts",
        "Here this week",
        "seen",
        [("seen", "less_than", {"amount": 7, "unit": "days"}), ("blocked", "no", None)],
    ),
)

_FOR_SALES = ("Daniel Whitcombe", "Lucía Peralta", "Jonas Weidl")


def create() -> None:
    """Make the demo companies, unless they are there. Refused in production."""
    if current_app.extensions["chatapp.config"].is_production:
        raise RuntimeError("Demo data is never created in production.")
    if users.user_by_email(_ACME[0].email) is not None:
        return
    _company("Acme", "acme", _ACME, ("Acme Shop", ACME_KEY, ["acme-shop.example"]))
    _company("Globex", "globex", _GLOBEX, ("Globex", GLOBEX_KEY, ["globex.example"]))
    with unit_of_work():
        project = _enter(ACME_KEY)
        members = {membership.user.email: membership for membership in workspace_queries.members()}
        found = {title: _team(title, purpose, emails, members) for title, purpose, emails in _TEAMS}
        _promise(found["Sales"], by=members["owner@acme.example"].user)
        for code, words in _CANNED:
            canned.create(code=code, text=words, team=None, is_own=False, by=members["owner@acme.example"])
        _sort_out(members["owner@acme.example"])
        for number, (name, locale, lines) in enumerate(_TALKS):
            agent = members["agent@acme.example" if number % 2 else "agent2@acme.example"]
            ago = timedelta(minutes=_LATEST[len(_TALKS) - 1 - number])
            conversation = talk(project, agent, name=name, locale=locale, lines=lines, ago=ago)
            if name in _FOR_SALES:
                conversation.team_id = found["Sales"].id


def _sort_out(boss: Membership) -> None:
    """What they want to know about everybody, and what they look at first."""
    plan = attributes.Terms("Plan", options=["Free", "Pro", "Company"])
    attributes.create(plan, subject="contacts", kind="list", by=boss)
    attributes.create(attributes.Terms("Order number"), subject="conversations", kind="text", by=boss)
    for subject, name, sort, rules in _VIEWS:
        asked = read(
            {"match": "all", "parts": [{"field": field, "operator": how, "value": it} for field, how, it in rules]}
        )
        saved_views.create(saved_views.Terms(name, asked, sort, is_own=False), subject=subject, by=boss)


def _team(title: str, purpose: str, emails: Sequence[str], members: Mapping[str, Membership]) -> Team:
    boss = members["owner@acme.example"]
    team = teams.create(name=title, description=purpose, by=boss)
    teams.choose_members(team, user_ids=[members[email].user_id for email in emails], by=boss)
    return team


def _promise(team: Team, *, by: User) -> None:
    """A schedule, and targets in it for one team. They count from yesterday on, so that there is something to see."""
    day = (Period(9 * 60, 14 * 60), Period(16 * 60, 19 * 60))
    new_year = Holiday("Año Nuevo", date(2000, 1, 1), date(2000, 1, 1), is_yearly=True)
    calendar = Calendar(ZoneInfo("Europe/Madrid"), (*(day for _ in range(5)), (), ()), (new_year,))
    office = hours.create(name="Office", calendar=calendar, is_default=True, by=by)
    terms = Terms("Sales answers", first_response=60, next_response=120, resolution=24 * 60, warn_amount=80)
    policy = policies.create(replace(terms, hours_id=office.id, team_id=team.id), by=by)
    policy.created_at -= timedelta(days=1)


def add_talks(count: int, *, each: Callable[[int], None], seed: int = 7) -> None:
    """Add so many more believable conversations to Acme; `each(1)` is called after every one."""
    choose = random.Random(seed)
    for number in range(count):
        with unit_of_work():
            project = _enter(ACME_KEY)
            agent = choose.choice([member for member in workspace_queries.members() if member.role != "viewer"])
            name, locale, lines = choose.choice(_TALKS)
            ago = timedelta(minutes=choose.randrange(8 * 60))
            talk(project, agent, name=f"{name} {number + 1}" if name else None, locale=locale, lines=lines, ago=ago)
        each(1)


def add_history(conversations: int, *, open_ones: int, each: Callable[[int], None]) -> None:
    """Add years of history to Acme, see `history.add`."""
    with unit_of_work():
        project = _enter(ACME_KEY)
    history.add(project, conversations=conversations, open_ones=open_ones, each=each)


def talk(
    project: Project, agent: Membership, *, name: str | None, locale: str, lines: list[str], ago: timedelta
) -> Conversation:
    """One conversation: lines of the visitor, `<` an answer of the agent, `-` a private note. The last was `ago`."""
    visitor = endusers.ensure(uuid7(), locale=locale)
    visitor.name = name
    conversation = None
    for line in lines:
        if line[0] in "<-":
            assert conversation is not None
            messages.assign(conversation, to=agent, by=agent)
            messages.send_reply(conversation, by=agent, text=line[1:], client_id=uuid7(), private=line[0] == "-")
        else:
            sent = messages.receive(project, visitor, text=line, client_id=uuid7())
            conversation = conversation_queries.conversation(sent.message.conversation_id)
    assert conversation is not None
    _move_back(conversation, visitor, ago)
    return conversation


def _move_back(conversation: Conversation, visitor: EndUser, ago: timedelta) -> None:
    """Spread what was written in a moment over some minutes of the past: a demo shows a morning's work."""
    db.session.flush()
    lines = message_queries.latest(conversation.id)
    for place, message in enumerate(reversed(lines)):
        message.created_at -= ago + _PAUSE * place
    said = [message for message in lines if message.kind == "reply"]
    conversation.created_at = visitor.created_at = lines[0].created_at
    conversation.last_message_at = said[-1].created_at
    visitor.last_seen_at = max(message.created_at for message in said if message.author_type == "visitor")
    if conversation.waiting_since:
        conversation.waiting_since = visitor.last_seen_at
    if conversation.first_response_at:
        conversation.first_response_at = next(message.created_at for message in said if message.author_type == "agent")


def _company(name: str, slug: str, people: tuple[_Person, ...], site: tuple[str, str, list[str]]) -> None:
    with unit_of_work():
        members = [(_account(person), person.role) for person in people]
        workspace = workspaces.create(name=name, slug=slug, locale="en", owner=members[0][0])
        for user, role in members[1:]:
            workspaces.add_member(workspace, user=user, role=role)
        project_name, key, domains = site
        project = projects.create(workspace, name=project_name, allowed_domains=[*_LOCAL, *domains], site_key=key)
        project.accent = _ACCENT


def _account(person: _Person) -> User:
    user = auth.register(email=person.email, password=PASSWORD, name=person.name, locale=None)
    user.email_verified_at = now()
    return user


def _enter(site_key: str) -> Project:
    found = project_queries.project_by_site_key(site_key)
    if found is None:
        raise LookupError(f"There is no project with the key {site_key}; run `flask demo` first.")
    tenancy.enter(found.workspace_id)
    return db.session.merge(found, load=False)
