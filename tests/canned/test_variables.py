"""Names in canned replies: filled in, left out, refused."""

import pytest
from flask import Flask

from chatapp.canned import variables
from tests.factories import Company, inside, make_company


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello {{contact.first_name}}!", "Hello Ada!"),
        ("{{ contact.name | friend }}", "Ada King"),
        ("{{contact.email|no address}}, {{agent.first_name}}", "no address, Agent"),
        ("Write to {{contact.email}}.", "Write to."),
        ("{{contact.email}}\n{{workspace.name}} · {{project.name}}", "\nAcme · Acme Shop"),
        ("{{contact.email|}}x {plain} }}", "x {plain} }}"),
    ],
)
def test_names_are_filled_in(app: Flask, acme: Company, text: str, expected: str) -> None:
    with inside(app, acme) as it:
        conversation = it.conversation
        conversation.end_user.name = "Ada King"
        assert variables.problem(text) is None
        assert variables.filled(text, conversation, by=it.member("agent")) == expected


def test_what_a_visitor_is_called_is_never_filled_in_again(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        conversation = it.conversation
        conversation.end_user.name = "{{agent.name}}"
        assert variables.filled("{{contact.name}}", conversation, by=it.member("agent")) == "{{agent.name}}"


@pytest.mark.parametrize(
    "text", ["{{contact.surname}}", "{{}}", "{{contact.name", "{{ {{contact.name}}", "{{contact.name|{x}}}"]
)
def test_what_is_no_variable_is_named(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert variables.problem(text)
