"""Rules about templates, held by reading them: functions that return findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, meta, nodes

_INPUTS = re.compile(r"^\s*\{#(.*?)#\}", re.DOTALL)
_INLINE = re.compile(r"<[^>]*?\s(style|on\w+|hx-on[\w:-]*)\s*=|[\"']js:|[\"']javascript:", re.DOTALL)
_STATEMENTS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)

SAME_FOR_EVERYBODY = frozenset({"_", "gettext", "ngettext", "asset", "app_name", "locale", "range", "loop"})
"""Globals that depend on the language at most: whoever reads a fragment, they are right."""

BOUND_TO_A_REQUEST = frozenset(
    {
        "config", "csp_nonce", "csrf_token", "current_user", "g", "get_flashed_messages", "may", "me", "request",
        "session", "url_for", "workspace",
    }
)  # fmt: skip


def stream_templates(environment: Environment) -> list[str]:
    return [name for name in environment.list_templates() if name.endswith(".stream.html")]


def closure(environment: Environment, name: str) -> Iterator[str]:
    """The template and everything it includes, extends or imports."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            yield current
            referenced = list(meta.find_referenced_templates(_tree(environment, current)))
            if None in referenced:
                raise AssertionError(f"{current} chooses a template at run time, so nobody can say what it uses")
            waiting += [name for name in referenced if name]


def bound_to_a_request(environment: Environment, name: str) -> list[str]:
    """What a fragment for many readers takes from the one request that happened to cause it."""
    return [
        f"{part}, rendered by {name}, uses {used}"
        for part in closure(environment, name)
        for used in sorted(_used(environment, part) & BOUND_TO_A_REQUEST)
    ]


def undeclared_inputs(environment: Environment, name: str) -> list[str]:
    """What a partial uses without saying so in its first comment."""
    declared = _INPUTS.match(_text(environment, name))
    words = set(re.findall(r"\w+", declared.group(1))) if declared else set()
    used = _used(environment, name) - SAME_FOR_EVERYBODY - BOUND_TO_A_REQUEST - set(environment.globals)
    return [f"{name} uses {word} without declaring it" for word in sorted(used - words)]


def unescaped(environment: Environment, name: str) -> list[str]:
    """`|safe` on anything but a constant, and blocks that switch escaping off."""
    tree = _tree(environment, name)
    filters = [
        f"{name} calls something safe in line {node.lineno}"
        for node in tree.find_all(nodes.Filter)
        if node.name == "safe" and not isinstance(node.node, nodes.Const)
    ]
    modifiers = [
        f"{name} changes escaping in line {node.lineno}"
        for node in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier))
    ]
    return filters + modifiers


def inline_code(environment: Environment, name: str) -> list[str]:
    """Styles and handlers in attributes: the policy of the page refuses them, so they must not be there."""
    html = _STATEMENTS.sub("", _text(environment, name))
    return [f"{name} has {found.group().split()[-1]!r}" for found in _INLINE.finditer(html)]


def _used(environment: Environment, name: str) -> set[str]:
    return meta.find_undeclared_variables(_tree(environment, name))


def _tree(environment: Environment, name: str) -> nodes.Template:
    return environment.parse(_text(environment, name))


def _text(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
