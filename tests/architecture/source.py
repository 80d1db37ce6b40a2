"""Rules about source code that no ordinary linter knows: functions from a module's text to what is wrong with it.

Each exception stands beside its rule, with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Rule:
    """`find` yields what a module does that it must not; `allowed` names the modules that may, and why."""

    find: Callable[[ast.Module], Iterator[str]]
    allowed: Mapping[str, str] = field(default_factory=dict)

    def findings(self, name: str, text: str) -> list[str]:
        if any(name == place or name.startswith(f"{place}/") for place in self.allowed):
            return []
        return [f"{name}: {found}" for found in self.find(ast.parse(text))]


def modules() -> Iterator[tuple[str, str]]:
    """Every module of the product by its path below `chatapp/`, with its text."""
    for path in sorted((ROOT / "chatapp").rglob("*.py")):
        yield path.relative_to(ROOT / "chatapp").as_posix(), path.read_text(encoding="utf-8")


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Everything imported, as `package.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _commits(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if name.endswith((".commit", "engine.begin", "session.begin")):
            yield f"calls {name}() in line {node.lineno}"


_CORE = {"text", "insert", "exists", "table", "literal_column", "TextClause"}


def _raw_sql(tree: ast.Module) -> Iterator[str]:
    """What the ORM's guard cannot see: SQL as text, Core's insert, a bare `exists()`, tables instead of classes."""
    for name, line in _imports(tree):
        package, _, last = name.rpartition(".")
        if package.startswith("sqlalchemy") and last in _CORE:
            yield f"imports {name} in line {line}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("__table__", "tables", "exec_driver_sql"):
            yield f"uses {ast.unparse(node)} in line {node.lineno}"


def _engine(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "db.engine":
            yield f"uses db.engine in line {node.lineno}"


def _markup(tree: ast.Module) -> Iterator[str]:
    for name, line in _imports(tree):
        if name.rpartition(".")[2] in ("Markup", "render_template_string"):
            yield f"imports {name} in line {line}"


def _doors(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("across_tenants"):
            yield f"opens across_tenants in line {node.lineno}"


def _agents_topics(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("topics.inbox", "topics.conversation_agents"):
            yield f"uses {ast.unparse(node)} in line {node.lineno}"


def _wide_eyes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "unrestricted":
            yield f"opens unrestricted in line {node.lineno}"


_CLIENTS = ("requests", "httpx", "aiohttp", "urllib.request", "urllib3", "http.client", "smtplib", "imaplib", "socket")


def _network(tree: ast.Module) -> Iterator[str]:
    for name, line in _imports(tree):
        if any(name == client or name.startswith(f"{client}.") for client in _CLIENTS):
            yield f"imports {name} in line {line}"


RULES: dict[str, Rule] = {
    "only unit_of_work commits": Rule(
        _commits,
        {
            "common/unit_of_work.py": "the one place",
            "common/db.py": "ends what a new connection was told, before any session has it",
            "jobs/schedule.py": "the clock's advisory lock, on a connection of its own",
        },
    ),
    "queries go through the ORM, which carries the workspace": Rule(
        _raw_sql,
        {
            "common": "the fences themselves",
            "analytics": "roll-ups, reviewed by hand; row-level security holds there too",
            "auth/models.py": "an index on lower(email)",
            "endusers/services": "what two make at once is made once; each row names its workspace",
            "messages/drafts.py": "two tabs save one draft at once, the later one wins; the row names its workspace",
            "auth/services/history.py": "an insert that looks its account up; no tenant's table",
            "messages/intake.py": "the commonest write as one statement; it names the workspace in each of its parts",
            "notifications/services/telling.py": "one statement tells many; each row names its workspace",
            "jobs/schedule.py": "an advisory lock, no table",
            "demo/history.py": "a million rows made by one statement each, all of the workspace that it is told",
            "search/services.py": "the words of new messages, of all workspaces at once; each row keeps its own",
        },
    ),
    "connections come from sessions, which tell Postgres the workspace": Rule(
        _engine,
        {
            "common": "makes it",
            "dashboard/operations.py": "asks whether Postgres answers, and for the version of the schema",
            "jobs": "the advisory lock of the clock",
        },
    ),
    "only bodies.py turns text into HTML": Rule(
        _markup,
        {
            "messages/bodies.py": "the one place, and its tests are hostile",
            "widget/demo.py": "a page of ours from a file of ours, development only",
        },
    ),
    "each look across workspaces is known": Rule(
        _doors,
        {
            "backoffice": "what operators see is every workspace; nobody else gets in",
            "inbox/pulse.py": "one heartbeat, and one look at revocations, for all sockets of a process",
            "jobs/queues.py": "in which workspaces somebody could take what waits",
            "jobs/schedule.py": "which workspaces have work left over",
            "invitations/queries.py": "the token of an invitation leads into a workspace that one is not in yet",
            "programs/services.py": "a person's token is told in the log of each workspace that it opens",
            "projects/queries.py": "a site key names a project before its workspace is known",
            "privacy/queries.py": "which workspaces have rules of retention, or people to erase again",
            "jobs/link_cards.py": "cards of any workspace that are over",
            "jobs/files.py": "files that no message took, of any workspace",
            "jobs/contacts.py": "files of contacts that are over",
            "jobs/notifications.py": "lines of any workspace that are old",
            "jobs/privacy.py": "files of people's data that are over",
            "jobs/search.py": "the words of new messages, of all workspaces in one statement",
            "workspaces/queries.py": "a user's memberships, by which a workspace is entered",
        },
    ),
    "agents are told of conversations in one place, which knows who sees them": Rule(
        _agents_topics,
        {
            "common/realtime": "makes the names",
            "conversations/streams.py": "the one place that publishes",
            "inbox/live.py": "the one place that listens",
        },
    ),
    "each look past a member's sight is known": Rule(
        _wide_eyes,
        {
            "contacts/duplicates.py": "whether there is more than the member sees; none of it is shown",
            "contacts/services/blocking.py": "who is blocked has no open conversation, seen or not",
            "contacts/services/merging.py": "who sees every conversation of both moves them, deleted ones included",
            "conversations/streams.py": "made once for everybody who may see it",
            "conversations/services/contacts.py": "a contact's name changes in all their conversations, seen or not",
            "conversations/services/standing.py": "what one has given away is compared, to be taken back",
            "messages/streams.py": "made once for everybody who may see it",
            "messages/undoing.py": "what one has just given away is one's own to take back",
            "reshaping/streams.py": "made once for everybody who may see it",
            "scheduled/streams.py": "made once for everybody who may see it",
            "macros/services/running.py": "team and assignee change together, and the first may take it out of sight",
            "messages/views/assignment.py": "team and assignee change together, and the first may take it out of sight",
            "api/views/conversations.py": "the same for programs",
            "team/services.py": "whoever goes hands over all they have, and so does a team",
        },
    ),
    "addresses that users give are only reached through the gateway": Rule(
        _network,
        {
            "common/outbound_http.py": "the gateway",
            "common/mail.py": "the operator's own mail server",
            "auth/oidc/wire.py": "the providers that the operator named",
            "common/embedded": "the engines beside us",
            "common/realtime": "the sockets that browsers opened",
            "development": "our own server, on this machine",
        },
    ),
}
