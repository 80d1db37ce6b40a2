"""What a macro does, in the words that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from chatapp.labels import queries as labels
from chatapp.macros.forms import PRIORITY_WORDS, STATUSES
from chatapp.macros.models import ACTIONS, Macro
from chatapp.teams import queries as teams
from chatapp.workspaces import queries as workspaces


@dataclass(frozen=True)
class Names:
    """What ids stand for, read once for a whole list."""

    labels: Mapping[str, str]
    teams: Mapping[str, str]
    members: Mapping[str, str]

    @classmethod
    def now(cls) -> Names:
        return cls(
            {str(label.id): label.name for label in labels.labels()},
            {str(team.id): team.name for team in teams.teams()},
            {str(member.user_id): member.user.name for member in workspaces.members()},
        )

    def steps(self, macro: Macro) -> list[str]:
        """Each thing it does, in the order in which it is done."""
        return [self._step(action, macro.actions[action]) for action in ACTIONS if action in macro.actions]

    def _step(self, action: str, value: Any) -> str:
        gone = _("(gone)")
        if action in ("add_labels", "remove_labels"):
            names = ", ".join(self.labels.get(one, gone) for one in value)
            adds = action == "add_labels"
            return _("Add %(labels)s", labels=names) if adds else _("Take off %(labels)s", labels=names)
        if action == "team":
            return _("Move to %(name)s", name=self.teams.get(value, gone)) if value else _("Take out of its team")
        if action == "assign":
            to = _("whoever runs it") if value == "me" else self.members.get(value, gone) if value else _("nobody")
            return _("Assign to %(name)s", name=to)
        if action == "priority":
            return _("Priority: %(name)s", name=PRIORITY_WORDS[value])
        if action == "status":
            return str(STATUSES[value])
        return _("Note: “%(text)s”", text=value) if action == "note" else _("Reply: “%(text)s”", text=value)
