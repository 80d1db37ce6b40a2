"""Whatever people write stays text: in every page, fragment and stream, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.fragments import render_each_locale
from chatapp.common.i18n import LOCALES
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.endusers.models import EndUser
from chatapp.messages import queries, services
from chatapp.messages.bodies import html_of
from chatapp.messages.wire import message_json
from chatapp.projects.models import Project
from chatapp.projects.words import WORDS
from chatapp.workspaces.models import Workspace
from tests.factories import inside
from tests.isolation.calls import CALLS
from tests.isolation.detectors import send
from tests.isolation.world import World, ids_of
from tests.security.hostile import ALL_AT_ONCE, TEXTS, came_alive


@pytest.fixture(scope="module")
def hostile_world(world: World) -> World:
    """Everything in Globex that somebody may name or write is hostile."""
    world.app.config["WTF_CSRF_ENABLED"] = False
    with inside(world.app, world.globex) as here:
        for user in db.session.scalars(select(User)):
            user.name = ALL_AT_ONCE
        db.session.get_one(Workspace, world.globex.workspace_id).name = ALL_AT_ONCE
        name_project(world)
        visitor = db.session.get_one(EndUser, world.globex.end_user_id)
        visitor.name = visitor.email = ALL_AT_ONCE
        agent = here.member("agent")
        for text in TEXTS:
            other = here.another_conversation(text, name=text)
            services.assign(other, to=agent, by=agent)
            services.send_reply(here.conversation, by=agent, text=text, client_id=uuid7())
            services.send_reply(here.conversation, by=agent, text=text, client_id=uuid7(), private=True)
            visitor_says(here.conversation.id, world, text)
    return world


def name_project(world: World) -> None:
    project = db.session.get_one(Project, world.globex.project_id)
    project.name = project.last_seen_url = ALL_AT_ONCE
    project.words = {locale: {word.name: ALL_AT_ONCE for word in WORDS} for locale in LOCALES}


def visitor_says(conversation_id: UUID, world: World, text: str) -> None:
    visitor = db.session.get_one(EndUser, world.globex.end_user_id)
    project = db.session.get_one(Project, world.globex.project_id)
    services.receive(project, visitor, text=text, client_id=uuid7(), conversation_id=conversation_id)


def html_answers(world: World) -> Iterator[tuple[str, str]]:
    """Every page and fragment that a member or a visitor is sent, with what was typed wrong typed back."""
    with inside(world.app, world.globex):  # one of the calls gives it another name
        db.session.get_one(Workspace, world.globex.workspace_id).name = ALL_AT_ONCE
    owner = world.member(world.globex, "owner")
    yield "workspaces.index", owner.browser.get("/workspaces").text
    for (endpoint, method), calls in CALLS.items():
        if endpoint.split(".")[0] in ("api", "widget"):
            continue
        for call in calls:
            answer = send(world, (endpoint, method), call, owner, ids_of(world.globex))
            if answer.mimetype == "text/html":
                yield f"{endpoint} {method}", answer.text
    browser = owner.browser
    conversation = world.globex.conversation_id
    for path in (f"/w/globex/inbox/{conversation}", "/w/globex/inbox"):
        yield f"{path} for htmx", browser.get(path, headers={"HX-Request": "true"}).text
    typed = {"name": ALL_AT_ONCE, "slug": ALL_AT_ONCE, "domains": ALL_AT_ONCE, "email": ALL_AT_ONCE}
    stranger = world.app.test_client()
    yield "workspaces.create", browser.post("/workspaces", data=typed).text
    yield "projects.create", browser.post("/w/globex/projects", data=typed).text
    yield "auth.login", stranger.post("/login", data=typed).text
    yield "auth.register", stranger.post("/register", data=typed | {"password": "short"}).text
    yield (
        "messages.create",
        browser.post(f"/w/globex/conversations/{conversation}/messages", data={"text": ALL_AT_ONCE}).text,
    )
    yield "a page that is not there", browser.get(f"/{ALL_AT_ONCE}").text
    with inside(world.app, world.globex):  # one of the calls gives it other words
        name_project(world)
    settings = f"/w/globex/projects/{world.globex.project_id}/settings/appearance"
    for path in (settings, f"{settings}/preview"):
        yield path, browser.post(path, data={"accent": ALL_AT_ONCE, "en_greeting": ALL_AT_ONCE}).text
    yield "appearance.show", browser.get(settings).text
    yield "widget_pages.panel", stranger.get(f"/widget/{world.globex.site_key}").text


def streams(world: World) -> Iterator[tuple[str, str]]:
    """What sockets bring: rendered without a request, once per language."""
    with inside(world.app, world.globex):
        shown = conversations.conversation(world.globex.conversation_id)
        for row in queries.since(shown.id, 0):
            message = queries.message_for_display(row.id)
            for locale, html in render_each_locale("messages/created.stream.html", message=message):
                yield f"messages/created.stream.html {locale}", html
            yield "the API's html", message_json(message)["html"]
        for name in ("conversations/row.stream.html", "conversations/head.stream.html"):
            for locale, html in render_each_locale(name, conversation=shown):
                yield f"{name} {locale}", html


def alive(answers: Iterator[tuple[str, str]]) -> list[str]:
    return [f"{name}: {found}" for name, html in answers for found in came_alive(html)]


def test_the_texts_are_really_shown(hostile_world: World) -> None:
    """Before anything is said about what is absent."""
    shown = dict(html_answers(hostile_world))
    names = (
        "inbox.show GET",
        "inbox.conversation GET",
        "projects.index GET",
        "auth.register",
        "widget_pages.panel",
        "appearance.show",
    )
    missing = [name for name in (*names, "workspaces.index") if "x-hostile" not in shown[name]]
    assert missing == []
    assert shown["inbox.conversation GET"].count("x-hostile") > 2 * len(TEXTS)


def test_nothing_comes_alive_in_pages_and_fragments(hostile_world: World) -> None:
    assert alive(html_answers(hostile_world)) == []


def test_nothing_comes_alive_in_streams(hostile_world: World) -> None:
    assert alive(streams(hostile_world)) == []


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_comes_alive_in_a_body(text: str) -> None:
    assert came_alive(str(html_of(text))) == []


def test_without_escaping_texts_come_alive(hostile_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _switch_escaping_off(hostile_world.app, monkeypatch)
    found = {finding.partition(":")[0] for finding in alive(html_answers(hostile_world))}
    assert {"inbox.show GET", "inbox.conversation GET", "projects.index GET", "workspaces.index"} <= found
    assert alive(streams(hostile_world)) != []


@pytest.mark.parametrize("text", ["<x-hostile>", '<p x-hostile="">', "<a href='javascript:1'>", "<b onclick=1>"])
def test_the_reader_notices(text: str) -> None:
    assert came_alive(f"<div>{text}</div>") != []


def _switch_escaping_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.jinja_env, "autoescape", False)
    monkeypatch.setattr(app.jinja_env, "cache", {})
    monkeypatch.setattr(app.jinja_env, "bytecode_cache", None)  # what is kept there was compiled with it
