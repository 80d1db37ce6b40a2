"""Rules about templates; and proof that each rule sees what breaks it."""

from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment

from tests.architecture import templates


@pytest.fixture
def environment(app: Flask) -> Environment:
    return app.jinja_env


def _all_but(environment: Environment, *prefixes: str) -> list[str]:
    return [name for name in environment.list_templates() if not name.startswith(prefixes)]


def test_there_are_streams(environment: Environment) -> None:
    assert {"messages/created.stream.html", "conversations/row.stream.html"} <= set(
        templates.stream_templates(environment)
    )


def test_streams_know_no_request_and_no_reader(environment: Environment) -> None:
    names = templates.stream_templates(environment)
    assert [finding for name in names for finding in templates.bound_to_a_request(environment, name)] == []


def test_what_a_stream_renders_declares_its_inputs(environment: Environment) -> None:
    parts = {part for name in templates.stream_templates(environment) for part in templates.closure(environment, name)}
    assert [finding for name in sorted(parts) for finding in templates.undeclared_inputs(environment, name)] == []


def test_nothing_is_called_safe(environment: Environment) -> None:
    names = environment.list_templates()
    assert [finding for name in names for finding in templates.unescaped(environment, name)] == []


def test_no_code_stands_in_attributes(environment: Environment) -> None:
    names = _all_but(environment, "emails/")
    assert [finding for name in names for finding in templates.inline_code(environment, name)] == []


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (templates.bound_to_a_request, "{# message #}{{ request.path }}"),
        (templates.bound_to_a_request, "{# message #}{% if me() %}mine{% endif %}"),
        (templates.bound_to_a_request, '{# message #}{% include "part.html" %}'),
        (templates.bound_to_a_request, '{# message #}{% from "macro.html" import link %}{{ link() }}'),
        (templates.undeclared_inputs, "{# message #}{{ conversation.id }}"),
        (templates.unescaped, "{{ message.text|safe }}"),
        (templates.unescaped, "{% autoescape false %}{{ message.text }}{% endautoescape %}"),
        (templates.inline_code, '<p class="a" style="color: red">'),
        (templates.inline_code, '<button {% if x %}disabled{% endif %} onclick="go()">'),
        (templates.inline_code, '<button hx-on:click="go()">'),
        (templates.inline_code, "<div hx-vals='js:{a: 1}'>"),
    ],
)
def test_the_rule_sees_what_breaks_it(rule: Callable[[Environment, str], list[str]], broken: str) -> None:
    loader = DictLoader(
        {
            "broken.html": broken,
            "part.html": "{{ csrf_token() }}",
            "macro.html": "{% macro link() %}{{ url_for('a') }}{% endmacro %}",
        }
    )
    environment = Environment(loader=loader, autoescape=True, extensions=["jinja2.ext.i18n"])
    assert rule(environment, "broken.html") != []


def test_a_constant_may_be_safe() -> None:
    environment = Environment(loader=DictLoader({"page.html": '{{ "<code>"|safe }}'}), autoescape=True)
    assert templates.unescaped(environment, "page.html") == []
