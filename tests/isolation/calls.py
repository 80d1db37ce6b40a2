"""How each route is called. Whoever adds a route adds a line here, or the tests of isolation name it and fail.

`CALLS` holds, for each route of a workspace, who may do it and what a call that works sends. A value of `ID` in a body
or query stands for the id of that name: the tests put their own, a foreign and an unknown one in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from flask import Flask

from chatapp.common.clock import now
from tests.factories import (
    Company,
)
from tests.isolation.preparations import (
    answered,
    apart,
    canned,
    described,
    doubled,
    employed,
    equipped,
    findable,
    invited,
    known,
    named,
    noted,
    notified,
    owned,
    postponed,
    protected,
    regretted,
    rehearsed,
    scheduled,
    sorted_by,
    strayed,
    tabled,
    teamed,
    undelivered,
    under_way,
    unprotected,
    viewed,
    with_agents_file,
    with_its_role,
    with_visitors_file,
    without_billing,
)
from tests.support.picture_files import picture_file

ID = object()
FRESH = object()
"""A value that is another one in each call: a `client_id`, or a file at its beginning."""

TABLE = object()
"""A file with a contact."""

_TABLE = b"name,email\nGrace,grace@people.example"
_PICTURE = picture_file(size=(8, 8))

EVERYBODY = frozenset({"owner", "admin", "agent", "viewer"})
WRITERS = EVERYBODY - {"viewer"}
MANAGERS = frozenset({"owner", "admin"})
VISITORS = frozenset({"visitor"})


@dataclass(frozen=True)
class Call:
    """One way to call a route. `roles` may do it; the rest of the members are refused with 403.

    `also`: permissions that this content asks for beside the view's own, whatever role somebody has; `hands_out`: the
    built-in role whose rights pass through their hands; `refusals`: how whoever lacks something is answered. `prepare`
    gives back, before each call, what an earlier one used up.
    """

    roles: frozenset[str]
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Flask, Company], None] = lambda _app, _company: None
    also: frozenset[str] = frozenset()
    hands_out: str | None = None
    refusals: frozenset[int] = frozenset({403})

    def fresh_body(self) -> dict[str, Any]:
        """The body, each `FRESH` value made."""
        fresh = {
            "client_id": lambda: str(uuid4()),
            "number": lambda: str(uuid4()),
            "picture": lambda: (BytesIO(_PICTURE), "logo.png"),
            "file": lambda: (BytesIO(_PICTURE), "picture.png"),
        }
        made = {name: fresh[name]() if value is FRESH else value for name, value in self.body.items()}
        return {name: (BytesIO(_TABLE), "people.csv") if value is TABLE else value for name, value in made.items()}


Route = tuple[str, str]
Calls = Mapping[Route, tuple[Call, ...]]

_MESSAGE = {"client_id": FRESH, "text": "Hello"}
_SOON = f"{now() + timedelta(days=2):%Y-%m-%d}"
_MACRO, _MACROS_FOR_OTHERS = {"name": "Escalate", "priority": "high", "who": "own"}, frozenset({"macros.manage"})
_LATER = _MESSAGE | {"day": _SOON, "time": "09:00"}
_ROLE = {"name": "Other", "permissions": "projects.view"}
_READ, _PROJECTS = frozenset({"conversations.view"}), frozenset({"projects.view"})
_CLOSE, _ASSIGN = frozenset({"conversations.close"}), frozenset({"conversations.assign"})
_DESCRIBE = frozenset({"conversations.describe"})
_LABEL, _MANAGE_LABELS = frozenset({"conversations.label"}), frozenset({"labels.manage"})
_REPLY, _MODERATE = frozenset({"conversations.reply"}), frozenset({"conversations.moderate"})
_PROJECT = {"name": "Shop", "domains": "shop.example"}
_APPEARANCE = {"accent": "#145a45", "scheme": "dark", "launcher_shape": "round", "launcher_side": "left"} | {
    "launcher_x": "20",
    "launcher_y": "20",
}
_POLICY = {"name": "All", "first_response": "5", "warn_unit": "percent", "is_default": "y"} | {
    f"{kind}_unit": "minutes" for kind in ("first_response", "next_response", "resolution")
}
_TOLD = {"on": "assigned.app", "mail_after": "15", "digest": "daily", "time_zone": "UTC"}
_BROWSER = {
    "endpoint": "https://push.example/1",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
_OWN = frozenset({"workspace.own"})
"""For what only its author may do, who is the owner here."""
_CANNED, _CANNED_FOR_OTHERS = {"code": "hello", "text": "Hello", "who": "own"}, frozenset({"canned.manage"})
_SAVED = {"name": "Mine", "who": "own", "sort": "activity", "match": "all", "rule": "a"} | {
    f"rule-a-{name}": value for name, value in {"field": "status", "operator": "any_of", "value": "open"}.items()
}
_VIEWS, _VIEWS_FOR_OTHERS = frozenset({"saved_views.view"}), frozenset({"saved_views.manage"})
_HOURS = {"name": "Night", "timezone": "UTC", "start-0": "22:00", "end-0": "06:00"}

CALLS: Calls = {
    ("dashboard.home", "GET"): (Call(EVERYBODY),),
    ("dashboard.glance", "GET"): (Call(EVERYBODY),),
    ("dashboard.setup", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"done": 2})),
    ("dashboard.dismiss_setup", "POST"): (Call(EVERYBODY),),
    ("dashboard.figure", "GET"): (Call(EVERYBODY, query={"of": "new"}),),
    ("inbox.show", "GET"): (Call(EVERYBODY),),
    ("inbox.conversation", "GET"): (Call(EVERYBODY),),
    ("inbox.rows", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"view": ID}, prepare=teamed)),
    ("inbox.views", "GET"): (Call(EVERYBODY),),
    ("inbox.choose_order", "POST"): (
        Call(EVERYBODY, {"order": "oldest"}),
        Call(EVERYBODY, {"order": "oldest"}, query={"view": ID}, prepare=teamed),
    ),
    ("bulk.do", "POST"): (
        *(Call(WRITERS, {"what": what, "ids": ID}, also=_CLOSE) for what in ("close", "reopen")),
        Call(WRITERS, {"what": "snooze", "ids": ID, "until": ""}, also=_CLOSE),
        Call(WRITERS, {"what": "close", "all": "y", "view": ID}, prepare=teamed, also=_CLOSE),
        Call(WRITERS, {"what": "read", "ids": ID}, also=_REPLY),
        Call(WRITERS, {"what": "prioritise", "value": "high", "ids": ID}, also=_LABEL),
        Call(WRITERS, {"what": "assign", "value": "", "ids": ID}, also=_ASSIGN),
    ),
    ("bulk.count", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"view": ID}, prepare=teamed)),
    ("bulk.assignment_choices", "GET"): (Call(WRITERS),),
    ("bulk.label_choices", "GET"): (Call(WRITERS),),
    ("bulk.snooze_choices", "GET"): (Call(WRITERS),),
    ("bulk.latest", "GET"): (Call(EVERYBODY),),
    ("bulk.show", "GET"): (Call(frozenset({"owner"}), prepare=under_way, also=_OWN, refusals=frozenset({403, 404})),),
    ("bulk.put_aside", "POST"): (
        Call(frozenset({"owner"}), prepare=under_way, also=_OWN, refusals=frozenset({403, 404})),
    ),
    ("search.show", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"q": "words Contact", "status": "open"})),
    ("search.hits", "GET"): (
        Call(EVERYBODY, query={"q": "words"}, prepare=findable),
        Call(EVERYBODY, query={"q": "Contact"}),
        *(Call(EVERYBODY, query={"q": "hello", name: ID}) for name in ("assignee", "author", "project")),
    ),
    ("search.jump", "GET"): (Call(EVERYBODY, query={"q": "Contact"}),),
    ("inbox.mark_read", "POST"): (Call(WRITERS),),
    ("inbox.describe_contact", "POST"): (Call(WRITERS, body={"name": "Ada", "email": "ada@example.org"}),),
    ("messages.create", "POST"): (
        Call(WRITERS, _MESSAGE),
        Call(WRITERS, _MESSAGE | {"private": "y"}),
        Call(WRITERS, _MESSAGE | {"attachment_ids": ID}, prepare=with_agents_file),
    ),
    ("messages.save_draft", "PUT"): (Call(WRITERS, {"kind": "note", "text": "Later"}),),
    ("messages.callees", "GET"): (Call(WRITERS),),
    ("messages.edit", "GET"): (Call(MANAGERS, prepare=answered, also=_MODERATE),),
    ("messages.update", "POST"): (Call(MANAGERS, {"text": "Gladly."}, prepare=answered, also=_MODERATE),),
    ("messages.delete", "DELETE"): (Call(MANAGERS, prepare=answered, also=_MODERATE),),
    ("messages.versions", "GET"): (Call(EVERYBODY, prepare=answered),),
    ("reshaping.merge_choices", "GET"): (Call(WRITERS),),
    ("reshaping.merge", "POST"): (Call(WRITERS, {"source_id": ID}, prepare=apart),),
    ("reshaping.split_choices", "GET"): (Call(WRITERS),),
    ("reshaping.split", "POST"): (Call(WRITERS, {"from_id": ID}, prepare=apart),),
    ("reshaping.move_contact", "POST"): (Call(WRITERS, {"end_user_id": ID}, prepare=strayed),),
    ("reshaping.contact_choices", "GET"): (
        Call(WRITERS, prepare=apart),  # it is the visitor's again, whatever became of the move
        Call(WRITERS, query={"q": "Contact"}, prepare=apart),
    ),
    ("transcripts.show", "GET"): (Call(WRITERS), Call(WRITERS, query={"notes": 1})),
    ("transcripts.as_text", "GET"): (Call(WRITERS), Call(WRITERS, query={"notes": 1})),
    ("transcripts.as_html", "GET"): (Call(WRITERS),),
    ("transcripts.mail", "POST"): (Call(WRITERS, {"to": "ada@else.example", "notes": "y"}),),
    ("scheduled.index", "GET"): (Call(EVERYBODY, prepare=postponed),),
    ("scheduled.moments", "GET"): (Call(WRITERS),),
    ("scheduled.create", "POST"): (
        Call(WRITERS, _LATER, prepare=postponed),
        Call(WRITERS, _LATER | {"attachment_ids": ID}, prepare=with_agents_file),
    ),
    ("scheduled.edit", "GET"): (Call(WRITERS, prepare=postponed),),
    ("scheduled.update", "POST"): (Call(WRITERS, _LATER, prepare=postponed),),
    ("scheduled.send_now", "POST"): (Call(WRITERS, prepare=postponed),),
    ("scheduled.cancel", "DELETE"): (Call(WRITERS, prepare=postponed),),
    ("attachments.create", "POST"): (Call(WRITERS, {"file": FRESH}),),
    ("attachments.show", "GET"): (
        Call(EVERYBODY, prepare=with_agents_file),
        Call(EVERYBODY, query={"size": "small"}, prepare=with_agents_file),
    ),
    ("messages.index", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"since": 0})),
    ("messages.close", "POST"): (Call(WRITERS),),
    ("messages.reopen", "DELETE"): (Call(WRITERS),),
    ("messages.snooze_choices", "GET"): (Call(WRITERS),),
    ("messages.snooze", "POST"): (Call(WRITERS, {"until": ""}), Call(WRITERS, {"day": _SOON, "time": "09:00"})),
    ("messages.set_pending", "POST"): (Call(WRITERS),),
    ("messages.set_priority", "POST"): (Call(WRITERS, {"priority": "high"}),),
    ("messages.label_choices", "GET"): (Call(WRITERS),),
    ("messages.make_label", "POST"): (
        Call(MANAGERS, {"name": "made in the picker"}, prepare=sorted_by, also=_MANAGE_LABELS),
    ),
    ("messages.add_label", "PUT"): (Call(WRITERS, prepare=sorted_by),),
    ("messages.remove_label", "DELETE"): (Call(WRITERS, prepare=sorted_by),),
    ("messages.participant_choices", "GET"): (Call(WRITERS),),
    ("messages.add_participant", "PUT"): (Call(EVERYBODY, also=_ASSIGN),),
    ("messages.remove_participant", "DELETE"): (Call(EVERYBODY, also=_ASSIGN),),
    ("labels.index", "GET"): (Call(EVERYBODY),),
    ("labels.create", "POST"): (Call(MANAGERS, {"name": "returns", "colour": "red"}, prepare=sorted_by),),
    ("labels.edit", "GET"): (Call(EVERYBODY, prepare=sorted_by),),
    ("labels.update", "POST"): (Call(MANAGERS, {"name": "bills", "colour": "red"}, prepare=sorted_by),),
    ("labels.delete", "POST"): (Call(MANAGERS, prepare=sorted_by),),
    ("messages.choices", "GET"): (Call(WRITERS),),
    ("messages.assign", "POST"): (
        Call(WRITERS, also=_REPLY, refusals=frozenset({403, 422})),
        Call(WRITERS, {"assignee_id": ID}),
        Call(WRITERS, {"team_id": ID}, prepare=teamed),
        Call(WRITERS, {"team_id": "", "assignee_id": ""}),
    ),
    ("projects.index", "GET"): (Call(EVERYBODY),),
    ("projects.create", "POST"): (Call(MANAGERS, _PROJECT),),
    ("projects.widget_settings", "GET"): (Call(EVERYBODY),),
    **{("projects." + deed, "POST"): (Call(MANAGERS),) for deed in ("archive", "restore")},
    ("projects.general", "GET"): (Call(EVERYBODY),),
    ("appearance.show", "GET"): (Call(EVERYBODY),),
    ("appearance.site", "GET"): (Call(EVERYBODY, query={"screen": "closed"}),),
    **{
        ("appearance." + endpoint, "POST"): (
            Call(MANAGERS, _APPEARANCE),
            Call(MANAGERS, _APPEARANCE | {"faces": ID}, prepare=teamed),
        )
        for endpoint in ("save", "preview")
    },
    ("appearance.change_logo", "POST"): (Call(MANAGERS, {"picture": FRESH}),),
    ("appearance.remove_logo", "POST"): (Call(MANAGERS),),
    ("projects.change", "POST"): (
        Call(MANAGERS, {"name": "Shop"}),
        Call(MANAGERS, {"name": "Shop", "hours_id": ID}, prepare=scheduled),
    ),
    ("projects.update_widget_settings", "POST"): (Call(MANAGERS, {"domains": "shop.example"}),),
    ("projects.installation", "GET"): (Call(EVERYBODY),),
    ("projects.send_to_team", "POST"): (
        Call(MANAGERS, {"team_id": ID}, prepare=teamed),
        Call(MANAGERS, {"team_id": ""}),
    ),
    ("team.index", "GET"): (Call(EVERYBODY),),
    ("team.invite", "POST"): (
        Call(MANAGERS, {"emails": "new@else.example", "role": "agent"}, hands_out="agent"),
        Call(MANAGERS, {"emails": "own@else.example", "role": ID}, prepare=with_its_role, also=_READ),
    ),
    ("team.send_again", "POST"): (Call(MANAGERS, prepare=invited, hands_out="agent"),),
    ("team.revoke", "POST"): (Call(MANAGERS, prepare=invited),),
    ("team.change_role", "POST"): (
        Call(MANAGERS, {"role": "viewer"}, prepare=employed, hands_out="viewer"),
        Call(MANAGERS, {"role": ID}, prepare=with_its_role, hands_out="viewer"),
    ),
    ("team.remove", "POST"): (
        Call(MANAGERS, {"heir_id": ID}, prepare=employed, hands_out="viewer"),
        Call(MANAGERS, {"heir_id": ""}, prepare=employed, hands_out="viewer"),
    ),
    ("team.transfer", "POST"): (Call(frozenset({"owner"}), {"owner_id": ID}, prepare=owned),),
    ("team.teams", "GET"): (Call(EVERYBODY),),
    ("team.create_team", "POST"): (Call(MANAGERS, {"name": "Billing"}, prepare=without_billing),),
    ("team.show_team", "GET"): (Call(EVERYBODY, prepare=teamed),),
    ("team.rename_team", "POST"): (Call(MANAGERS, {"name": "Support"}, prepare=teamed),),
    ("team.choose_team_members", "POST"): (
        Call(MANAGERS, {"member_ids": ID}, prepare=teamed),
        Call(MANAGERS, {}, prepare=teamed),
    ),
    ("team.set_assignment", "POST"): (
        Call(MANAGERS, {"assignment": "round_robin", "capacity": "5", "only_online": "y"}, prepare=teamed),
    ),
    ("team.choose_availability", "POST"): (Call(EVERYBODY, {"availability": "away"}),),
    ("team.delete_team", "POST"): (Call(MANAGERS, prepare=teamed),),
    ("roles.index", "GET"): (Call(MANAGERS),),
    ("roles.new", "GET"): (
        Call(MANAGERS),
        Call(MANAGERS, query={"copy": "agent"}),
        Call(MANAGERS, query={"copy": ID}, prepare=with_its_role),
    ),
    ("roles.create", "POST"): (Call(MANAGERS, _ROLE, prepare=with_its_role, also=_PROJECTS),),
    ("roles.edit", "GET"): (Call(MANAGERS, prepare=with_its_role),),
    ("roles.update", "POST"): (Call(MANAGERS, _ROLE, prepare=with_its_role, also=_READ | _PROJECTS),),
    ("roles.remove", "POST"): (
        Call(MANAGERS, {"replacement": "viewer"}, prepare=with_its_role, also=_READ),
        Call(MANAGERS, {"replacement": ID}, prepare=with_its_role, also=_READ),
    ),
    ("contacts.index", "GET"): (
        Call(EVERYBODY),
        Call(EVERYBODY, query={"q": "Contact"}),
        Call(EVERYBODY, query={"sort": "name", "show": "blocked"}),
        Call(EVERYBODY, query={"segment": ID}, prepare=viewed, also=_VIEWS),
    ),
    ("contacts.new", "GET"): (Call(WRITERS),),
    ("contacts.create", "POST"): (Call(WRITERS, {"name": "Grace"}),),
    ("contacts.show", "GET"): (Call(EVERYBODY),),
    ("contacts.update", "POST"): (
        Call(WRITERS, {"name": "Ada", "company": "Engines"}, also=frozenset({"conversations.describe"})),
    ),
    ("contacts.block", "POST"): (Call(WRITERS),),
    ("contacts.unblock", "POST"): (Call(WRITERS),),
    ("contacts.create_note", "POST"): (Call(WRITERS, {"text": "Likes tea."}),),
    ("contacts.update_note", "POST"): (Call(frozenset({"owner"}), {"text": "Likes it."}, prepare=noted, also=_OWN),),
    ("contacts.delete_note", "POST"): (Call(frozenset({"owner"}), prepare=noted, also=_OWN),),
    ("contact_identities.add", "POST"): (Call(WRITERS, {"value": "+49 40 7788"}, also=_DESCRIBE),),
    ("contact_identities.prefer", "POST"): (Call(WRITERS, prepare=known, also=_DESCRIBE),),
    ("contact_identities.remove", "POST"): (Call(WRITERS, prepare=known, also=_DESCRIBE),),
    ("contact_merging.choices", "GET"): (Call(WRITERS), Call(WRITERS, query={"q": "double"})),
    ("contact_merging.preview", "GET"): (Call(WRITERS, prepare=doubled),),
    ("contact_merging.merge", "POST"): (Call(WRITERS, {"name": "theirs"}, prepare=doubled, also=_READ),),
    ("contact_merging.take_back", "POST"): (Call(WRITERS, prepare=doubled, also=_READ),),
    ("contact_files.export_page", "GET"): (
        Call(MANAGERS),
        Call(MANAGERS, query={"segment": ID}, prepare=viewed, also=_VIEWS),
    ),
    ("contact_files.ask_for_export", "POST"): (
        Call(MANAGERS),
        Call(MANAGERS, {"segment": ID}, prepare=viewed, also=_VIEWS),
    ),
    ("contact_files.export", "GET"): (Call(MANAGERS),),
    ("contact_files.download", "GET"): (Call(MANAGERS),),
    ("contact_imports.new", "GET"): (Call(MANAGERS),),
    ("contact_imports.upload", "POST"): (Call(MANAGERS, {"file": TABLE}),),
    ("contact_imports.show", "GET"): (Call(MANAGERS, prepare=tabled),),
    ("contact_imports.check", "POST"): (Call(MANAGERS, {"name": "0"}, prepare=tabled),),
    ("contact_imports.run", "POST"): (Call(MANAGERS, prepare=tabled),),
    ("contact_imports.problems", "GET"): (Call(MANAGERS, prepare=tabled),),
    ("contact_imports.delete", "POST"): (Call(MANAGERS, prepare=tabled),),
    ("undo.take_back", "POST"): (
        Call(frozenset({"owner"}), prepare=regretted, also=_OWN | _LABEL, refusals=frozenset({403, 404})),
    ),
    ("notifications.index", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"show": "unread"})),
    ("notifications.show_bell", "GET"): (Call(EVERYBODY),),
    ("notifications.read_all", "POST"): (Call(EVERYBODY),),
    ("notifications.settings", "GET"): (Call(EVERYBODY),),
    ("notifications.choose", "POST"): (Call(EVERYBODY, _TOLD),),
    ("notifications.subscribe", "POST"): (Call(EVERYBODY, _BROWSER),),
    ("notifications.unsubscribe", "POST"): (Call(EVERYBODY, {"endpoint": "https://push.example/1"}),),
    ("notifications.read", "POST"): (
        Call(frozenset({"owner"}), prepare=notified, also=_OWN, refusals=frozenset({404})),
    ),
    ("notifications.read_conversation", "POST"): (Call(EVERYBODY),),
    ("canned.index", "GET"): (Call(WRITERS),),
    ("canned.new", "GET"): (Call(WRITERS),),
    ("canned.create", "POST"): (
        Call(WRITERS, _CANNED, prepare=canned),
        Call(MANAGERS, _CANNED | {"who": "everybody"}, prepare=canned, also=_CANNED_FOR_OTHERS),
        Call(MANAGERS, _CANNED | {"who": ID}, prepare=canned, also=_CANNED_FOR_OTHERS),
    ),
    ("canned.edit", "GET"): (Call(WRITERS, prepare=canned),),
    ("canned.update", "POST"): (
        Call(MANAGERS, _CANNED | {"who": "everybody"}, prepare=canned, also=_CANNED_FOR_OTHERS),
        Call(MANAGERS, _CANNED | {"who": ID}, prepare=canned, also=_CANNED_FOR_OTHERS),
    ),
    ("canned.delete", "POST"): (Call(MANAGERS, prepare=canned, also=_CANNED_FOR_OTHERS),),
    ("canned.offers", "GET"): (Call(WRITERS, also=_READ),),
    ("canned.use", "POST"): (Call(WRITERS, prepare=canned),),
    ("saved_views.index", "GET"): (Call(EVERYBODY, also=_READ),),
    ("saved_views.new", "GET"): (
        Call(EVERYBODY, also=_READ),
        Call(EVERYBODY, query={"view": ID}, prepare=teamed, also=_READ),
    ),
    ("saved_views.create", "POST"): (
        Call(EVERYBODY, _SAVED, also=_READ),
        Call(MANAGERS, _SAVED | {"who": "everybody"}, prepare=viewed, also=_READ | _VIEWS_FOR_OTHERS),
        Call(MANAGERS, _SAVED | {"who": ID}, prepare=viewed, also=_READ | _VIEWS_FOR_OTHERS),
    ),
    ("saved_views.rule", "GET"): (Call(EVERYBODY, query={"token": "a", "rule-a-field": "team"}, also=_READ),),
    ("saved_views.group", "GET"): (Call(EVERYBODY, also=_READ),),
    ("saved_views.count", "POST"): (Call(EVERYBODY, _SAVED, also=_READ),),
    ("saved_views.edit", "GET"): (Call(EVERYBODY, prepare=viewed, also=_READ),),
    ("saved_views.update", "POST"): (
        Call(MANAGERS, _SAVED | {"who": "everybody"}, prepare=viewed, also=_READ | _VIEWS_FOR_OTHERS),
    ),
    ("saved_views.duplicate", "POST"): (Call(EVERYBODY, prepare=viewed, also=_READ),),
    ("saved_views.move", "POST"): (
        Call(MANAGERS, {"direction": "up"}, prepare=viewed, also=_READ | _VIEWS_FOR_OTHERS),
    ),
    ("saved_views.choose_order", "POST"): (
        Call(MANAGERS, {"order": "oldest"}, prepare=viewed, also=_READ | _VIEWS_FOR_OTHERS),
    ),
    ("saved_views.delete", "POST"): (Call(MANAGERS, prepare=viewed, also=_READ | _VIEWS_FOR_OTHERS),),
    ("macros.index", "GET"): (Call(WRITERS),),
    ("macros.new", "GET"): (Call(WRITERS),),
    ("macros.create", "POST"): (
        Call(WRITERS, _MACRO, prepare=rehearsed),
        Call(MANAGERS, _MACRO | {"who": "everybody"}, prepare=rehearsed, also=_MACROS_FOR_OTHERS),
        Call(MANAGERS, _MACRO | {"who": ID}, prepare=rehearsed, also=_MACROS_FOR_OTHERS),
    ),
    ("macros.edit", "GET"): (Call(WRITERS, prepare=rehearsed),),
    ("macros.update", "POST"): (
        Call(MANAGERS, _MACRO | {"who": "everybody"}, prepare=rehearsed, also=_MACROS_FOR_OTHERS),
        Call(MANAGERS, _MACRO | {"who": ID}, prepare=rehearsed, also=_MACROS_FOR_OTHERS),
    ),
    ("macros.delete", "POST"): (Call(MANAGERS, prepare=rehearsed, also=_MACROS_FOR_OTHERS),),
    ("macros.offers", "GET"): (Call(WRITERS, also=_READ),),
    ("macros.run", "POST"): (Call(WRITERS, {"number": FRESH}, prepare=rehearsed, also=_READ | _LABEL),),
    ("attributes.index", "GET"): (Call(EVERYBODY),),
    ("attributes.new", "GET"): (Call(MANAGERS),),
    ("attributes.create", "POST"): (
        Call(MANAGERS, {"name": "Age", "subject": "contacts", "kind": "number"}, prepare=described),
    ),
    ("attributes.edit", "GET"): (Call(MANAGERS, prepare=described),),
    ("attributes.update", "POST"): (Call(MANAGERS, {"name": "Age"}, prepare=described),),
    ("attributes.move", "POST"): (Call(MANAGERS, {"direction": "up"}, prepare=described),),
    ("attributes.delete", "POST"): (Call(MANAGERS, prepare=described),),
    ("messages.attribute", "GET"): (Call(WRITERS, prepare=described, also=_DESCRIBE),),
    ("messages.fill_in", "POST"): (Call(WRITERS, {"value": "Gold"}, prepare=described, also=_DESCRIBE),),
    ("contacts.attribute", "GET"): (Call(WRITERS, prepare=described, also=_DESCRIBE),),
    ("contacts.fill_in", "POST"): (Call(WRITERS, {"value": "Gold"}, prepare=described, also=_DESCRIBE),),
    ("hours.index", "GET"): (Call(EVERYBODY),),
    ("hours.new", "GET"): (Call(MANAGERS),),
    ("hours.create", "POST"): (Call(MANAGERS, _HOURS, prepare=scheduled),),
    ("hours.edit", "GET"): (Call(EVERYBODY),),
    ("hours.update", "POST"): (Call(MANAGERS, _HOURS, prepare=scheduled),),
    ("hours.delete", "POST"): (Call(MANAGERS, prepare=scheduled),),
    ("sla.index", "GET"): (Call(EVERYBODY),),
    ("sla.new", "GET"): (Call(MANAGERS),),
    ("sla.create", "POST"): (
        Call(MANAGERS, _POLICY | {"hours_id": ID}, prepare=equipped),
        Call(MANAGERS, _POLICY | {"is_default": "", "project_id": ID}, prepare=equipped),
        Call(MANAGERS, _POLICY | {"is_default": "", "team_id": ID}, prepare=equipped),
    ),
    ("sla.edit", "GET"): (Call(EVERYBODY),),
    ("sla.clocks", "GET"): (Call(EVERYBODY),),
    ("sla.update", "POST"): (
        Call(MANAGERS, _POLICY, prepare=equipped),
        Call(MANAGERS, _POLICY | {"hours_id": ID}, prepare=equipped),
    ),
    ("sla.move", "POST"): (Call(MANAGERS, {"direction": "up"}, prepare=equipped),),
    ("sla.delete", "POST"): (Call(MANAGERS, prepare=equipped),),
    ("workspace_settings.general", "GET"): (Call(MANAGERS),),
    ("workspace_settings.change", "POST"): (
        Call(MANAGERS, {"name": "Globex", "locale": "en", "time_zone": "Europe/Madrid"}),
    ),
    ("workspace_settings.show_link_cards", "POST"): (Call(MANAGERS, {"shown": "y"}),),
    ("workspace_settings.change_address", "POST"): (Call(frozenset({"owner"}), {"slug": "globex"}),),
    ("workspace_settings.security", "GET"): (Call(MANAGERS),),
    ("workspace_settings.closing", "GET"): (Call(MANAGERS),),
    ("workspace_settings.change_closing", "POST"): (
        Call(MANAGERS, {"amount": "3", "unit": "days", "message": "Until next time."}),
    ),
    ("workspace_settings.require_two_factor", "POST"): (Call(MANAGERS, prepare=protected),),
    ("workspace_settings.stop_requiring_two_factor", "POST"): (Call(MANAGERS, prepare=unprotected),),
    ("workspace_settings.change_logo", "POST"): (Call(MANAGERS, {"picture": FRESH}),),
    ("workspace_settings.remove_logo", "POST"): (Call(MANAGERS),),
    ("closures.show", "GET"): (Call(frozenset({"owner"})),),
    ("closures.close", "POST"): (Call(frozenset({"owner"}), {"name": "Globex"}, prepare=named),),
    ("closures.keep", "POST"): (Call(frozenset({"owner"})),),
    ("privacy.index", "GET"): (Call(MANAGERS),),
    ("privacy.change_retention", "POST"): (
        Call(MANAGERS, {"channel_kind": "web", "action": "anonymise", "days": 30}),
        Call(MANAGERS, {"channel_kind": "web", "action": "keep", "days": 30}),
    ),
    ("privacy.person", "GET"): (Call(MANAGERS),),
    ("privacy.ask_for_export", "POST"): (Call(MANAGERS),),
    ("privacy.export", "GET"): (Call(MANAGERS),),
    ("privacy.download", "GET"): (Call(MANAGERS),),
    ("privacy.delete_conversation", "POST"): (Call(MANAGERS, prepare=apart),),
    ("privacy.erase", "POST"): (Call(MANAGERS),),
    ("privacy.receipt", "GET"): (Call(MANAGERS),),
    ("privacy.receipt_text", "GET"): (Call(MANAGERS),),
    ("privacy.receipt_json", "GET"): (Call(MANAGERS),),
    ("audit.index", "GET"): (Call(MANAGERS), Call(MANAGERS, query={"days": 7})),
    ("audit.export", "GET"): (Call(MANAGERS),),
    ("api.conversations", "GET"): (
        Call(EVERYBODY),
        Call(EVERYBODY, query={"assignee": ID}),
        Call(EVERYBODY, query={"team": ID}, prepare=teamed),
        Call(EVERYBODY, query={"label": ID}, prepare=sorted_by),
        Call(EVERYBODY, query={"q": "hello"}, prepare=findable),
    ),
    ("api.labels", "GET"): (Call(EVERYBODY),),
    ("api.macros", "GET"): (Call(WRITERS),),
    ("deliveries.index", "GET"): (Call(MANAGERS),),
    ("deliveries.retry", "POST"): (Call(MANAGERS, prepare=undelivered),),
    ("deliveries.discard", "POST"): (Call(MANAGERS, prepare=undelivered),),
    ("deliveries.retry_all", "POST"): (Call(MANAGERS, prepare=undelivered),),
    ("deliveries.discard_all", "POST"): (Call(MANAGERS, prepare=undelivered),),
    ("api.conversation", "GET"): (Call(EVERYBODY),),
    ("api.change_conversation", "PATCH"): (
        Call(WRITERS, {"status": "closed"}, also=_CLOSE),
        Call(WRITERS, {"snoozed_until": f"{_SOON}T09:00:00Z"}, also=_CLOSE),
        Call(WRITERS, {"status": "open", "assignee_id": ID}, also=_CLOSE | _ASSIGN),
        Call(WRITERS, {"assignee_id": None}, also=_ASSIGN),
        Call(WRITERS, {"priority": "urgent", "labels": ID}, prepare=sorted_by, also=_LABEL),
        Call(WRITERS, {"team_id": ID}, prepare=teamed, also=_ASSIGN),
    ),
    ("api.teams", "GET"): (Call(EVERYBODY),),
    ("api.members", "GET"): (Call(EVERYBODY),),
    ("api.messages", "GET"): (Call(EVERYBODY), Call(EVERYBODY, query={"since": 0})),
    ("api.create_message", "POST"): (
        Call(WRITERS, _MESSAGE),
        Call(WRITERS, _MESSAGE | {"private": True}),
        Call(WRITERS, _MESSAGE | {"attachment_ids": ID}, prepare=with_agents_file),
        Call(WRITERS, _MESSAGE | {"send_at": f"{_SOON}T09:00:00Z"}),
    ),
    ("api.create_attachment", "POST"): (Call(WRITERS, {"the body": "is the file"}),),
    ("widget.create_message", "POST"): (
        Call(VISITORS, _MESSAGE | {"conversation_id": ID}),
        Call(VISITORS, _MESSAGE | {"conversation_id": ID, "attachment_ids": ID}, prepare=with_visitors_file),
    ),
    ("widget.create_attachment", "POST"): (Call(VISITORS, {"the body": "is the file"}),),
    ("widget.messages", "GET"): (Call(VISITORS, query={"conversation_id": ID}),),
    ("widget.read", "POST"): (Call(VISITORS),),
    ("widget.typing", "POST"): (Call(VISITORS),),
    ("widget.rating", "POST"): (Call(VISITORS, {"rating": 5}),),
    ("widget.close", "POST"): (Call(VISITORS),),
    ("widget.transcript", "POST"): (Call(VISITORS, {"email": "ana@example.org"}),),
}
